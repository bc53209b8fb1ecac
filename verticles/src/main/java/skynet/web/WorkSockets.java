package skynet.web;

import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    private final Bus bus;
    private final Set<ServerWebSocket> open = new HashSet<>();
    private final Map<NodeId, WorkSocket> attached = new HashMap<>();
    private final Standings standings = new Standings();

    WorkSockets(Bus bus) {
        this.bus = bus;
    }

    void mount(Vertx vertx, Router router) {
        standings.start(vertx);
        bus.hear(Work.Job.class, this::give);
        bus.hear(Work.Dismissed.class, this::letGo);
        router.get("/ws/work").handler(this::shake);
    }

    private void give(Work.Job job) {
        WorkSocket line = attached.get(job.node());
        if (line != null && line.isSession(job.session())) {
            line.give(job);
        } else {
            bus.ask(new Work.Deliver(job.node(), job.session(), job.id(), false, List.of(), "not connected"));
        }
    }

    private void letGo(Work.Dismissed dismissed) {
        WorkSocket line = attached.get(dismissed.node());
        if (line != null && line.isSession(dismissed.session())) {
            line.refuse(dismissed.reason());
        }
    }

    private void shake(RoutingContext request) {
        Refusal refusal = refusalOf(request.request());
        if (refusal != null) {
            Problem.answer(request, refusal);
            return;
        }
        NodeId node = SwarmRoutes.selfOf(Caller.of(request));
        request.request()
                .toWebSocket()
                .onSuccess(socket -> serve(socket, node, request))
                .onFailure(failure -> Problem.answer(
                        request, new Refusal(400, "upgrade", "handshake: malformed", "Open it as RFC 6455 says.")));
    }

    private Refusal refusalOf(HttpServerRequest request) {
        String protocols = request.getHeader("Sec-WebSocket-Protocol");
        if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            return new Refusal(426, "upgrade", "request: no WebSocket handshake", "Open it as a WebSocket.");
        }
        if (protocols == null
                || Arrays.stream(protocols.split(",")).map(String::strip).noneMatch(PROTOCOL::equals)) {
            return new Refusal(
                    400, "sub-protocol", "Sec-WebSocket-Protocol: without " + PROTOCOL, "Offer " + PROTOCOL + ".");
        }
        return open.size() < 2 * Work.HANDS_MAX
                ? null
                : new Refusal(503, "busy", "sockets: too many at once", "Try again shortly, or at another member.");
    }

    private void serve(ServerWebSocket socket, NodeId node, RoutingContext request) {
        open.add(socket);
        WorkSocket line = new WorkSocket(
                socket, bus, node, FrontDoor.idOf(request), Caller.of(request), Caller.again(request), attached);
        standings.add(line.standing(), System.nanoTime());
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
        List.copyOf(open).forEach(socket -> socket.close((short) 1012, "service restart"));
    }

    private static short codeOf(Throwable failure) {
        return (short)
                (failure instanceof CorruptedWebSocketFrameException bad
                        ? bad.closeStatus().code()
                        : 1002);
    }
}
