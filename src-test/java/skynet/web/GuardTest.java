package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Bus;
import skynet.bus.Chat;
import skynet.bus.Fault;
import skynet.bus.Role;
import skynet.testkit.Known;

/** Who may ask what, asked over HTTP as anybody could. */
class GuardTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, InstantSource.system());
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private WebVerticle web;

    @BeforeEach
    void open() throws Exception {
        await(Known.on(bus));
        web = Doors.on(bus);
        await(vertx.deployVerticle(web));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void everyOperationOfTheContractSaysWhoMayAskItAndItsScope() throws IOException {
        Set<String> scopes = new TreeSet<>();
        for (Declared.Operation operation : operations()) {
            scopes.add(operation.scope());
        }
        Set<String> unknown = new TreeSet<>(scopes);
        unknown.removeAll(Role.ADMIN.scopes());
        unknown.removeIf(scope -> scope.startsWith("auth:"));
        assertEquals(Set.of(), unknown, "scopes that no role has");
    }

    @Test
    void aContractThatForgetsWhoMayAskDoesNotStart() {
        JsonObject get = new JsonObject().put("operationId", "x");
        JsonObject contract =
                new JsonObject().put("paths", new JsonObject().put("/x", new JsonObject().put("get", get)));
        assertThrows(IllegalStateException.class, () -> Declared.in(contract));
        get.put("security", new JsonArray());
        assertThrows(IllegalStateException.class, () -> Declared.in(contract));
        get.put("x-scope", "room:act");
        assertEquals(1, Declared.in(contract).operations().size());
    }

    @Test
    void withoutATokenWhatIsNotForGuestsIs401() throws Exception {
        for (Declared.Operation operation : operations()) {
            HttpResponse<String> answer = ask(operation, "");
            if (operation.entry() == Declared.Entry.KNOWN) {
                refused(401, "unauthenticated", operation, answer);
                assertEquals(
                        "Bearer",
                        answer.headers().firstValue("WWW-Authenticate").orElse(""));
            } else {
                assertTrue(answer.statusCode() != 401 && answer.statusCode() != 403, operation + answer.body());
            }
        }
    }

    @Test
    void theKeyGuestIsNobodyForClientsThatMustShowAKey() throws Exception {
        assertEquals(200, send("GET", "/v1/models", "Bearer guest").statusCode());
        assertEquals(200, send("GET", "/v1/models", "Bearer EMPTY").statusCode());
        assertEquals(200, send("GET", "/v1/models", "Bearer sk-no-key-required").statusCode());
        assertEquals(401, send("GET", "/v1/models", "Bearer sk-none").statusCode());
        assertEquals(401, send("GET", "/v1/models", "Bearer guests").statusCode());
        assertEquals(401, send("GET", "/v1/stats", "Bearer none").statusCode());
    }

    @Test
    void aTokenThatIsNoneIsRefusedWhereverATokenIsRead() throws Exception {
        for (Declared.Operation operation : operations()) {
            for (String header : List.of("Bearer stranger", "Bearer", "Basic YTpi", "Bearer " + "x".repeat(5_000))) {
                HttpResponse<String> answer = ask(operation, header);
                if (operation.entry() != Declared.Entry.OPEN) {
                    refused(401, "unauthenticated", operation, answer);
                }
            }
        }
    }

    @Test
    void aTokenWithoutTheScopeIs403() throws Exception {
        for (Declared.Operation operation : operations()) {
            if (operation.entry() == Declared.Entry.KNOWN
                    && !Role.GUEST.scopes().contains(operation.scope())) {
                refused(403, "denied", operation, ask(operation, "Bearer guest"));
            }
        }
    }

    @Test
    void whatTheContractDoesNotNameIsNotServed() throws Exception {
        for (String path : List.of(
                "/metrics/",
                "/metrics//",
                "//metrics",
                "/%6Detrics",
                "/v1/../metrics",
                "/METRICS",
                "/v1/encode/",
                "/absent")) {
            HttpResponse<String> answer = send("GET", path, "");
            assertTrue(List.of(400, 401, 404, 405).contains(answer.statusCode()), path + answer.body());
        }
        assertEquals(401, send("PUT", "/api/knowledge//documents/./a", "").statusCode());
        assertEquals(405, send("PATCH", "/v1/stats", "").statusCode());
        assertEquals(200, send("GET", "/chat", "").statusCode());
    }

    @Test
    void aRouteKnowsWhoAsks() throws Exception {
        List<String> users = new ArrayList<>();
        await(bus.serve(Chat.Say.class, say -> {
            users.add(say.by().tenant() + "/" + say.by().user());
            return Future.failedFuture(Fault.absent("nothing"));
        }));
        HttpRequest.Builder ask = HttpRequest.newBuilder(uri("/api/chat/message"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"message\":\"Who am I?\"}"));
        client.send(ask.build(), HttpResponse.BodyHandlers.ofString());
        client.send(ask.header("Authorization", "bearer user").build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(List.of("guests/", "people/user"), users);
    }

    /** What a page may ask over its bus, it may ask over HTTP with the same scope. */
    @Test
    void theBrowserBusAsksForTheSameScopesAsTheContract() throws IOException {
        Declared declared = Declared.in(Pages.read().contract());
        List<Operation> offered = new ArrayList<>(new GenomRoutes(bus).operations());
        offered.addAll(new ChatRoutes(bus, null, UUID::randomUUID).operations());
        for (Operation operation : offered) {
            String twin = TWINS.get(operation.address());
            String[] words = (twin == null ? "? ?" : twin).split(" ");
            assertEquals(
                    declared.of(words[0], words[1])
                            .map(Declared.Operation::scope)
                            .orElse("no twin"),
                    operation.scope(),
                    operation.address());
        }
    }

    private static final java.util.Map<String, String> TWINS = java.util.Map.of(
            "api.genom.encode", "POST /v1/encode",
            "api.genom.decode", "POST /v1/decode",
            "api.genom.translate", "POST /v1/translate",
            "api.genom.lookup", "GET /v1/lookup",
            "api.genom.near", "GET /v1/dictionary/nearest",
            "api.chat.message", "POST /api/chat/message");

    private static List<Declared.Operation> operations() throws IOException {
        return Declared.in(Pages.read().contract()).operations();
    }

    private static void refused(int status, String slug, Declared.Operation operation, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), operation + answer.body());
        if (operation.method().equals("HEAD")) {
            return;
        }
        if (OpenAiError.speaks(operation.template())) {
            JsonObject error = new JsonObject(answer.body()).getJsonObject("error");
            assertEquals(slug.equals("unauthenticated") ? "invalid_api_key" : slug, error.getString("code"));
            return;
        }
        assertEquals(
                Problem.MEDIA_TYPE, answer.headers().firstValue("Content-Type").orElse(""));
        assertEquals("/docs/errors/" + slug, new JsonObject(answer.body()).getString("type"));
    }

    private HttpResponse<String> ask(Declared.Operation operation, String authorization) throws Exception {
        return send(operation.method(), operation.template().replaceAll("\\{[a-z_]+}", "a"), authorization);
    }

    private HttpResponse<String> send(String method, String path, String authorization) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path)).method(method, HttpRequest.BodyPublishers.ofString("{}"));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + web.port() + path);
    }
}
