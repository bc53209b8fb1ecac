package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import skynet.bus.Bus;
import skynet.bus.Chat;
import skynet.bus.Principal;

/** The doors of chat over HTTP: JSON, and server-sent events for those who ask for them. */
final class ChatRoutes {
    private static final Set<String> FIELDS = Set.of("message", "conversation_id", "message_id");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Bus bus;

    ChatRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(Router router) {
        router.post("/api/chat/message").handler(this::message);
    }

    /** What pages may ask over the browser bus. */
    List<Operation> operations() {
        return List.of(message());
    }

    private Operation message() {
        return new Operation(
                "api.chat.message", "chat:ask", JsonBody.BYTES_MAX, FIELDS, (caller, body) -> say(bus, caller, body)
                        .map(AnswerJson::json));
    }

    private void message(RoutingContext request) {
        String accept = request.request().getHeader("Accept");
        if (accept != null && accept.contains("text/event-stream")) {
            stream(request);
        } else {
            Exchange.body(request, message());
        }
    }

    private void stream(RoutingContext request) {
        JsonBody.receive(request.request(), JsonBody.BYTES_MAX)
                .compose(body -> say(bus, Caller.of(request), JsonBody.parse(body, FIELDS)))
                .onSuccess(said -> events(request, said))
                .onFailure(failure -> Problem.answer(request, failure));
    }

    private static void events(RoutingContext request, Chat.Said said) {
        if (request.response().closed()) {
            return;
        }
        request.response().putHeader("Content-Type", "text/event-stream").setChunked(true);
        said.answer().route().forEach(step -> event(request, "route", AnswerJson.json(step)));
        event(request, "delta", new JsonObject().put("text", said.answer().text()));
        event(request, "done", AnswerJson.json(said));
        request.response().end();
    }

    private static void event(RoutingContext request, String name, JsonObject data) {
        request.response().write("event: " + name + "\ndata: " + data.encode() + "\n\n");
    }

    /** Asks what a body of a caller says, from whichever door it came. */
    static Future<Chat.Said> say(Bus bus, Principal caller, JsonBody body) {
        return bus.ask(
                new Chat.Say(
                        body.textOrEmpty("conversation_id"),
                        body.textOrEmpty("message_id"),
                        body.text("message"),
                        caller),
                PATIENCE);
    }
}
