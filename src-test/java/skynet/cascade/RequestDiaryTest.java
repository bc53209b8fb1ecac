package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Outcome;
import skynet.bus.Cascade.Segment;
import skynet.bus.Cascade.Step;
import skynet.bus.Cascade.Wish;
import skynet.bus.Fault;
import skynet.bus.Telemetry.Price;

class RequestDiaryTest {
    private final List<JsonArray> written = new ArrayList<>();
    private Future<Void> database = Future.succeededFuture();
    private final RequestDiary diary = new RequestDiary(
            3,
            InstantSource.fixed(Instant.parse("2026-03-01T10:00:00Z")),
            UUID::randomUUID,
            () -> Prices.of(7, List.of(new Price("fast", 1, 2))),
            batch -> {
                written.add(batch);
                return database;
            });

    @Test
    void anEntryTellsLevelTokensTimeAndCostButNoWords() {
        diary.note(entry(List.of(
                new Segment(Level.L3, "fast", "m", 1_000, 500, 80, false),
                new Segment(Level.L4, "unknown", "m", 10, 10, 90, true))));
        diary.write();
        JsonObject row = written.get(0).getJsonObject(0);
        assertEquals(4, row.getInteger("level"));
        assertEquals(1_010, row.getLong("tokens_in"));
        assertEquals(510, row.getLong("tokens_out"));
        assertEquals(0.002, row.getDouble("cost"), 1e-12);
        assertEquals(7, row.getInteger("price_version"));
        assertTrue(row.getBoolean("unpriced"));
        assertEquals(40, row.getInteger("level_millis"));
        assertNull(row.getValue("message"));
        assertEquals("hit", row.getString("outcome"));
        assertEquals(2, row.getJsonArray("segments").size());
    }

    @Test
    void whatTheNodeGaveItselfIsFree() {
        diary.note(entry(List.of(new Segment(Level.L1, "", "", 0, 12, 5, true))));
        diary.write();
        JsonObject row = written.get(0).getJsonObject(0);
        assertEquals(0, row.getDouble("cost"));
        assertFalse(row.getBoolean("unpriced"));
    }

    @Test
    void oneWritingAtATimeTakesABoundedBatch() {
        Promise<Void> slow = Promise.promise();
        database = slow.future();
        for (int i = 0; i < RequestDiary.BATCH_MAX + 1; i++) {
            diary.note(entry(List.of()));
        }
        diary.write();
        diary.write();
        assertEquals(1, written.size());
        assertEquals(RequestDiary.BATCH_MAX, written.get(0).size());
        database = Future.succeededFuture();
        slow.complete();
        assertEquals(2, written.size());
        assertEquals(0, diary.waiting());
        assertEquals(0, diary.dropped());
    }

    @Test
    void whatCouldNotBeWrittenWaitsInItsOrder() {
        database = Future.failedFuture("gone");
        diary.note(entry(List.of()));
        diary.note(entry(List.of()));
        diary.write();
        assertEquals(2, diary.waiting());
        database = Future.succeededFuture();
        diary.write();
        assertEquals(written.get(0).encode(), written.get(1).encode());
        assertEquals(0, diary.waiting());
    }

    @Test
    void theOldestAreDroppedAndCountedWhenTheDatabaseIsGoneForLong() {
        database = Future.failedFuture("gone");
        for (int i = 0; i < RequestDiary.WAITING_MAX + 10; i++) {
            diary.note(entry(List.of()));
        }
        assertEquals(RequestDiary.WAITING_MAX, diary.waiting());
        assertEquals(10, diary.dropped());
        diary.write();
        assertEquals(RequestDiary.WAITING_MAX, diary.waiting());
        assertEquals(10, diary.dropped());
    }

    @Test
    void aRowThatTheTableDoesNotTakeIsDroppedAloneAndCounted() {
        List<Integer> sizes = new ArrayList<>();
        List<String> written = new ArrayList<>();
        AtomicInteger ids = new AtomicInteger();
        RequestDiary diary = new RequestDiary(
                1, InstantSource.system(), () -> new UUID(0, ids.incrementAndGet()), () -> Prices.NONE, batch -> {
                    sizes.add(batch.size());
                    List<String> entries = batch.stream()
                            .map(row -> ((JsonObject) row).getString("entry"))
                            .toList();
                    if (entries.contains(new UUID(0, 5).toString())) {
                        return Future.failedFuture(
                                Fault.invalid("telemetry: a row that the table does not take, 22003"));
                    }
                    written.addAll(entries);
                    return Future.succeededFuture();
                });
        for (int i = 0; i < 9; i++) {
            diary.note(entry(List.of()));
        }
        assertTrue(diary.write().succeeded());
        assertEquals(8, written.size());
        assertEquals(1, diary.dropped());
        assertEquals(0, diary.waiting());
        assertTrue(sizes.size() < 9, sizes.toString());
    }

    private static Diary.Entry entry(List<Segment> segments) {
        return new Diary.Entry(
                "guests",
                "",
                Wish.NONE,
                List.of(
                        new Step(Level.L0, Outcome.MISS, 1, "x".repeat(1_000)),
                        new Step(Level.L3, Outcome.HIT, 40, "")),
                segments,
                Diary.Outcome.HIT,
                10,
                50,
                120,
                "ab",
                "stop");
    }
}
