package skynet.web;

import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import skynet.bus.Bus;
import skynet.bus.NodeId;
import skynet.bus.Work;

/**
 * The sockets on which light nodes wait for work, sub-protocol {@value #PROTOCOL}. A node sends {@code ready} once, then
 * {@code result} or {@code failed} to each {@code job}, and {@code ping}; it hears {@code attached} or {@code refused}, then
 * {@code job}, {@code pong} and {@code error}.
 */
final class WorkSockets {
    static final String PROTOCOL = "skynet.work.v1";

    /** Sockets of one node at once: the old one may not have ended when the new one begins. */
    static final int SOCKETS_OF_A_NODE_MAX = 2;

    /** Who is not attached by then is in the way of others. */
    static final long READY_MILLIS = 10_000;

    private final Bus bus;
    private final Map<ServerWebSocket, NodeId> open = new HashMap<>();
    private final WorkLines lines;
    private final Standings standings = new Standings();
    private Vertx vertx;

    WorkSockets(Bus bus) {
        this.bus = bus;
        this.lines = new WorkLines(bus);
    }

    void mount(Vertx on, Router router) {
        vertx = on;
        standings.start(vertx);
        bus.hear(Work.Job.class, lines::give);
        bus.hear(Work.Dismissed.class, lines::letGo);
        router.get("/ws/work").handler(this::shake);
    }

    private void shake(RoutingContext request) {
        NodeId node = SwarmRoutes.selfOf(Caller.of(request));
        Refusal refusal = refusalOf(request.request(), node);
        if (refusal != null) {
            Problem.answer(request, refusal);
            return;
        }
        request.request()
                .toWebSocket()
                .onSuccess(socket -> serve(socket, node, request))
                .onFailure(failure -> Problem.answer(
                        request, new Refusal(400, "upgrade", "handshake: malformed", "Open it as RFC 6455 says.")));
    }

    private Refusal refusalOf(HttpServerRequest request, NodeId node) {
        String protocols = request.getHeader("Sec-WebSocket-Protocol");
        if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            return new Refusal(426, "upgrade", "request: no WebSocket handshake", "Open it as a WebSocket.");
        }
        if (protocols == null
                || Arrays.stream(protocols.split(",")).map(String::strip).noneMatch(PROTOCOL::equals)) {
            return new Refusal(
                    400, "sub-protocol", "Sec-WebSocket-Protocol: without " + PROTOCOL, "Offer " + PROTOCOL + ".");
        }
        boolean own = open.values().stream().filter(node::equals).count() < SOCKETS_OF_A_NODE_MAX;
        return own && open.size() < SOCKETS_OF_A_NODE_MAX * Work.HANDS_MAX
                ? null
                : new Refusal(503, "busy", "sockets: too many at once", "Try again shortly, or at another member.");
    }

    private void serve(ServerWebSocket socket, NodeId node, RoutingContext request) {
        open.put(socket, node);
        WorkSocket line = new WorkSocket(
                vertx, socket, bus, node, FrontDoor.idOf(request), Caller.of(request), Caller.again(request), lines);
        standings.add(line.standing(), System.nanoTime());
        vertx.setTimer(READY_MILLIS, late -> line.endUnlessAttached());
        socket.closeHandler(closed -> {
            open.remove(socket);
            standings.remove(line.standing());
            line.gone();
        });
        socket.frameHandler(new TextFrames(socket, line::receive));
        socket.exceptionHandler(failure -> socket.close(codeOf(failure), "bad frame"));
    }

    /** Closes the sockets of what is no longer good. */
    void revoked(String id) {
        standings.revoked(id);
    }

    /** Tells every light node that this member goes, so that it looks for another. */
    void dismiss() {
        List.copyOf(open.keySet()).forEach(socket -> socket.close((short) 1012, "service restart"));
    }

    private static short codeOf(Throwable failure) {
        return (short)
                (failure instanceof CorruptedWebSocketFrameException bad
                        ? bad.closeStatus().code()
                        : 1002);
    }
}
