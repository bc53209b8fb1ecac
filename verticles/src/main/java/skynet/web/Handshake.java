package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import java.util.function.Consumer;

/**
 * A request that may become a WebSocket, and shows it to a watcher before it is served. SockJS keeps the sockets it makes
 * to itself, so this is the one place where all of them can be seen.
 */
final class Handshake extends HttpServerRequestWrapper {
    private final Consumer<ServerWebSocket> watcher;

    Handshake(HttpServerRequest request, Consumer<ServerWebSocket> watcher) {
        super((HttpServerRequestInternal) request);
        this.watcher = watcher;
    }

    @Override
    public Future<ServerWebSocket> toWebSocket() {
        return super.toWebSocket().onSuccess(socket -> {
            letGo();
            watcher.accept(socket);
        });
    }

    /** A socket keeps its request for as long as it lives, which shall not keep all that the router hung on it. */
    private void letGo() {
        exceptionHandler(null).endHandler(null);
        response().exceptionHandler(null).endHandler(null).closeHandler(null);
    }
}
