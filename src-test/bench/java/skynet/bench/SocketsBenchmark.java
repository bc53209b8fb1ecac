package skynet.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import skynet.bus.Bus;
import skynet.web.Doors;
import skynet.web.WebVerticle;

/**
 * How much memory does an idle chat WebSocket take, beside one of a bare Vert.x server?
 *
 * <p>Each server is a process of its own, asked for its live heap (after a full collection) and its resident memory before
 * and after so many sockets were opened to it. Servers take turns. The kernel's own part, about 4.8 kB a socket, is
 * the same for both and not in the figures.
 *
 * <p>Command, in the root: {@code java -cp <test class path of src-test> skynet.bench.SocketsBenchmark [rounds] [sockets]}
 */
public final class SocketsBenchmark {
    /** What the kernel keeps for a socket of loopback, measured once on all of them; only for the figure per GiB. */
    private static final int KERNEL_BYTES = 4_800;

    private static final int WARM_SOCKETS = 200;
    private static final String HANDSHAKE = "GET /ws/chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Sec-WebSocket-Protocol: skynet.chat.v1\r\n\r\n";

    private SocketsBenchmark() {}

    /** Bytes that a socket takes of the live heap and of resident memory. */
    record Weight(double heapBytes, double residentBytes) {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("server")) {
            serve(arguments[1]);
            return;
        }
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        int sockets = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 9_000;
        System.out.println(Rounds.load());
        run(rounds, sockets)
                .forEach((name, weight) -> System.out.printf(
                        "  %-24s %6.0f B heap, %6.0f B resident a socket; %,.0f per GiB of heap and kernel%n",
                        name,
                        weight.heapBytes(),
                        weight.residentBytes(),
                        (1L << 30) / (weight.heapBytes() + KERNEL_BYTES)));
    }

    /** The median weight of a socket, by server. */
    static Map<String, Weight> run(int rounds, int sockets) throws Exception {
        Map<String, List<Weight>> weights = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (String name : List.of("skynet chat", "bare webSocketHandler")) {
                weights.computeIfAbsent(name, one -> new ArrayList<>()).add(weigh(name, sockets));
            }
        }
        Map<String, Weight> medians = new LinkedHashMap<>();
        weights.forEach((name, all) -> medians.put(
                name,
                new Weight(
                        median(all.stream().mapToDouble(Weight::heapBytes).toArray()),
                        median(all.stream().mapToDouble(Weight::residentBytes).toArray()))));
        return medians;
    }

    private static Weight weigh(String name, int sockets) throws Exception {
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:+UseSerialGC",
                        "-Dvertx.disableDnsResolver=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SocketsBenchmark.class.getName(),
                        "server",
                        name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader answers = new BufferedReader(new InputStreamReader(server.getInputStream(), UTF_8));
                PrintStream questions = new PrintStream(server.getOutputStream(), true, UTF_8)) {
            int port = Integer.parseInt(answers.readLine());
            close(open(port, Math.min(sockets, WARM_SOCKETS)));
            long[] before = memory(questions, answers);
            List<Socket> open = open(port, sockets);
            long[] after = memory(questions, answers);
            close(open);
            return new Weight((double) (after[0] - before[0]) / sockets, (double) (after[1] - before[1]) / sockets);
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private static long[] memory(PrintStream questions, BufferedReader answers) throws IOException {
        questions.println("memory");
        return Arrays.stream(answers.readLine().split(" "))
                .mapToLong(Long::parseLong)
                .toArray();
    }

    private static List<Socket> open(int port, int count) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        byte[] handshake = HANDSHAKE.getBytes(StandardCharsets.US_ASCII);
        byte[] answer = new byte[4_096];
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            sockets.add(socket);
            socket.getOutputStream().write(handshake);
            int length = socket.getInputStream().read(answer);
            String head = new String(answer, 0, Math.max(0, length), StandardCharsets.US_ASCII);
            if (!head.startsWith("HTTP/1.1 101")) {
                throw new AssertionError("socket " + i + ": " + head);
            }
        }
        return sockets;
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** The server's side: tells its port, and its memory whenever it is asked. */
    private static void serve(String name) throws Exception {
        Vertx vertx = Load.oneLoop();
        System.out.println(name.startsWith("skynet") ? skynet(vertx) : bare(vertx));
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        while (questions.readLine() != null) {
            for (int i = 0; i < 3; i++) {
                System.gc();
            }
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            System.out.println(heap + " " + resident());
        }
    }

    private static int skynet(Vertx vertx) throws Exception {
        WebVerticle web = Doors.on(new Bus(vertx, InstantSource.system()));
        Load.await(vertx.deployVerticle(web));
        return web.port();
    }

    private static int bare(Vertx vertx) throws Exception {
        return Load.await(vertx.createHttpServer(new io.vertx.core.http.HttpServerOptions()
                                .addWebSocketSubProtocol("skynet.chat.v1")
                                .setPerMessageWebSocketCompressionSupported(false)
                                .setPerFrameWebSocketCompressionSupported(false))
                        .webSocketHandler(socket -> socket.textMessageHandler(socket::writeTextMessage))
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1_024 * Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    private static double median(double[] figures) {
        Arrays.sort(figures);
        return figures[figures.length / 2];
    }
}
