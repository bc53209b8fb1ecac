package skynet.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Bus;
import skynet.bus.BusMessage;
import skynet.bus.Chat;
import skynet.bus.Genom;
import skynet.bus.Knowledge;
import skynet.bus.NodeNumber;
import skynet.bus.Principal;
import skynet.bus.Request;
import skynet.kit.PgUri;
import skynet.node.DataDirectory;
import skynet.node.EmbeddedPostgres;
import skynet.node.cluster.Cluster;

/**
 * The JAR of an earlier release and this one as members of one cluster, as they are while it is brought up to date, node
 * after node: {@code mvn verify -pl src-test -am -Dtest=TwoReleasesTest -Dprevious.jar=FILE}; skipped without a file. What
 * holds without one, for every word, is in {@link skynet.bus.ReleasedWordsTest}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoReleasesTest {
    private static final String PREVIOUS = System.getProperty("previous.jar", "");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final NodeNumber OLD = new NodeNumber(1);
    private static final NodeNumber NEW = new NodeNumber(2);
    private static final int OWN = 9;

    @TempDir
    static Path temporary;

    private static DataDirectory directory;
    private static EmbeddedPostgres postgres;
    private static Keys keys;
    private static int[] ports;
    private static MemberProcess old;
    private static MemberProcess fresh;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(!PREVIOUS.isEmpty(), "skipped: no -Dprevious.jar");
        directory = DataDirectory.open(temporary.resolve("shared"));
        postgres = EmbeddedPostgres.start(directory, line -> {});
        keys = Keys.make(temporary.resolve("keys"));
        ports = new int[] {Keys.freePair(), Keys.freePair(), Keys.freePair()};
        old = launch(1, 0, Path.of(PREVIOUS)).ready();
        fresh = launch(2, 1, MemberProcess.JAR).ready();
    }

    @AfterAll
    static void end() throws Exception {
        for (MemberProcess node : new MemberProcess[] {old, fresh}) {
            if (node != null) {
                node.destroy();
            }
        }
        if (postgres != null) {
            postgres.close();
            directory.close();
        }
    }

    @Test
    @Order(1)
    void eachIsReadyInTheEyesOfTheOther() throws Exception {
        Trio.await("met", () -> old.members("ready").equals(List.of(1, 2)));
        Trio.await("met", () -> fresh.members("ready").equals(List.of(1, 2)));
    }

    @Test
    @Order(2)
    void whatOneStoredTheOtherTells() throws Exception {
        for (MemberProcess[] pair : new MemberProcess[][] {{old, fresh}, {fresh, old}}) {
            JsonObject said = new JsonObject()
                    .put("message", "What does NOD7 do?")
                    .put("message_id", UUID.randomUUID().toString());
            JsonObject first =
                    new JsonObject(pair[0].post("/api/chat/message", said).body());
            JsonObject again =
                    new JsonObject(pair[1].post("/api/chat/message", said).body());
            assertTrue(first.getString("answer", "").contains("NOD7"), first.encode());
            assertEquals(first.getString("answer"), again.getString("answer"), again.encode());
        }
    }

    @Test
    @Order(3)
    void aMemberOfThisReleaseHearsTheSameFromBoth() throws Exception {
        try (Cluster cluster = Cluster.join(
                Keys.config(ports[2], ports[0], ports[1]), keys.read(), new NodeNumber(OWN), 1_700_000_000L, "tests")) {
            Vertx vertx = await(cluster.vertx(Vertx.builder(), new VertxOptions()));
            try {
                Bus bus = new Bus(vertx, InstantSource.system(), cluster);
                await(bus.join(new NodeNumber(OWN)));
                for (Request<? extends BusMessage> request : List.of(
                        new Genom.Decode(await(bus.ask(new Genom.Encode("Hello world"), NEW, PATIENCE))
                                .frame()),
                        new Genom.Nearest("dog", 5),
                        new Genom.Translate("dog", "de"),
                        new Genom.Lookup(Genom.Key.WORD, "dog"),
                        new Knowledge.ListDocuments("", 10))) {
                    assertEquals(
                            await(bus.ask(request, NEW, PATIENCE)).toString(),
                            await(bus.ask(request, OLD, PATIENCE)).toString(),
                            request.toString());
                }
                Chat.Say say =
                        new Chat.Say("", UUID.randomUUID().toString(), "What is a phase rotation?", Principal.GUEST);
                assertEquals(
                        await(bus.ask(say, OLD, PATIENCE)).answer().text(),
                        await(bus.ask(say, NEW, PATIENCE)).answer().text());
            } finally {
                await(vertx.close());
            }
        }
    }

    @Test
    @Order(4)
    void theEarlierReleaseStartsAgainBesideTheLaterOnesDatabase() throws Exception {
        old.signal("TERM");
        old.end();
        old = launch(1, 0, Path.of(PREVIOUS)).ready();
        eachIsReadyInTheEyesOfTheOther();
    }

    private static MemberProcess launch(int number, int place, Path jar) throws Exception {
        PgUri uri = postgres.uri();
        return MemberProcess.launch(
                jar,
                temporary.resolve("nod" + number),
                Map.of(
                        "SKYNET_NODE_NUMBER",
                        Integer.toString(number),
                        "SKYNET_CLUSTER_NAME",
                        "tests",
                        "SKYNET_CLUSTER_PORT",
                        Integer.toString(ports[place]),
                        "SKYNET_CLUSTER_MEMBERS",
                        "127.0.0.1:" + ports[1 - place] + ",127.0.0.1:" + ports[2],
                        "SKYNET_CLUSTER_KEYS",
                        keys.directory().toString(),
                        "SKYNET_PG_URI",
                        "postgresql://" + uri.user() + ":" + uri.password().orElseThrow() + "@" + uri.host() + ":"
                                + uri.port() + "/" + uri.database() + "?sslmode=disable"),
                List.of());
    }
}
