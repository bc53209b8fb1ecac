package skynet.web;

import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.Future;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.ServerWebSocketHandshake;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Chat;
import skynet.bus.Knowledge;

/** The doors of chat: JSON, server-sent events and WebSocket, with one form of the answer for all three. */
final class ChatRoutes {
    static final String PROTOCOL = "skynet.chat.v1";

    private static final Set<String> FIELDS = Set.of("message", "conversation_id", "message_id");
    private static final Set<String> FRAME_FIELDS = Set.of("type", "id", "message", "conversation_id", "message_id");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Sockets open at once. */
    private static final int SOCKETS_MAX = 10_000;

    private final Bus bus;
    private final Set<ServerWebSocket> open = new HashSet<>();

    ChatRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(Router router) {
        router.post("/api/chat/message").handler(this::message);
    }

    private void message(RoutingContext request) {
        String accept = request.request().getHeader("Accept");
        if (accept != null && accept.contains("text/event-stream")) {
            stream(request);
        } else {
            Exchange.body(request, JsonBody.BYTES_MAX, FIELDS, body -> say(body).map(ChatRoutes::json));
        }
    }

    private void stream(RoutingContext request) {
        JsonBody.receive(request.request(), JsonBody.BYTES_MAX)
                .compose(body -> say(JsonBody.parse(body, FIELDS)))
                .onSuccess(said -> events(request, said))
                .onFailure(failure -> Problem.answer(request, failure));
    }

    private static void events(RoutingContext request, Chat.Said said) {
        if (request.response().closed()) {
            return;
        }
        request.response().putHeader("Content-Type", "text/event-stream").setChunked(true);
        said.answer().route().forEach(step -> event(request, "route", json(step)));
        event(request, "delta", new JsonObject().put("text", said.answer().text()));
        event(request, "done", json(said));
        request.response().end();
    }

    private static void event(RoutingContext request, String name, JsonObject data) {
        request.response().write("event: " + name + "\ndata: " + data.encode() + "\n\n");
    }

    /** Accepts or refuses a socket before it is one. */
    void shake(ServerWebSocketHandshake handshake, FrontDoor door) {
        String protocols = handshake.headers().get("Sec-WebSocket-Protocol");
        if (!handshake.path().equals("/ws/chat")) {
            handshake.reject(404);
        } else if (!door.knows(handshake.headers())) {
            handshake.reject(403);
        } else if (protocols == null || !protocols.contains(PROTOCOL)) {
            handshake.reject(400);
        } else if (open.size() >= SOCKETS_MAX) {
            handshake.reject(503);
        } else {
            handshake.accept();
        }
    }

    /** Serves one open socket; a question at a time. */
    void open(ServerWebSocket socket) {
        open.add(socket);
        socket.closeHandler(closed -> open.remove(socket));
        socket.textMessageHandler(text -> receive(socket, text));
        socket.binaryMessageHandler(bytes -> socket.close((short) 1003, "text frames only"));
        socket.exceptionHandler(failure -> socket.close(codeOf(failure), "bad frame"));
    }

    /** Tells every open socket that the node goes, so that its page looks for it again. */
    void dismiss() {
        List.copyOf(open).forEach(socket -> socket.close((short) 1012, "service restart"));
    }

    /** Vert.x reports a message of too many frames as IllegalStateException. */
    private static short codeOf(Throwable failure) {
        if (failure instanceof CorruptedWebSocketFrameException bad) {
            return (short) bad.closeStatus().code();
        }
        return (short) (failure instanceof IllegalStateException ? 1009 : 1002);
    }

    private void receive(ServerWebSocket socket, String text) {
        Future<Chat.Said> said;
        try {
            JsonBody frame = JsonBody.parse(text, FRAME_FIELDS);
            if (frame.text("type").equals("ping")) {
                socket.writeTextMessage(new JsonObject().put("type", "pong").encode());
                return;
            }
            if (frame.text("type").equals("pong")) {
                return;
            }
            if (!frame.text("type").equals("ask")) {
                throw new IllegalArgumentException("type: unknown (expected: ask, ping or pong)");
            }
            said = say(frame);
        } catch (RuntimeException e) {
            said = Future.failedFuture(e);
        }
        socket.pause();
        said.onSuccess(answer -> tell(socket, answer))
                .onFailure(failure -> send(socket, Problem.json(failure, "").put("type", "error")))
                .onComplete(done -> socket.resume());
    }

    private static void tell(ServerWebSocket socket, Chat.Said said) {
        said.answer().route().forEach(step -> send(socket, json(step).put("type", "route")));
        send(
                socket,
                new JsonObject().put("type", "delta").put("text", said.answer().text()));
        send(socket, json(said).put("type", "done"));
    }

    private static void send(ServerWebSocket socket, JsonObject frame) {
        if (!socket.isClosed()) {
            socket.writeTextMessage(frame.encode());
        }
    }

    private Future<Chat.Said> say(JsonBody body) {
        return bus.ask(
                new Chat.Say(body.textOrEmpty("conversation_id"), body.textOrEmpty("message_id"), body.text("message")),
                PATIENCE);
    }

    private static JsonObject json(Chat.Said said) {
        Cascade.Answer answer = said.answer();
        JsonArray route = new JsonArray();
        answer.route().forEach(step -> route.add(json(step)));
        JsonArray citations = new JsonArray();
        answer.citations().forEach(citation -> citations.add(json(citation)));
        return new JsonObject()
                .put("message_id", said.message())
                .put("conversation_id", said.conversation())
                .put("answer", answer.text())
                .put("answered", answer.answered())
                .put("level", answer.level().name())
                .put("brand", answer.level().brand())
                .put("route", route)
                .put("citations", citations)
                .put("ms", answer.millis());
    }

    private static JsonObject json(Cascade.Step step) {
        return new JsonObject()
                .put("level", step.level().name())
                .put("outcome", step.outcome().name().toLowerCase(java.util.Locale.ROOT))
                .put("ms", step.millis())
                .put("reason", step.reason());
    }

    private static JsonObject json(Knowledge.Citation citation) {
        return new JsonObject()
                .put("document", citation.document())
                .put("title", citation.title())
                .put("chunk", citation.chunk())
                .put("start", citation.start())
                .put("end", citation.end())
                .put("text", citation.text());
    }
}
