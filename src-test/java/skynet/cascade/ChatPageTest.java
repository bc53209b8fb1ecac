package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Knowledge;
import skynet.testkit.Chromium;
import skynet.testkit.Known;
import skynet.testkit.TestDatabase;

/** The chat page in a real browser, before a node that answers slowly and lines that can be cut. Skipped without Chromium. */
@Timeout(120)
class ChatPageTest {
    private static final String ANSWER = "sky-exchange:last-of-type .answer";

    /** How much of a conversation that is longer than the window lies below it. */
    private static final String BELOW = "(t => t.scrollHeight > t.clientHeight + 100"
            + " ? t.scrollHeight - t.scrollTop - t.clientHeight : NaN)(document.querySelector('#thread'))";

    @TempDir
    static Path home;

    private static final Vertx VERTX = Vertx.vertx();
    private static final Set<NetSocket> LINES = ConcurrentHashMap.newKeySet();

    private static TestDatabase postgres;
    private static Chromium browser;
    private static URI chat;

    @BeforeAll
    static void open() throws Exception {
        Path program = Chromium.program().orElseGet(() -> Assumptions.abort("no Chromium on the path"));
        postgres = TestDatabase.start(home);
        StreamNode room = StreamNode.withDoor(VERTX, postgres.uri());
        StreamNode.get(Known.on(room.bus()));
        StreamNode.get(room.bus()
                .serve(
                        Knowledge.Read.class,
                        read -> Future.succeededFuture(new Knowledge.Document(
                                read.document(), "Counting", "Before it. one\n" + "x".repeat(5_000) + " After it."))));
        int behind = room.port();
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
    void aPageThatIsLoadedAgainKeepsTheEndInViewAndLetsTheReaderLeaveIt() throws Exception {
        Chromium.Page page = browser.open(chat);
        ask(page, "count 2000 tail");
        page.awaitText(ANSWER, "w600 ");
        reload(page);
        page.awaitText(ANSWER, "w650 ");
        page.await("the end is in view", () -> page.value(BELOW + " < 2").equals("true"));
        page.value("document.querySelector('#thread').scrollTop = 0");
        page.awaitText(ANSWER, "w750 ");
        assertEquals("0", page.value("document.querySelector('#thread').scrollTop"));
        page.value("document.querySelector('#stop').click()");
        page.awaitText(ANSWER, "stopped");
    }

    @Test
    void whereAnAnswerBrokeOffIsShownAfterAReloadToo() throws Exception {
        Chromium.Page page = known();
        ask(page, "count 6 broken");
        page.awaitText(ANSWER + " .seam", "L3 broke off. The rest is missing.");
        page.awaitText(ANSWER, "SkyAI Advanced");
        reload(page);
        page.awaitText(ANSWER + " .seam", "L3 broke off. The rest is missing.");
        assertEquals(CountingTier.words(6).strip(), page.text(ANSWER + " .part").strip());
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

    @Test
    void aPersonFindsWhatTheySaidSearchesItAndDeletesIt() throws Exception {
        Chromium.Page page = known();
        ask(page, "count 3 herons");
        page.awaitText("sky-conversations nav", "count 3 herons");
        page.value("document.querySelector('sky-conversations .fresh').click()");
        ask(page, "count 4 finches");
        page.awaitText("sky-conversations nav", "count 4 finches");
        assertEquals("count 4 finches", page.text("#title"));
        page.value("(i => { i.value = 'HERON'; i.dispatchEvent(new Event('input')); })"
                + "(document.querySelector('sky-conversations input'))");
        page.awaitText("sky-conversations nav", "Found");
        assertEquals("1", page.value("document.querySelectorAll('sky-conversations li').length"));
        page.value("document.querySelector('sky-conversations li .open').click()");
        page.awaitText("#title", "count 3 herons");
        page.awaitText(ANSWER, "w1 w2 w3");
        assertEquals("1", page.value("document.querySelectorAll('sky-exchange').length"));
        page.value("document.querySelector('#acts > button').click()");
        page.value("document.querySelector('#acts .menu button:last-child').click()");
        page.awaitText("dialog", "cannot be undone");
        page.value("document.querySelector('dialog form').requestSubmit()");
        page.awaitText("#title", "New conversation");
        page.awaitText("sky-conversations nav", "None of your conversations has these words.");
        assertEquals(List.of(), page.complaints());
    }

    @Test
    void anotherAnswerStandsBesideTheFirstAndIsThereAfterAReload() throws Exception {
        Chromium.Page page = known();
        ask(page, "count 5 again");
        page.awaitText(ANSWER, "SkyAI Advanced");
        page.value("document.querySelector('.acts sky-menu > button').click()");
        page.value("document.querySelector('.acts .menu button').click()");
        page.awaitText(ANSWER, "2 of 2");
        reload(page);
        page.awaitText(ANSWER, "2 of 2");
        page.value("document.querySelector('.versions button').click()");
        page.awaitText(ANSWER, "1 of 2");
        page.awaitText(ANSWER, "w5");
        assertEquals("1", page.value("document.querySelectorAll('.question').length"));
    }

    @Test
    void whatAReaderThinksOfAnAnswerIsKept() throws Exception {
        Chromium.Page page = known();
        ask(page, "count 6 opinion");
        page.awaitText(ANSWER, "SkyAI Advanced");
        page.value("document.querySelector('sky-feedback button:last-of-type').click()");
        page.value("document.querySelector('.opinion input').value = 'It only counts'");
        page.value("document.querySelector('.opinion textarea').value = 'Six.'");
        page.value("document.querySelector('.opinion form').requestSubmit()");
        page.awaitText(".opinion", "Thank you");
        page.value("sessionStorage.clear()");
        reload(page);
        page.awaitText("sky-conversations nav", "count 6 opinion");
        page.value("document.querySelector('sky-conversations li .open').click()");
        page.await("the rating is told", () -> page.value(
                        "document.querySelector('sky-feedback button:last-of-type')?.getAttribute('aria-pressed')")
                .equals("true"));
        page.value("document.querySelector('sky-feedback button:last-of-type').click()");
        page.await("the rating is taken back", () -> page.value(
                        "document.querySelector('sky-feedback button:last-of-type').getAttribute('aria-pressed')")
                .equals("false"));
        assertEquals(List.of(), page.complaints());
    }

    @Test
    void aSourceOpensAtItsPassage() throws Exception {
        Chromium.Page page = browser.open(chat);
        ask(page, "count 7 source");
        page.awaitText(ANSWER, "Counting");
        page.value("document.querySelector('sky-citation button').click()");
        page.awaitText("dialog.sheet mark", "one");
        assertTrue(page.text("dialog.sheet .reading").startsWith("Before it. one"), page.text("dialog.sheet"));
        assertEquals(List.of(), page.complaints());
    }

    @Test
    void aGuestIsToldToLogInAndHasNoList() throws Exception {
        Chromium.Page page = browser.open(chat);
        page.awaitText("sky-conversations nav", "Log in");
        ask(page, "count 8 guest");
        page.awaitText(ANSWER, "SkyAI Advanced");
        assertEquals("0", page.value("document.querySelectorAll('sky-conversations li').length"));
        assertEquals(List.of(), page.complaints());
    }

    /** A page of somebody who is known, under a name of this machine where guests of other tests are not. */
    private static Chromium.Page known() throws Exception {
        Chromium.Page page = browser.open(URI.create("http://localhost:" + chat.getPort() + "/chat"));
        page.awaitText("sky-conversations nav", " ");
        page.value("document.cookie = 'skynet-session=user; path=/'");
        reload(page);
        page.await("the list is there", () -> page.value("document.querySelector('sky-conversations')?.kept")
                .equals("true"));
        return page;
    }

    /** Loads a page again and waits until the one before is gone. */
    private static void reload(Chromium.Page page) throws Exception {
        page.value("window.before = true");
        page.value("location.reload()");
        page.await(
                "it is loaded again", () -> page.value("typeof window.before").equals("undefined"));
    }

    private static void ask(Chromium.Page page, String question) throws Exception {
        page.await(
                "the node is live", () -> page.value("document.body.innerText").contains("Live"));
        page.value("document.querySelector('#question').value = '" + question + "'");
        page.value("document.querySelector('#composer').requestSubmit()");
    }
}
