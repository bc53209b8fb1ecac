package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static skynet.testkit.Wait.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Bus;
import skynet.kit.Asset;
import skynet.kit.HttpConfig;
import skynet.kit.Identity;
import skynet.kit.Vitals;

/** The names by which a node lets itself be called. */
class FrontDoorTest {
    private static final int MISDIRECTED = 421;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void aHostIsReadWithoutItsPort() {
        assertEquals("localhost", FrontDoor.withoutPort("localhost:8080"));
        assertEquals("[::1]", FrontDoor.withoutPort("[::1]:1"));
        for (String host : List.of("localhost", "", ":", "localhost:", "localhost:123456", "localhost:80a", "[::1]")) {
            assertEquals(host, FrontDoor.withoutPort(host));
        }
        assertEquals("localhost:1", FrontDoor.withoutPort("localhost:1:2"));
    }

    @Test
    void anAllowedNameIsTheSameInCapitals() throws Exception {
        int port = open("127.0.0.1", "Node.Example", "second.example");
        for (String host : List.of("node.example", "NODE.example:1", "Second.Example", "LocalHost:" + port)) {
            assertEquals(200, ask(port, host), host);
        }
    }

    @Test
    void theAddressListenedOnIsANameOfTheNode() throws Exception {
        int port = open("127.0.0.2");
        assertEquals(200, ask("127.0.0.2", port, "127.0.0.2:" + port));
        assertEquals(MISDIRECTED, ask("127.0.0.2", port, "127.0.0.3:" + port));
    }

    @Test
    void everywhereIsNoName() throws Exception {
        int port = open("0.0.0.0");
        assertEquals(MISDIRECTED, ask(port, "0.0.0.0:" + port));
        assertEquals(MISDIRECTED, ask(port, "stranger.example"));
        assertEquals(200, ask(port, "127.0.0.1:" + port));
    }

    private int open(String host, String... names) throws Exception {
        Bus bus = new Bus(vertx, InstantSource.system());
        WebVerticle web = new WebVerticle(
                bus,
                new HttpConfig(host, 0, List.of(names)),
                new Identity(bus, true),
                new Vitals(),
                Optional.empty(),
                new Asset("none", Buffer::buffer));
        await(vertx.deployVerticle(web));
        return web.port();
    }

    private int ask(int port, String host) throws Exception {
        return ask("127.0.0.1", port, host);
    }

    private int ask(String address, int port, String host) throws Exception {
        RequestOptions live = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(address)
                .setPort(port)
                .setURI("/health/live")
                .putHeader("Host", host);
        return await(vertx.createHttpClient()
                .request(live)
                .compose(request -> request.send())
                .map(response -> response.statusCode()));
    }
}
