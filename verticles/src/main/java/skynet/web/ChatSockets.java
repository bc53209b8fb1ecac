package skynet.web;

import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import skynet.kit.Tolls;

/**
 * The sockets of chat, sub-protocol {@value #PROTOCOL}. A page sends {@code ask}, {@code resume}, {@code stop} and {@code
 * ping}; it hears {@code begun}, {@code route}, {@code delta}, {@code cite}, {@code usage}, {@code seam}, {@code done},
 * {@code error}, {@code stopped}, {@code pong} and, while an answer is thought about, {@code beat}, each with the {@code id} of the frame it answers and, where it is a piece
 * of an answer, its place {@code at}. One answer at a time: the next waits until the last is told.
 */
final class ChatSockets {
    static final String PROTOCOL = "skynet.chat.v1";

    /** Sockets open at once. */
    static final int SOCKETS_MAX = 10_000;

    private final ChatDoor door;
    private final Set<ServerWebSocket> open = new HashSet<>();
    private final Standings standings = new Standings();
    private final Tolls.OpenByAddress addresses = new Tolls.OpenByAddress();

    ChatSockets(ChatDoor door) {
        this.door = door;
    }

    void mount(Vertx vertx, Router router) {
        standings.start(vertx);
        router.get("/ws/chat").handler(this::shake);
    }

    /** Accepts or refuses a socket before it is one. */
    private void shake(RoutingContext request) {
        Refusal refusal = refusalOf(request.request(), Caller.payer(request));
        if (refusal != null) {
            Problem.answer(request, refusal);
            return;
        }
        request.request()
                .toWebSocket()
                .onSuccess(socket -> serve(socket, request))
                .onFailure(failure -> Problem.answer(
                        request, new Refusal(400, "upgrade", "handshake: malformed", "Open it as RFC 6455 says.")));
    }

    private Refusal refusalOf(HttpServerRequest request, Tolls.Payer payer) {
        String protocols = request.getHeader("Sec-WebSocket-Protocol");
        if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            return new Refusal(426, "upgrade", "request: no WebSocket handshake", "Open it as a WebSocket.");
        }
        if (protocols == null
                || Arrays.stream(protocols.split(",")).map(String::strip).noneMatch(PROTOCOL::equals)) {
            return new Refusal(
                    400, "sub-protocol", "Sec-WebSocket-Protocol: without " + PROTOCOL, "Offer " + PROTOCOL + ".");
        }
        return open.size() < SOCKETS_MAX && payer.mayOpen(addresses, Tolls.SOCKETS_OF_AN_ADDRESS_MAX)
                ? null
                : new Refusal(503, "busy", "sockets: too many at once", "Try again shortly.");
    }

    /** Closes the sockets of a session, a key or an account that is no longer good. */
    void revoked(String id) {
        standings.revoked(id);
    }

    /** Tells every open socket that the node goes, so that its page looks for it again. */
    void dismiss() {
        List.copyOf(open).forEach(socket -> socket.close((short) 1012, "service restart"));
    }

    private void serve(ServerWebSocket socket, RoutingContext request) {
        Tolls.Payer payer = Caller.payer(request);
        open.add(socket);
        addresses.opened(payer.network());
        ChatSocket line =
                new ChatSocket(socket, door, FrontDoor.idOf(request), Caller.of(request), Caller.again(request), payer);
        standings.add(line.standing(), System.nanoTime());
        socket.closeHandler(closed -> {
            open.remove(socket);
            standings.remove(line.standing());
            addresses.closed(payer.network());
            line.gone();
        });
        socket.frameHandler(new TextFrames(socket, line::receive));
        socket.exceptionHandler(failure -> socket.close(codeOf(failure), "bad frame"));
    }

    private static short codeOf(Throwable failure) {
        return (short)
                (failure instanceof CorruptedWebSocketFrameException bad
                        ? bad.closeStatus().code()
                        : 1002);
    }
}
