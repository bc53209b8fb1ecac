package skynet.grpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.vertx.core.Future;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** The same as {@link Unary} where the answer depends on who asks. */
final class OfCaller<Q extends MessageLite, A extends MessageLite> implements Consumer<Call> {
    private final Parser<Q> parser;
    private final BiFunction<Q, Call, Future<A>> work;

    /** The work is given the question and the call, which knows who asks. */
    OfCaller(Parser<Q> parser, BiFunction<Q, Call, Future<A>> work) {
        this.parser = parser;
        this.work = work;
    }

    @Override
    public void accept(Call call) {
        new Unary<>(parser, (question, deadline) -> work.apply(question, call)).accept(call);
    }
}
