package skynet.bus.codec;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import skynet.bus.Cascade;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.bus.Stream;

/**
 * What is told beside the text of an answer, each as one line of JSON, cut into bodies of frames where it is longer than one:
 * the line break ends it.
 *
 * <pre>
 * ROUTE  {"level":"L1","outcome":"HIT","ms":12,"reason":"…"}
 * CITE   {"document":"…","title":"…","chunk":0,"start":0,"end":9,"text":"…","page":0,"collection":"main"}
 * USAGE  {"level":"L1","answered":true,"ms":14,"segments":[{"level":"L1",…}],"explained":"…","calls":"…"}
 * SEAM   {"after":"L3","level":"L4","mode":"continue","reason":"…","offset":412}, or nothing where another attempt begins
 * FAULT  {"kind":"UNAVAILABLE","detail":"…","retry":5}, without retry where nobody knows
 * </pre>
 */
public final class Lines {
    /** Longest line, in UTF-16 characters: what is longer is no line of ours. */
    public static final int CHARS_MAX = 64 << 10;

    /** A body of a frame in characters, none of which has more than three bytes of UTF-8 for itself. */
    private static final int BODY_CHARS_MAX = Stream.FRAME_BYTES_MAX / 3;

    /** A seam is one body of a frame, whatever its reason. */
    private static final int SEAM_CHARS_MAX = 500;

    private final StringBuilder begun = new StringBuilder();

    /** Takes the next body; answers the line when this is its end. Throws IllegalArgumentException when it never ends. */
    public Optional<String> add(String body) {
        if (begun.length() + body.length() > CHARS_MAX) {
            throw new IllegalArgumentException(
                    "line: more than " + CHARS_MAX + " characters (expected: a line break before)");
        }
        begun.append(body);
        if (!body.endsWith("\n")) {
            return Optional.empty();
        }
        String line = begun.substring(0, begun.length() - 1);
        begun.setLength(0);
        return Optional.of(line);
    }

    /** Forgets a line that is not complete: its rest will not come. */
    public void reset() {
        begun.setLength(0);
    }

    /** A line in bodies of frames. */
    public static List<String> bodies(String line) {
        String whole = line + "\n";
        List<String> bodies = new ArrayList<>();
        int start = 0;
        while (start < whole.length()) {
            int end = Math.min(whole.length(), start + BODY_CHARS_MAX);
            if (end < whole.length() && Character.isHighSurrogate(whole.charAt(end - 1))) {
                end--;
            }
            bodies.add(whole.substring(start, end));
            start = end;
        }
        return bodies;
    }

    public static String line(Cascade.Step step) {
        return new JsonObject()
                .put("level", step.level().name())
                .put("outcome", step.outcome().name())
                .put("ms", step.millis())
                .put("reason", step.reason())
                .encode();
    }

    public static String line(Knowledge.Citation citation) {
        return new JsonObject()
                .put("document", citation.document())
                .put("title", citation.title())
                .put("chunk", citation.chunk())
                .put("start", citation.start())
                .put("end", citation.end())
                .put("text", citation.text())
                .put("page", citation.page())
                .put("collection", citation.collection())
                .put("shared", citation.shared())
                .put("mark", citation.mark())
                .encode();
    }

    public static String line(Cascade.Usage usage) {
        return new JsonObject()
                .put("level", usage.level().name())
                .put("answered", usage.answered())
                .put("ms", usage.millis())
                .put("segments", segments(usage.segments()))
                .put("explained", usage.explained())
                .put("calls", usage.calls())
                .encode();
    }

    public static String line(Cascade.Seam seam) {
        String reason = seam.reason();
        return new JsonObject()
                .put("after", seam.after().name())
                .put("level", seam.level().name())
                .put("mode", seam.mode().name().toLowerCase(Locale.ROOT))
                .put("reason", reason.length() > SEAM_CHARS_MAX ? reason.substring(0, SEAM_CHARS_MAX) + "…" : reason)
                .put("offset", seam.offset())
                .encode();
    }

    /** Segments as they stand in JSON, here and at the doors. */
    public static JsonArray segments(List<Cascade.Segment> segments) {
        JsonArray all = new JsonArray();
        segments.forEach(segment -> all.add(new JsonObject()
                .put("level", segment.level().name())
                .put("upstream", segment.upstream())
                .put("model", segment.model())
                .put("tokens_in", segment.tokensIn())
                .put("tokens_out", segment.tokensOut())
                .put("ms", segment.millis())
                .put("estimated", segment.estimated())));
        return all;
    }

    public static String line(Fault fault) {
        String detail = String.valueOf(fault.getMessage());
        JsonObject json = new JsonObject()
                .put("kind", fault.kind().name())
                .put("detail", detail.length() > 500 ? detail.substring(0, 500) + "…" : detail);
        return (fault.retrySeconds() > 0 ? json.put("retry", fault.retrySeconds()) : json).encode();
    }

    public static Cascade.Step step(String line) {
        JsonObject json = json(line);
        return new Cascade.Step(
                Cascade.Level.valueOf(json.getString("level")),
                Cascade.Outcome.valueOf(json.getString("outcome")),
                json.getLong("ms"),
                json.getString("reason"));
    }

    public static Knowledge.Citation citation(String line) {
        JsonObject json = json(line);
        return new Knowledge.Citation(
                json.getString("document"),
                json.getString("title"),
                json.getInteger("chunk"),
                json.getInteger("start"),
                json.getInteger("end"),
                json.getString("text"),
                json.getInteger("page", 0),
                json.getString("collection", ""),
                json.getBoolean("shared", false),
                json.getInteger("mark", 0));
    }

    public static Cascade.Usage usage(String line) {
        JsonObject json = json(line);
        return new Cascade.Usage(
                Cascade.Level.valueOf(json.getString("level")),
                json.getBoolean("answered"),
                json.getLong("ms"),
                segments(json.getJsonArray("segments", new JsonArray())),
                json.getString("explained", ""),
                json.getString("calls", ""));
    }

    public static Cascade.Seam seam(String line) {
        JsonObject json = json(line);
        return new Cascade.Seam(
                Cascade.Level.valueOf(json.getString("after")),
                Cascade.Level.valueOf(json.getString("level")),
                Cascade.Seam.Mode.valueOf(json.getString("mode").toUpperCase(Locale.ROOT)),
                json.getString("reason"),
                json.getInteger("offset", 0));
    }

    private static List<Cascade.Segment> segments(JsonArray all) {
        List<Cascade.Segment> segments = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            JsonObject json = all.getJsonObject(i);
            segments.add(new Cascade.Segment(
                    Cascade.Level.valueOf(json.getString("level")),
                    json.getString("upstream"),
                    json.getString("model"),
                    json.getInteger("tokens_in"),
                    json.getInteger("tokens_out"),
                    json.getLong("ms"),
                    json.getBoolean("estimated")));
        }
        return segments;
    }

    /** The fault that ended an answer; of a text that is none, a broken one. */
    public static Fault fault(String line) {
        try {
            JsonObject json = new JsonObject(line);
            return new Fault(
                    Fault.Kind.valueOf(json.getString("kind")), json.getString("detail"), json.getInteger("retry", 0));
        } catch (DecodeException | IllegalArgumentException | NullPointerException | ClassCastException e) {
            return new Fault(Fault.Kind.BROKEN, "answer: interrupted");
        }
    }

    private static JsonObject json(String line) {
        try {
            return new JsonObject(line);
        } catch (DecodeException e) {
            throw new IllegalArgumentException("line: no JSON (expected: one object)", e);
        }
    }
}
