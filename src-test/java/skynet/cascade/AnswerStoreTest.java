package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Cascade;
import skynet.bus.Cascade.State;
import skynet.bus.Fault;
import skynet.bus.Stream;
import skynet.bus.Stream.Begin;
import skynet.bus.Stream.Frame;
import skynet.bus.Stream.Kind;
import skynet.bus.codec.FrameCodec;
import skynet.bus.stream.Segment;
import skynet.cascade.AnswerStore.Keeping;
import skynet.kit.Database;
import skynet.testkit.TestDatabase;

/** Claims, fences and segments on a real PostgreSQL. */
class AnswerStoreTest {
    private static final Vertx VERTX = Vertx.vertx();

    @TempDir
    static Path home;

    private static TestDatabase postgres;
    private static Database database;
    private static AnswerStore store;

    private final String id = UUID.randomUUID().toString();

    @BeforeAll
    static void open() throws Exception {
        postgres = TestDatabase.start(home);
        database = Database.open(VERTX, postgres.uri());
        store = new PostgresAnswerStore(database);
    }

    @AfterAll
    static void close() throws Exception {
        await(VERTX.close());
        postgres.close();
    }

    @Test
    void anAnswerIsBegunOnce() throws Exception {
        assertTrue(await(store.begin(new Cascade.Begin("t", id, "q"), 1)).won());
        AnswerStore.Claim again = await(store.begin(new Cascade.Begin("t", id, "q"), 2));
        assertFalse(again.won());
        assertEquals(1, again.row().placed().owner());
        List<Future<AnswerStore.Claim>> claims = new ArrayList<>();
        String other = UUID.randomUUID().toString();
        for (int owner = 1; owner <= 8; owner++) {
            claims.add(store.begin(new Cascade.Begin("t", other, "q"), owner));
        }
        int won = 0;
        for (Future<AnswerStore.Claim> claim : claims) {
            won += await(claim).won() ? 1 : 0;
        }
        assertEquals(1, won);
    }

    @Test
    void segmentsThatAreKeptTogetherAreEachKeptOrFencedAsByThemselves() throws Exception {
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String one = UUID.randomUUID().toString();
            await(store.begin(new Cascade.Begin("t", one, "q"), 1));
            segments.add(new Segment(one, 1, List.of(new Frame(one, 1, 1, Kind.TEXT, "text " + i))));
        }
        await(store.takeOver("t", segments.get(1).id(), 1, 2));
        String never = UUID.randomUUID().toString();
        segments.add(new Segment(never, 1, List.of(new Frame(never, 1, 1, Kind.TEXT, "never begun"))));
        for (int again = 0; again < 2; again++) {
            List<Keeping> kept = new ArrayList<>();
            for (Future<Keeping> one : await(store.keep(segments))) {
                kept.add(await(one));
            }
            assertEquals(List.of(Keeping.KEPT, Keeping.FENCED, Keeping.KEPT, Keeping.FENCED), kept);
        }
        assertEquals(
                "text 2", await(store.read("t", segments.get(2).id(), 1)).get(0).body());
        assertEquals(1, await(store.read("t", segments.get(2).id(), 1)).size());
        assertEquals(List.of(), await(store.read("t", segments.get(1).id(), 1)));
    }

    @Test
    void segmentsThatAreKeptTogetherDoNotWaitForAnAnswerThatSomebodyHolds() throws Exception {
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String one = UUID.randomUUID().toString();
            await(store.begin(new Cascade.Begin("t", one, "q"), 1));
            segments.add(new Segment(one, 1, List.of(new Frame(one, 1, 1, Kind.TEXT, "text " + i))));
        }
        Promise<Void> lets = Promise.promise();
        Promise<Void> holds = Promise.promise();
        Future<Void> held = database.together(connection -> connection
                .preparedQuery("SELECT id FROM cascade.answer WHERE id = $1 FOR UPDATE")
                .execute(Tuple.of(UUID.fromString(segments.get(1).id())))
                .onSuccess(locked -> holds.complete())
                .compose(locked -> lets.future()));
        await(holds.future());
        List<Future<Keeping>> kept = await(store.keep(segments));
        assertEquals(Keeping.KEPT, await(kept.get(0)));
        assertEquals(Keeping.KEPT, await(kept.get(2)));
        assertFalse(kept.get(1).isComplete());
        lets.complete();
        await(held);
        assertEquals(Keeping.KEPT, await(kept.get(1)));
        assertEquals(
                "text 1", await(store.read("t", segments.get(1).id(), 1)).get(0).body());
    }

    @Test
    void ofTwoAttemptsOfAnAnswerThatAreKeptTogetherOnlyTheLaterOneIs() throws Exception {
        await(store.begin(new Cascade.Begin("t", id, "q"), 1));
        await(store.takeOver("t", id, 1, 2));
        Segment older = new Segment(id, 1, List.of(new Frame(id, 1, 1, Kind.TEXT, "older")));
        Segment later = new Segment(id, 2, List.of(new Frame(id, 2, 1, Kind.TEXT, "later")));
        List<Future<Keeping>> kept = await(store.keep(List.of(older, later)));
        assertEquals(Keeping.FENCED, await(kept.get(0)));
        assertEquals(Keeping.KEPT, await(kept.get(1)));
        assertEquals("later", await(store.read("t", id, 1)).get(0).body());
    }

    @Test
    void whoTakesOverKnowsHowTheAnswerWasWishedFor() throws Exception {
        Cascade.Wish wish = new Cascade.Wish(
                Cascade.Band.PRO,
                Cascade.Policy.SPEED,
                77,
                true,
                List.of(
                        new Cascade.Turn(Cascade.Speaker.USER, "Žluťoučký"),
                        new Cascade.Turn(Cascade.Speaker.TOOL, "4", "c1")),
                "[]");
        Cascade.Begin ask = new Cascade.Begin("t", id, "q", wish, true);
        await(store.begin(ask, 1));
        assertEquals(ask, await(store.takeOver("t", id, 1, 2)).row().ask());
    }

    @Test
    void ofManyWhoTakeOverOneDoesAndWhoWasBeforeKeepsNothingMore() throws Exception {
        await(store.begin(new Cascade.Begin("t", id, "q"), 1));
        assertEquals(Keeping.KEPT, await(store.keep(segment(1, 1, 2))));
        List<Future<AnswerStore.Claim>> claims = new ArrayList<>();
        for (int owner = 2; owner <= 6; owner++) {
            claims.add(store.takeOver("t", id, 1, owner));
        }
        int won = 0;
        for (Future<AnswerStore.Claim> claim : claims) {
            won += await(claim).won() ? 1 : 0;
            assertEquals(
                    List.of(new Begin(1, 1), new Begin(2, 3)),
                    await(claim).row().placed().begins());
        }
        assertEquals(1, won);
        assertEquals(Keeping.FENCED, await(store.keep(segment(1, 3, 4))));
        assertEquals(Keeping.FENCED, await(store.keep(segment(1, 1, 2))));
        assertEquals(Keeping.KEPT, await(store.keep(segment(2, 3, 3))));
        assertEquals(3, await(store.find("t", id)).placed().lastSeq());
    }

    @Test
    void aSegmentSaidAgainChangesNothingAndAHoleIsRefused() throws Exception {
        await(store.begin(new Cascade.Begin("t", id, "q"), 1));
        for (int again = 0; again < 3; again++) {
            assertEquals(Keeping.KEPT, await(store.keep(segment(1, 1, 5))));
        }
        assertThrows(ExecutionException.class, () -> await(store.keep(segment(1, 7, 8))));
        assertThrows(ExecutionException.class, () -> await(store.keep(segment(1, 4, 8))));
        assertEquals(5, await(store.read("t", id, 1)).size());
        assertEquals(2, await(store.read("t", id, 4)).size());
        assertEquals(List.of(), await(store.read("t", id, 6)));
    }

    @Test
    void theLastPieceEndsItAndOneThatFailedIsBegunAnew() throws Exception {
        await(store.begin(new Cascade.Begin("t", id, "q"), 1));
        await(store.keep(last(1, 1, Kind.FAULT)));
        assertEquals(State.FAILED, await(store.find("t", id)).placed().state());
        assertFalse(await(store.takeOver("t", id, 1, 2)).won());
        AnswerStore.Claim anew = await(store.begin(new Cascade.Begin("t", id, "q"), 3));
        assertTrue(anew.won());
        assertEquals(0, anew.row().placed().lastSeq());
        await(store.keep(last(1, 1, Kind.END)));
        assertEquals(State.ENDED, await(store.find("t", id)).placed().state());
        assertFalse(await(store.begin(new Cascade.Begin("t", id, "q"), 1)).won());
        assertFalse(await(store.takeOver("t", id, 1, 2)).won());
    }

    @Test
    void toAnotherTenantItIsNotThere() throws Exception {
        await(store.begin(new Cascade.Begin("t", id, "q"), 1));
        await(store.keep(segment(1, 1, 2)));
        for (Future<?> asked : List.of(
                store.find("other", id),
                store.begin(new Cascade.Begin("other", id, "q"), 2),
                store.takeOver("other", id, 1, 2))) {
            ExecutionException refused = assertThrows(ExecutionException.class, () -> await(asked));
            assertEquals(
                    Fault.Kind.ABSENT,
                    assertInstanceOf(Fault.class, refused.getCause()).kind());
        }
        assertEquals(List.of(), await(store.read("other", id, 1)));
    }

    @Test
    void aPageOfAnyPiecesFitsIntoAFrameOfTheBus() throws Exception {
        await(store.begin(new Cascade.Begin("t", id, "q"), 1));
        long seq = 1;
        for (String body : List.of("", "x", "\u20ac".repeat(1_300), "x".repeat(4_096))) {
            List<Frame> frames = new ArrayList<>();
            for (int i = 0; i < (body.length() > 1 ? 8 : 2_000); i++) {
                frames.add(new Frame(id, 1, seq++, Kind.TEXT, body));
            }
            await(store.keep(new Segment(id, 1, frames)));
        }
        long read = 0;
        while (read < seq - 1) {
            List<Frame> page = await(store.read("t", id, read + 1));
            assertEquals(read + 1, page.get(0).seq());
            read = page.get(page.size() - 1).seq();
            new FrameCodec(new skynet.bus.Catalog()).encode(new skynet.bus.Cascade.Page(page));
        }
    }

    @Test
    void whoGoesLeavesHisAnswersToOthersAndOldOnesAreForgotten() throws Exception {
        await(store.begin(new Cascade.Begin("t", id, "q"), 77));
        await(store.release(77));
        assertEquals(0, await(store.find("t", id)).placed().owner());
        await(store.forget(Duration.ZERO));
        await(store.find("t", id));
        await(store.keep(last(1, 1, Kind.END)));
        await(store.forget(Duration.ofHours(1)));
        await(store.find("t", id));
        await(store.forget(Duration.ZERO));
        assertThrows(ExecutionException.class, () -> await(store.find("t", id)));
    }

    @Test
    void whatIsForgottenIsGoneForItsTenantAlsoWhileItRunsAndNothingMoreOfItIsKept() throws Exception {
        String ended = UUID.randomUUID().toString();
        for (String one : List.of(id, ended)) {
            await(store.begin(new Cascade.Begin("t", one, "q"), 1));
        }
        await(store.keep(segment(1, 1, 2)));
        await(store.keep(new Segment(ended, 1, List.of(new Frame(ended, 1, 1, Kind.END, "over")))));
        assertEquals(0, await(store.forget("other", List.of(id, ended))));
        assertEquals(
                2, await(store.forget("t", List.of(id, ended, UUID.randomUUID().toString()))));
        assertThrows(ExecutionException.class, () -> await(store.find("t", ended)));
        assertEquals(List.of(), await(store.read("t", id, 1)));
        assertEquals(Keeping.FENCED, await(store.keep(segment(1, 3, 4))));
    }

    @Test
    void anAnswerThatDoesNotComeOnIsInterruptedAndSaysSo() throws Exception {
        await(store.begin(new Cascade.Begin("t", id, "q"), 78));
        await(store.keep(segment(1, 1, 2)));
        await(store.interrupt(Duration.ofHours(1)));
        assertEquals(State.RUNNING, await(store.find("t", id)).placed().state());
        Thread.sleep(1_100);
        await(store.interrupt(Duration.ofSeconds(1)));
        assertEquals(State.FAILED, await(store.find("t", id)).placed().state());
        assertEquals(Kind.FAULT, await(store.read("t", id, 3)).get(0).kind());
        assertEquals(Keeping.FENCED, await(store.keep(segment(2, 3, 4))));
        assertTrue(await(store.begin(new Cascade.Begin("t", id, "q"), 1)).won());
    }

    @Test
    void afterTheLastAttemptTheAnswerIsInterrupted() throws Exception {
        await(store.begin(new Cascade.Begin("t", id, "q"), 1));
        for (int attempt = 1; attempt < Stream.ATTEMPTS_MAX; attempt++) {
            assertTrue(await(store.takeOver("t", id, attempt, 2)).won());
        }
        assertThrows(ExecutionException.class, () -> await(store.takeOver("other", id, Stream.ATTEMPTS_MAX, 3)));
        assertEquals(State.RUNNING, await(store.find("t", id)).placed().state());
        AnswerStore.Claim last = await(store.takeOver("t", id, Stream.ATTEMPTS_MAX, 3));
        assertFalse(last.won());
        assertEquals(State.FAILED, last.row().placed().state());
    }

    private Segment segment(int attempt, long first, long last) {
        List<Frame> frames = new ArrayList<>();
        for (long seq = first; seq <= last; seq++) {
            frames.add(new Frame(id, attempt, seq, Kind.TEXT, "t" + seq));
        }
        return new Segment(id, attempt, frames);
    }

    private Segment last(int attempt, long seq, Kind kind) {
        return new Segment(id, attempt, List.of(new Frame(id, attempt, seq, kind, "over")));
    }
}
