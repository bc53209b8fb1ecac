package skynet.grpc;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import java.util.ArrayDeque;
import java.util.Deque;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Genom;
import skynet.grpc.v1.EncodeRequest;

/**
 * Encodes text after text and answers in their order. The next text is read only while few are in flight and the caller
 * takes its answers: whoever does not read is not read from, and neither side holds more than a window.
 */
final class EncodeStream {
    /** Texts in flight. */
    static final int WINDOW_TEXTS = 16;

    /** Bytes of text in flight beyond which no further text is read. */
    static final int WINDOW_BYTES = 64 << 10;

    private static final long AGAIN_MILLIS = 20;
    private static final int AGAIN_MAX = 250;

    private final Vertx vertx;
    private final Bus bus;
    private final Call call;
    private final Deque<Asked> window = new ArrayDeque<>();
    private long answered;
    private int windowBytes;
    private boolean fetched;
    private boolean ended;

    /** A text that was asked about, its size and its answer to be. */
    private record Asked(int bytes, Future<Genom.Encoded> answer) {}

    private EncodeStream(Vertx vertx, Bus bus, Call call) {
        this.vertx = vertx;
        this.bus = bus;
        this.call = call;
    }

    static void begin(Vertx vertx, Bus bus, Call call) {
        EncodeStream stream = new EncodeStream(vertx, bus, call);
        call.request().pause();
        call.request().messageHandler(stream::heard);
        call.request().endHandler(end -> {
            stream.ended = true;
            if (call.cutShort()) {
                call.refuse(new Refusal(GrpcStatus.INVALID_ARGUMENT, "message: cut short (expected: whole messages)"));
            }
            stream.move();
        });
        call.response().drainHandler(drained -> stream.move());
        stream.move();
    }

    private void heard(GrpcMessage message) {
        fetched = false;
        if (call.over()) {
            return;
        }
        int bytes = message.payload().length();
        Future<Genom.Encoded> answer;
        try {
            answer = ask(Mapping.word(call.read(message, EncodeRequest.parser())), 0);
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        window.add(new Asked(bytes, answer));
        windowBytes += bytes;
        answer.onComplete(done -> move());
        move();
    }

    /** Writes the answers that are ready and may be sent, then reads on if there is room. */
    private void move() {
        while (!call.over()
                && !window.isEmpty()
                && window.peek().answer().isComplete()
                && !call.response().writeQueueFull()) {
            Asked first = window.remove();
            answered++;
            windowBytes -= first.bytes();
            if (first.answer().failed()) {
                call.refuse(counted(first.answer().cause()));
                window.clear();
                return;
            }
            call.write(Mapping.message(first.answer().result()));
        }
        if (ended && window.isEmpty()) {
            call.end();
        } else if (!fetched
                && !ended
                && !call.over()
                && window.size() < WINDOW_TEXTS
                && windowBytes < WINDOW_BYTES
                && !call.response().writeQueueFull()) {
            fetched = true;
            call.request().fetch(1);
        }
    }

    /** A busy house makes a stream wait, not fail. */
    private Future<Genom.Encoded> ask(Genom.Encode text, int attempt) {
        return bus.ask(text, call.deadline()).recover(failure -> {
            boolean again = failure instanceof Fault fault && fault.kind() == Fault.Kind.BUSY && attempt < AGAIN_MAX;
            if (!again || call.over()) {
                return Future.failedFuture(failure);
            }
            Promise<Genom.Encoded> later = Promise.promise();
            vertx.setTimer(AGAIN_MILLIS, timer -> ask(text, attempt + 1).onComplete(later));
            return later.future();
        });
    }

    private Throwable counted(Throwable failure) {
        String count = "message " + answered + ": ";
        if (failure instanceof Refusal refusal) {
            return new Refusal(refusal.status(), count + refusal.getMessage());
        }
        if (failure instanceof Fault fault && fault.kind() != Fault.Kind.BROKEN) {
            return new Fault(fault.kind(), count + fault.getMessage());
        }
        return failure instanceof IllegalArgumentException
                ? new Refusal(GrpcStatus.INVALID_ARGUMENT, count + failure.getMessage())
                : failure;
    }
}
