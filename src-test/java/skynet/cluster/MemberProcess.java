package skynet.cluster;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import skynet.auth.MachineToken;

/** A member as people start it: the fat JAR in a process of its own, told to join a cluster. */
final class MemberProcess {
    /** This release. */
    static final Path JAR = Path.of(System.getProperty("skynet.jar", "../verticles/target/skynet.jar"));

    private static final Duration START_MAX = Duration.ofMinutes(2);

    private final Process process;
    private final Path data;
    private final Path log;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private URI address;

    private MemberProcess(Process process, Path data, Path log) {
        this.process = process;
        this.data = data;
        this.log = log;
    }

    /** Starts the process only. */
    static MemberProcess launch(Path data, Map<String, String> settings) throws IOException {
        return launch(JAR, data, settings, List.of());
    }

    /** Starts the process of any release only, by way of a program that puts it where it shall run. */
    static MemberProcess launch(Path jar, Path data, Map<String, String> settings, List<String> prefix)
            throws IOException {
        Files.createDirectories(data);
        Files.deleteIfExists(data.resolve("node.url"));
        Path log = data.resolveSibling(data.getFileName() + ".log");
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar.toString(),
                "run",
                "--cluster"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("SKYNET_"));
        builder.environment().putAll(settings);
        builder.environment().put("SKYNET_HTTP_PORT", "0");
        builder.environment().put("SKYNET_GRPC_PORT", "0");
        builder.environment().put("SKYNET_DATA_DIR", data.toString());
        return new MemberProcess(
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start(), data, log);
    }

    MemberProcess ready() throws Exception {
        long end = System.nanoTime() + START_MAX.toNanos();
        Path url = data.resolve("node.url");
        while (!Files.exists(url) || Files.readString(url).isBlank()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IOException("no member: " + Files.readString(log));
            }
            Thread.sleep(50);
        }
        address = URI.create(Files.readString(url).strip());
        return this;
    }

    /** The name under which it is called, without port. */
    String host() {
        return address.getHost();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(address.resolve(path))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Asks with what the command line of the same machine shows. */
    HttpResponse<String> getAsMachine(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(address.resolve(path))
                        .timeout(Duration.ofSeconds(10))
                        .header("Authorization", "Bearer " + token())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, JsonObject body) throws Exception {
        return send("POST", path, body);
    }

    /** Asks as a proxy does, for a guest who comes from this address. */
    HttpResponse<String> postFor(String guest, String path, JsonObject body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(address.resolve(path))
                        .timeout(Duration.ofSeconds(10))
                        .header("Content-Type", "application/json")
                        .header("X-Forwarded-For", guest)
                        .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method, String path, JsonObject body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(address.resolve(path))
                        .timeout(Duration.ofSeconds(10))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + token())
                        .method(method, HttpRequest.BodyPublishers.ofString(body.encode()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** What the command line of the same machine shows. */
    private String token() throws IOException {
        return Files.readString(data.resolve(MachineToken.FILE)).strip();
    }

    WebSocket socket(String path) throws Exception {
        return http.newWebSocketBuilder()
                .subprotocols("skynet.chat.v1")
                .header("Origin", address.toString())
                .buildAsync(
                        URI.create(address.resolve(path).toString().replace("http", "ws")), new WebSocket.Listener() {})
                .get(10, TimeUnit.SECONDS);
    }

    /** The numbers of the members in this state, as this one sees them. */
    List<Integer> members(String state) throws Exception {
        JsonArray members = new JsonObject(get("/api/cluster/members").body()).getJsonArray("members");
        return members.stream()
                .map(JsonObject.class::cast)
                .filter(member -> member.getString("state").equals(state))
                .map(member -> member.getInteger("number"))
                .toList();
    }

    /** The sum of a metric over its labels. */
    double metric(String name) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(address.resolve("/metrics"))
                                .timeout(Duration.ofSeconds(10))
                                .header("Authorization", "Bearer " + token())
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor(10, TimeUnit.SECONDS);
    }

    /** Waits for the end and gives the exit code. */
    int end() throws Exception {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("did not end: " + log());
        }
        return process.exitValue();
    }

    void destroy() throws Exception {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
}
