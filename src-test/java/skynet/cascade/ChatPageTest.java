package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.kit.Database;
import skynet.node.DataDirectory;
import skynet.node.EmbeddedPostgres;
import skynet.testkit.Chromium;

/** The chat page in a real browser, before a node that answers slowly and lines that can be cut. Skipped without Chromium. */
@Timeout(120)
class ChatPageTest {
    private static final String ANSWER = "sky-exchange:last-of-type .answer";

    @TempDir
    static Path home;

    private static final Vertx VERTX = Vertx.vertx();
    private static final Set<NetSocket> LINES = ConcurrentHashMap.newKeySet();

    private static DataDirectory directory;
    private static EmbeddedPostgres postgres;
    private static Chromium browser;
    private static URI chat;

    @BeforeAll
    static void open() throws Exception {
        Path program = Chromium.program().orElseGet(() -> Assumptions.abort("no Chromium on the path"));
        directory = DataDirectory.open(home.resolve("data"));
        postgres = EmbeddedPostgres.start(directory, line -> {});
        Database.migrate(postgres.uri());
        int behind = StreamNode.withDoor(VERTX, postgres.uri()).port();
        NetClient client = VERTX.createNetClient();
        int port = StreamNode.get(VERTX.createNetServer()
                        .connectHandler(line -> {
                            line.pause();
                            LINES.add(line);
                            client.connect(behind, "127.0.0.1").onSuccess(node -> {
                                line.pipeTo(node);
                                node.pipeTo(line);
                            });
                        })
                        .listen(0, "127.0.0.1"))
                .actualPort();
        chat = URI.create("http://127.0.0.1:" + port + "/chat");
        browser = new Chromium(program, home.resolve("browser"));
    }

    @AfterAll
    static void close() throws Exception {
        if (browser != null) {
            browser.close();
        }
        StreamNode.get(VERTX.close());
        if (postgres != null) {
            postgres.close();
            directory.close();
        }
    }

    @Test
    void anAnswerGrowsWordByWordAndStopEndsItAtTheNode() throws Exception {
        Chromium.Page page = browser.open(chat);
        ask(page, "count 5000 page");
        page.awaitText(ANSWER, "w5 w6");
        page.value("document.querySelector('#stop').click()");
        page.awaitText(ANSWER, "stopped");
        page.await("closed upstream", () -> CountingTier.CANCELLED.containsKey("count 5000 page"));
        String kept = page.text(ANSWER + " .text");
        assertTrue(kept.startsWith("w1 w2 w3"), kept);
    }

    @Test
    void aPageThatIsLoadedAgainReadsOn() throws Exception {
        Chromium.Page page = browser.open(chat);
        ask(page, "count 150 reload");
        page.awaitText(ANSWER, "w10 ");
        page.value("location.reload()");
        page.awaitText(ANSWER, "w20 ");
        page.awaitText(ANSWER, "SkyAI Advanced");
        assertEquals(
                CountingTier.words(150).strip(), page.text(ANSWER + " .text").strip());
        assertEquals("1", page.value("document.querySelectorAll('sky-exchange').length"));
    }

    @Test
    void aPageWhoseLineIsCutReadsOn() throws Exception {
        Chromium.Page page = browser.open(chat);
        ask(page, "count 200 cut");
        page.awaitText(ANSWER, "w10 ");
        LINES.forEach(NetSocket::close);
        page.awaitText(ANSWER, "SkyAI Advanced");
        assertEquals(
                CountingTier.words(200).strip(), page.text(ANSWER + " .text").strip());
    }

    private static void ask(Chromium.Page page, String question) throws Exception {
        page.await(
                "the node is live", () -> page.value("document.body.innerText").contains("Live"));
        page.value("document.querySelector('#question').value = '" + question + "'");
        page.value("document.querySelector('#composer').requestSubmit()");
    }
}
