package skynet.grpc;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import java.util.function.IntPredicate;

/** A request that counts the bytes it brings and asks for each part of them whether they may come in. */
final class Arriving extends HttpServerRequestWrapper {
    private final IntPredicate guard;
    private long bytes;

    Arriving(HttpServerRequestInternal http, IntPredicate guard) {
        super(http);
        this.guard = guard;
    }

    /** The bytes that came in. */
    long bytes() {
        return bytes;
    }

    @Override
    public HttpServerRequest handler(Handler<Buffer> handler) {
        super.handler(
                handler == null
                        ? null
                        : part -> {
                            bytes += part.length();
                            if (guard.test(part.length())) {
                                handler.handle(part);
                            }
                        });
        return this;
    }
}
