package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import skynet.node.DataDirectory;
import skynet.node.EmbeddedPostgres;

/** Claims, fences and segments on a real PostgreSQL. */
class AnswerStoreTest {
    private static final Vertx VERTX = Vertx.vertx();

    @TempDir
    static Path home;

    private static DataDirectory directory;
    private static EmbeddedPostgres postgres;
    private static Database database;
    private static AnswerStore store;

    private final String id = UUID.randomUUID().toString();

    @BeforeAll
    static void open() throws Exception {
        directory = DataDirectory.open(home.resolve("data"));
        postgres = EmbeddedPostgres.start(directory, line -> {});
        Database.migrate(postgres.uri());
        database = Database.open(VERTX, postgres.uri());
        store = new PostgresAnswerStore(database);
    }

    @AfterAll
    static void close() throws Exception {
        get(VERTX.close());
        postgres.close();
        directory.close();
    }

    @Test
    void anAnswerIsBegunOnce() throws Exception {
        assertTrue(get(store.begin(new Cascade.Begin("t", id, "q"), 1)).won());
        AnswerStore.Claim again = get(store.begin(new Cascade.Begin("t", id, "q"), 2));
        assertFalse(again.won());
        assertEquals(1, again.row().placed().owner());
        List<Future<AnswerStore.Claim>> claims = new ArrayList<>();
        String other = UUID.randomUUID().toString();
        for (int owner = 1; owner <= 8; owner++) {
            claims.add(store.begin(new Cascade.Begin("t", other, "q"), owner));
        }
        int won = 0;
        for (Future<AnswerStore.Claim> claim : claims) {
            won += get(claim).won() ? 1 : 0;
        }
        assertEquals(1, won);
    }

    @Test
    void segmentsThatAreKeptTogetherAreEachKeptOrFencedAsByThemselves() throws Exception {
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String one = UUID.randomUUID().toString();
            get(store.begin(new Cascade.Begin("t", one, "q"), 1));
            segments.add(new Segment(one, 1, List.of(new Frame(one, 1, 1, Kind.TEXT, "text " + i))));
        }
        get(store.takeOver("t", segments.get(1).id(), 1, 2));
        String never = UUID.randomUUID().toString();
        segments.add(new Segment(never, 1, List.of(new Frame(never, 1, 1, Kind.TEXT, "never begun"))));
        for (int again = 0; again < 2; again++) {
            List<Keeping> kept = new ArrayList<>();
            for (Future<Keeping> one : get(store.keep(segments))) {
                kept.add(get(one));
            }
            assertEquals(List.of(Keeping.KEPT, Keeping.FENCED, Keeping.KEPT, Keeping.FENCED), kept);
        }
        assertEquals(
                "text 2", get(store.read("t", segments.get(2).id(), 1)).get(0).body());
        assertEquals(1, get(store.read("t", segments.get(2).id(), 1)).size());
        assertEquals(List.of(), get(store.read("t", segments.get(1).id(), 1)));
    }

    @Test
    void segmentsThatAreKeptTogetherDoNotWaitForAnAnswerThatSomebodyHolds() throws Exception {
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String one = UUID.randomUUID().toString();
            get(store.begin(new Cascade.Begin("t", one, "q"), 1));
            segments.add(new Segment(one, 1, List.of(new Frame(one, 1, 1, Kind.TEXT, "text " + i))));
        }
        Promise<Void> lets = Promise.promise();
        Promise<Void> holds = Promise.promise();
        Future<Void> held = database.together(connection -> connection
                .preparedQuery("SELECT id FROM cascade.answer WHERE id = $1 FOR UPDATE")
                .execute(Tuple.of(UUID.fromString(segments.get(1).id())))
                .onSuccess(locked -> holds.complete())
                .compose(locked -> lets.future()));
        get(holds.future());
        List<Future<Keeping>> kept = get(store.keep(segments));
        assertEquals(Keeping.KEPT, get(kept.get(0)));
        assertEquals(Keeping.KEPT, get(kept.get(2)));
        assertFalse(kept.get(1).isComplete());
        lets.complete();
        get(held);
        assertEquals(Keeping.KEPT, get(kept.get(1)));
        assertEquals(
                "text 1", get(store.read("t", segments.get(1).id(), 1)).get(0).body());
    }

    @Test
    void ofTwoAttemptsOfAnAnswerThatAreKeptTogetherOnlyTheLaterOneIs() throws Exception {
        get(store.begin(new Cascade.Begin("t", id, "q"), 1));
        get(store.takeOver("t", id, 1, 2));
        Segment older = new Segment(id, 1, List.of(new Frame(id, 1, 1, Kind.TEXT, "older")));
        Segment later = new Segment(id, 2, List.of(new Frame(id, 2, 1, Kind.TEXT, "later")));
        List<Future<Keeping>> kept = get(store.keep(List.of(older, later)));
        assertEquals(Keeping.FENCED, get(kept.get(0)));
        assertEquals(Keeping.KEPT, get(kept.get(1)));
        assertEquals("later", get(store.read("t", id, 1)).get(0).body());
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
        get(store.begin(ask, 1));
        assertEquals(ask, get(store.takeOver("t", id, 1, 2)).row().ask());
    }

    @Test
    void ofManyWhoTakeOverOneDoesAndWhoWasBeforeKeepsNothingMore() throws Exception {
        get(store.begin(new Cascade.Begin("t", id, "q"), 1));
        assertEquals(Keeping.KEPT, get(store.keep(segment(1, 1, 2))));
        List<Future<AnswerStore.Claim>> claims = new ArrayList<>();
        for (int owner = 2; owner <= 6; owner++) {
            claims.add(store.takeOver("t", id, 1, owner));
        }
        int won = 0;
        for (Future<AnswerStore.Claim> claim : claims) {
            won += get(claim).won() ? 1 : 0;
            assertEquals(
                    List.of(new Begin(1, 1), new Begin(2, 3)),
                    get(claim).row().placed().begins());
        }
        assertEquals(1, won);
        assertEquals(Keeping.FENCED, get(store.keep(segment(1, 3, 4))));
        assertEquals(Keeping.FENCED, get(store.keep(segment(1, 1, 2))));
        assertEquals(Keeping.KEPT, get(store.keep(segment(2, 3, 3))));
        assertEquals(3, get(store.find("t", id)).placed().lastSeq());
    }

    @Test
    void aSegmentSaidAgainChangesNothingAndAHoleIsRefused() throws Exception {
        get(store.begin(new Cascade.Begin("t", id, "q"), 1));
        for (int again = 0; again < 3; again++) {
            assertEquals(Keeping.KEPT, get(store.keep(segment(1, 1, 5))));
        }
        assertThrows(ExecutionException.class, () -> get(store.keep(segment(1, 7, 8))));
        assertThrows(ExecutionException.class, () -> get(store.keep(segment(1, 4, 8))));
        assertEquals(5, get(store.read("t", id, 1)).size());
        assertEquals(2, get(store.read("t", id, 4)).size());
        assertEquals(List.of(), get(store.read("t", id, 6)));
    }

    @Test
    void theLastPieceEndsItAndOneThatFailedIsBegunAnew() throws Exception {
        get(store.begin(new Cascade.Begin("t", id, "q"), 1));
        get(store.keep(last(1, 1, Kind.FAULT)));
        assertEquals(State.FAILED, get(store.find("t", id)).placed().state());
        assertFalse(get(store.takeOver("t", id, 1, 2)).won());
        AnswerStore.Claim anew = get(store.begin(new Cascade.Begin("t", id, "q"), 3));
        assertTrue(anew.won());
        assertEquals(0, anew.row().placed().lastSeq());
        get(store.keep(last(1, 1, Kind.END)));
        assertEquals(State.ENDED, get(store.find("t", id)).placed().state());
        assertFalse(get(store.begin(new Cascade.Begin("t", id, "q"), 1)).won());
        assertFalse(get(store.takeOver("t", id, 1, 2)).won());
    }

    @Test
    void toAnotherTenantItIsNotThere() throws Exception {
        get(store.begin(new Cascade.Begin("t", id, "q"), 1));
        get(store.keep(segment(1, 1, 2)));
        for (Future<?> asked : List.of(
                store.find("other", id),
                store.begin(new Cascade.Begin("other", id, "q"), 2),
                store.takeOver("other", id, 1, 2))) {
            ExecutionException refused = assertThrows(ExecutionException.class, () -> get(asked));
            assertEquals(
                    Fault.Kind.ABSENT,
                    assertInstanceOf(Fault.class, refused.getCause()).kind());
        }
        assertEquals(List.of(), get(store.read("other", id, 1)));
    }

    @Test
    void aPageOfAnyPiecesFitsIntoAFrameOfTheBus() throws Exception {
        get(store.begin(new Cascade.Begin("t", id, "q"), 1));
        long seq = 1;
        for (String body : List.of("", "x", "\u20ac".repeat(1_300), "x".repeat(4_096))) {
            List<Frame> frames = new ArrayList<>();
            for (int i = 0; i < (body.length() > 1 ? 8 : 2_000); i++) {
                frames.add(new Frame(id, 1, seq++, Kind.TEXT, body));
            }
            get(store.keep(new Segment(id, 1, frames)));
        }
        long read = 0;
        while (read < seq - 1) {
            List<Frame> page = get(store.read("t", id, read + 1));
            assertEquals(read + 1, page.get(0).seq());
            read = page.get(page.size() - 1).seq();
            new FrameCodec(new skynet.bus.Catalog()).encode(new skynet.bus.Cascade.Page(page));
        }
    }

    @Test
    void whoGoesLeavesHisAnswersToOthersAndOldOnesAreForgotten() throws Exception {
        get(store.begin(new Cascade.Begin("t", id, "q"), 77));
        get(store.release(77));
        assertEquals(0, get(store.find("t", id)).placed().owner());
        get(store.forget(Duration.ZERO));
        get(store.find("t", id));
        get(store.keep(last(1, 1, Kind.END)));
        get(store.forget(Duration.ofHours(1)));
        get(store.find("t", id));
        get(store.forget(Duration.ZERO));
        assertThrows(ExecutionException.class, () -> get(store.find("t", id)));
    }

    @Test
    void whatIsForgottenIsGoneForItsTenantAlsoWhileItRunsAndNothingMoreOfItIsKept() throws Exception {
        String ended = UUID.randomUUID().toString();
        for (String one : List.of(id, ended)) {
            get(store.begin(new Cascade.Begin("t", one, "q"), 1));
        }
        get(store.keep(segment(1, 1, 2)));
        get(store.keep(new Segment(ended, 1, List.of(new Frame(ended, 1, 1, Kind.END, "over")))));
        assertEquals(0, get(store.forget("other", List.of(id, ended))));
        assertEquals(
                2, get(store.forget("t", List.of(id, ended, UUID.randomUUID().toString()))));
        assertThrows(ExecutionException.class, () -> get(store.find("t", ended)));
        assertEquals(List.of(), get(store.read("t", id, 1)));
        assertEquals(Keeping.FENCED, get(store.keep(segment(1, 3, 4))));
    }

    @Test
    void anAnswerThatDoesNotComeOnIsInterruptedAndSaysSo() throws Exception {
        get(store.begin(new Cascade.Begin("t", id, "q"), 78));
        get(store.keep(segment(1, 1, 2)));
        get(store.interrupt(Duration.ofHours(1)));
        assertEquals(State.RUNNING, get(store.find("t", id)).placed().state());
        Thread.sleep(1_100);
        get(store.interrupt(Duration.ofSeconds(1)));
        assertEquals(State.FAILED, get(store.find("t", id)).placed().state());
        assertEquals(Kind.FAULT, get(store.read("t", id, 3)).get(0).kind());
        assertEquals(Keeping.FENCED, get(store.keep(segment(2, 3, 4))));
        assertTrue(get(store.begin(new Cascade.Begin("t", id, "q"), 1)).won());
    }

    @Test
    void afterTheLastAttemptTheAnswerIsInterrupted() throws Exception {
        get(store.begin(new Cascade.Begin("t", id, "q"), 1));
        for (int attempt = 1; attempt < Stream.ATTEMPTS_MAX; attempt++) {
            assertTrue(get(store.takeOver("t", id, attempt, 2)).won());
        }
        assertThrows(ExecutionException.class, () -> get(store.takeOver("other", id, Stream.ATTEMPTS_MAX, 3)));
        assertEquals(State.RUNNING, get(store.find("t", id)).placed().state());
        AnswerStore.Claim last = get(store.takeOver("t", id, Stream.ATTEMPTS_MAX, 3));
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

    private static <T> T get(Future<T> future) throws Exception {
        return StreamNode.get(future);
    }
}
