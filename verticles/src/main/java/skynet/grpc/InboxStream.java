package skynet.grpc;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import java.time.Duration;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Messages;
import skynet.grpc.v1.SubscribeRequest;
import skynet.kit.Identity;

/**
 * Tells one caller of every message in its inbox, those that wait and then each as it comes, page by page: the next page is
 * asked for when the caller has taken the one before. Between pages it waits for a hint, a few seconds at most, and asks
 * again who the caller is: a token that was taken back ends the stream.
 */
final class InboxStream {
    private static final Duration PATIENCE = Duration.ofMillis(Messages.AWAIT_MILLIS_MAX + 5_000);
    private static final long AGAIN_MILLIS = 1_000;

    private final Vertx vertx;
    private final Bus bus;
    private final Identity identity;
    private final Call call;
    private long after;

    private InboxStream(Vertx vertx, Bus bus, Identity identity, Call call) {
        this.vertx = vertx;
        this.bus = bus;
        this.identity = identity;
        this.call = call;
    }

    static void begin(Vertx vertx, Bus bus, Identity identity, Call call) {
        InboxStream stream = new InboxStream(vertx, bus, identity, call);
        call.request().messageHandler(stream::heard);
        call.request().endHandler(ended -> {
            if (!call.heard()) {
                call.refuse(new Refusal(
                        GrpcStatus.INVALID_ARGUMENT, "message: none, or cut short (expected: one whole message)"));
            }
        });
    }

    private void heard(GrpcMessage message) {
        if (call.over() || call.heard()) {
            return;
        }
        try {
            after = call.read(message, SubscribeRequest.parser()).getAfter();
            new Messages.Inbox(call.caller(), after, 1);
        } catch (RuntimeException e) {
            call.refuse(e);
            return;
        }
        look();
    }

    private void look() {
        if (call.over()) {
            return;
        }
        if (call.response().writeQueueFull()) {
            vertx.setTimer(AGAIN_MILLIS, later -> look());
            return;
        }
        call.touch();
        bus.ask(new Messages.Inbox(call.caller(), after, Messages.PAGE_MAX))
                .compose(page -> {
                    page.messages().forEach(message -> call.write(SwarmMapping.message(message)));
                    after = page.next();
                    return page.messages().isEmpty() ? rest() : Future.succeededFuture();
                })
                .onSuccess(waited -> look())
                .onFailure(this::failed);
    }

    private Future<?> rest() {
        return bus.ask(new Messages.Await(call.caller(), after, Messages.AWAIT_MILLIS_MAX), PATIENCE)
                .compose(awaited -> identity.of(Identity.tokenOf(call.shown())))
                .map(caller -> {
                    if (!caller.may("messages:read")) {
                        throw new Fault(Fault.Kind.DENIED, "scope: messages:read is not among those of this token");
                    }
                    return caller;
                });
    }

    /** A busy house makes a stream wait, not fail. */
    private void failed(Throwable failure) {
        if (failure instanceof Fault fault && fault.kind() == Fault.Kind.BUSY) {
            vertx.setTimer(AGAIN_MILLIS, later -> look());
        } else {
            call.refuse(failure);
        }
    }
}
