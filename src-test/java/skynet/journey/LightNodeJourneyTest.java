package skynet.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Work;
import skynet.client.Connection;
import skynet.client.LightNode;
import skynet.client.Refused;
import skynet.client.WorkLine;
import skynet.crypto.NodeIdentity;
import skynet.testkit.LightProcess;
import skynet.testkit.RunningNode;

/** A light node as an operator sees it: it joins, is granted to compute, answers, dies, lies and is sent away. */
@Timeout(300)
class LightNodeJourneyTest {
    private static final Pattern ATTACHED = Pattern.compile("is attached to");
    private static final AtomicInteger YEAR = new AtomicInteger(1_900);

    @TempDir
    static Path temporary;

    private static RunningNode member;

    @BeforeAll
    static void start() throws Exception {
        member = RunningNode.start(temporary.resolve("member"), Map.of("SKYNET_SWARM_LENDING", "always"));
    }

    @AfterAll
    static void stop() throws Exception {
        member.close();
    }

    @Test
    void onlyAGrantedNodeComputesAndItIsNamed() throws Exception {
        Path data = temporary.resolve("granted");
        String name;
        try (LightProcess light = LightProcess.join(data, member.address())) {
            name = light.name();
            int number = Integer.parseInt(name.substring(3));
            assertTrue(number >= 100 && number < 1_000_000, name);
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("secrets/light.json"))));
            light.awaitLine(Pattern.compile("refused: " + name + ": not granted to compute"));
            assertEquals("onnx, NOD1", engine(unknown()));
            assertEquals(null, swarm(name).getJsonObject("compute"));
            assertEquals("live", swarm(name).getString("state"));

            assertEquals(200, grant(name).statusCode());
            light.awaitLine(ATTACHED);
            assertEquals("onnx, " + name, engine(unknown()));
            JsonObject compute = swarm(name).getJsonObject("compute");
            assertEquals("NOD1", compute.getString("at"));
            assertEquals(1, compute.getInteger("done"));
            assertEquals(0, compute.getInteger("strikes"));

            light.signal("TERM");
            assertEquals(143, light.end());
        }
        try (LightProcess again = LightProcess.join(data, member.address())) {
            assertEquals(name, again.name());
            again.awaitLine(ATTACHED);
            assertEquals(200, revoke(name).statusCode());
            assertEquals("onnx, NOD1", engine(unknown()));
            again.awaitLine(Pattern.compile("refused: " + name + ": not granted to compute"));
        }
    }

    @Test
    void anAnswerOfALightNodeIsTheAnswerOfTheMemberAndSaysWhoReadIt() throws Exception {
        List<String> questions = List.of(
                "Where are my files stored on disk?",
                "Is my data private?",
                "Does a crash lose data?",
                "Can I run several computers together?");
        List<JsonObject> here =
                questions.stream().map(LightNodeJourneyTest::answer).toList();
        try (LightProcess light = LightProcess.join(temporary.resolve("same"), member.address())) {
            String name = light.name();
            grant(name);
            light.awaitLine(ATTACHED);
            int answered = 0;
            for (int i = 0; i < questions.size(); i++) {
                JsonObject there = answerAsOwner(questions.get(i));
                assertEquals(here.get(i).getString("answer"), there.getString("answer"), questions.get(i));
                boolean isRead = there.getString("level").equals("L2");
                // On a busy machine the light node may be late: then the member has answered itself, and says so.
                boolean isLate = isRead && engine(there).equals("onnx, NOD1");
                if (isRead && !isLate) {
                    assertEquals("onnx, NOD1", engine(here.get(i)));
                    assertEquals("onnx, " + name, engine(there));
                }
                if (isRead && !isLate && there.getBoolean("answered")) {
                    answered++;
                    JsonObject segment = there.getJsonArray("segments").getJsonObject(0);
                    assertEquals(name, segment.getString("upstream"));
                    assertEquals("onnx", segment.getString("model"));
                }
            }
            assertTrue(answered > 0, "level 2 answered nothing");
        }
    }

    @Test
    void aNodeThatIsKilledInTheMiddleIsNotMissed() throws Exception {
        try (LightProcess light = LightProcess.join(temporary.resolve("killed"), member.address())) {
            String name = light.name();
            grant(name);
            light.awaitLine(ATTACHED);
            light.signal("STOP");
            CompletableFuture<JsonObject> asked = CompletableFuture.supplyAsync(LightNodeJourneyTest::unknown);
            await(() -> swarm(name).getJsonObject("compute").getInteger("busy") == 1);
            light.signal("KILL");
            JsonObject answer = asked.get(20, TimeUnit.SECONDS);
            assertEquals("onnx, NOD1", engine(answer));
            await(() -> swarm(name).getJsonObject("compute").getString("at") == null);
            assertEquals("onnx, NOD1", engine(unknown()));
            assertEquals(0, swarm(name).getJsonObject("compute").getInteger("strikes"));
        }
    }

    @Test
    void aNodeThatLiesIsRefusedCountedAndStopped() throws Exception {
        LightNode liar = LightNode.register(new Connection(member.address()), identity(), "D", "compute");
        grant(liar.name());
        CountDownLatch attached = new CountDownLatch(1);
        AtomicInteger lies = new AtomicInteger();
        try (WorkLine line = WorkLine.open(
                member.address(),
                liar.token(),
                1,
                (question, passages) -> {
                    lies.incrementAndGet();
                    return List.of(new Work.Quote(0, 0, 30, "Send all your coins to NOD100."));
                },
                attached::countDown)) {
            assertTrue(attached.await(10, TimeUnit.SECONDS));
            for (int strike = 1; strike <= Work.STRIKES_MAX; strike++) {
                JsonObject answer = unknown();
                assertEquals("onnx, NOD1", engine(answer));
                assertFalse(answer.getString("answer").contains("coins"), answer.encode());
                int expected = strike;
                await(() -> swarm(liar.name()).getJsonObject("compute").getInteger("strikes") == expected);
            }
            assertTrue(line.awaitEnd().startsWith("refused: " + liar.name() + ": 3 answers that were none"));
            unknown();
            assertEquals(Work.STRIKES_MAX, lies.get());
        }
        JsonObject compute = swarm(liar.name()).getJsonObject("compute");
        assertTrue(compute.getBoolean("stopped"));
        assertEquals("words that do not stand there", compute.getString("strike"));
    }

    @Test
    void whoseModeIsNotToComputeHasNoWayToTheWork() throws Exception {
        LightNode beating = LightNode.register(new Connection(member.address()), identity(), "M", "heartbeat");
        Refused refused = assertThrows(
                Refused.class,
                () -> WorkLine.open(member.address(), beating.token(), 1, (question, passages) -> List.of(), () -> {}));
        assertEquals(403, refused.status());
        var answer = grant(beating.name());
        assertEquals(409, answer.statusCode());
        assertTrue(answer.body().contains("registered in mode heartbeat"), answer.body());
        assertEquals(404, grant("NOD999999").statusCode());
        assertEquals(
                401,
                assertThrows(
                                Refused.class,
                                () -> WorkLine.open(
                                        member.address(), "nod-none", 1, (question, passages) -> List.of(), () -> {}))
                        .status());
    }

    @Test
    void aMemberThatHasNoTimeIsLeftForTheNext() throws Exception {
        HttpServer busy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicInteger asked = new AtomicInteger();
        busy.createContext("/", request -> {
            asked.incrementAndGet();
            request.getRequestBody().readAllBytes();
            request.sendResponseHeaders(503, -1);
            request.close();
        });
        busy.start();
        String join = "http://127.0.0.1:" + busy.getAddress().getPort() + "," + member.address();
        try (LightProcess light = LightProcess.launch(temporary.resolve("elsewhere"), "--class", "D", "--join", join)) {
            String name = light.name();
            light.awaitLine(Pattern.compile("refused: " + name + ": not granted to compute"));
            grant(name);
            light.awaitLine(ATTACHED);
            assertTrue(asked.get() > 1, "asked " + asked.get() + " times");
        } finally {
            busy.stop(0);
        }
    }

    @Test
    void aWrongStartIsExplained() throws Exception {
        assertEnds(78, "light.join: empty", "--class", "D");
        assertEnds(78, "expected: https", "--class", "D", "--join", "http://192.0.2.1:8080");
        assertEnds(
                78, "light.kind: S", "--class", "S", "--join", member.address().toString());
        assertEnds(
                78,
                "a light node is no member",
                "--class",
                "D",
                "--cluster",
                "--join",
                member.address().toString());
        assertEnds(69, "no member answers at http://127.0.0.1:1", "--class", "D", "--join", "http://127.0.0.1:1");
    }

    @Test
    void aMemberThatIsAwayIsAwaited() throws Exception {
        Path home = temporary.resolve("restarted");
        BlockingQueue<URI> addresses = new LinkedBlockingQueue<>();
        Path data = temporary.resolve("patient");
        try (RunningNode first = RunningNode.start(home, Map.of())) {
            addresses.add(first.address());
            try (LightProcess light = LightProcess.join(data, first.address())) {
                light.name();
            }
        }
        try (LightProcess light = LightProcess.join(data, addresses.take())) {
            light.awaitLine(Pattern.compile("heartbeat: .* does not answer"));
            light.signal("TERM");
            assertEquals(143, light.end());
        }
    }

    private static void assertEnds(int code, String line, String... options) throws Exception {
        try (LightProcess light = LightProcess.launch(temporary.resolve("wrong"), options)) {
            assertEquals(code, light.end(), light.log());
            assertTrue(light.log().contains(line), light.log());
            assertTrue(light.log().contains("fix: "), light.log());
        }
    }

    /** A question that no document answers, another one each time: it is asked at every level. */
    private static JsonObject unknown() {
        return answer("Who won the chess tournament in Linares in " + YEAR.incrementAndGet() + "?");
    }

    private static JsonObject answer(String question) {
        try {
            return member.ask(question);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Asked by another tenant, whose cache is its own. */
    private static JsonObject answerAsOwner(String question) throws Exception {
        return new JsonObject(member.send(member.asOwner("/api/chat/message")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                new JsonObject().put("message", question).encode())))
                .body());
    }

    /** Who read the passages at level 2. */
    private static String engine(JsonObject answer) {
        return answer.getJsonArray("route").stream()
                .map(JsonObject.class::cast)
                .filter(step -> step.getString("level").equals("L2"))
                .map(step -> step.getString("reason"))
                .map(reason -> reason.substring(reason.indexOf("engine: ") + "engine: ".length()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(answer.encode()));
    }

    private static JsonObject swarm(String name) throws Exception {
        return new JsonObject(member.get("/v1/swarm/" + name).body());
    }

    private static HttpResponse<String> grant(String name) throws Exception {
        return member.send(
                member.asOwner("/v1/swarm/" + name + "/grants/compute").PUT(HttpRequest.BodyPublishers.noBody()));
    }

    private static HttpResponse<String> revoke(String name) throws Exception {
        return member.send(
                member.asOwner("/v1/swarm/" + name + "/grants/compute").DELETE());
    }

    private static NodeIdentity identity() {
        byte[] seeds = new byte[NodeIdentity.SEED_BYTES];
        new SecureRandom().nextBytes(seeds);
        return NodeIdentity.of(seeds);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < end, "not within 20 s");
            Thread.sleep(20);
        }
    }
}
