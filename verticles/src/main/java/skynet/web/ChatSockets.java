package skynet.web;

import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import skynet.bus.Bus;
import skynet.bus.Chat;
import skynet.bus.Principal;

/**
 * The sockets of chat, sub-protocol {@value #PROTOCOL}. A page sends {@code ask} and {@code ping}; it hears {@code
 * route}, {@code delta}, {@code done}, {@code error} and {@code pong}, each with the {@code id} of the frame it answers.
 * One question at a time: the next is read when the last is answered.
 */
final class ChatSockets {
    static final String PROTOCOL = "skynet.chat.v1";

    /** Sockets open at once. */
    static final int SOCKETS_MAX = 10_000;

    private static final Set<String> FIELDS = Set.of("type", "id", "message", "conversation_id", "message_id");
    private static final int ID_CHARS_MAX = 64;

    private final Bus bus;
    private final Set<ServerWebSocket> open = new HashSet<>();

    ChatSockets(Bus bus) {
        this.bus = bus;
    }

    void mount(Router router) {
        router.get("/ws/chat").handler(this::shake);
    }

    /** Accepts or refuses a socket before it is one. */
    private void shake(RoutingContext request) {
        Refusal refusal = refusalOf(request.request());
        if (refusal != null) {
            Problem.answer(request, refusal);
            return;
        }
        request.request()
                .toWebSocket()
                .onSuccess(socket -> serve(socket, Caller.again(request), FrontDoor.idOf(request)))
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
        return open.size() < SOCKETS_MAX
                ? null
                : new Refusal(503, "busy", "sockets: too many at once", "Try again shortly.");
    }

    /** Tells every open socket that the node goes, so that its page looks for it again. */
    void dismiss() {
        List.copyOf(open).forEach(socket -> socket.close((short) 1012, "service restart"));
    }

    private void serve(ServerWebSocket socket, Supplier<Future<Principal>> caller, String requestId) {
        open.add(socket);
        socket.closeHandler(closed -> open.remove(socket));
        socket.frameHandler(new TextFrames(socket, text -> receive(socket, caller, text, requestId)));
        socket.exceptionHandler(failure -> socket.close(codeOf(failure), "bad frame"));
    }

    private static short codeOf(Throwable failure) {
        return (short)
                (failure instanceof CorruptedWebSocketFrameException bad
                        ? bad.closeStatus().code()
                        : 1002);
    }

    private void receive(ServerWebSocket socket, Supplier<Future<Principal>> caller, String text, String requestId) {
        socket.pause();
        Future.succeededFuture(text)
                .map(sent -> JsonBody.parse(sent, FIELDS))
                .compose(frame -> {
                    String id = idOf(frame);
                    return Future.succeededFuture(frame)
                            .compose(known -> answer(socket, caller, known, id))
                            .onFailure(failure ->
                                    send(socket, "error", id, Problem.json(failure, requestId, "chat socket")))
                            .otherwiseEmpty();
                })
                .onFailure(failure -> send(socket, "error", "", Problem.json(failure, requestId, "chat socket")))
                .onComplete(done -> socket.resume());
    }

    private static String idOf(JsonBody frame) {
        String id = frame.textOrEmpty("id");
        if (id.length() > ID_CHARS_MAX) {
            throw new IllegalArgumentException("id: too long (expected: at most " + ID_CHARS_MAX + " characters)");
        }
        return id;
    }

    private Future<Void> answer(ServerWebSocket socket, Supplier<Future<Principal>> caller, JsonBody frame, String id) {
        return switch (frame.text("type")) {
            case "ask" ->
                caller.get()
                        .map(known -> Guard.require(known, "chat:ask"))
                        .compose(known -> ChatRoutes.say(bus, known, frame))
                        .onSuccess(said -> tell(socket, said, id))
                        .mapEmpty();
            case "ping" -> {
                send(socket, "pong", id, new JsonObject());
                yield Future.succeededFuture();
            }
            default -> throw new IllegalArgumentException("type: unknown (expected: ask or ping)");
        };
    }

    private static void tell(ServerWebSocket socket, Chat.Said said, String id) {
        said.answer().route().forEach(step -> send(socket, "route", id, AnswerJson.json(step)));
        send(socket, "delta", id, new JsonObject().put("text", said.answer().text()));
        send(socket, "done", id, AnswerJson.json(said));
    }

    private static void send(ServerWebSocket socket, String type, String id, JsonObject content) {
        if (socket.isClosed()) {
            return;
        }
        // A problem has a type of its own, the address of its explanation.
        JsonObject frame = new JsonObject().mergeIn(content).put("type", type);
        if (!id.isEmpty()) {
            frame.put("id", id);
        }
        socket.writeTextMessage(frame.encode());
    }
}
