package skynet.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static skynet.testkit.Wait.await;
import static skynet.testkit.Wait.until;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Bus;
import skynet.bus.Catalog;
import skynet.bus.Fault;
import skynet.bus.Genom;
import skynet.bus.NodeNumber;
import skynet.bus.Swarm;
import skynet.bus.codec.FrameCodec;
import skynet.kit.StartFailure;
import skynet.node.cluster.Cluster;

/** Two members of a cluster, and the strangers at their doors. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoMembersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final NodeNumber TWO = new NodeNumber(2);

    @TempDir
    static Path temporary;

    private static Keys keys;
    private static Keys foreign;
    private static Side one;
    private static Side two;

    /** One member as its rooms see it. */
    private record Side(int port, Cluster cluster, Vertx vertx, Bus bus) {
        static Side join(Keys keys, int number, int port, int... others) throws Exception {
            Cluster cluster = Cluster.join(
                    Keys.config(port, others), keys.read(), new NodeNumber(number), 1_700_000_000L, "tests");
            Vertx vertx = await(cluster.vertx(Vertx.builder(), new VertxOptions()));
            Bus bus = new Bus(vertx, InstantSource.system(), cluster);
            await(bus.join(new NodeNumber(number)));
            return new Side(port, cluster, vertx, bus);
        }

        void leave() throws Exception {
            await(bus.leave(Duration.ofSeconds(2)));
            await(vertx.close());
            cluster.close();
        }
    }

    @BeforeAll
    static void join() throws Exception {
        keys = Keys.make(temporary.resolve("keys"));
        foreign = Keys.make(temporary.resolve("foreign"));
        int first = Keys.freePair();
        int second = Keys.freePair();
        one = Side.join(keys, 1, first, second);
        two = Side.join(keys, 2, second, first);
        await(two.bus.serve(
                Genom.Decode.class, ask -> Future.succeededFuture(new Genom.Decoded(ask.frame() + " on two"))));
        until(() -> one.cluster.others().containsKey(TWO));
        await(one.bus.ask(new Genom.Decode("warm")));
    }

    @AfterAll
    static void leave() throws Exception {
        one.leave();
    }

    @Test
    @Order(1)
    void anAskIsServedByTheNodeThatHasTheRoom() throws Exception {
        assertEquals("x on two", await(one.bus.ask(new Genom.Decode("x"))).text());
    }

    @Test
    @Order(1)
    void aNodeThatIsNamedAnswersAndOneThatIsNotThereIsUnavailable() throws Exception {
        assertEquals(
                "x on two",
                await(one.bus.ask(new Genom.Decode("x"), TWO, PATIENCE)).text());
        Fault fault = faultOf(one.bus.ask(new Genom.Decode("x"), new NodeNumber(7), PATIENCE));
        assertEquals(Fault.Kind.UNAVAILABLE, fault.kind());
        assertEquals("NOD7: not in the cluster now", fault.getMessage());
    }

    @Test
    @Order(1)
    void aFaultCrossesWithItsKind() throws Exception {
        await(two.bus.serve(Genom.Count.class, ask -> Future.failedFuture(Fault.absent("table: none"))));
        Fault fault = faultOf(one.bus.ask(new Genom.Count(), TWO, PATIENCE));
        assertEquals(Fault.Kind.ABSENT, fault.kind());
        assertEquals("table: none", fault.getMessage());
    }

    @Test
    @Order(1)
    void anAnswerLargerThanAFrameIsRefusedInsteadOfLost() throws Exception {
        await(two.bus.serve(
                Genom.Translate.class,
                ask -> Future.succeededFuture(
                        new Genom.Translated(List.of(new Genom.Word("a".repeat(70_000), List.of()))))));
        assertEquals(
                Fault.Kind.TOO_LARGE,
                faultOf(one.bus.ask(new Genom.Translate("a", "cs"), TWO, PATIENCE))
                        .kind());
    }

    @Test
    @Order(1)
    void watchersSeeTheWordsAndNotTheirFrames() throws Exception {
        ConcurrentLinkedQueue<Object> asked = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Object> answered = new ConcurrentLinkedQueue<>();
        one.bus.watch(asked::add);
        two.bus.watch(answered::add);
        await(one.bus.ask(new Genom.Decode("watched")));
        assertTrue(asked.contains(new Genom.Decode("watched")), asked.toString());
        assertTrue(answered.contains(new Genom.Decoded("watched on two")), answered.toString());
    }

    @Test
    @Order(1)
    void aQuestionLargerThanAFrameIsNotSent() {
        assertEquals(
                Fault.Kind.TOO_LARGE,
                faultOf(one.bus.ask(new Genom.Decode("a".repeat(70_000)))).kind());
    }

    @Test
    @Order(1)
    void aWordOfThisNodeOnlyIsNotServedToAnother() throws Exception {
        await(two.bus.serve(Swarm.Members.class, ask -> Future.succeededFuture(new Swarm.Roster("tests", List.of()))));
        assertEquals(
                Fault.Kind.UNAVAILABLE,
                faultOf(one.bus.ask(new Swarm.Members(), TWO, PATIENCE)).kind());
        assertEquals("tests", await(two.bus.ask(new Swarm.Members())).cluster());
    }

    @Test
    @Order(1)
    void aBusyNodeLetsAnotherAnswer() throws Exception {
        Promise<Genom.Page> never = Promise.promise();
        await(one.bus.serve(Genom.Nearest.class, ask -> never.future()));
        await(two.bus.serve(Genom.Nearest.class, ask -> Future.succeededFuture(new Genom.Page(List.of(), 42))));
        List<Future<?>> held = new ArrayList<>();
        for (int i = 0; i < Bus.IN_FLIGHT_MAX; i++) {
            held.add(one.bus.ask(new Genom.Nearest("dog", 1)));
        }
        assertEquals(42, await(one.bus.ask(new Genom.Nearest("dog", 1))).next());
        never.complete(new Genom.Page(List.of(), 1));
        await(Future.join(held));
        assertEquals(1, await(one.bus.ask(new Genom.Nearest("dog", 1))).next());
    }

    @Test
    @Order(2)
    void nonsenseAtBothPortsIsCountedAndHarmless() throws Exception {
        long before = two.cluster.strangersRefused();
        SplittableRandom random = new SplittableRandom(42);
        List<byte[]> nonsense = new ArrayList<>(List.of(
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                "HZC".getBytes(StandardCharsets.US_ASCII),
                new byte[] {0x7f, -1, -1, -1, 2, -1},
                new byte[] {22, 3, 1, 0x7f, -1, 1, 0, 0}));
        byte[] noise = new byte[100_000];
        random.nextBytes(noise);
        nonsense.add(noise);
        for (int port : new int[] {two.port, two.port + 1}) {
            for (byte[] bytes : nonsense) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    socket.getOutputStream().write(bytes);
                    socket.shutdownOutput();
                    socket.setSoTimeout(10_000);
                    socket.getInputStream().readAllBytes();
                } catch (java.io.IOException reset) {
                    // Shown out: as good as an end.
                }
            }
        }
        until(() -> two.cluster.strangersRefused() >= before + 2L * nonsense.size());
        assertEquals("x on two", await(one.bus.ask(new Genom.Decode("x"))).text());
    }

    @Test
    @Order(2)
    void aStrangerWithOtherKeysGetsNoFrameIn() throws Exception {
        for (int port : new int[] {two.port, two.port + 1}) {
            long before = two.cluster.strangersRefused();
            assertThrows(java.io.IOException.class, () -> {
                try (SSLSocket socket = foreign.connect(port)) {
                    socket.startHandshake();
                    socket.getOutputStream().write(frame("any.genom.decode", Buffer.buffer("x")));
                    if (socket.getInputStream().read() < 0) {
                        throw new java.io.EOFException();
                    }
                }
            });
            until(() -> two.cluster.strangersRefused() > before);
        }
    }

    @Test
    @Order(2)
    void aNodeWithOtherKeysIsRefused() throws Exception {
        int port = Keys.freePair();
        StartFailure failure = assertThrows(StartFailure.class, () -> Side.join(foreign, 3, port, one.port, two.port));
        assertEquals(77, failure.exitCode());
        assertTrue(failure.getMessage().contains("does not hold our keys"), failure.getMessage());
        assertEquals(1, one.cluster.others().size());
    }

    @Test
    @Order(2)
    void theSecondWithANumberIsRefused() throws Exception {
        int port = Keys.freePair();
        StartFailure failure = assertThrows(StartFailure.class, () -> Side.join(keys, 2, port, one.port, two.port));
        assertEquals(78, failure.exitCode());
        assertEquals(
                "node.number: 2 is the member at 127.0.0.1:" + two.port + " (expected: a number of its own)",
                failure.getMessage());
        until(() -> one.cluster.others().keySet().equals(java.util.Set.of(TWO)));
    }

    @Test
    @Order(2)
    void framesOfAMemberThatAreOversizedOrCutEndItsConnectionOnly() throws Exception {
        List<byte[]> bad = List.of(
                Buffer.buffer()
                        .appendInt(Integer.MAX_VALUE)
                        .appendBytes(new byte[64])
                        .getBytes(),
                Buffer.buffer().appendInt(-1).appendBytes(new byte[64]).getBytes(),
                Buffer.buffer()
                        .appendInt(FrameCodec.FRAME_BYTES_MAX + 4_096)
                        .appendBytes(new byte[64])
                        .getBytes(),
                Buffer.buffer()
                        .appendInt(12)
                        .appendByte((byte) 2)
                        .appendByte((byte) -1)
                        .appendInt(1_000_000)
                        .appendBytes(new byte[6])
                        .getBytes());
        for (byte[] bytes : bad) {
            long before = two.cluster.strangersRefused();
            try (SSLSocket socket = keys.connect(two.port + 1)) {
                socket.getOutputStream().write(bytes);
                assertEquals(-1, socket.getInputStream().read());
            }
            until(() -> two.cluster.strangersRefused() == before + 1);
        }
        assertEquals("x on two", await(one.bus.ask(new Genom.Decode("x"))).text());
    }

    @Test
    @Order(2)
    void wordsThatAreForgedOrOutOfPlaceAreCountedAndNotServed() throws Exception {
        long before = two.bus.framesRefused();
        FrameCodec codec = new FrameCodec(new Catalog());
        try (SSLSocket socket = keys.connect(two.port + 1)) {
            socket.getOutputStream().write(frame("any.genom.decode", Buffer.buffer("no frame at all")));
            socket.getOutputStream().write(frame("any.genom.decode", codec.encode(new Genom.Count())));
            socket.getOutputStream().flush();
            until(() -> two.bus.framesRefused() == before + 2);
        }
        assertEquals("x on two", await(one.bus.ask(new Genom.Decode("x"))).text());
    }

    @Test
    @Order(3)
    void whatCrossesTheWireCannotBeRead() throws Exception {
        String script =
                """
                import socket, sys, time
                wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(3))
                wire.bind(("lo", 0)); wire.settimeout(1)
                print("listening", flush=True)
                ports = {int(p) for p in sys.argv[1].split(",")}; seen = b""; end = time.time() + 5
                while time.time() < end:
                    try: packet = wire.recv(65536)
                    except OSError: continue
                    if len(packet) > 34 and packet[23] == 6 and ports & {int.from_bytes(packet[34:36], "big"), int.from_bytes(packet[36:38], "big")}:
                        seen += packet[54:]
                print(len(seen), sys.argv[2].encode() in seen, sys.argv[3].encode() in seen, flush=True)
                """;
        String marker = "MARKER-7f3a9c";
        String plain = "PLAIN-52c1e0";
        int[] ports = {one.port, one.port + 1, two.port, two.port + 1};
        Process sniffer = sniffer(script, ports, marker, plain);
        var said = sniffer.inputReader();
        assumeTrue("listening".equals(said.readLine()), "skipped: capturing packets needs python3 and root");
        for (int i = 0; i < 20; i++) {
            assertTrue(await(one.bus.ask(new Genom.Decode(marker.repeat(20))))
                    .text()
                    .contains(marker));
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), two.port)) {
            socket.getOutputStream().write(plain.getBytes(StandardCharsets.US_ASCII));
        }
        String[] result = said.readLine().split(" ");
        sniffer.waitFor(10, TimeUnit.SECONDS);
        assertTrue(Integer.parseInt(result[0]) > 20 * 2 * 20 * marker.length(), "captured " + result[0] + " bytes");
        assertEquals("False", result[1]);
        assertEquals("True", result[2], "the capture sees what is sent in the clear");
    }

    @Test
    @Order(4)
    void aMemberThatLeavesIsForgottenAndItsWordsWithIt() throws Exception {
        two.leave();
        until(() -> one.cluster.others().isEmpty());
        assertEquals(
                Fault.Kind.UNAVAILABLE,
                faultOf(one.bus.ask(new Genom.Decode("x"), Duration.ofSeconds(2)))
                        .kind());
        assertFalse(one.bus.ask(new Genom.Nearest("dog", 1)).failed());
    }

    private static Process sniffer(String script, int[] ports, String marker, String plain) throws Exception {
        String list = java.util.Arrays.stream(ports)
                .mapToObj(Integer::toString)
                .collect(java.util.stream.Collectors.joining(","));
        try {
            return new ProcessBuilder("python3", "-c", script, list, marker, plain)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (java.io.IOException absent) {
            assumeTrue(false, "skipped: no python3 to capture packets with");
            throw absent;
        }
    }

    /** A frame of the bus as Vert.x lays it out, to an address and without a sender that exists. */
    private static byte[] frame(String address, Buffer body) {
        Buffer frame = Buffer.buffer().appendInt(0).appendByte((byte) 2).appendByte((byte) -1);
        text(frame, FrameCodec.NAME);
        frame.appendByte((byte) 0);
        text(frame, address);
        frame.appendInt(0);
        text(frame, "forger");
        frame.appendInt(Integer.BYTES).appendBuffer(body);
        return frame.setInt(0, frame.length() - Integer.BYTES).getBytes();
    }

    private static void text(Buffer frame, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        frame.appendInt(bytes.length).appendBytes(bytes);
    }

    private static Fault faultOf(Future<?> future) {
        ExecutionException failure = assertThrows(
                ExecutionException.class,
                () -> future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS));
        return (Fault) failure.getCause();
    }
}
