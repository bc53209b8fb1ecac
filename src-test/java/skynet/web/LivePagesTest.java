package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Principal;
import skynet.testkit.Chromium;

/** What happens while a page stays open, in a real browser before a node that changes when the test wants. Skipped without Chromium. */
class LivePagesTest {
    private static final Duration PERIOD = Duration.ofMillis(100);

    /** A swarm of one place, without light nodes. */
    private static final JsonObject SWARM = new JsonObject()
            .put(
                    "members",
                    new JsonArray()
                            .add(new JsonObject()
                                    .put("node", "NOD1")
                                    .put("number", 1)
                                    .put("class", "core")
                                    .put("roles", new JsonArray().add("core"))
                                    .put("state", "live")))
            .put("counts", new JsonObject())
            .put("nodes", new JsonArray())
            .put("beats_per_second", 0)
            .put("interval_ms", 30_000);

    @TempDir
    Path home;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicReference<JsonObject> status = new AtomicReference<>(status("UP"));
    private final AtomicReference<JsonObject> members = new AtomicReference<>(members(1));
    private final AtomicInteger looks = new AtomicInteger();
    private HttpServer server;
    private Chromium browser;
    private int port;

    @BeforeEach
    void open() throws Exception {
        Path program = Chromium.program().orElseGet(() -> Assumptions.abort("no Chromium on the path"));
        browser = new Chromium(program, home.resolve("browser"));
    }

    @AfterEach
    void close() throws Exception {
        if (browser != null) {
            browser.close();
        }
        await(vertx.close());
    }

    @Test
    void aPartThatFailsAndRecoversShowsWithoutReload() throws Exception {
        listen(true);
        Chromium.Page page = page("/status");
        page.awaitText("#parts", "postgres");
        page.awaitText("#verdict", "All 1 parts work");
        status.set(status("DOWN"));
        page.awaitText("#verdict", "1 of 1 parts does not work: postgres");
        page.awaitText("#parts", "it went away");
        page.awaitText("sky-sparkline", "2.0 s");
        page.awaitText("sky-sparkline", "at most 7.5 ms");
        status.set(status("UP"));
        page.awaitText("#verdict", "All 1 parts work");
        assertEquals(List.of(), page.complaints());
    }

    @Test
    void membersComeAndGoWithoutReloadAndNothingIsAskedForAgain() throws Exception {
        listen(true);
        Chromium.Page page = page("/swarm");
        page.awaitText("#words", "This node is the only member.");
        members.set(members(1, 2));
        page.awaitText("#words", "All 2 members");
        page.awaitText("#happened", "NOD2 joined");
        members.set(members(1));
        page.awaitText("#happened", "NOD2 left");
        page.awaitText("#words", "This node is the only member.");
        assertFalse(
                page.requests().contains("/api/cluster/members"),
                page.requests().toString());
        assertFalse(page.requests().contains("/v1/status"), page.requests().toString());
    }

    @Test
    void manyTabsAskTheSourceOnce() throws Exception {
        listen(true);
        for (int tab = 0; tab < 4; tab++) {
            page("/swarm").awaitText("#words", "This node is the only member.");
        }
        Chromium.Page last = page("/swarm");
        last.awaitText("#words", "This node is the only member.");
        int before = looks.get();
        long began = System.nanoTime();
        members.set(members(1, 2, 3));
        last.awaitText("#words", "All 3 members");
        long periods = (System.nanoTime() - began) / PERIOD.toNanos();
        assertFalse(looks.get() - before > periods + 2, (looks.get() - before) + " looks in " + periods + " periods");
    }

    @Test
    void whereNoSocketOpensThePageAsksInstead() throws Exception {
        listen(false);
        Chromium.Page page = page("/swarm");
        page.awaitText("#words", "This node is the only member.");
        page.awaitRequest("/api/cluster/members");
        assertTrue(page.complaints().stream().allMatch(words -> words.contains("WebSocket connection")));
    }

    @Test
    void aLineThatBrokeIsOpenedAgain() throws Exception {
        listen(true);
        Chromium.Page page = page("/swarm");
        page.awaitText("#words", "This node is the only member.");
        await(server.close());
        page.awaitText("#chart", "Reconnecting");
        members.set(members(1, 2));
        listen(true);
        page.awaitText("#words", "All 2 members");
        page.awaitText("#happened", "NOD2 joined");
    }

    @Test
    void aPageLongerThanTheWindowScrollsWithinItselfAndNotIntoNothing() throws Exception {
        listen(true);
        for (String path : List.of("/knowledge", "/genom")) {
            Chromium.Page page = page(path);
            page.await("labels are there", () -> !page.value("document.querySelectorAll('main label.unseen').length")
                    .equals("0"));
            page.value("document.querySelector('.page').style.paddingTop = '3000px'");
            assertEquals("0", page.value("document.documentElement.scrollHeight - innerHeight"), path);
        }
    }

    private Chromium.Page page(String path) throws Exception {
        return browser.open(URI.create("http://127.0.0.1:" + port + path));
    }

    private void listen(boolean sockets) throws Exception {
        Pages pages = Pages.read();
        server = await(Future.future(opened -> vertx.runOnContext(now -> {
            Router router = Router.router(vertx);
            router.route().handler(request -> {
                Caller.put(request, Principal.GUEST, () -> Future.succeededFuture(Principal.GUEST));
                request.next();
            });
            router.get("/v1/status").handler(request -> {
                JsonObject whole = status.get()
                        .copy()
                        .put("at", Instant.now().toString())
                        .put("days", 90)
                        .put("pace_seconds", 300)
                        .put("paces", 72);
                whole.getJsonArray("parts")
                        .forEach(part ->
                                ((JsonObject) part).put("days", new JsonArray()).put("paces", new JsonArray()));
                Exchange.json(request, 200, whole);
            });
            router.get("/v1/stats")
                    .handler(request -> Exchange.json(
                            request,
                            200,
                            new JsonObject()
                                    .put("tokens", 1)
                                    .put("quadrants", new JsonObject())
                                    .put("sectors", new JsonObject())
                                    .put("languages", new JsonObject())));
            router.get("/v1/swarm").handler(request -> Exchange.json(request, 200, SWARM));
            router.get("/api/cluster/members").handler(request -> Exchange.json(request, 200, members.get()));
            if (sockets) {
                new BrowserBus(
                                List.of(),
                                List.of(
                                        new Topic(
                                                "ui.status",
                                                "status:read",
                                                PERIOD,
                                                () -> Future.succeededFuture(status.get())),
                                        new Topic(
                                                "ui.swarm.nodes",
                                                "swarm:read",
                                                PERIOD,
                                                () -> Future.succeededFuture(SWARM)),
                                        new Topic("ui.swarm.members", "swarm:read", PERIOD, () -> {
                                            looks.incrementAndGet();
                                            return Future.succeededFuture(members.get());
                                        })))
                        .mount(vertx, router);
            }
            pages.mount(router);
            vertx.createHttpServer()
                    .requestHandler(router)
                    .listen(port, "127.0.0.1")
                    .onComplete(opened);
        })));
        port = server.actualPort();
    }

    private static JsonObject status(String state) {
        boolean up = state.equals("UP");
        JsonObject part = new JsonObject()
                .put("part", "postgres")
                .put("status", state)
                .put("ms", up ? 1.25 : 2_000)
                .put(
                        "pace",
                        new JsonObject()
                                .put("from", Instant.now().toString())
                                .put("mean_ms", 1.25)
                                .put("most_ms", 7.5));
        return new JsonObject()
                .put("sentence", up ? "All 1 parts work" : "1 of 1 parts does not work: postgres")
                .put("node", 1)
                .put("release", "0.1.0")
                .put("since", Instant.now().toString())
                .put("draining", false)
                .put("parts", new JsonArray().add(up ? part : part.put("cause", "it went away")));
    }

    private static JsonObject members(int... numbers) {
        JsonArray members = new JsonArray();
        for (int number : numbers) {
            members.add(new JsonObject()
                    .put("number", number)
                    .put("address", "127.0.0." + number + ":5701")
                    .put("self", number == 1)
                    .put("since", 1_700_000_000)
                    .put("release", "0.1.0")
                    .put("state", "ready"));
        }
        return new JsonObject()
                .put("cluster", numbers.length == 1 ? null : "test")
                .put("members", members);
    }
}
