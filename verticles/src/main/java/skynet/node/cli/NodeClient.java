package skynet.node.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import skynet.auth.MachineToken;
import skynet.kit.ExitCode;
import skynet.kit.Settings;
import skynet.kit.StartFailure;
import skynet.node.NodeConfig;

/** Speaks to the running node over HTTP; what goes wrong becomes an exit code and a line that helps. */
final class NodeClient {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
    private static final Duration ANSWER_MAX = Duration.ofMinutes(15);
    private static final long WAIT_SECONDS_MAX = 3_600;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI node;
    private final Optional<String> token;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_MAX)
            .build();

    private NodeClient(URI node, Optional<String> token) {
        this.node = node;
        this.token = token;
    }

    /**
     * Finds the node where an option of the command line puts it, else by what it wrote into its data directory, else
     * where the settings put it. The token of a data directory is shown to no other node than the one that wrote it.
     */
    static NodeClient of(Settings settings) {
        NodeConfig config = NodeConfig.of(settings);
        NodeClient configured =
                new NodeClient(config.http().address(config.http().port()), config.key());
        boolean isOption = settings.isOption("http.host") || settings.isOption("http.port");
        Path written = config.dataDir().resolve("node.url");
        try {
            if (Files.isReadable(written)) {
                URI own = URI.create(Files.readString(written).strip());
                if (isOption && !own.equals(configured.node)) {
                    return configured;
                }
                return new NodeClient(own, config.key().or(() -> token(config.dataDir())));
            }
        } catch (IOException | IllegalArgumentException e) {
            // A torn file is as good as none.
        }
        return configured;
    }

    URI node() {
        return node;
    }

    JsonNode post(String path, Map<String, ?> body) {
        return send("POST", path, body);
    }

    /** The same; where the node says that this is too much for now, it is told, waited for as long as it says, and asked again. */
    JsonNode postPatiently(String path, Map<String, ?> body, LongConsumer waitingSeconds) {
        try {
            String json = JSON.writeValueAsString(body);
            HttpResponse<String> response = exchange(path, json, Map.of());
            while (response.statusCode() == 429) {
                long seconds = retrySeconds(response).orElseThrow(refusal(response));
                waitingSeconds.accept(seconds);
                TimeUnit.SECONDS.sleep(seconds);
                response = exchange(path, json, Map.of());
            }
            if (response.statusCode() / 100 != 2) {
                throw refused(response);
            }
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new StartFailure(
                    ExitCode.FAILED, "node: " + node + " answers something else than JSON", "is it a SKYNET node?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure(ExitCode.INTERRUPTED, "interrupted", "start again", e);
        }
    }

    private static Supplier<StartFailure> refusal(HttpResponse<String> response) {
        return () -> refused(response);
    }

    /** As long as the node asks to be left alone, if that is a time that somebody waits. */
    private static Optional<Long> retrySeconds(HttpResponse<String> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,4}"))
                .map(Long::valueOf)
                .map(seconds -> Math.max(1, seconds))
                .filter(seconds -> seconds <= WAIT_SECONDS_MAX);
    }

    /** Sends JSON and gives the answer as it came, whatever it is. */
    HttpResponse<String> exchange(String path, String json, Map<String, String> headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(node.resolve(path));
        token.ifPresent(shown -> builder.header("Authorization", "Bearer " + shown));
        headers.forEach(builder::header);
        HttpRequest request = builder.timeout(ANSWER_MAX)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(BodyPublishers.ofString(json))
                .build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure(ExitCode.INTERRUPTED, "interrupted", "start again", e);
        }
    }

    JsonNode put(String path, Map<String, ?> body) {
        return send("PUT", path, body);
    }

    /** Sends lines of JSON, each an object. */
    JsonNode postLines(String path, List<? extends Map<String, ?>> lines) {
        StringBuilder body = new StringBuilder();
        try {
            for (Map<String, ?> line : lines) {
                body.append(JSON.writeValueAsString(line)).append('\n');
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("lines: not to be written as JSON", e);
        }
        return send("POST", path, "application/x-ndjson", body.toString().getBytes(StandardCharsets.UTF_8));
    }

    JsonNode get(String path) {
        return send("GET", path, Map.of());
    }

    JsonNode delete(String path) {
        return send("DELETE", path, Map.of());
    }

    /** Tells whether anything answers HTTP there. */
    boolean answers() {
        HttpRequest request = HttpRequest.newBuilder(node.resolve("/health/live"))
                .timeout(CONNECT_MAX)
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The node's clock, in seconds since 1970, as its status tells it. */
    OptionalLong timeSeconds() {
        try {
            return OptionalLong.of(
                    Instant.parse(get("/v1/status").path("at").asText()).getEpochSecond());
        } catch (StartFailure | DateTimeParseException e) {
            return OptionalLong.empty();
        }
    }

    /** Returns a path of names, each escaped on its own. */
    static String path(String base, String name) {
        return base
                + Arrays.stream(name.split("/"))
                        .map(part ->
                                URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                        .collect(Collectors.joining("/"));
    }

    /** What the node of this data directory wrote for who may read its data directory. */
    private static Optional<String> token(Path dataDir) {
        try {
            return Optional.of(
                            Files.readString(dataDir.resolve(MachineToken.FILE)).strip())
                    .filter(token -> token.startsWith(MachineToken.PREFIX));
        } catch (IOException e) {
            // No node, or one of somebody else: then as a guest.
            return Optional.empty();
        }
    }

    private JsonNode send(String method, String path, Map<String, ?> body) {
        try {
            return send(
                    method,
                    path,
                    "application/json",
                    method.startsWith("P") ? JSON.writeValueAsBytes(body) : new byte[0]);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("body: not to be written as JSON", e);
        }
    }

    private JsonNode send(String method, String path, String type, byte[] body) {
        try {
            HttpRequest.Builder builder = HttpRequest.newBuilder(node.resolve(path));
            token.ifPresent(shown -> builder.header("Authorization", "Bearer " + shown));
            HttpRequest request = builder.timeout(ANSWER_MAX)
                    .header("Content-Type", type)
                    .header("Accept", "application/json")
                    .method(method, method.startsWith("P") ? BodyPublishers.ofByteArray(body) : BodyPublishers.noBody())
                    .build();
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw refused(response);
            }
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new StartFailure(
                    ExitCode.FAILED, "node: " + node + " answers something else than JSON", "is it a SKYNET node?", e);
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure(ExitCode.INTERRUPTED, "interrupted", "start again", e);
        }
    }

    private StartFailure unreachable(IOException failure) {
        return new StartFailure(
                ExitCode.UNREACHABLE,
                "node: none answers at " + node,
                "start one with `skynet run`, or name another with --http-host and --http-port",
                failure);
    }

    private static StartFailure refused(HttpResponse<String> response) {
        int code =
                switch (response.statusCode()) {
                    case 401, 403 -> ExitCode.NOT_ALLOWED;
                    case 429, 503, 504 -> ExitCode.TRY_LATER;
                    default -> ExitCode.FAILED;
                };
        String detail = "";
        String fix = "see the log of the node";
        try {
            JsonNode problem = JSON.readTree(response.body());
            detail = problem.path("detail").asText();
            fix = problem.path("fix").asText(fix);
        } catch (JsonProcessingException e) {
            // Not every refusal is a problem in JSON; the status says enough.
        }
        return new StartFailure(code, "node: refused with " + response.statusCode() + " " + detail, fix);
    }
}
