package skynet.grpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.vertx.core.Future;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Answers a method with one message in and one message out. */
final class Unary<Q extends MessageLite, A extends MessageLite> implements Consumer<Call> {
    private final Parser<Q> parser;
    private final BiFunction<Q, Duration, Future<A>> work;

    /** The work is given the question and the time that it may take. */
    Unary(Parser<Q> parser, BiFunction<Q, Duration, Future<A>> work) {
        this.parser = parser;
        this.work = work;
    }

    @Override
    public void accept(Call call) {
        call.request().messageHandler(message -> answer(call, message));
        call.request().endHandler(ended -> {
            if (!call.heard()) {
                call.refuse(new Refusal(
                        GrpcStatus.INVALID_ARGUMENT, "message: none, or cut short (expected: one whole message)"));
            }
        });
    }

    private void answer(Call call, GrpcMessage message) {
        if (call.over() || call.heard()) {
            return;
        }
        Future<A> answer;
        try {
            answer = work.apply(call.read(message, parser), call.deadline());
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        answer.onSuccess(call::end).onFailure(call::refuse);
    }
}
