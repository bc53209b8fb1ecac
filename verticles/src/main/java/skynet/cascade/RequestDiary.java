package skynet.cascade;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Segment;
import skynet.bus.Cascade.Step;
import skynet.bus.Fault;

/**
 * What became of each question, on its way to the database: in memory until the next writing, one writing at a time. When the
 * database is too slow for it, the oldest entries are dropped and counted; no answer waits. Lives on the room's event loop.
 */
final class RequestDiary implements Diary {
    private static final System.Logger LOG = System.getLogger("skynet.cascade");

    /** Entries that wait at most; at 1 KB each that is 20 MB. */
    static final int WAITING_MAX = 20_000;

    /** Entries written at once. */
    static final int BATCH_MAX = 500;

    private static final int REASON_CHARS_MAX = 200;

    private final int node;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final Supplier<Prices> prices;
    private final Function<JsonArray, Future<Void>> writer;
    private final Deque<JsonObject> waiting = new ArrayDeque<>();
    private Future<Void> writing = Future.succeededFuture();
    private long dropped;

    RequestDiary(
            int node,
            InstantSource clock,
            Supplier<UUID> ids,
            Supplier<Prices> prices,
            Function<JsonArray, Future<Void>> writer) {
        this.node = node;
        this.clock = clock;
        this.ids = ids;
        this.prices = prices;
        this.writer = writer;
    }

    @Override
    public void note(Entry entry) {
        if (waiting.size() == WAITING_MAX) {
            waiting.removeFirst();
            dropped++;
        }
        waiting.addLast(row(entry));
    }

    /** Writes what waits, batch after batch; what could not be written waits on. */
    Future<Void> write() {
        if (!writing.isComplete()) {
            return writing;
        }
        writing = next();
        return writing;
    }

    int waiting() {
        return waiting.size();
    }

    /** Entries that were never written down. */
    long dropped() {
        return dropped;
    }

    private Future<Void> next() {
        if (waiting.isEmpty()) {
            return Future.succeededFuture();
        }
        JsonArray batch = new JsonArray();
        while (batch.size() < BATCH_MAX && !waiting.isEmpty()) {
            batch.add(waiting.removeFirst());
        }
        return write(batch).onFailure(failure -> putBack(batch)).compose(written -> next());
    }

    /** What the table does not take is parted until the row is found that it is; that one is dropped, and counted. */
    private Future<Void> write(JsonArray batch) {
        return writer.apply(batch).recover(failure -> {
            if (!(failure instanceof Fault fault) || fault.kind() != Fault.Kind.INVALID) {
                return Future.failedFuture(failure);
            }
            if (batch.size() == 1) {
                dropped++;
                LOG.log(System.Logger.Level.WARNING, "a request is not noted: " + failure.getMessage());
                return Future.succeededFuture();
            }
            int half = batch.size() / 2;
            return write(part(batch, 0, half)).compose(written -> write(part(batch, half, batch.size())));
        });
    }

    private static JsonArray part(JsonArray batch, int from, int to) {
        JsonArray part = new JsonArray();
        for (int i = from; i < to; i++) {
            part.add(batch.getJsonObject(i));
        }
        return part;
    }

    /** The newest of a batch that was not written come back first, as far as there is room. */
    private void putBack(JsonArray batch) {
        for (int i = batch.size() - 1; i >= 0; i--) {
            if (waiting.size() < WAITING_MAX) {
                waiting.addFirst(batch.getJsonObject(i));
            } else {
                dropped++;
            }
        }
    }

    private JsonObject row(Entry entry) {
        Prices now = prices.get();
        List<Segment> segments = entry.segments();
        JsonArray parts = new JsonArray();
        segments.forEach(segment -> parts.add(json(segment, now)));
        JsonArray steps = new JsonArray();
        entry.route().forEach(step -> steps.add(json(step)));
        return new JsonObject()
                .put("at", Instant.ofEpochMilli(clock.millis()).toString())
                .put("entry", ids.get().toString())
                .put("node", node)
                .put("message", entry.id().isEmpty() ? null : entry.id())
                .put("tenant", entry.tenant())
                .put("level", level(entry).ordinal())
                .put("band", lower(entry.wish().band()))
                .put("policy", lower(entry.wish().policy()))
                .put("outcome", lower(entry.outcome()))
                .put("finish", entry.finish())
                .put("first_millis", entry.firstMillis() < 0 ? null : millis(entry.firstMillis()))
                .put("level_millis", levelMillis(entry))
                .put("millis", millis(entry.millis()))
                .put("chars", entry.chars())
                .put("tokens_in", segments.stream().mapToLong(Segment::tokensIn).sum())
                .put(
                        "tokens_out",
                        segments.stream().mapToLong(Segment::tokensOut).sum())
                .put("cost", now.of(segments))
                .put("price_version", now.version())
                .put("unpriced", !segments.stream().allMatch(now::knows))
                .put("segments", parts)
                .put("steps", steps)
                .put("question_hash", entry.hash());
    }

    private static Level level(Entry entry) {
        if (!entry.segments().isEmpty()) {
            return entry.segments().get(entry.segments().size() - 1).level();
        }
        return entry.route().isEmpty()
                ? Level.L0
                : entry.route().get(entry.route().size() - 1).level();
    }

    /** What the level took that answered last. */
    private static Integer levelMillis(Entry entry) {
        Integer found = null;
        for (Step step : entry.route()) {
            if (step.outcome() == skynet.bus.Cascade.Outcome.HIT) {
                found = millis(step.millis());
            }
        }
        return found;
    }

    private static int millis(long millis) {
        return (int) Math.max(0, Math.min(millis, Integer.MAX_VALUE));
    }

    private static JsonObject json(Segment segment, Prices prices) {
        return new JsonObject()
                .put("level", segment.level().name())
                .put("upstream", segment.upstream())
                .put("model", segment.model())
                .put("tokens_in", segment.tokensIn())
                .put("tokens_out", segment.tokensOut())
                .put("ms", segment.millis())
                .put("estimated", segment.estimated())
                .put("cost", prices.of(segment));
    }

    private static JsonObject json(Step step) {
        String reason = step.reason();
        return new JsonObject()
                .put("level", step.level().name())
                .put("outcome", lower(step.outcome()))
                .put("ms", step.millis())
                .put("reason", reason.length() <= REASON_CHARS_MAX ? reason : reason.substring(0, REASON_CHARS_MAX));
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
