package skynet.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;
import static skynet.testkit.Wait.until;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
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
import skynet.bus.Swarm;
import skynet.kit.Database;
import skynet.kit.Vitals;
import skynet.testkit.TestDatabase;

/** The registry of nodes as the other rooms meet it, on a real bus and a real database. */
@Timeout(180)
class NodesRoomTest {
    private static final String ADMIN_USER = "5f0c6a52-1111-4b7e-9f5e-0123456789ab";

    @TempDir
    static Path home;

    private static TestDatabase postgres;

    private final AtomicLong skewMillis = new AtomicLong();
    private final InstantSource clock =
            () -> Instant.ofEpochMilli(InstantSource.system().millis() + skewMillis.get());
    private final AtomicLong hubEpoch = new AtomicLong(7);
    private final List<Vertx> open = new ArrayList<>();
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
        bus = member(1, 5_000);
    }

    @AfterEach
    void close() throws Exception {
        for (Vertx vertx : open) {
            await(vertx.close());
        }
    }

    @Test
    void aNodeHasANumberOfItsClass() throws Exception {
        assertEquals(
                NodeClass.D, register(new Applicant(false), NodeClass.D).node().kind());
        assertEquals(
                NodeClass.M, register(new Applicant(true), NodeClass.M).node().kind());
        NodeId first = register(new Applicant(false), NodeClass.D).node();
        NodeId second = register(new Applicant(false), NodeClass.D).node();
        assertTrue(first.compareTo(second) < 0);
    }

    @Test
    void theSameKeyHasTheSameNumberAndANewTokenWhichEndsTheOldOne() throws Exception {
        Applicant applicant = new Applicant(false);
        Nodes.Registered first = register(applicant, NodeClass.D);
        Nodes.Registered again = register(applicant, NodeClass.D);
        assertEquals(first.node(), again.node());
        assertTrue(again.again());
        assertNotEquals(first.token(), again.token());
        assertEquals(first.node(), verify(again.token()));
        assertEquals(
                Fault.Kind.UNAUTHENTICATED,
                faultOf(bus.ask(new Nodes.Verify(first.token()))).kind());
        assertEquals(
                Fault.Kind.CONFLICT,
                faultOf(bus.ask(applicant.ask(NodeClass.M, Nodes.Mode.RELAY, "", seconds())))
                        .kind());
    }

    @Test
    void oneKeyRegisteredManyTimesAtOnceIsOneNode() throws Exception {
        Applicant applicant = new Applicant(false);
        List<Future<Nodes.Registered>> asked = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            asked.add(bus.ask(applicant.ask(NodeClass.D, Nodes.Mode.RELAY, "", seconds())));
        }
        await(Future.join(asked).transform(all -> Future.succeededFuture()));
        List<NodeId> numbers = asked.stream()
                .filter(Future::succeeded)
                .map(one -> one.result().node())
                .distinct()
                .toList();
        assertEquals(1, numbers.size());
        asked.stream()
                .filter(Future::failed)
                .forEach(one -> assertEquals(Fault.Kind.BUSY, ((Fault) one.cause()).kind()));
        assertEquals(numbers.get(0), register(applicant, NodeClass.D).node());
    }

    @Test
    void aHubWhoseEpochHasPassedRegistersNobody() throws Exception {
        Applicant applicant = new Applicant(false);
        hubEpoch.set(6);
        Fault fault = faultOf(bus.ask(applicant.ask(NodeClass.D, Nodes.Mode.RELAY, "", seconds())));
        assertEquals(Fault.Kind.CONFLICT, fault.kind());
        assertEquals("hub: epoch 6 has passed (expected: that of its holder now)", fault.getMessage());
        hubEpoch.set(7);
        assertFalse(register(applicant, NodeClass.D).again());
    }

    @Test
    void aTwinOfAnotherMachineIsFlaggedAndNotMerged() throws Exception {
        String machine = "ab".repeat(32);
        Nodes.Registered one =
                await(bus.ask(new Applicant(false).ask(NodeClass.D, Nodes.Mode.RELAY, machine, seconds())));
        Nodes.Registered two =
                await(bus.ask(new Applicant(false).ask(NodeClass.D, Nodes.Mode.RELAY, machine, seconds())));
        assertFalse(one.twin());
        assertTrue(two.twin());
        assertNotEquals(one.node(), two.node());
        assertEquals(one.node().value(), find(two.node()).twinOf());
    }

    @Test
    void aProofThatIsNotOfTheseKeysIsRefused() throws Exception {
        Applicant applicant = new Applicant(true);
        Nodes.Register good = applicant.ask(NodeClass.D, Nodes.Mode.RELAY, "", seconds());
        Nodes.Register other = new Applicant(true).ask(NodeClass.D, Nodes.Mode.RELAY, "", seconds());
        List<Nodes.Register> bad = List.of(
                Applicant.with(good, other.signature(), good.mlDsaSignature()),
                Applicant.with(good, good.signature(), other.mlDsaSignature()),
                Applicant.with(
                        applicant.ask(NodeClass.D, Nodes.Mode.COMPUTE, "", seconds()),
                        good.signature(),
                        good.mlDsaSignature()),
                applicant.ask(NodeClass.D, Nodes.Mode.RELAY, "", seconds() - 121),
                applicant.ask(NodeClass.D, Nodes.Mode.RELAY, "", seconds() + 125));
        for (Nodes.Register one : bad) {
            assertEquals(Fault.Kind.DENIED, faultOf(bus.ask(one)).kind());
        }
        Nodes.Register plain = new Applicant(false).ask(NodeClass.D, Nodes.Mode.RELAY, "", seconds());
        List<Nodes.Register> malformed = List.of(
                Applicant.with(good, "", good.mlDsaSignature()),
                Applicant.with(good, "!", good.mlDsaSignature()),
                Applicant.with(good, good.signature(), ""),
                Applicant.with(plain, plain.signature(), good.mlDsaSignature()));
        for (Nodes.Register one : malformed) {
            assertEquals(Fault.Kind.INVALID, faultOf(bus.ask(one)).kind());
        }
    }

    @Test
    void aProofShownTwiceIsRefused() throws Exception {
        Nodes.Register asked = new Applicant(false).ask(NodeClass.D, Nodes.Mode.RELAY, "", seconds());
        await(bus.ask(asked));
        assertEquals(Fault.Kind.CONFLICT, faultOf(bus.ask(asked)).kind());
    }

    @Test
    void classSIsGrantedByAnAdminAndCoreByNobody() throws Exception {
        Applicant applicant = new Applicant(false);
        assertEquals(
                Fault.Kind.DENIED,
                faultOf(bus.ask(applicant.ask(NodeClass.S, Nodes.Mode.RELAY, "", seconds())))
                        .kind());
        Nodes.Register granted = applicant.ask(admin(), "127.0.0.1", NodeClass.S, Nodes.Mode.RELAY, "", seconds());
        int number = await(bus.ask(granted)).node().value();
        assertTrue(number >= 10 && number <= 99, "" + number);
        assertEquals(
                Fault.Kind.INVALID,
                faultOf(bus.ask(applicant.ask(admin(), "127.0.0.1", NodeClass.CORE, Nodes.Mode.RELAY, "", seconds())))
                        .kind());
    }

    @Test
    void aBeatMakesANodeLiveAndMissedOnesSuspectAndDead() throws Exception {
        Nodes.Registered node = register(new Applicant(false), NodeClass.D);
        assertEquals(Nodes.State.UNSEEN, find(node.node()).state());
        Nodes.Beaten beaten = await(bus.ask(new Nodes.Beat(node.node(), 40)));
        assertTrue(beaten.admitted());
        assertTrue(beaten.nextMillis() >= 30_000 && beaten.nextMillis() <= 33_000, "" + beaten.nextMillis());
        assertEquals(Nodes.State.LIVE, find(node.node()).state());
        assertEquals(40, find(node.node()).loadPercent());
        skewMillis.set(100_000);
        assertEquals(Nodes.State.SUSPECT, find(node.node()).state());
        skewMillis.set(200_000);
        assertEquals(Nodes.State.DEAD, find(node.node()).state());
    }

    @Test
    void whoBeatsTooSoonIsToldToComeLater() throws Exception {
        Bus slow = member(2, 1);
        Nodes.Registered node = await(slow.ask(new Applicant(false).ask(NodeClass.D, Nodes.Mode.RELAY, "", seconds())));
        assertTrue(await(slow.ask(new Nodes.Beat(node.node(), 0))).admitted());
        Nodes.Registered late = await(slow.ask(new Applicant(false).ask(NodeClass.D, Nodes.Mode.RELAY, "", seconds())));
        Nodes.Beaten refused = await(slow.ask(new Nodes.Beat(late.node(), 0)));
        assertFalse(refused.admitted());
        assertTrue(refused.nextMillis() >= 30_000);
    }

    @Test
    void aNodeThatNeverRestsTakesNoPlaceFromTheOthers() throws Exception {
        Bus slow = member(2, 2);
        Nodes.Registered eager =
                await(slow.ask(new Applicant(false).ask(NodeClass.D, Nodes.Mode.RELAY, "", seconds())));
        Nodes.Registered calm = await(slow.ask(new Applicant(false).ask(NodeClass.D, Nodes.Mode.RELAY, "", seconds())));
        skewMillis.set(5_000);
        assertTrue(await(slow.ask(new Nodes.Beat(eager.node(), 0))).admitted());
        for (int i = 0; i < 20; i++) {
            Nodes.Beaten early = await(slow.ask(new Nodes.Beat(eager.node(), 0)));
            assertFalse(early.admitted());
            assertTrue(early.nextMillis() >= 30_000);
        }
        assertTrue(await(slow.ask(new Nodes.Beat(calm.node(), 0))).admitted());
        skewMillis.set(30_000);
        assertTrue(await(slow.ask(new Nodes.Beat(eager.node(), 0))).admitted());
    }

    @Test
    void aMemberThatHearsOfANewTokenForgetsTheOldOne() throws Exception {
        Applicant applicant = new Applicant(false);
        Bus other = member(2, 5_000);
        Nodes.Registered first = register(applicant, NodeClass.D);
        await(other.ask(new Nodes.Verify(first.token())));
        Nodes.Registered again = register(applicant, NodeClass.D);
        other.publish(new Nodes.Renewed(new NodeNumber(1), again.node()));
        untilRefused(() -> other.ask(new Nodes.Verify(first.token())), Fault.Kind.UNAUTHENTICATED);
        assertEquals(
                again.node(), await(other.ask(new Nodes.Verify(again.token()))).node());
    }

    @Test
    void whoTakesOutAnotherHasShownASecondFactorLately() throws Exception {
        Nodes.Registered node = register(new Applicant(false), NodeClass.D);
        Principal unproved = principal(ADMIN_USER, List.of("swarm:admin"));
        assertEquals(
                Fault.Kind.DENIED,
                faultOf(bus.ask(new Nodes.Remove(unproved, node.node()))).kind());
        assertEquals(node.node(), verify(node.token()));
        await(bus.ask(new Nodes.Remove(admin(), node.node())));
    }

    @Test
    void aNodeThatWasTakenOutIsKnownNowhere() throws Exception {
        Applicant applicant = new Applicant(false);
        Nodes.Registered node = register(applicant, NodeClass.D);
        Principal own = principal(node.node().toString(), List.of("swarm:beat"));
        Principal stranger = principal("NOD999998", List.of("swarm:beat"));
        assertEquals(
                Fault.Kind.ABSENT,
                faultOf(bus.ask(new Nodes.Remove(stranger, node.node()))).kind());
        await(bus.ask(new Nodes.Beat(node.node(), 0)));
        await(bus.ask(new Nodes.Remove(own, node.node())));
        assertEquals(
                Fault.Kind.UNAUTHENTICATED,
                faultOf(bus.ask(new Nodes.Verify(node.token()))).kind());
        assertEquals(
                Fault.Kind.UNAUTHENTICATED,
                faultOf(bus.ask(new Nodes.Beat(node.node(), 0))).kind());
        assertEquals(
                Fault.Kind.ABSENT, faultOf(bus.ask(new Nodes.Find(node.node()))).kind());
        assertEquals(
                Fault.Kind.ABSENT, faultOf(bus.ask(new Nodes.Keys(node.node()))).kind());
        assertEquals(node.node(), register(applicant, NodeClass.D).node());
        await(bus.ask(new Nodes.Remove(admin(), node.node())));
        assertEquals(
                Fault.Kind.DENIED,
                faultOf(bus.ask(applicant.ask(NodeClass.D, Nodes.Mode.RELAY, "", seconds())))
                        .kind());
    }

    @Test
    void aMemberThatMissedTheNewsFindsOutWhenItWritesDown() throws Exception {
        Bus other = member(2, 5_000);
        Nodes.Registered node = register(new Applicant(false), NodeClass.D);
        await(other.ask(new Nodes.Verify(node.token())));
        await(other.ask(new Nodes.Beat(node.node(), 0)));
        await(bus.ask(new Nodes.Remove(admin(), node.node())));
        untilRefused(() -> other.ask(new Nodes.Beat(node.node(), 0)), Fault.Kind.UNAUTHENTICATED);
        assertEquals(
                Fault.Kind.UNAUTHENTICATED,
                faultOf(other.ask(new Nodes.Verify(node.token()))).kind());
    }

    @Test
    void registryAndLastHeartbeatSurviveARestart() throws Exception {
        Nodes.Registered node = register(new Applicant(true), NodeClass.M);
        await(bus.ask(new Nodes.Beat(node.node(), 7)));
        Bus restarted = member(1, 5_000);
        until(() -> {
            Nodes.Node found = await(restarted.ask(new Nodes.Find(node.node()))).node();
            return found.state() == Nodes.State.LIVE && found.home().equals("NOD1") && found.loadPercent() == 7;
        });
        assertEquals(
                node.node(),
                await(restarted.ask(new Nodes.Verify(node.token()))).node());
        assertEquals(
                1_622,
                await(restarted.ask(new Nodes.Keys(node.node()))).keys().xWing().length());
    }

    @Test
    void theSwarmIsItsMembersItsPlacesAndItsLightNodes() throws Exception {
        Nodes.Registered node = register(new Applicant(false), NodeClass.D);
        await(bus.ask(new Nodes.Beat(node.node(), 0)));
        Nodes.Seen seen = await(bus.ask(new Nodes.Look(node.node().value() - 1, 1, "D")));
        assertEquals(
                List.of(node.node()),
                seen.nodes().stream().map(Nodes.Node::node).toList());
        assertEquals(node.node().value(), seen.next());
        assertEquals("NOD1", seen.hub());
        assertTrue(seen.core().get(0).roles().contains("core"));
        Nodes.Count count = seen.counts().stream()
                .filter(one -> one.kind() == NodeClass.D)
                .findFirst()
                .orElseThrow();
        assertTrue(count.registered() >= count.live() && count.live() >= 1, count.toString());
        assertTrue(find(new NodeId(5)).roles().containsAll(List.of("skyos-api", "crawler")));
        assertEquals(
                Fault.Kind.ABSENT,
                faultOf(bus.ask(new Nodes.Find(new NodeId(6)))).kind());
        assertEquals(
                Fault.Kind.ABSENT,
                faultOf(bus.ask(new Nodes.Find(new NodeId(99)))).kind());
        assertEquals(0, await(bus.ask(new Nodes.Look(NodeId.MAX, 10, ""))).next());
    }

    @Test
    void tokensThatAreNoneAreRefused() {
        for (String token : List.of(
                "nod-",
                "nod-" + "A".repeat(48),
                "nod-" + "_".repeat(48),
                "nod-!" + "A".repeat(47),
                "sk-" + "A".repeat(49),
                "")) {
            assertEquals(
                    Fault.Kind.UNAUTHENTICATED,
                    faultOf(bus.ask(new Nodes.Verify(token))).kind(),
                    token);
        }
        assertThrows(IllegalArgumentException.class, () -> new Nodes.Verify("x".repeat(129)));
    }

    private Bus member(int number, int beatsPerSecond) throws Exception {
        Vertx vertx = Vertx.vertx();
        open.add(vertx);
        Bus one = new Bus(vertx, clock);
        NodeNumber self = new NodeNumber(number);
        await(one.serve(
                Swarm.Members.class,
                ask -> Future.succeededFuture(new Swarm.Roster(
                        "", List.of(new Swarm.Member(self, "127.0.0.1:1", true, 5, "test", Swarm.State.READY))))));
        await(one.serve(
                Mesh.Hold.class,
                ask -> Future.succeededFuture(new Mesh.Held(ask.role(), number, hubEpoch.get(), true))));
        NodeStore store = new NodeStore(Database.open(vertx, postgres.uri()));
        await(vertx.deployVerticle(
                new NodesVerticle(one, store, beatsPerSecond, clock, new SecureRandom(), self, new Vitals())));
        return one;
    }

    private Nodes.Registered register(Applicant applicant, NodeClass kind) throws Exception {
        return await(bus.ask(applicant.ask(kind, Nodes.Mode.RELAY, "", seconds())));
    }

    private Nodes.Node find(NodeId node) throws Exception {
        return await(bus.ask(new Nodes.Find(node))).node();
    }

    private NodeId verify(String token) throws Exception {
        return await(bus.ask(new Nodes.Verify(token))).node();
    }

    private static Principal admin() {
        return new Principal(
                ADMIN_USER,
                "test",
                Role.ADMIN,
                List.of("swarm:admin"),
                "test",
                InstantSource.system().millis() / 1_000,
                0);
    }

    private static Principal principal(String user, List<String> scopes) {
        return new Principal(user, "test", Role.USER, scopes, "test", 0, 0);
    }

    private long seconds() {
        return clock.millis() / 1_000;
    }

    private static void untilRefused(Supplier<Future<?>> ask, Fault.Kind kind) throws Exception {
        until(() -> {
            try {
                await(ask.get());
                return false;
            } catch (ExecutionException e) {
                return e.getCause() instanceof Fault fault && fault.kind() == kind;
            }
        });
    }

    private static Fault faultOf(Future<?> future) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> await(future));
        return (Fault) failure.getCause();
    }
}
