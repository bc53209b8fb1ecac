package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import skynet.bus.Bus;
import skynet.bus.Chat;

/** The doors of chat over HTTP: JSON, and server-sent events for those who ask for them or come back to an answer. */
final class ChatRoutes {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Bus bus;

    private final ChatDoor door;
    private final Supplier<UUID> ids;

    ChatRoutes(Bus bus, ChatDoor door, Supplier<UUID> ids) {
        this.bus = bus;
        this.door = door;
        this.ids = ids;
    }

    void mount(Router router) {
        router.post("/api/chat/message").handler(this::message);
        router.get("/api/chat/stream/:message").handler(this::resume);
        router.post("/api/chat/stream/:message/stop").handler(this::stop);
    }

    /** What pages may ask over the browser bus. */
    List<Operation> operations() {
        return List.of(message());
    }

    private Operation message() {
        return new Operation(
                "api.chat.message",
                "chat:ask",
                JsonBody.BYTES_MAX,
                Saying.FIELDS,
                (caller, body, gone) -> whole(Saying.say(body, caller), gone));
    }

    /** Asks for an answer as a whole, and calls it off when whoever wants it has gone before. */
    private Future<JsonObject> whole(Chat.Say unnamed, Future<Void> gone) {
        Chat.Say say = named(unnamed);
        Future<Chat.Said> said = bus.ask(say, PATIENCE);
        gone.onSuccess(left -> door.callOff(say, said));
        return said.map(AnswerJson::json);
    }

    private void message(RoutingContext request) {
        try {
            Caller.payer(request).ask(Caller.of(request));
        } catch (Refusal refusal) {
            Problem.answer(request, refusal);
            return;
        }
        String accept = request.request().getHeader("Accept");
        if (accept != null && accept.contains("text/event-stream")) {
            stream(request);
        } else {
            boolean explained = explained(request);
            Exchange.body(request, JsonBody.BYTES_MAX, Saying.FIELDS, body -> {
                Promise<Void> gone = Promise.promise();
                request.response().closeHandler(closed -> gone.tryComplete());
                return whole(Saying.say(body, Caller.of(request), explained), gone.future());
            });
        }
    }

    /** What is said has an id from here on, and who says it a name, so that it can be called off. */
    private Chat.Say named(Chat.Say say) {
        String message = say.message().isEmpty() ? ids.get().toString() : say.message();
        String asker = ids.get().toString();
        return new Chat.Say(say.conversation(), message, say.text(), say.by(), say.wish(), say.of(), asker);
    }

    private void stream(RoutingContext request) {
        if (Exchange.refusesType(request, "application/json", "Send JSON")) {
            return;
        }
        boolean explained = explained(request);
        JsonBody.receive(request.request(), JsonBody.BYTES_MAX)
                .compose(body -> door.begin(Caller.of(request), JsonBody.parse(body, Saying.FIELDS), explained))
                .onSuccess(begun -> {
                    if (!request.response().closed()) {
                        door.tell(Caller.of(request), begun, EventStream.open(request));
                    }
                })
                .onFailure(failure -> Problem.answer(request, failure));
    }

    private static boolean explained(RoutingContext request) {
        String value = request.request().getParam("explain");
        return "1".equals(value) || "true".equals(value);
    }

    private void resume(RoutingContext request) {
        String last = request.request().getHeader("Last-Event-ID");
        Future.succeededFuture(last == null ? "" : last)
                .map(text -> Place.of("Last-Event-ID", text))
                .compose(place -> door.resume(
                        Caller.of(request), request.pathParam("message"), place, () -> EventStream.open(request)))
                .onFailure(failure -> Problem.answer(request, failure));
    }

    private void stop(RoutingContext request) {
        Exchange.answer(
                request,
                Future.succeededFuture(request.pathParam("message"))
                        .compose(message -> door.stop(Caller.of(request), message)));
    }
}
