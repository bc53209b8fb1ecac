package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Messages;
import skynet.bus.Principal;

/** The doors of the inbox: send, look or wait, acknowledge. */
final class MessageRoutes {
    /** The longest wait for a message, in seconds. */
    static final int WAIT_SECONDS_MAX = 30;

    private static final Duration PATIENCE = Duration.ofMillis(Messages.AWAIT_MILLIS_MAX + 5_000);
    private static final Set<String> FIELDS = Set.of("to", "id", "body");

    /** Who waits is told by the room, through asks of which the bus has only so many for all. */
    static final int AWAITING_MAX = Bus.IN_FLIGHT_MAX / 4;

    /** How long to wait before a look when the room does not tell when to look. */
    private static final long PAUSE_MILLIS = 2_000;

    private final Bus bus;
    private final LongPolls polls = new LongPolls();
    private int awaiting;

    MessageRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(Router router) {
        router.post("/v1/messages").handler(this::send);
        router.get("/v1/messages/inbox").handler(this::inbox);
        router.post("/v1/messages/:message/ack").handler(this::ack);
    }

    private void send(RoutingContext request) {
        Principal by = Caller.of(request);
        Exchange.body(request, JsonBody.BYTES_MAX, FIELDS, body -> bus.ask(
                        new Messages.Send(by, body.text("to"), body.text("id"), body.text("body")))
                .map(sent -> new JsonObject().put("message", sent.message()).put("again", sent.again())));
    }

    private void inbox(RoutingContext request) {
        Principal by = Caller.of(request);
        Exchange.query(request, Set.of("after", "limit", "wait"), query -> {
            int wait = query.number("wait", 0);
            if (wait < 0 || wait > WAIT_SECONDS_MAX) {
                throw new IllegalArgumentException("wait: " + wait + " (expected: 0 to " + WAIT_SECONDS_MAX + " s)");
            }
            Messages.Inbox ask =
                    new Messages.Inbox(by, query.cursor("after"), query.number("limit", Messages.PAGE_MAX));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(wait);
            if (wait > 0) {
                Runnable place = polls.enter(by);
                request.addEndHandler(ended -> place.run());
                FrontDoor.giveBackPlace(request);
            }
            return page(request, ask, end).map(MessageRoutes::json);
        });
    }

    /** Looks, and looks again when something came or a few seconds have passed, until there is something or time is up. */
    private Future<Messages.Page> page(RoutingContext request, Messages.Inbox ask, long endNanos) {
        return bus.ask(ask).compose(page -> {
            long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
            if (!page.messages().isEmpty() || left < 1 || request.response().closed()) {
                return Future.succeededFuture(page);
            }
            return arrival(request.vertx(), ask, left).compose(again -> page(request, ask, endNanos));
        });
    }

    /** Waits until something may have come, told by the room; where too many wait for that, by the clock. */
    private Future<?> arrival(Vertx vertx, Messages.Inbox ask, long leftMillis) {
        if (awaiting >= AWAITING_MAX) {
            return pause(vertx, leftMillis);
        }
        awaiting++;
        int millis = (int) Math.min(leftMillis, Messages.AWAIT_MILLIS_MAX);
        return bus.ask(new Messages.Await(ask.by(), ask.after(), millis), PATIENCE)
                .onComplete(told -> awaiting--)
                .<Object>map(awaited -> awaited)
                .recover(failure -> failure instanceof Fault fault && fault.kind() == Fault.Kind.BUSY
                        ? pause(vertx, leftMillis)
                        : Future.failedFuture(failure));
    }

    private static Future<Object> pause(Vertx vertx, long leftMillis) {
        return vertx.timer(Math.min(leftMillis, PAUSE_MILLIS), TimeUnit.MILLISECONDS)
                .map(passed -> true);
    }

    private void ack(RoutingContext request) {
        Principal by = Caller.of(request);
        Exchange.query(request, Set.of(), query -> bus.ask(new Messages.Ack(by, idOf(request)))
                .map(acked -> new JsonObject().put("message", acked.message()).put("again", acked.again())));
    }

    /** A text that is no id names no message either. */
    private static String idOf(RoutingContext request) {
        String id = request.pathParam("message");
        if (!id.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw Fault.absent("message: not in your inbox");
        }
        return id;
    }

    private static JsonObject json(Messages.Page page) {
        JsonArray messages = new JsonArray();
        page.messages()
                .forEach(message -> messages.add(new JsonObject()
                        .put("message", message.message())
                        .put("from", message.from())
                        .put("id", message.id())
                        .put("sent", Instant.ofEpochMilli(message.sentMillis()).toString())
                        .put("body", message.body())));
        return new JsonObject().put("messages", messages).put("next", page.next());
    }
}
