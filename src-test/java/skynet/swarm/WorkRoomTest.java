package skynet.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Mesh;
import skynet.bus.NodeClass;
import skynet.bus.NodeId;
import skynet.bus.NodeNumber;
import skynet.bus.Nodes;
import skynet.bus.Principal;
import skynet.bus.Role;
import skynet.bus.Work;
import skynet.kit.Database;
import skynet.kit.Vitals;
import skynet.testkit.TestDatabase;

/** Who is given work and who is not, on a real bus and a real database; the test is the door that holds the connections. */
@Timeout(180)
class WorkRoomTest {
    private static final List<Work.Passage> PASSAGES = List.of(new Work.Passage("A title", "A sentence of it.", 0.5));
    private static final List<Work.Quote> QUOTES = List.of(new Work.Quote(0, 0, 17, "A sentence of it."));

    @TempDir
    static Path home;

    private static TestDatabase postgres;

    private final BlockingQueue<Work.Job> jobs = new LinkedBlockingQueue<>();
    private final BlockingQueue<Work.Dismissed> dismissed = new LinkedBlockingQueue<>();
    private Vertx vertx;
    private Bus bus;

    @BeforeAll
    static void start() throws Exception {
        postgres = TestDatabase.start(home);
        postgres.execute("INSERT INTO mesh.lease (role, holder, epoch, expires) VALUES ('hub', 1, 7, 'infinity')");
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.vertx();
        InstantSource clock = InstantSource.system();
        bus = new Bus(vertx, clock);
        NodeNumber self = new NodeNumber(1);
        await(bus.serve(Mesh.Hold.class, ask -> Future.succeededFuture(new Mesh.Held(ask.role(), 1, 7, true))));
        await(bus.hear(Work.Job.class, jobs::add));
        await(bus.hear(Work.Dismissed.class, dismissed::add));
        Database database = Database.open(vertx, postgres.uri());
        await(vertx.deployVerticle(
                new NodesVerticle(bus, new NodeStore(database), 5_000, clock, new SecureRandom(), self, new Vitals())));
        await(vertx.deployVerticle(new WorkVerticle(bus, new GrantStore(database), clock, self, new Vitals())));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void whoWasNotGrantedIsRefusedByName() throws Exception {
        NodeId node = registered(Nodes.Mode.COMPUTE);
        Fault fault = faultOf(bus.ask(new Work.Attach(node, 1)));
        assertEquals(Fault.Kind.DENIED, fault.kind());
        assertTrue(fault.getMessage().startsWith(node + ": not granted to compute"), fault.getMessage());
        assertEquals(Fault.Kind.BUSY, faultOf(seek()).kind());
    }

    @Test
    void onlyOperatorsGrantAndOnlyNodesThatWantTo() throws Exception {
        NodeId node = registered(Nodes.Mode.COMPUTE);
        Principal user = new Principal("somebody", "test", Role.USER, Role.USER.scopes(), "test", 0, 0);
        assertEquals(
                Fault.Kind.DENIED,
                faultOf(bus.ask(new Work.Grant(user, node, true))).kind());
        Fault heartbeat = faultOf(bus.ask(new Work.Grant(operator(), registered(Nodes.Mode.HEARTBEAT), true)));
        assertEquals(Fault.Kind.CONFLICT, heartbeat.kind());
        assertTrue(heartbeat.getMessage().contains("mode heartbeat"), heartbeat.getMessage());
        assertEquals(
                Fault.Kind.ABSENT,
                faultOf(bus.ask(new Work.Grant(operator(), new NodeId(999_999), true)))
                        .kind());
    }

    @Test
    void aGrantedNodeIsGivenAJobAndItsWordComesBack() throws Exception {
        Work.Attached attached = attach(granted(), 1);
        Future<Work.Done> asked = seek();
        Work.Job job = job();
        assertEquals(attached.node(), job.node());
        assertEquals(attached.session(), job.session());
        assertEquals(PASSAGES, job.passages());
        await(bus.ask(new Work.Deliver(job.node(), job.session(), job.id(), true, QUOTES, "")));
        assertEquals(new Work.Done(attached.node(), true, QUOTES), await(asked));
        Work.Standing standing = standing(attached.node());
        assertEquals("NOD1", standing.home());
        assertEquals(1, standing.done());
        assertTrue(standing.granted());
    }

    @Test
    void aNodeThatIsGoneLeavesItsJobToTheAskerAtOnce() throws Exception {
        Work.Attached attached = attach(granted(), 1);
        Future<Work.Done> asked = bus.ask(new Work.Seek("Why?", PASSAGES, Work.MILLIS_MAX));
        job();
        long begun = System.nanoTime();
        await(bus.ask(new Work.Detach(attached.node(), attached.session())));
        assertEquals(Fault.Kind.UNAVAILABLE, faultOf(asked).kind());
        assertTrue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) < 2_000);
    }

    @Test
    void aNodeThatHangsIsGivenNoMoreThanItHasSlots() throws Exception {
        Work.Attached attached = attach(granted(), 1);
        Future<Work.Done> asked = bus.ask(new Work.Seek("Why?", PASSAGES, 50));
        Work.Job job = job();
        assertEquals(Fault.Kind.LATE, faultOf(asked).kind());
        assertEquals(Fault.Kind.BUSY, faultOf(seek()).kind());
        await(bus.ask(new Work.Deliver(attached.node(), attached.session(), job.id(), false, List.of(), "")));
        seek();
        assertEquals(attached.node(), job().node());
        assertEquals(
                Fault.Kind.ABSENT,
                faultOf(bus.ask(new Work.Deliver(attached.node(), attached.session(), job.id(), true, QUOTES, "")))
                        .kind());
    }

    @Test
    void aGrantThatIsTakenBackEndsWhatTheNodeHas() throws Exception {
        Work.Attached attached = attach(granted(), 1);
        Future<Work.Done> asked = bus.ask(new Work.Seek("Why?", PASSAGES, Work.MILLIS_MAX));
        job();
        await(bus.ask(new Work.Grant(operator(), attached.node(), false)));
        assertEquals(Fault.Kind.UNAVAILABLE, faultOf(asked).kind());
        Work.Dismissed gone = dismissed.poll(10, TimeUnit.SECONDS);
        assertEquals(attached.session(), gone.session());
        assertTrue(gone.reason().contains("not granted"), gone.reason());
        assertEquals(Fault.Kind.BUSY, faultOf(seek()).kind());
        assertEquals(
                Fault.Kind.DENIED,
                faultOf(bus.ask(new Work.Attach(attached.node(), 1))).kind());
    }

    @Test
    void aGrantThatIsTakenBackUnheardEndsItSoonToo() throws Exception {
        Work.Attached attached = attach(granted(), 1);
        await(new GrantStore(Database.open(vertx, postgres.uri())).revoke(attached.node()));
        assertEquals(
                attached.session(),
                dismissed
                        .poll(2 * WorkVerticle.LOOK_MILLIS, TimeUnit.MILLISECONDS)
                        .session());
    }

    @Test
    void whoIsTakenOutOfTheSwarmComputesNoMore() throws Exception {
        Work.Attached attached = attach(granted(), 1);
        await(bus.ask(new Nodes.Remove(operator(), attached.node())));
        assertEquals(attached.node(), dismissed.poll(10, TimeUnit.SECONDS).node());
    }

    @Test
    void whoIsWrongTooOftenIsStoppedAndShownSoUntilItIsGrantedAnew() throws Exception {
        NodeId node = granted();
        Work.Attached attached = attach(node, 1);
        for (int strike = 1; strike < Work.STRIKES_MAX; strike++) {
            assertEquals(
                    strike,
                    await(bus.ask(new Work.Strike(node, "words that do not stand there")))
                            .strikes());
        }
        seek();
        assertEquals(node, job().node());
        assertEquals(
                Work.STRIKES_MAX,
                await(bus.ask(new Work.Strike(node, "a sentence that does not answer")))
                        .strikes());
        assertEquals(attached.session(), dismissed.poll(10, TimeUnit.SECONDS).session());
        Fault fault = faultOf(bus.ask(new Work.Attach(node, 1)));
        assertTrue(fault.getMessage().startsWith(node + ": 3 answers that were none"), fault.getMessage());
        assertEquals("a sentence that does not answer", standing(node).strike());
        await(bus.ask(new Work.Grant(operator(), node, true)));
        assertEquals(0, standing(node).strikes());
        attach(node, 1);
    }

    @Test
    void aNodeThatComesAgainTakesThePlaceOfItsOldConnection() throws Exception {
        NodeId node = granted();
        Work.Attached first = attach(node, 1);
        Work.Attached second = attach(node, 2);
        assertEquals(first.session(), dismissed.poll(10, TimeUnit.SECONDS).session());
        await(bus.ask(new Work.Detach(node, first.session())));
        assertEquals(2, standing(node).slots());
        seek();
        assertEquals(second.session(), job().session());
    }

    @Test
    void whatIsOutOfBoundsIsNoJob() {
        Work.Passage long1 = new Work.Passage("t", "x".repeat(Work.CHARS_MAX), 0);
        assertThrows(IllegalArgumentException.class, () -> new Work.Seek("Why?", List.of(long1), 10));
        assertThrows(IllegalArgumentException.class, () -> new Work.Seek("Why?", List.of(), 10));
        assertThrows(IllegalArgumentException.class, () -> new Work.Seek(" ", PASSAGES, 10));
        assertThrows(IllegalArgumentException.class, () -> new Work.Seek("Why?", PASSAGES, Work.MILLIS_MAX + 1));
        assertThrows(IllegalArgumentException.class, () -> new Work.Attach(new NodeId(100), Work.SLOTS_MAX + 1));
        assertThrows(IllegalArgumentException.class, () -> new Work.Attach(new NodeId(100), 0));
    }

    private Future<Work.Done> seek() {
        return bus.ask(new Work.Seek("Why?", PASSAGES, 1_000));
    }

    private Work.Job job() throws Exception {
        Work.Job job = jobs.poll(10, TimeUnit.SECONDS);
        assertTrue(job != null, "no job came");
        return job;
    }

    private Work.Attached attach(NodeId node, int slots) throws Exception {
        return await(bus.ask(new Work.Attach(node, slots)));
    }

    private Work.Standing standing(NodeId node) throws Exception {
        return await(bus.ask(new Work.Look(List.of(node)))).standings().get(0);
    }

    private NodeId granted() throws Exception {
        NodeId node = registered(Nodes.Mode.COMPUTE);
        assertTrue(await(bus.ask(new Work.Grant(operator(), node, true))).allowed());
        return node;
    }

    private NodeId registered(Nodes.Mode mode) throws Exception {
        long seconds = InstantSource.system().millis() / 1_000;
        return await(bus.ask(new Applicant(false).ask(NodeClass.D, mode, "", seconds)))
                .node();
    }

    private static Principal operator() {
        long now = InstantSource.system().millis() / 1_000;
        return new Principal("operator", "test", Role.OPERATOR, Role.OPERATOR.scopes(), "test", now, 0);
    }

    private static Fault faultOf(Future<?> asked) {
        return (Fault)
                assertThrows(ExecutionException.class, () -> await(asked)).getCause();
    }
}
