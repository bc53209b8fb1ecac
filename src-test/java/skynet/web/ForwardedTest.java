package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import skynet.bus.Bus;
import skynet.bus.Crypto;
import skynet.kit.Asset;
import skynet.kit.HttpConfig;
import skynet.kit.Identity;
import skynet.kit.Proxies;
import skynet.kit.Vitals;

/** From where a room is told that a request comes, when there is a proxy in front of the node. */
@Timeout(30)
class ForwardedTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, InstantSource.system());

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void aNamedProxyTellsForWhomItAsks() throws Exception {
        assertEquals("192.0.2.7", addressToldBy(new Proxies(List.of("127.0.0.1"))));
    }

    @Test
    void withoutASettingTheHeaderIsNotRead() throws Exception {
        assertEquals("127.0.0.1", addressToldBy(Proxies.NONE));
    }

    private String addressToldBy(Proxies proxies) throws Exception {
        WebVerticle web = new WebVerticle(
                bus,
                new HttpConfig("127.0.0.1", 0, List.of(), proxies),
                new Identity(bus, true),
                new Vitals(),
                Optional.empty(),
                new Asset("none", Buffer::buffer));
        await(bus.serve(
                Crypto.Greet.class, greet -> Future.succeededFuture(new Crypto.Greeted("session", greet.address()))));
        await(vertx.deployVerticle(web));
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + "/v1/handshake"))
                .header("Content-Type", "application/json")
                .header("X-Forwarded-For", "192.0.2.7")
                .POST(HttpRequest.BodyPublishers.ofString("{\"hello\":\"AA==\"}"))
                .build();
        String body = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        return new JsonObject(body).getString("reply");
    }
}
