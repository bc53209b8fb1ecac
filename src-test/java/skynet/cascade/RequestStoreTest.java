package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Cascade.Level;
import skynet.bus.Fault;
import skynet.bus.Telemetry;
import skynet.bus.Telemetry.Price;
import skynet.bus.Telemetry.SetPrices;
import skynet.bus.Telemetry.Sum;
import skynet.bus.Telemetry.Timing;
import skynet.bus.Telemetry.Verdict;
import skynet.kit.Database;
import skynet.testkit.TestDatabase;

/** Requests by day, their sums and the prices on a real PostgreSQL. Each test has days of its own. */
class RequestStoreTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final List<Integer> TARGETS = List.of(50, 200, 500, 300, 1_500, 2_000);

    @TempDir
    static Path home;

    private static TestDatabase postgres;
    private static RequestStore store;

    @BeforeAll
    static void open() throws Exception {
        postgres = TestDatabase.start(home);
        store = new RequestStore(Database.open(VERTX, postgres.uri()));
    }

    @AfterAll
    static void close() throws Exception {
        await(VERTX.close());
        postgres.close();
    }

    @Test
    void aBatchThatIsWrittenTwiceCountsOnce() throws Exception {
        LocalDate day = arranged("2026-03-01");
        JsonArray batch = new JsonArray()
                .add(request(day, Level.L3, "hit", 100, 0.5))
                .add(request(day, Level.L3, "hit", 300, 0.25).put("unpriced", true))
                .add(request(day, Level.L1, "unknown", 10, 0));
        await(store.write(batch));
        await(store.write(batch));
        List<Sum> sums = await(store.sums(day)).stream()
                .filter(sum -> sum.epochDay() == day.toEpochDay())
                .toList();
        assertEquals(2, sums.size());
        Sum models = sums.get(1);
        assertEquals(2, models.requests());
        assertEquals(20, models.tokensIn());
        assertEquals(0.75, models.cost(), 1e-9);
        assertEquals(1, models.unpriced());
        assertEquals(200, models.meanMillis());
        assertEquals(300, models.mostMillis());
    }

    @Test
    void tokensCountAtTheLevelThatGaveThemAndTheRequestAtTheLastOne() throws Exception {
        LocalDate day = arranged("2026-02-01");
        JsonObject continued = request(day, Level.L4, "hit", 100, 0.75)
                .put("tokens_in", 30)
                .put("tokens_out", 12)
                .put(
                        "segments",
                        new JsonArray().add(segment(Level.L3, 10, 4, 0.25)).add(segment(Level.L4, 20, 8, 0.5)));
        JsonObject unknown =
                request(day, Level.L2, "unknown", 10, 0).put("tokens_in", 0).put("segments", new JsonArray());
        await(store.write(new JsonArray().add(continued).add(unknown)));
        List<Sum> sums = await(store.sums(day)).stream()
                .filter(sum -> sum.epochDay() == day.toEpochDay())
                .toList();
        int at = (int) day.toEpochDay();
        assertEquals(
                List.of(
                        new Sum(at, Level.L2, "unknown", 1, 0, 0, 0, 0, 10, 10, 0, 0),
                        new Sum(at, Level.L3, "hit", 0, 10, 4, 0.25, 0, 0, 0, 0, 0),
                        new Sum(at, Level.L4, "hit", 1, 20, 8, 0.5, 0, 100, 100, 0, 0)),
                sums);
    }

    @Test
    void daysGetTheirTablesAheadAndLoseThemWhenTheyAreTooOld() throws Exception {
        LocalDate day = arranged("2026-04-01");
        await(store.write(new JsonArray().add(request(day, Level.L3, "hit", 100, 1))));
        await(store.write(
                new JsonArray().add(request(day.plusDays(RequestStore.DAYS_AHEAD), Level.L3, "hit", 100, 1))));
        JsonArray tooFar =
                new JsonArray().add(request(day.plusDays(RequestStore.DAYS_AHEAD + 1), Level.L3, "hit", 1, 1));
        assertThrows(ExecutionException.class, () -> await(store.write(tooFar)));
        await(store.arrange(day.plusDays(2), day.plusDays(1)));
        await(store.write(tooFar));
        assertThrows(
                ExecutionException.class,
                () -> await(store.write(new JsonArray().add(request(day, Level.L3, "hit", 100, 1)))));
        assertTrue(await(store.sums(day)).stream().anyMatch(sum -> sum.epochDay() == day.toEpochDay()));
    }

    @Test
    void nodesThatArrangeAtOnceDoNotMeet() throws Exception {
        LocalDate day = LocalDate.parse("2026-05-01");
        for (Future<Void> one : IntStream.range(0, 6)
                .mapToObj(node -> store.arrange(day, day.minusYears(9)))
                .toList()) {
            await(one);
        }
    }

    @Test
    void onlyWhatIsMissingIsMadeAndOnlyOurOwnIsDropped() {
        LocalDate day = LocalDate.parse("2026-06-10");
        List<String> there = IntStream.rangeClosed(-3, RequestStore.DAYS_AHEAD)
                .mapToObj(one -> "request_" + day.plusDays(one).toString().replace("-", ""))
                .toList();
        assertEquals(
                List.of("DROP TABLE cascade.request_20260607"), RequestStore.changes(there, day, day.minusDays(2)));
        assertTrue(RequestStore.changes(List.of("request_of_somebody"), day, day).stream()
                .noneMatch(change -> change.startsWith("DROP")));
    }

    @Test
    void theTimesOfALevelAreThoseOfItsAnswersOfLate() throws Exception {
        LocalDate day = arranged("2026-07-01");
        JsonArray batch = new JsonArray();
        for (int i = 1; i <= 100; i++) {
            batch.add(request(day, Level.L2, "hit", 999, 0).put("level_millis", 10 * i));
        }
        batch.add(request(day, Level.L2, "unknown", 999, 0).putNull("level_millis"));
        await(store.write(batch));
        List<Timing> timings = await(store.timings(TARGETS, Instant.parse("2026-07-01T00:00:00Z")));
        assertEquals(6, timings.size());
        assertEquals(new Timing(Level.L2, 500, 100, 500, 950, 50), timings.get(2));
        assertEquals(new Timing(Level.L5, 2_000, 0, 0, 0, 0), timings.get(5));
    }

    @Test
    void aVerdictIsNotedOnTheRequestsOfItsTenantOnly() throws Exception {
        LocalDate day = arranged("2026-08-01");
        String message = UUID.randomUUID().toString();
        await(store.write(
                new JsonArray().add(request(day, Level.L4, "hit", 1, 1).put("message", message))));
        assertEquals(0, await(store.rate("others", message, Verdict.BAD)));
        assertEquals(1, await(store.rate("guests", message, Verdict.BAD)));
        assertEquals(1, sum(day).blamed());
        assertEquals(1, await(store.rate("guests", message, Verdict.GOOD)));
        assertEquals(1, sum(day).praised());
        assertEquals(0, sum(day).blamed());
        assertEquals(1, await(store.rate("guests", message, Verdict.NONE)));
        assertEquals(0, sum(day).praised());
    }

    @Test
    void pricesHaveVersionsAndNobodyOverwritesAnothers() throws Exception {
        int start = await(store.prices()).version();
        List<Price> cheap = List.of(new Price("fast", 0.1, 0.2));
        Telemetry.Prices first = await(store.set(new SetPrices(start, cheap, "ann")));
        assertEquals(start + 1, first.version());
        assertEquals(cheap, first.prices());
        assertEquals("ann", first.by());
        ExecutionException late =
                assertThrows(ExecutionException.class, () -> await(store.set(new SetPrices(start, cheap, "ben"))));
        assertEquals(
                Fault.Kind.CONFLICT,
                assertInstanceOf(Fault.class, late.getCause()).kind());
        assertTrue(await(store.set(new SetPrices(start + 1, List.of(), "ben")))
                .prices()
                .isEmpty());
        assertFalse(await(store.prices()).prices().contains(cheap.get(0)));
    }

    private static Sum sum(LocalDate day) throws Exception {
        return await(store.sums(day)).stream()
                .filter(sum -> sum.epochDay() == day.toEpochDay())
                .findFirst()
                .orElseThrow();
    }

    private static LocalDate arranged(String day) throws Exception {
        LocalDate date = LocalDate.parse(day);
        await(store.arrange(date, date.minusYears(9)));
        return date;
    }

    private static JsonObject request(LocalDate day, Level level, String outcome, int millis, double cost) {
        return new JsonObject()
                .put("at", day + "T12:00:00Z")
                .put("entry", UUID.randomUUID().toString())
                .put("node", 1)
                .put("tenant", "guests")
                .put("level", level.ordinal())
                .put("band", "any")
                .put("policy", "node")
                .put("outcome", outcome)
                .put("finish", "stop")
                .put("level_millis", millis)
                .put("millis", millis)
                .put("chars", 1)
                .put("tokens_in", 10)
                .put("tokens_out", 20)
                .put("cost", cost)
                .put("price_version", 0)
                .put("unpriced", false)
                .put("segments", new JsonArray().add(segment(level, 10, 20, cost)))
                .put("steps", new JsonArray())
                .put("question_hash", "00");
    }

    private static JsonObject segment(Level level, int in, int out, double cost) {
        return new JsonObject()
                .put("level", level.name())
                .put("tokens_in", in)
                .put("tokens_out", out)
                .put("cost", cost);
    }
}
