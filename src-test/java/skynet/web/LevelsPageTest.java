package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Bus;
import skynet.bus.Cascade.Level;
import skynet.bus.Fault;
import skynet.bus.Principal;
import skynet.bus.Telemetry;
import skynet.testkit.Chromium;

/** The page of the levels in a real browser, before a node with figures. Skipped without Chromium. */
class LevelsPageTest {
    private static final List<Integer> TARGETS = List.of(50, 200, 500, 300, 1_500, 2_000);

    @TempDir
    Path home;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, InstantSource.system());
    private Chromium browser;
    private boolean operator = true;
    private HttpServer server;

    @BeforeEach
    void open() throws Exception {
        Path program = Chromium.program().orElseGet(() -> Assumptions.abort("no Chromium on the path"));
        await(bus.serve(
                Telemetry.LookAtSlo.class,
                look -> Future.succeededFuture(new Telemetry.Slo(List.of(Level.values()).stream()
                        .map(level -> {
                            int target = TARGETS.get(level.ordinal());
                            return level == Level.L5
                                    ? new Telemetry.Timing(level, target, 0, 0, 0, 0)
                                    : new Telemetry.Timing(
                                            level, target, 100, target / 2, target + 1, level == Level.L3 ? 40 : 94);
                        })
                        .toList()))));
        await(bus.serve(
                Telemetry.LookAtLevels.class,
                look -> Future.succeededFuture(new Telemetry.Levels(List.of(Level.values()).stream()
                        .map(level -> new Telemetry.Condition(
                                level, level != Level.L5, level == Level.L5 ? "no model is set" : ""))
                        .toList()))));
        await(bus.serve(
                Telemetry.Summarise.class,
                ask -> Future.succeededFuture(new Telemetry.Summary(
                        List.of(
                                new Telemetry.Sum(20_000, Level.L0, "hit", 1_200, 0, 40, 0, 0, 4, 48, 3, 1),
                                new Telemetry.Sum(20_000, Level.L4, "hit", 30, 900, 700, 1.25, 2, 900, 4_100, 0, 0),
                                new Telemetry.Sum(19_999, Level.L4, "stopped", 5, 100, 70, 0.2, 0, 400, 900, 0, 0)),
                        0,
                        0))));
        await(bus.serve(
                Telemetry.LookAtPrices.class,
                look -> Future.succeededFuture(new Telemetry.Prices(
                        3, 1_800_000_000L, "people", List.of(new Telemetry.Price("premium", 3, 15))))));
        listen();
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
    void latenciesStandBesideTheirTargetsAndRequestsBesideTheirPrice() throws Exception {
        Chromium.Page page = page();
        for (int target : TARGETS) {
            page.awaitText("#times", String.format(Locale.US, "%,d ms", target));
        }
        page.awaitText("[data-level=L3]", "40 % within 300 ms");
        page.awaitText("[data-level=L3]", "half within 150 ms, 95 % within 301 ms, of 100 answers");
        page.awaitText("[data-level=L5]", "no answers yet · no model is set");
        page.awaitText("#asked", "1.45");
        page.awaitText("#asked", "and 2 without a price");
        page.awaitText("#asked", "stopped");
        page.awaitText("#prices", "premium");
        page.awaitText("#prices", "15.00");
        page.awaitText("#words", "L0, L1, L2, L3, L4 answer on this node now.");
        assertEquals(List.of(), page.complaints());
    }

    @Test
    void itFitsAPhoneInTheDarkAndInTheLight() throws Exception {
        Chromium.Page page = page();
        page.awaitText("#prices", "premium");
        page.on(1_200, false);
        String light = page.value("getComputedStyle(document.body).backgroundColor");
        page.on(390, true);
        String dark = page.value("getComputedStyle(document.body).backgroundColor");
        assertNotEquals(light, dark);
        page.await("nothing is wider than the phone", () -> page.value("document.documentElement.scrollWidth <= 390")
                .equals("true"));
        assertEquals(List.of(), page.complaints());
    }

    @Test
    void whoIsNoOperatorSeesHowLongItTakesAndNotWhatItCosts() throws Exception {
        operator = false;
        Chromium.Page page = page();
        page.awaitText("#times", "95 % within");
        page.awaitText("#asked", "For operators of this node.");
        page.awaitText("#prices", "Log in");
        assertFalse(page.text("main").contains("premium"));
    }

    private Chromium.Page page() throws Exception {
        return browser.open(URI.create("http://127.0.0.1:" + server.actualPort() + "/levels"));
    }

    private void listen() throws Exception {
        Pages pages = Pages.read();
        server = await(Future.future(opened -> vertx.runOnContext(now -> {
            Router router = Router.router(vertx);
            router.route().handler(request -> {
                String path = request.request().path();
                boolean open = operator || !(path.endsWith("/telemetry") || path.endsWith("/prices"));
                Caller.put(request, Principal.GUEST, () -> Future.succeededFuture(Principal.GUEST));
                if (open) {
                    request.next();
                } else {
                    Problem.answer(request, new Fault(Fault.Kind.UNAUTHENTICATED, "this needs a key"));
                }
            });
            new CascadeRoutes(bus).mount(router);
            router.get("/v1/status")
                    .handler(request -> Exchange.json(request, 200, new JsonObject().put("parts", new JsonArray())));
            pages.mount(router);
            vertx.createHttpServer()
                    .requestHandler(router)
                    .listen(0, "127.0.0.1")
                    .onComplete(opened);
        })));
    }
}
