package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;
import static skynet.testkit.Wait.until;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Cascade.Wish;
import skynet.bus.Chat;
import skynet.bus.Fault;
import skynet.bus.Mesh;
import skynet.bus.NodeNumber;
import skynet.bus.Stream;
import skynet.cluster.Keys;
import skynet.kit.Vitals;
import skynet.node.cluster.Cluster;
import skynet.sim.NoAnswerStore;
import skynet.testkit.Known;
import skynet.web.Doors;
import skynet.web.WebVerticle;

/** Answers that are asked for as a whole, and called off by whoever no longer waits. */
@Timeout(120)
class WholesTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, InstantSource.system());
    private final String id = UUID.randomUUID().toString();
    private CascadeVerticle room;

    @BeforeEach
    void open() throws Exception {
        await(Known.on(bus));
        room = cascade(bus, vertx);
        await(vertx.deployVerticle(room));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void whoCallsOffTwiceLeavesAnotherWhoAsksByTheSameMessageHisAnswer() throws Exception {
        Future<Cascade.Answer> one = bus.ask(new Cascade.Ask("t", "count 60 twin", Wish.NONE, id, "one"), LONG);
        Future<Cascade.Answer> other = bus.ask(new Cascade.Ask("t", "count 60 twin", Wish.NONE, id, "other"), LONG);
        Cascade.Halt halt = new Cascade.Halt("t", id, "left", true, -1, "one");
        until(() -> isDone(bus.ask(halt)));
        assertEquals(Fault.Kind.CONFLICT, fault(one).kind());
        assertEquals(Fault.Kind.ABSENT, fault(bus.ask(halt)).kind());
        assertEquals(CountingTier.words(60), await(other).text());
    }

    @Test
    void ofAskersWithoutANameAllGoOnUntilAllHaveGone() throws Exception {
        Future<Cascade.Answer> one = bus.ask(new Cascade.Ask("t", "count 5000 nameless", Wish.NONE, id), LONG);
        Future<Cascade.Answer> other = bus.ask(new Cascade.Ask("t", "count 5000 nameless", Wish.NONE, id), LONG);
        until(() -> isDone(bus.ask(new Cascade.Halt("t", id, "left", true, -1))));
        assertEquals(false, one.isComplete() || other.isComplete());
        await(bus.ask(new Cascade.Halt("t", id, "left", true, -1)));
        assertEquals(Fault.Kind.CONFLICT, fault(one).kind());
        assertEquals(Fault.Kind.CONFLICT, fault(other).kind());
    }

    @Test
    void anAnswerThatIsCalledOffOnAnotherNodeIsCalledOffUntilThatNodeHearsIt() throws Exception {
        Keys keys = Keys.make(home.resolve("keys"));
        int[] ports = {Keys.freePair(), Keys.freePair()};
        Cluster[] clusters = new Cluster[2];
        Vertx[] machines = new Vertx[2];
        Bus[] buses = new Bus[2];
        for (int at = 0; at < 2; at++) {
            NodeNumber number = new NodeNumber(at + 1);
            clusters[at] =
                    Cluster.join(Keys.config(ports[at], ports[1 - at]), keys.read(), number, 1_700_000_000L, "tests");
            machines[at] = await(clusters[at].vertx(Vertx.builder(), new VertxOptions()));
            buses[at] = new Bus(machines[at], InstantSource.system(), clusters[at]);
            await(buses[at].join(number));
        }
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        Promise<Cascade.Answer> never = Promise.promise();
        Promise<Void> begun = Promise.promise();
        await(buses[0].serve(Cascade.Ask.class, ask -> {
            begun.tryComplete();
            return never.future();
        }));
        await(buses[0].serve(Cascade.Halt.class, halt -> {
            heard.add(halt.asker());
            return heard.size() < 3
                    ? Future.failedFuture(Fault.absent("answer: none"))
                    : Future.succeededFuture(
                            new Cascade.Placed(halt.id(), Cascade.State.FAILED, 0, List.of(new Stream.Begin(1, 1)), 0));
        }));
        await(buses[1].serve(Mesh.Hold.class, hold -> Future.succeededFuture(new Mesh.Held(hold.role(), 1, 1, false))));
        await(machines[1].deployVerticle(cascade(buses[1], machines[1])));
        try {
            until(() -> clusters[1].words().containsKey(new NodeNumber(1))
                    && clusters[1].words().get(new NodeNumber(1)).containsAll(List.of("cascade.ask", "cascade.halt")));
            Wish pipeline = new Wish(Cascade.Band.PRO, Cascade.Policy.QUALITY, 0, false, List.of(), "");
            Future<Cascade.Answer> asked = buses[1].ask(new Cascade.Ask("t", "count 9", pipeline, id, "me"), LONG);
            await(begun.future());
            await(buses[1].ask(new Cascade.Halt("t", id, "left", true, -1, "me")));
            assertEquals(Fault.Kind.CONFLICT, fault(asked).kind());
            until(() -> heard.size() >= 3);
            assertEquals(List.of("me", "me", "me"), List.copyOf(heard));
        } finally {
            for (int at = 0; at < 2; at++) {
                await(machines[at].close());
                clusters[at].close();
            }
        }
    }

    @Test
    void whatIsAskedOverTheBrowserBusIsCalledOffWithinASecondWhenItsSocketCloses() throws Exception {
        await(bus.serve(Chat.Say.class, say -> bus.ask(
                        new Cascade.Ask(say.by().tenant(), say.text(), say.wish(), say.message(), say.asker()), LONG)
                .map(answer -> new Chat.Said("", say.message(), answer))));
        WebVerticle web = Doors.on(bus);
        await(vertx.deployVerticle(web));
        String question = "count 5000 " + id;
        WebSocketClient client = vertx.createWebSocketClient();
        WebSocket socket = await(client.connect(web.port(), "127.0.0.1", "/eventbus/websocket"));
        socket.writeTextMessage(new JsonObject()
                .put("type", "send")
                .put("address", "api.chat.message")
                .put("replyAddress", "r")
                .put("body", new JsonObject().put("message", question))
                .encode());
        until(() -> room.wholes().count() == 1);
        long left = System.nanoTime();
        await(socket.close());
        until(() -> CountingTier.CANCELLED.containsKey(question));
        long millis = (CountingTier.CANCELLED.get(question) - left) / 1_000_000;
        assertTrue(millis < 1_000, "called off after " + millis + " ms");
        await(client.close());
    }

    private static CascadeVerticle cascade(Bus bus, Vertx vertx) {
        return new CascadeVerticle(
                bus, InstantSource.system(), new Vitals(), new NoAnswerStore(), List.of(new CountingTier(vertx)));
    }

    private static boolean isDone(Future<?> asked) throws Exception {
        return await(asked.map(done -> true).otherwise(false));
    }

    private static Fault fault(Future<?> future) {
        ExecutionException refused = assertThrows(ExecutionException.class, () -> await(future));
        return assertInstanceOf(Fault.class, refused.getCause());
    }
}
