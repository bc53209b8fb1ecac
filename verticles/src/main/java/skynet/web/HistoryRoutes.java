package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import skynet.bus.Bus;
import skynet.bus.Chat;
import skynet.bus.Fault;
import skynet.bus.Principal;

/** The doors of what was said before: list, search, open, rename, delete and export conversations, rate and correct answers. */
final class HistoryRoutes {
    private static final String HISTORY = "/api/chat/history";
    private static final String CONVERSATION = HISTORY + "/:conversation";
    private static final String MESSAGE = "/api/chat/message/:message";
    private static final int PAGE = 50;

    /** Exports that are written at once: each holds a page of long answers. */
    private static final int EXPORTS_MAX = 16;

    /** How long a reader may leave a page unread. */
    private static final int UNREAD_SECONDS_MAX = 30;

    private final Bus bus;
    private int exports;

    HistoryRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(Router router) {
        router.get(HISTORY).handler(this::list);
        router.delete(HISTORY).handler(request -> forget(request, ""));
        router.get(CONVERSATION).handler(this::open);
        router.patch(CONVERSATION).handler(this::rename);
        router.delete(CONVERSATION).handler(request -> forget(request, request.pathParam("conversation")));
        router.get(CONVERSATION + "/export").handler(this::export);
        router.put(MESSAGE + "/feedback").handler(this::rate);
        router.put(MESSAGE + "/correction").handler(this::correct);
    }

    private void list(RoutingContext request) {
        Principal by = Caller.of(request);
        Exchange.query(request, Set.of("q", "cursor", "limit"), query -> listed(by, query)
                .map(listed -> {
                    JsonArray conversations = new JsonArray();
                    listed.conversations().forEach(one -> conversations.add(HistoryJson.json(one)));
                    return withNext(
                            new JsonObject().put("kept", !by.isGuest()).put("conversations", conversations),
                            listed.next());
                }));
    }

    /** Guests have no list: nobody can tell one guest from another. */
    private Future<Chat.Listed> listed(Principal by, Exchange.Query query) {
        Chat.Conversations asked =
                new Chat.Conversations(by, query.text("q"), query.text("cursor"), query.number("limit", PAGE));
        return by.isGuest() ? Future.succeededFuture(new Chat.Listed(List.of(), "")) : bus.ask(asked);
    }

    private void open(RoutingContext request) {
        Principal by = Caller.of(request);
        Exchange.query(request, Set.of("cursor", "limit"), query -> bus.ask(new Chat.Open(
                        by, request.pathParam("conversation"), query.text("cursor"), query.number("limit", PAGE)))
                .map(opened -> {
                    JsonArray messages = new JsonArray();
                    opened.messages()
                            .forEach(message -> messages.add(HistoryJson.json(opened.conversation(), message)));
                    return withNext(HistoryJson.json(opened.conversation()).put("messages", messages), opened.next());
                }));
    }

    private static JsonObject withNext(JsonObject page, String next) {
        return next.isEmpty() ? page : page.put("next", next);
    }

    private void rename(RoutingContext request) {
        Principal by = Caller.of(request);
        Exchange.body(request, JsonBody.BYTES_MAX, Set.of("title"), body -> bus.ask(
                        new Chat.Rename(by, request.pathParam("conversation"), body.text("title")))
                .map(renamed -> new JsonObject()
                        .put("conversation_id", renamed.conversation())
                        .put("title", renamed.title())));
    }

    private void forget(RoutingContext request, String conversation) {
        Principal by = Caller.of(request);
        Exchange.query(request, Set.of(), query -> bus.ask(new Chat.Forget(by, conversation))
                .map(forgotten -> new JsonObject().put("deleted", forgotten.conversations())));
    }

    private void rate(RoutingContext request) {
        Principal by = Caller.of(request);
        Exchange.body(request, JsonBody.BYTES_MAX, Set.of("rating", "reason"), body -> bus.ask(new Chat.Rate(
                        by, request.pathParam("message"), rating(body.text("rating")), body.textOrEmpty("reason")))
                .map(rated -> new JsonObject()
                        .put("message_id", rated.message())
                        .put("rating", HistoryJson.name(rated.rating()))
                        .put("reason", rated.reason())));
    }

    private static Chat.Rating rating(String text) {
        return switch (text) {
            case "good" -> Chat.Rating.GOOD;
            case "bad" -> Chat.Rating.BAD;
            case "none" -> Chat.Rating.NONE;
            default -> throw new IllegalArgumentException("rating: unknown (expected: good, bad or none)");
        };
    }

    private void correct(RoutingContext request) {
        Principal by = Caller.of(request);
        Exchange.body(request, JsonBody.BYTES_MAX, Set.of("text"), body -> bus.ask(
                        new Chat.Correct(by, request.pathParam("message"), body.text("text")))
                .map(corrected -> new JsonObject()
                        .put("message_id", corrected.message())
                        .put("text", corrected.text())
                        .put("proposed", corrected.proposed())));
    }

    /** Writes a conversation page by page, so that a long one is never held as a whole. */
    private void export(RoutingContext request) {
        Principal by = Caller.of(request);
        Future.succeededFuture()
                .map(now -> Export.of(new Exchange.Query(request, Set.of("format")).text("format")))
                .compose(form -> bus.ask(new Chat.Open(by, request.pathParam("conversation"), "", PAGE))
                        .map(first -> begin(request, by, form, first)))
                .onFailure(failure -> Problem.answer(request, failure));
    }

    private Void begin(RoutingContext request, Principal by, Export form, Chat.Opened first) {
        if (request.response().closed()) {
            return null;
        }
        if (exports >= EXPORTS_MAX) {
            throw new Fault(
                    Fault.Kind.BUSY, "exports: " + exports + " are written now (expected: fewer; try again shortly)");
        }
        exports++;
        FrontDoor.giveBackPlace(request);
        request.addEndHandler(ended -> exports--);
        HttpServerResponse response = request.response()
                .setChunked(true)
                .putHeader("Content-Type", form.mediaType())
                .putHeader("Content-Disposition", "attachment; filename=\"" + form.file(first.conversation()) + '"');
        response.write(form.head(first.conversation()));
        proceed(request, by, form, first, true);
        return null;
    }

    private void proceed(RoutingContext request, Principal by, Export form, Chat.Opened page, boolean first) {
        HttpServerResponse response = request.response();
        boolean begins = first;
        for (Chat.Message message : page.messages()) {
            response.write(form.message(page.conversation(), message, begins));
            begins = false;
        }
        if (page.next().isEmpty()) {
            response.end(form.foot());
            return;
        }
        boolean still = begins;
        drained(request)
                .compose(taken -> bus.ask(new Chat.Open(by, page.conversation().id(), page.next(), PAGE)))
                .onSuccess(next -> proceed(request, by, form, next, still))
                // What was sent cannot be taken back: a cut connection is the only way to say that the rest is missing.
                .onFailure(failure -> request.request().connection().close());
    }

    /** Waits until the reader has taken what was written, but not for ever. */
    private static Future<Void> drained(RoutingContext request) {
        HttpServerResponse response = request.response();
        if (!response.writeQueueFull()) {
            return Future.succeededFuture();
        }
        Promise<Void> drained = Promise.promise();
        response.drainHandler(taken -> drained.tryComplete());
        return drained.future().timeout(UNREAD_SECONDS_MAX, TimeUnit.SECONDS);
    }
}
