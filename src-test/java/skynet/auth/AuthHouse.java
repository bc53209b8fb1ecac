package skynet.auth;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import skynet.bus.Bus;
import skynet.kit.Asset;
import skynet.kit.AuthConfig;
import skynet.kit.Database;
import skynet.kit.HttpConfig;
import skynet.kit.Identity;
import skynet.kit.JwtConfig;
import skynet.kit.PgUri;
import skynet.kit.Vitals;
import skynet.web.WebVerticle;

/** The auth room behind a front door, on a database of the test; the clock goes on when the test says so. */
final class AuthHouse implements AutoCloseable {
    static final String PASSWORD = "four words are long";

    final Vertx vertx = Vertx.vertx();
    final List<String> printed = new CopyOnWriteArrayList<>();
    final AtomicLong aheadSeconds = new AtomicLong();
    final InstantSource clock = () -> Instant.now().plusSeconds(aheadSeconds.get());
    final Bus bus = new Bus(vertx, clock);
    final MachineToken machine;
    private final String machineToken;
    final AuthStores stores;
    final WebVerticle web;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    AuthHouse(Path directory, PgUri facts) throws Exception {
        this(directory, facts, new AuthConfig(true, "auto", Optional.empty(), "skynet@localhost"));
    }

    AuthHouse(Path directory, PgUri facts, AuthConfig config) throws Exception {
        stores = AuthStores.in(Database.open(vertx, facts));
        machine = MachineToken.make(directory, new SecureRandom());
        machineToken = Files.readString(directory.resolve(MachineToken.FILE)).strip();
        HttpConfig door = new HttpConfig("127.0.0.1", 0, List.of());
        await(vertx.deployVerticle(new AuthVerticle(
                bus,
                config,
                door.isLoopback(),
                stores,
                SigningSecret.of(new JwtConfig(Optional.empty()), directory, new SecureRandom()),
                machine,
                new SecureRandom(),
                clock,
                UUID::randomUUID,
                printed::add,
                new SimpleMeterRegistry())));
        web = new WebVerticle(
                bus,
                door,
                new Identity(bus, config.guests()),
                new Vitals(),
                Optional.empty(),
                new Asset("none", Buffer::buffer));
        await(vertx.deployVerticle(web));
    }

    /** The token that was printed for the first administrator. */
    String setupToken() {
        return printed.stream()
                .filter(line -> line.startsWith("setup token: "))
                .map(line -> line.substring("setup token: ".length()))
                .findFirst()
                .orElseThrow();
    }

    String machineToken() {
        return machineToken;
    }

    /** Makes an account and tells its tokens. */
    JsonObject register(String email) throws Exception {
        HttpResponse<String> answer = post(
                "/api/auth/register", "", new JsonObject().put("email", email).put("password", PASSWORD));
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(answer.body());
        }
        return new JsonObject(answer.body());
    }

    HttpResponse<String> logIn(String email, String password, String code) throws Exception {
        JsonObject body = new JsonObject().put("email", email).put("password", password);
        return post("/api/auth/login", "", code.isEmpty() ? body : body.put("code", code));
    }

    HttpResponse<String> post(String path, String token, JsonObject body) throws Exception {
        return send("POST", path, token, body.encode());
    }

    HttpResponse<String> get(String path, String token) throws Exception {
        return send("GET", path, token, "");
    }

    HttpResponse<String> send(String method, String path, String token, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(java.time.Duration.ofSeconds(60))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + web.port() + path);
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        await(vertx.close());
    }
}
