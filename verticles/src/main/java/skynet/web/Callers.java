package skynet.web;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Everybody who is connected. A connection is closed when it waits too long with its first request or with the next one;
 * while one is being answered it is left alone, for the asks behind it have deadlines of their own. A WebSocket may be
 * silent for ever, as long as it answers pings. Runs on the event loop of the front door.
 */
final class Callers {
    private static final short AWAY = 1001;

    private final Vertx vertx;
    private final Deadlines deadlines;
    private final Patience patience;
    private final Map<HttpConnection, Caller> open = new HashMap<>();

    Callers(Vertx vertx, Deadlines deadlines, Patience patience) {
        this.vertx = vertx;
        this.deadlines = deadlines;
        this.patience = patience;
    }

    /** Somebody has connected. */
    void greet(HttpConnection connection) {
        Caller caller = new Caller(connection);
        open.put(connection, caller);
        caller.await(patience.firstRequest());
        connection.closeHandler(closed -> forget(connection));
    }

    /** Somebody asks; the next one's turn on the same connection may come before this one's end is told. */
    void hear(RoutingContext request) {
        Caller caller = open.get(request.request().connection());
        if (caller != null) {
            caller.asks();
            request.addEndHandler(ended -> caller.answered());
        }
        request.next();
    }

    /** Leads requests to a handler; each that becomes a WebSocket is asked for signs of life from then on. */
    Handler<HttpServerRequest> leadTo(Handler<HttpServerRequest> handler) {
        return request -> handler.handle(
                "websocket".equalsIgnoreCase(request.getHeader("Upgrade"))
                        ? new Handshake(request, socket -> keep(request.connection(), socket))
                        : request);
    }

    private void keep(HttpConnection connection, ServerWebSocket socket) {
        forget(connection);
        Pulse pulse = new Pulse(socket);
        socket.pongHandler(pulse::felt);
        vertx.setPeriodic(patience.signOfLife().toMillis(), pulse);
    }

    private void forget(HttpConnection connection) {
        Caller caller = open.remove(connection);
        if (caller != null) {
            caller.stopWaiting();
        }
    }

    /** One connection: how many of its requests are at work, and since when we wait for the next. */
    private final class Caller {
        private final HttpConnection connection;
        private int atWork;
        private Deadlines.Deadline waiting;

        Caller(HttpConnection connection) {
            this.connection = connection;
        }

        void asks() {
            atWork++;
            stopWaiting();
        }

        void answered() {
            if (--atWork == 0 && open.containsKey(connection)) {
                await(patience.nextRequest());
            }
        }

        /** What was written before goes out before the connection closes. */
        void await(Duration duration) {
            waiting = deadlines.after(duration, connection::close);
        }

        void stopWaiting() {
            if (waiting != null) {
                waiting.takeBack();
                waiting = null;
            }
        }
    }

    /** Asks one WebSocket for a sign of life and closes it when none has come since it was asked last. */
    private final class Pulse implements Handler<Long> {
        private final ServerWebSocket socket;
        private boolean asked;

        Pulse(ServerWebSocket socket) {
            this.socket = socket;
        }

        void felt(Buffer pong) {
            asked = false;
        }

        @Override
        public void handle(Long timer) {
            if (socket.isClosed()) {
                vertx.cancelTimer(timer);
            } else if (asked) {
                vertx.cancelTimer(timer);
                socket.close(AWAY, "no sign of life");
            } else {
                asked = true;
                socket.writePing(Buffer.buffer());
            }
        }
    }
}
