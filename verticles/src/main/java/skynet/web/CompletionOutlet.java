package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Set;
import java.util.function.LongConsumer;
import skynet.bus.Cascade.Segment;
import skynet.bus.Fault;
import skynet.kit.StopWords;

/**
 * Tells one answer to a client of OpenAI's interface: follows its events and turns them into what that interface knows. What
 * the interface has no place for, such as the level and the citations, stands in the field {@code skynet}.
 */
abstract class CompletionOutlet implements Outlet {
    /** Of a level that counts no tokens, about so many characters make one. */
    private static final int CHARS_PER_TOKEN = 4;

    /** Levels that do not know of a longest answer: the door ends it. */
    private static final Set<String> LOCAL = Set.of("L0", "L1", "L2");

    /** Levels that answer in the words of documents, whatever form was wished. */
    private static final Set<String> NO_JSON = Set.of("L1", "L2");

    protected final RoutingContext request;
    protected final Completion asked;
    protected final String id;
    protected final long createdSeconds = Instant.now().getEpochSecond();

    private final LongConsumer halt;
    private final TextSoFar text = new TextSoFar();
    private final StopWords stops;
    private final JsonArray route = new JsonArray();
    private final JsonArray citations = new JsonArray();
    private JsonObject usage = new JsonObject();
    private Throwable failure;
    private String level = "";
    private int charsTold;
    private String lastTaken = "";
    private boolean cut;
    private boolean over;

    /**
     * An answer that is told to nobody yet.
     *
     * @param halt stops it, wherever it is computed; told which piece the client has, as {@link skynet.bus.Cascade.Halt} says
     */
    CompletionOutlet(RoutingContext request, Completion asked, String id, LongConsumer halt) {
        this.request = request;
        this.asked = asked;
        this.id = id;
        this.halt = halt;
        this.stops = new StopWords(asked.stops());
    }

    /** A level answers, or is at work on its answer. */
    protected abstract Future<Void> step(JsonObject step);

    /** More of the text. */
    protected abstract Future<Void> words(String more);

    /** All is told; {@code finish} is one of that interface's reasons. */
    protected abstract Future<Void> finish(String finish);

    /** Whether anything was told yet that forbids a plain refusal. */
    protected abstract boolean hasBegun();

    /** Whether what is told goes out piece by piece. */
    protected abstract boolean isToldAtOnce();

    @Override
    public Future<Void> tell(Event event) {
        Future<Void> told = turn(event);
        return event.at().isEmpty() ? told : told.onSuccess(taken -> lastTaken = event.at());
    }

    private Future<Void> turn(Event event) {
        JsonObject data = event.data();
        switch (event.name()) {
            case "route" -> {
                route.add(data);
                level = data.getString("outcome").equals("hit") ? data.getString("level") : level;
                return asked.json() && NO_JSON.contains(level) ? refuseJson() : step(data);
            }
            case "delta" -> {
                return delta(Place.of("at", event.at()).seq(), data.getString("text"));
            }
            case "cite" -> citations.add(data);
            case "usage" -> usage = data;
            case "seam" -> text.voidFrom(data.getLong("from"));
            case "done" -> {
                return done(data.getString("end"));
            }
            case "error" -> {
                return broken();
            }
            default -> {
                // What is told to other doors only.
            }
        }
        return Future.succeededFuture();
    }

    @Override
    public void onGone(Runnable work) {
        Runnable gone = () -> {
            work.run();
            if (!over) {
                over = true;
                halt.accept(reached());
            }
        };
        request.response().closeHandler(closed -> gone.run());
        request.response().exceptionHandler(broken -> gone.run());
    }

    @Override
    public JsonObject problem(Throwable told) {
        failure = told;
        return new JsonObject();
    }

    /** The last piece of which the client's socket took what there was to tell. */
    private long reached() {
        return isToldAtOnce() && !lastTaken.isEmpty()
                ? Place.of("at", lastTaken).seq()
                : -1;
    }

    /** The level that answers, or did so last; empty while it is not known. */
    protected String level() {
        return level;
    }

    /** The calls of tools that the model wants; empty when it wants none. */
    protected JsonArray calls() {
        return usage.getJsonArray("tool_calls", new JsonArray());
    }

    /** What it cost, as OpenAI counts; guessed from the characters where nobody counted. */
    protected JsonObject usage() {
        int in = 0;
        int out = 0;
        for (Object one : usage.getJsonArray("segments", new JsonArray())) {
            JsonObject segment = (JsonObject) one;
            in += segment.getInteger("tokens_in", 0);
            out += segment.getInteger("tokens_out", 0);
        }
        int read = in > 0 ? in : Segment.tokens(asked.chars());
        int given = out > 0 ? out : Segment.tokens(charsTold);
        return new JsonObject()
                .put("prompt_tokens", read)
                .put("completion_tokens", given)
                .put("total_tokens", read + given);
    }

    /** What the interface has no place for. */
    protected JsonObject skynet(String finish) {
        JsonObject skynet = new JsonObject()
                .put("level", usage.getString("level", level))
                .put("brand", usage.getString("brand", ""))
                .put("answered", usage.getBoolean("answered", false))
                .put("finish", finish)
                .put("ms", usage.getLong("ms", 0L))
                .put("route", route)
                .put("citations", citations)
                .put("segments", usage.getJsonArray("segments", new JsonArray()));
        if (usage.containsKey("explain")) {
            skynet.put("explain", usage.getJsonObject("explain"));
        }
        return failure == null
                ? skynet
                : skynet.put("error", Problem.json(failure, FrontDoor.idOf(request), "completion"));
    }

    /** Why the answer ended, in the words of this node. */
    protected String ending(String reason) {
        if (!calls().isEmpty() && !text.isLost()) {
            return "tool_calls";
        }
        if (stops.isMet()) {
            return "stop";
        }
        if (cut || reason.equals("length")) {
            return "length";
        }
        if (reason.equals("content_filter")) {
            return reason;
        }
        return reason.equals("stop") && !text.isLost() && !text.isOpen() ? "stop" : "interrupted";
    }

    /** In the words of that interface, which knows no interruption: the answer is shorter than it should be. */
    protected static String openAi(String ending) {
        return ending.equals("interrupted") ? "length" : ending;
    }

    private Future<Void> delta(long seq, String piece) {
        if (over || cut || stops.isMet()) {
            return Future.succeededFuture();
        }
        String more = stops.take(text.take(seq, piece));
        if (LOCAL.contains(level) && asked.wish().tokensMax() > 0) {
            long room = (long) asked.wish().tokensMax() * CHARS_PER_TOKEN - charsTold;
            if (more.length() > room) {
                cut = true;
                int end = (int) room;
                boolean half = end > 0 && Character.isHighSurrogate(more.charAt(end - 1));
                more = more.substring(0, half ? end - 1 : end);
            }
        }
        if (cut || stops.isMet() || text.isLost()) {
            halt.accept(0);
        }
        return say(more);
    }

    private Future<Void> say(String more) {
        charsTold += more.length();
        return more.isEmpty() ? Future.succeededFuture() : words(more);
    }

    private Future<Void> done(String reason) {
        if (over) {
            return Future.succeededFuture();
        }
        Future<Void> rest = cut || stops.isMet() ? Future.succeededFuture() : say(stops.rest());
        over = true;
        String ending = ending(reason);
        return rest.compose(told -> finish(ending));
    }

    /** An answer that is no JSON is none to who asked for JSON. */
    private Future<Void> refuseJson() {
        if (!over) {
            failure = new Fault(
                    Fault.Kind.UNAVAILABLE,
                    "response_format: no model answers now, and this node itself writes no JSON");
            halt.accept(0);
            return broken();
        }
        return Future.succeededFuture();
    }

    /** Before anything was told it is a refusal, after that the end of what there is. */
    private Future<Void> broken() {
        if (hasBegun()) {
            return done("interrupted");
        }
        over = true;
        Problem.answer(request, failure);
        return Future.succeededFuture();
    }
}
