package skynet.crawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.SelfSignedCertificate;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import skynet.bus.Fault;

/** One request to a host that means no good. */
@Timeout(60)
class CrawlClientTest {
    private final Vertx vertx = Vertx.vertx();
    private TestSite site;
    private CrawlClient client;

    @BeforeEach
    void open() throws Exception {
        site = new TestSite();
        client = client(List.of("site.test:" + site.port()), everythingIs("127.0.0.1"), Duration.ofSeconds(2));
    }

    @AfterEach
    void close() throws Exception {
        site.close();
        await(vertx.close());
    }

    @Test
    void getsAPageAndSaysWhoAsks() throws Exception {
        site.html("/a?b=c", "A", "words");
        Reply reply = await(client.get(at("/a?b=c"), Map.of(), 1 << 20, false));
        assertEquals(200, reply.status());
        assertTrue(reply.body().toString().contains("words"));
        assertEquals(List.of("SkynetCrawler/test"), site.agents());
    }

    @Test
    void connectsToTheAddressThatWasJudgedAndAsksForItOnce() throws Exception {
        TestSite secret = new TestSite("127.0.0.2", site.port());
        secret.html("/", "Secret", "secret");
        site.html("/", "Open", "open");
        Deque<String> answers = new ArrayDeque<>(List.of("127.0.0.1", "127.0.0.2", "127.0.0.2"));
        AtomicInteger questions = new AtomicInteger();
        Names rebinding = host -> {
            questions.incrementAndGet();
            return Future.succeededFuture(List.of(address(answers.removeFirst())));
        };
        CrawlClient strict = new CrawlClient(
                vertx,
                new Gate(List.of("127.0.0.1/32"), Set.of(site.port())),
                rebinding,
                "SkynetCrawler/test",
                Duration.ofSeconds(2),
                CrawlClient.options());
        WebAddress page = WebAddress.parse("http://rebind.test:" + site.port() + "/");
        assertTrue(await(strict.get(page, Map.of(), 1 << 20, false))
                .body()
                .toString()
                .contains("open"));
        assertEquals(1, questions.get());
        assertEquals(
                Fault.Kind.DENIED,
                refused(strict.get(page, Map.of(), 1 << 20, false)).kind());
        assertEquals(List.of(), secret.asked());
        assertEquals(1, site.asked().size());
        secret.close();
    }

    @Test
    void refusesRedirectsToWhereItMayNotGo() throws Exception {
        for (String target : List.of(
                "http://169.254.169.254/latest/meta-data/",
                "http://127.0.0.1:" + site.port() + "/secret",
                "http://[::1]/",
                "http://0x7f.0.0.1/",
                "file:///etc/passwd",
                "//user@site.test/",
                "http://site.test:22/")) {
            site.redirect("/go", 302, target);
            assertEquals(
                    Fault.Kind.DENIED,
                    refused(client.follow(at("/go"), 1 << 20, false, 5)).kind(),
                    target);
        }
        assertTrue(site.asked().stream().allMatch("/go"::equals));
    }

    @Test
    void endsARedirectLoop() throws Exception {
        site.redirect("/a", 301, "/b").redirect("/b", 301, "/a");
        assertEquals(
                Fault.Kind.DENIED,
                refused(client.follow(at("/a"), 1 << 20, false, 5)).kind());
        assertEquals(6, site.asked().size());
    }

    @Test
    void stopsAtTheBoundOfABodyWithoutEnd() throws Exception {
        site.on("/endless", request -> {
            request.response().setChunked(true).putHeader("Content-Type", "text/html");
            request.connection().exceptionHandler(gone -> {});
            long timer = site.vertx().setPeriodic(1, tick -> {
                if (!request.response().closed()) {
                    request.response().write(Buffer.buffer(new byte[64 << 10]));
                }
            });
            request.response().closeHandler(closed -> site.vertx().cancelTimer(timer));
        });
        assertEquals(
                Fault.Kind.TOO_LARGE,
                refused(client.get(at("/endless"), Map.of(), 1 << 20, false)).kind());
        Reply cut = await(client.get(at("/endless"), Map.of(), 100_000, true));
        assertEquals(100_000, cut.body().length());
        assertTrue(cut.cut());
    }

    @Test
    void refusesALengthThatIsTooLongBeforeItComes() throws Exception {
        site.on("/big", request -> {
            request.response().putHeader("Content-Length", "999999999999");
            request.response().write("x");
        });
        assertEquals(
                Fault.Kind.TOO_LARGE,
                refused(client.get(at("/big"), Map.of(), 1 << 20, false)).kind());
    }

    @Test
    void givesUpAHostThatDripsOrSaysNothing() throws Exception {
        site.on("/drip", request -> {
            request.response().setChunked(true);
            long timer = site.vertx().setPeriodic(100, tick -> {
                if (!request.response().closed()) {
                    request.response().write(".");
                }
            });
            request.response().closeHandler(closed -> site.vertx().cancelTimer(timer));
        });
        site.on("/silence", request -> {});
        for (String path : List.of("/drip", "/silence")) {
            long before = System.nanoTime();
            assertEquals(
                    Fault.Kind.LATE,
                    refused(client.get(at(path), Map.of(), 1 << 20, false)).kind());
            assertTrue(System.nanoTime() - before < 4_000_000_000L);
        }
    }

    @Test
    void refusesNonsenseInThePlaceOfHttp() throws Exception {
        for (String nonsense : List.of(
                "\0\1\2\3 what\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: " + "y".repeat(40_000) + "\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nnot fifty",
                "")) {
            NetServer server = await(vertx.createNetServer()
                    .connectHandler(socket -> socket.end(Buffer.buffer(nonsense)))
                    .listen(0, "127.0.0.1"));
            CrawlClient other = client(
                    List.of("site.test:" + server.actualPort()), everythingIs("127.0.0.1"), Duration.ofSeconds(2));
            WebAddress page = WebAddress.parse("http://site.test:" + server.actualPort() + "/");
            refused(other.get(page, Map.of(), 1 << 20, false));
            await(server.close());
        }
    }

    @Test
    void provesTheNameThatWasAskedForWhereItSpeaksTls() throws Exception {
        SelfSignedCertificate good = SelfSignedCertificate.create("site.test");
        HttpServer server = await(vertx.createHttpServer(
                        new HttpServerOptions().setSsl(true).setSni(true).setKeyCertOptions(good.keyCertOptions()))
                .requestHandler(request -> request.response()
                        .end(request.authority().host() + " "
                                + request.connection().indicatedServerName()))
                .listen(0, "127.0.0.1"));
        List<String> open = List.of("site.test:" + server.actualPort(), "other.test:" + server.actualPort());
        HttpClientOptions trusting = CrawlClient.options().setTrustOptions(good.trustOptions());
        CrawlClient tls = new CrawlClient(
                vertx,
                new Gate(open),
                everythingIs("127.0.0.1"),
                "SkynetCrawler/test",
                Duration.ofSeconds(5),
                trusting);
        String port = ":" + server.actualPort() + "/";
        Reply reply = await(tls.get(WebAddress.parse("https://site.test" + port), Map.of(), 1 << 20, false));
        assertEquals("site.test site.test", reply.body().toString());
        refused(tls.get(WebAddress.parse("https://other.test" + port), Map.of(), 1 << 20, false));
        refused(client(open, everythingIs("127.0.0.1"), Duration.ofSeconds(5))
                .get(WebAddress.parse("https://site.test" + port), Map.of(), 1 << 20, false));
    }

    @Test
    void neverGoesFromHttpsToHttp() throws Exception {
        Reply reply = new Reply(
                WebAddress.parse("https://example.org/"),
                302,
                io.vertx.core.MultiMap.caseInsensitiveMultiMap().add("Location", "http://example.org/"),
                Buffer.buffer(),
                false);
        assertTrue(CrawlClient.target(reply).isEmpty());
    }

    private WebAddress at(String path) {
        return WebAddress.parse("http://site.test:" + site.port() + path);
    }

    private CrawlClient client(List<String> open, Names names, Duration patience) {
        return new CrawlClient(vertx, new Gate(open), names, "SkynetCrawler/test", patience, CrawlClient.options());
    }

    static Names everythingIs(String address) {
        return host -> Future.succeededFuture(List.of(address(
                host.equals("localhost") || Character.isDigit(host.charAt(0)) || host.indexOf(':') >= 0
                        ? host
                        : address)));
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    private static Fault refused(Future<?> asked) throws Exception {
        try {
            Object answer = await(asked);
            throw new AssertionError("answered: " + answer);
        } catch (ExecutionException e) {
            return (Fault) e.getCause();
        }
    }
}
