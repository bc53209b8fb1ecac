package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages in a real browser, before a node that answers what and when the test wants. Skipped without Chromium. */
class PageScriptsTest {
    @TempDir
    Path home;

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<JsonObject> asked = new LinkedBlockingQueue<>();
    private final Promise<Void> lateShown = Promise.promise();
    private Path browser;
    private int port;

    @BeforeEach
    void open() throws Exception {
        browser = Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, "chromium"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> Assumptions.abort("no Chromium on the path"));
        Router router = Router.router(vertx);
        router.get("/health")
                .handler(request -> Exchange.json(
                        request,
                        200,
                        new JsonObject()
                                .put(
                                        "checks",
                                        new JsonArray()
                                                .add(new JsonObject()
                                                        .put("id", "knowledge")
                                                        .put("data", new JsonObject().put("documents", 4_321))))));
        router.get("/api/knowledge/documents")
                .handler(request ->
                        Exchange.json(request, 200, new JsonObject().put("documents", new JsonArray().add("one"))));
        router.get("/v1/lookup").handler(this::lookup);
        router.get("/v1/dictionary/nearest")
                .handler(request -> Exchange.json(request, 200, new JsonObject().put("items", new JsonArray())));
        router.post("/api/chat/message").handler(this::chat);
        Pages pages = Pages.read();
        acts(
                router,
                "/genom",
                "input = document.querySelector('#word'); input.value = 'late';"
                        + "document.querySelector('#lookup').requestSubmit();"
                        + "new MutationObserver(() => document.querySelector('#found').textContent.includes('T-late')"
                        + " && fetch('/shown')).observe(document.querySelector('#found'), { childList: true });");
        router.get("/shown").handler(request -> {
            lateShown.tryComplete();
            request.response().end();
        });
        acts(
                router,
                "/chat",
                "sessionStorage.setItem('skynet.handed', 'ahoj');"
                        + "setInterval(() => [...document.querySelectorAll('sky-exchange button')]"
                        + ".find((b) => b.textContent === 'Try again')?.click(), 50);");
        pages.mount(router);
        port = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
                .actualPort();
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void homeTellsHowManyDocumentsThereAreNotHowManyOnePageLists() throws Exception {
        assertTrue(dom("/").contains(">4,321<"));
    }

    @Test
    void theLastWordLookedUpIsShownHoweverLateTheOneBeforeIsAnswered() throws Exception {
        String shown = dom("/genom");
        assertTrue(shown.contains(">T-late<"), shown);
    }

    @Test
    void aQuestionAskedAgainKeepsItsId() throws Exception {
        dom("/chat");
        JsonObject first = asked.poll(20, TimeUnit.SECONDS);
        JsonObject second = asked.poll(20, TimeUnit.SECONDS);
        assertNotNull(second, "not asked again");
        assertNotNull(first.getString("message_id"));
        assertEquals(first, second);
    }

    /** Answers the first word only after the last one is shown. */
    private void lookup(RoutingContext request) {
        String word = request.queryParams().get("word");
        Future<Void> turn = word.equals("late") ? Future.succeededFuture() : lateShown.future();
        turn.onSuccess(now -> {
            Exchange.json(
                    request,
                    200,
                    new JsonObject()
                            .put("token_id", "T-" + word)
                            .put("canonical", word)
                            .put("hex", "0x1")
                            .put("sector", "s")
                            .put("r", 1.0)
                            .put("theta", 1.0));
        });
    }

    private void chat(RoutingContext request) {
        request.request().body().onSuccess(body -> {
            asked.add(body.toJsonObject());
            Problem.answer(request, new Refusal(503, "busy", "Too many requests at once.", "Try again shortly."));
        });
    }

    /** Serves a page on which somebody acts at once. */
    private static void acts(Router router, String path, String script) throws Exception {
        String page;
        try (var file = Pages.class.getResourceAsStream("/webroot" + path + ".html")) {
            page = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
        boolean before = path.equals("/chat");
        String scripted = before
                ? page.replace("<head>", "<head><script>" + script + "</script>")
                : page.replace("</body>", "<script type=\"module\">let " + script + "</script></body>");
        router.get(path).handler(request -> request.response()
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .end(scripted));
    }

    private String dom(String path) throws Exception {
        Path dom = home.resolve("dom.html");
        Process process = new ProcessBuilder(
                        browser.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--lang=en-US",
                        "--user-data-dir=" + home.resolve("browser"),
                        "--virtual-time-budget=10000",
                        "--dump-dom",
                        "http://127.0.0.1:" + port + path)
                .redirectOutput(dom.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return Files.readString(dom);
    }
}
