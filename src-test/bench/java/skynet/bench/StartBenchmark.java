package skynet.bench;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How long does the node take from the start of its process until it says that it is ready, beside a plain vertx-web hello?
 *
 * <p>A first start unpacks and makes everything in an empty data directory; later starts find it. The same with an archive
 * of classes that a training run has left ({@code -XX:ArchiveClassesAtExit}, an option of the JVM that its caller gives;
 * the node does not restart itself). Also tells the size of the JAR. Starts take turns.
 *
 * <p>Command, in the root: {@code java -cp <test class path of src-test> skynet.bench.StartBenchmark <fat JAR> [rounds]}
 */
public final class StartBenchmark {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long LOOK_MILLIS = 10;

    private StartBenchmark() {}

    /** What a start took until the first 200. */
    record Start(Duration wall, Duration cpu) {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("hello")) {
            hello(Integer.parseInt(arguments[1]));
            return;
        }
        Path jar = Path.of(arguments[0]);
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        System.out.println(Rounds.load());
        System.out.printf("  %s: %,d bytes%n", jar.getFileName(), Files.size(jar));
        run(jar, rounds).forEach((name, starts) -> {
            List<Start> sorted =
                    starts.stream().sorted(Comparator.comparing(Start::wall)).toList();
            Start median = sorted.get(sorted.size() / 2);
            System.out.printf(
                    "  %-30s %6d ms [%d to %d], %6d ms CPU%n",
                    name,
                    median.wall().toMillis(),
                    sorted.get(0).wall().toMillis(),
                    sorted.get(sorted.size() - 1).wall().toMillis(),
                    median.cpu().toMillis());
        });
        System.out.println(Rounds.load());
    }

    private static Map<String, List<Start>> run(Path jar, int rounds) throws Exception {
        Path scratch = Files.createTempDirectory("skynet-bench");
        Path archive = scratch.resolve("classes.jsa");
        Path kept = scratch.resolve("kept");
        try {
            node(jar, kept, "-XX:ArchiveClassesAtExit=" + archive);
            Map<String, List<Start>> starts = new LinkedHashMap<>();
            for (int round = 0; round < rounds; round++) {
                Path fresh = scratch.resolve("fresh" + round);
                add(starts, "first start", node(jar, fresh));
                delete(fresh);
                add(starts, "later start", node(jar, kept));
                add(starts, "later start, class archive", node(jar, kept, "-XX:SharedArchiveFile=" + archive));
                add(starts, "vertx-web hello", hello());
            }
            return starts;
        } finally {
            delete(scratch);
        }
    }

    /** A plain server on the class path of this program. */
    static Start hello() throws Exception {
        int port = freePort();
        return measure(
                new ProcessBuilder(
                        java(),
                        "-Dvertx.disableDnsResolver=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StartBenchmark.class.getName(),
                        "hello",
                        Integer.toString(port)),
                port);
    }

    private static Start node(Path jar, Path data, String... options) throws Exception {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(java(), "-Xmx768m"));
        command.addAll(List.of(options));
        command.addAll(List.of("-jar", jar.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("SKYNET_"));
        builder.environment().put("SKYNET_HTTP_PORT", Integer.toString(port));
        builder.environment().put("SKYNET_GRPC_PORT", "0");
        builder.environment().put("SKYNET_DATA_DIR", data.toString());
        return measure(builder, port);
    }

    private static Start measure(ProcessBuilder builder, int port) throws Exception {
        URI ready = URI.create("http://127.0.0.1:" + port + "/health/ready");
        long start = System.nanoTime();
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            while (!answers(ready)) {
                if (!process.isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw new IOException(builder.command() + ": never ready");
                }
                Thread.sleep(LOOK_MILLIS);
            }
            return new Start(
                    Duration.ofNanos(System.nanoTime() - start),
                    process.info().totalCpuDuration().orElse(Duration.ZERO));
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static boolean answers(URI uri) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        try {
            return connection.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        } finally {
            connection.disconnect();
        }
    }

    private static void hello(int port) throws Exception {
        Vertx vertx = Vertx.vertx();
        Router router = Router.router(vertx);
        router.get("/health/ready").handler(request -> request.response().end("hello"));
        Load.await(vertx.createHttpServer().requestHandler(router).listen(port, "127.0.0.1"));
    }

    private static void add(Map<String, List<Start>> starts, String name, Start start) {
        starts.computeIfAbsent(name, one -> new ArrayList<>()).add(start);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
