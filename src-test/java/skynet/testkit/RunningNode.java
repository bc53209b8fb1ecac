package skynet.testkit;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import skynet.auth.MachineToken;

/** A node as people start it: the fat JAR in a process of its own, on a free port of loopback. */
public final class RunningNode implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofMinutes(3);

    private final Path data;
    private final Process process;
    private final URI address;
    private final Path log;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RunningNode(Path data, Process process, URI address, Path log) {
        this.data = data;
        this.process = process;
        this.address = address;
        this.log = log;
    }

    /** Starts a node on a data directory and waits until it is ready. */
    public static RunningNode start(Path data) throws Exception {
        return start(data, Map.of());
    }

    /** The same with further settings. */
    public static RunningNode start(Path data, Map<String, String> settings) throws Exception {
        Path url = data.resolve("node.url");
        Files.createDirectories(data);
        Files.deleteIfExists(url);
        Path log = Files.createTempFile(data.getParent(), "node", ".log");
        Process process = launch(data, log, settings);
        long patience = System.nanoTime() + START_MAX.toNanos();
        while (!Files.exists(url) || Files.readString(url).isBlank()) {
            if (!process.isAlive() || System.nanoTime() > patience) {
                process.destroyForcibly();
                throw new IOException("no node: " + Files.readString(log));
            }
            Thread.sleep(50);
        }
        return new RunningNode(data, process, URI.create(Files.readString(url).strip()), log);
    }

    /** Starts the process only; it may refuse to become a node. */
    public static Process launch(Path data, Path log) throws IOException {
        return launch(data, log, Map.of());
    }

    /** Starts the process only, with further settings. */
    public static Process launch(Path data, Path log, Map<String, String> settings) throws IOException {
        Path jar = Path.of(System.getProperty("skynet.jar", "../verticles/target/skynet.jar"));
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx768m", "-jar", jar.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("SKYNET_"));
        builder.environment().put("SKYNET_HTTP_PORT", "0");
        builder.environment().put("SKYNET_GRPC_PORT", "0");
        builder.environment().put("SKYNET_DATA_DIR", data.toString());
        builder.environment().putAll(settings);
        return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    /** All that the node has written so far. */
    public String log() throws IOException {
        return Files.readString(log);
    }

    public URI address() {
        return address;
    }

    /** The port of gRPC, as the node prints it when it is ready. */
    public int grpcPort() throws Exception {
        Pattern line = Pattern.compile("(?m)^ *gRPC +\\S+:(\\d+)$");
        for (int tries = 0; tries < 500; tries++) {
            Matcher port = line.matcher(Files.readString(log));
            if (port.find()) {
                return Integer.parseInt(port.group(1));
            }
            Thread.sleep(20);
        }
        throw new IOException("no gRPC address: " + Files.readString(log));
    }

    public HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(address.resolve(path)).GET());
    }

    public HttpResponse<String> post(String path, String json) throws Exception {
        return send(HttpRequest.newBuilder(address.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** A request that shows what the command line of the same machine shows. */
    public HttpRequest.Builder asOwner(String path) throws IOException {
        String token = Files.readString(data.resolve(MachineToken.FILE)).strip();
        return HttpRequest.newBuilder(address.resolve(path)).header("Authorization", "Bearer " + token);
    }

    public JsonObject put(String path, JsonObject json) throws Exception {
        return new JsonObject(send(asOwner(path)
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(json.encode())))
                .body());
    }

    public JsonObject ask(String question) throws Exception {
        return new JsonObject(post(
                        "/api/chat/message",
                        new JsonObject().put("message", question).encode())
                .body());
    }

    public HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Ends the process as a power cut would. */
    public void kill() throws Exception {
        process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("the node did not end within 30 s of SIGTERM");
        }
    }
}
