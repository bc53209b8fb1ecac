package skynet.client;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** The HTTP interface of one node: JSON out, JSON in. Safe for several threads; each call blocks until it is answered. */
public final class Connection {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http;
    private final URI address;
    private final Optional<String> token;

    /** A node at an address such as {@code http://127.0.0.1:8080}, asked as a guest. */
    public Connection(URI address) {
        this(address, Optional.empty());
    }

    /** The same with a bearer token: an API key, a node's token or a login's. */
    public Connection(URI address, Optional<String> token) {
        this(HttpClient.newBuilder().connectTimeout(PATIENCE).build(), address, token);
    }

    private Connection(HttpClient http, URI address, Optional<String> token) {
        this.http = http;
        this.address = address;
        this.token = token;
    }

    /** The same node with a bearer token, over the same sockets. */
    public Connection with(String bearer) {
        return new Connection(http, address, Optional.of(bearer));
    }

    /** The name under which the node is called, without port. */
    String host() {
        return address.getHost();
    }

    /** Asks with GET. */
    public JsonObject get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /** Asks with POST. */
    public JsonObject post(String path, JsonObject body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode())));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address.resolve(path)).timeout(PATIENCE);
        token.ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer));
        return request;
    }

    private JsonObject send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        JsonObject body = json(response.body());
        if (response.statusCode() / 100 != 2) {
            throw new Refused(response.statusCode(), body.getString("detail", "no reason given"));
        }
        return body;
    }

    private static JsonObject json(String text) throws IOException {
        try {
            return text.isEmpty() ? new JsonObject() : new JsonObject(text);
        } catch (DecodeException e) {
            throw new IOException("answer: no JSON object (expected: one, from a SKYNET node)", e);
        }
    }
}
