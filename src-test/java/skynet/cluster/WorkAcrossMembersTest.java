package skynet.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.NodeId;
import skynet.bus.NodeNumber;
import skynet.bus.Principal;
import skynet.bus.Role;
import skynet.bus.Work;
import skynet.kit.Database;
import skynet.kit.Vitals;
import skynet.node.cluster.Cluster;
import skynet.swarm.GrantStore;
import skynet.swarm.WorkVerticle;
import skynet.testkit.TestDatabase;

/** A light node that is attached to one member works for another one too, and a revoke at one ends it at the other. */
@Timeout(180)
class WorkAcrossMembersTest {
    private static final NodeId LIGHT = new NodeId(100);
    private static final List<Work.Passage> PASSAGES = List.of(new Work.Passage("Ein Titel", "Ein Satz – 漢.", 0.5));

    @TempDir
    static Path temporary;

    private static TestDatabase postgres;
    private static Side one;
    private static Side two;

    /** One member with the room that gives work. */
    private record Side(
            Cluster cluster, Vertx vertx, Bus bus, BlockingQueue<Work.Job> jobs, BlockingQueue<Work.Dismissed> gone) {
        static Side join(Keys keys, int number, int port, int other) throws Exception {
            NodeNumber self = new NodeNumber(number);
            Cluster cluster = Cluster.join(Keys.config(port, other), keys.read(), self, 1_700_000_000L, "tests");
            Vertx vertx = await(cluster.vertx(Vertx.builder(), new VertxOptions()));
            Bus bus = new Bus(vertx, InstantSource.system(), cluster);
            await(bus.join(self));
            Side side = new Side(cluster, vertx, bus, new LinkedBlockingQueue<>(), new LinkedBlockingQueue<>());
            await(bus.hear(Work.Job.class, side.jobs::add));
            await(bus.hear(Work.Dismissed.class, side.gone::add));
            await(vertx.deployVerticle(new WorkVerticle(
                    bus,
                    new GrantStore(Database.open(vertx, postgres.uri())),
                    InstantSource.system(),
                    self,
                    new Vitals())));
            return side;
        }

        void leave() throws Exception {
            await(vertx.close());
            cluster.close();
        }
    }

    @BeforeAll
    static void join() throws Exception {
        postgres = TestDatabase.start(temporary);
        postgres.execute(
                """
                    INSERT INTO swarm.node (number, mode, ed25519, ml_dsa_65, x_wing, token_sha256)
                    VALUES (100, 'compute', decode(repeat('01', 32), 'hex'), '', '', decode(repeat('02', 32), 'hex'))
                    """);
        Keys keys = Keys.make(temporary.resolve("keys"));
        int first = Keys.freePair();
        int second = Keys.freePair();
        one = Side.join(keys, 1, first, second);
        two = Side.join(keys, 2, second, first);
    }

    @AfterAll
    static void leave() throws Exception {
        one.leave();
        two.leave();
        postgres.close();
    }

    @Test
    void anyMemberHasItsPassagesReadByTheNodeThatIsAttachedToAnother() throws Exception {
        await(one.bus.ask(new Work.Grant(operator(), LIGHT, true)));
        Work.Attached attached = await(two.bus.ask(new Work.Attach(LIGHT, 1)));
        List<Future<Work.Done>> asked = new ArrayList<>();
        for (int tries = 0; tries < 400 && two.jobs.isEmpty(); tries++) {
            Future<Work.Done> next = one.bus.ask(new Work.Seek("Warum?", PASSAGES, Work.MILLIS_MAX));
            asked.add(next);
            Thread.sleep(50);
            if (next.failed()) {
                assertEquals(Fault.Kind.BUSY, ((Fault) next.cause()).kind());
            }
        }
        Work.Job job = two.jobs.poll(10, TimeUnit.SECONDS);
        assertTrue(job != null, "no job came to the member of the light node");
        assertEquals(PASSAGES, job.passages());
        List<Work.Quote> quotes = List.of(new Work.Quote(0, 0, 13, "Ein Satz – 漢."));
        await(two.bus.ask(new Work.Deliver(LIGHT, attached.session(), job.id(), true, quotes, "")));
        Future<Work.Done> done = Future.any(asked).map(any -> asked.stream()
                .filter(Future::succeeded)
                .findFirst()
                .map(Future::result)
                .orElseThrow());
        assertEquals(new Work.Done(LIGHT, true, quotes), await(done));
        Work.Standing seen =
                await(one.bus.ask(new Work.Look(List.of(LIGHT)))).standings().get(0);
        assertEquals("NOD2", seen.home());

        Future<Work.Done> ended = one.bus.ask(new Work.Seek("Warum?", PASSAGES, Work.MILLIS_MAX));
        assertTrue(two.jobs.poll(10, TimeUnit.SECONDS) != null, "no second job");
        await(one.bus.ask(new Work.Grant(operator(), LIGHT, false)));
        assertEquals(attached.session(), two.gone.poll(10, TimeUnit.SECONDS).session());
        await(ended.transform(end -> {
            assertEquals(Fault.Kind.UNAVAILABLE, ((Fault) end.cause()).kind());
            return Future.succeededFuture();
        }));
    }

    private static Principal operator() {
        return new Principal("operator", "test", Role.OPERATOR, Role.OPERATOR.scopes(), "test", 0, 0);
    }
}
