package skynet.cascade;

import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import skynet.bus.Bus;
import skynet.bus.Cascade.Speaker;
import skynet.bus.Cascade.Turn;
import skynet.bus.Tools;

/**
 * The tools as one answer uses them: at most {@value #CALLS_MAX} times on a model's word, and asking nobody outside this node
 * once anything foreign was read.
 */
final class ToolUse {
    /** How a step begins that tells of a tool that was used. */
    static final String USED = "used: ";

    /** Uses for one answer that a model asks for. */
    static final int CALLS_MAX = 8;

    private static final int QUERY_CHARS_MAX = 400;

    /** As much of a tool's result as is shown to the model. */
    private static final int RESULT_CHARS_MAX = 8_000;

    private static final int HITS = 6;
    private static final Duration TOOL_MAX = Duration.ofSeconds(12);

    private final Bus bus;
    private final String tenant;
    private final Consumer<String> step;
    private final Evidence evidence;
    private boolean foreignRead;
    private int used;

    /** {@code step} is told what was done. */
    ToolUse(Bus bus, Question question, boolean foreignRead, Consumer<String> step) {
        this.bus = bus;
        this.tenant = question.tenant();
        this.evidence = new Evidence(question.said());
        this.foreignRead = foreignRead;
        this.step = step;
    }

    Evidence evidence() {
        return evidence;
    }

    /** Whether a model has asked for as many as it may. */
    boolean isUp() {
        return used >= CALLS_MAX;
    }

    /** All tools in OpenAI's form. */
    Future<String> definitions() {
        return bus.ask(new Tools.ListTools()).map(listed -> json(listed).encode());
    }

    /** Looks for passages. That none can be had is told and no reason to stop. */
    Future<Void> search(String query) {
        String arguments =
                new JsonObject().put("query", query).put("count", HITS).encode();
        return bus.ask(new Tools.Use("knowledge_search", arguments, tenant, true), TOOL_MAX)
                .map(this::take)
                .<Void>mapEmpty()
                .recover(failure -> {
                    step.accept("not retrieved: " + failure.getMessage());
                    return Future.succeededFuture();
                });
    }

    /** Uses what a model asks for, one after the other; what fails is told to the model like any other result. */
    Future<List<Turn>> all(String calls) {
        List<Turn> done = new ArrayList<>();
        Future<Void> all = Future.succeededFuture();
        for (Call call : Call.all(calls)) {
            all = all.compose(before -> use(call).map(result -> {
                done.add(new Turn(Speaker.TOOL, result, call.id()));
                return null;
            }));
        }
        return all.map(used -> done);
    }

    private Future<String> use(Call call) {
        if (++used > CALLS_MAX) {
            return Future.succeededFuture(refused("too many calls (expected: at most " + CALLS_MAX + ")"));
        }
        Future<Tools.Used> use;
        try {
            use = bus.ask(new Tools.Use(call.name(), call.arguments(), tenant, foreignRead), TOOL_MAX);
        } catch (RuntimeException e) {
            use = Future.failedFuture(e);
        }
        return use.map(result -> {
                    take(result);
                    step.accept(USED + call.name());
                    return cut(result.content(), RESULT_CHARS_MAX);
                })
                .recover(failure -> {
                    step.accept("not used: " + shown(call.name()) + ", " + failure.getMessage());
                    return Future.succeededFuture(refused(String.valueOf(failure.getMessage())));
                });
    }

    private Tools.Used take(Tools.Used result) {
        foreignRead |= result.source().isForeign();
        evidence.add(result.passages());
        return result;
    }

    private static String refused(String why) {
        return new JsonObject().put("error", why).encode();
    }

    /** One call as a model wrote it, which may be anything. */
    private record Call(String id, String name, String arguments) {
        static List<Call> all(String calls) {
            try {
                return calls.isEmpty()
                        ? List.of()
                        : new JsonArray(calls).stream().map(Call::of).toList();
            } catch (DecodeException e) {
                return List.of();
            }
        }

        private static Call of(Object call) {
            JsonObject json = call instanceof JsonObject object ? object : new JsonObject();
            JsonObject function = json.getValue("function") instanceof JsonObject object ? object : new JsonObject();
            return new Call(text(json, "id"), text(function, "name"), text(function, "arguments"));
        }

        private static String text(JsonObject json, String name) {
            return json.getValue(name) instanceof String text ? text : "";
        }
    }

    private static JsonArray json(Tools.Listed listed) {
        JsonArray all = new JsonArray();
        listed.tools()
                .forEach(tool -> all.add(new JsonObject()
                        .put("type", "function")
                        .put(
                                "function",
                                new JsonObject()
                                        .put("name", tool.name())
                                        .put("description", tool.description())
                                        .put("parameters", new JsonObject(tool.schema())))));
        return all;
    }

    /** What a model calls a tool may be anything. */
    private static String shown(String name) {
        return name.matches("[a-z_]{1,40}") ? name : "a tool of no such name";
    }

    static String shortened(String query) {
        return cut(query, QUERY_CHARS_MAX);
    }

    /** The beginning of a text, never half a character. */
    private static String cut(String text, int charsMax) {
        if (text.length() <= charsMax) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(charsMax - 1)) ? charsMax - 1 : charsMax);
    }
}
