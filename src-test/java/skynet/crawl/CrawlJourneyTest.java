package skynet.crawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.kit.ExitCode;
import skynet.testkit.RunningNode;

/** A node reads a site on loopback and answers from it, over HTTP only, against the fat JAR with its own model. */
@Timeout(300)
class CrawlJourneyTest {
    private static final String QUESTION = "What colour is the lighthouse of Arkona?";

    @TempDir
    Path home;

    private TestSite site;
    private RunningNode node;

    @BeforeEach
    void start() throws Exception {
        site = new TestSite();
        node = start(home.resolve("data"));
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
        site.close();
    }

    @Test
    void answersFollowWhatTheSiteSays() throws Exception {
        site.html("/", "Home", "Start. <a href=/light>Light</a> <a href=/door>Door</a>")
                .html("/light", "Lighthouse", "<p>The lighthouse of Arkona is painted yellow.")
                .html("/door", "Greenhouse", "<p>The greenhouse door opens at seven in the morning.");
        JsonObject first = crawl();
        assertEquals(3, first.getInteger("learned"));
        JsonObject answer = node.ask(QUESTION);
        assertTrue(answer.getString("answer").contains("yellow"), answer.encode());
        assertEquals(at("/light"), citation(answer).getString("document"));
        assertEquals("L0", node.ask(QUESTION).getString("level"));

        JsonObject second = crawl();
        assertEquals(3, second.getInteger("learned"), "a second crawl embeds nothing");
        assertEquals(3, second.getInteger("unchanged"));

        site.html("/light", "Lighthouse", "<p>The lighthouse of Arkona is painted green.");
        assertEquals(4, crawl().getInteger("learned"));
        assertTrue(node.ask(QUESTION).getString("answer").contains("green"));

        site.without("/light");
        crawl();
        assertFalse(node.ask(QUESTION).getBoolean("answered"), "what is gone is not answered from, nor from the cache");
        assertTrue(node.ask("When does the greenhouse door open?").getBoolean("answered"));
        assertEquals(200, node.send(node.asOwner(siteOf()).DELETE()).statusCode());
        for (int tries = 0; tries < 200 && !look("").getJsonArray("sites").isEmpty(); tries++) {
            Thread.sleep(50);
        }
        assertFalse(node.ask("When does the greenhouse door open?").getBoolean("answered"));
    }

    @Test
    void whatIsFoundHasItsExactPlaceAndIsMarkedAsOfStrangers() throws Exception {
        site.html("/", "Lighthouse", "<h1>Light</h1><p>😀 The lighthouse of Arkona is painted yellow.");
        crawl();
        JsonObject found = new JsonObject(
                node.get("/api/crawler/search?q=lighthouse+Arkona").body());
        assertEquals(at("/"), found.getJsonArray("results").getJsonObject(0).getString("url"));
        assertFalse(found.getJsonArray("results").getJsonObject(0).getBoolean("trusted"));
        assertFalse(found.getBoolean("internet"));
        JsonObject hit = new JsonObject(
                        node.get("/api/crawler/knowledge?q=lighthouse+Arkona").body())
                .getJsonArray("hits")
                .getJsonObject(0);
        assertEquals(at("/"), hit.getString("document"));
        assertFalse(hit.getBoolean("trusted"), hit.encode());
        JsonObject document = new JsonObject(node.get("/api/knowledge/documents/"
                        + URLEncoder.encode(at("/"), StandardCharsets.UTF_8).replace("%2F", "/"))
                .body());
        assertEquals(
                hit.getString("text"),
                document.getString("text").substring(hit.getInteger("start"), hit.getInteger("end")));
    }

    @Test
    void goesOnAfterAPowerCut() throws Exception {
        for (int i = 0; i < 30; i++) {
            int number = i;
            site.on("/" + (i == 0 ? "" : i), request -> site.vertx().setTimer(100, later -> request.response()
                    .putHeader("Content-Type", "text/html")
                    .end("<title>P" + number + "</title><p>Page number " + number + " tells of thing " + number * 7
                            + ". <a href=/" + (number + 1) + ">on</a>")));
        }
        post("/api/crawler/crawl", new JsonObject().put("url", at("/")).put("depth", 20));
        while (!site.asked().contains("/10")) {
            Thread.sleep(20);
        }
        node.kill();
        node = start(home.resolve("data"));
        JsonObject done = settled();
        assertEquals(21, done.getJsonObject("found").getInteger("indexed"));
        assertTrue(site.asked().stream().filter("/5"::equals).count() == 1, "what was done is not done again");
    }

    @Test
    void aPairChangesAnswersWhenSomebodyElseHasApprovedIt() throws Exception {
        String question = "What is the code name of the winter regatta?";
        JsonObject pair = new JsonObject()
                .put("question", question)
                .put("answer", "The winter regatta has the code name Silver Heron.")
                .put("source", "the harbour office");
        assertEquals(401, node.post("/api/crawler/learn", pair.encode()).statusCode());
        JsonObject account = new JsonObject(node.post(
                        "/api/auth/register",
                        new JsonObject()
                                .put("email", "ada@example.org")
                                .put("password", "correct horse battery")
                                .encode())
                .body());
        HttpRequest.Builder proposal = HttpRequest.newBuilder(node.address().resolve("/api/crawler/learn"))
                .header("Authorization", "Bearer " + account.getString("access_token"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(pair.encode()));
        String id = new JsonObject(node.send(proposal).body()).getString("id");
        assertFalse(node.ask(question).getBoolean("answered"));
        HttpRequest.Builder own = HttpRequest.newBuilder(
                        node.address().resolve("/api/crawler/learn/" + id + "/approve"))
                .header("Authorization", "Bearer " + account.getString("access_token"))
                .POST(BodyPublishers.noBody());
        assertEquals(403, node.send(own).statusCode());
        assertFalse(node.ask(question).getBoolean("answered"));
        JsonObject approved = new JsonObject(
                node.send(node.asOwner("/api/crawler/learn/" + id + "/approve").POST(BodyPublishers.noBody()))
                        .body());
        assertEquals("approved", approved.getString("state"), approved.encode());
        JsonObject answer = node.ask(question);
        assertTrue(answer.getString("answer").contains("Silver Heron"), answer.encode());
        assertEquals("L0", node.ask(question).getString("level"));
        assertEquals("learned/" + id, citation(answer).getString("document"));

        String ours = post("/api/crawler/learn", pair.put("answer", "Another.")).getString("id");
        assertEquals(
                403,
                node.send(node.asOwner("/api/crawler/learn/" + ours + "/approve")
                                .POST(BodyPublishers.noBody()))
                        .statusCode());
    }

    @Test
    void theCommandLineCrawlsAndLists() throws Exception {
        site.html("/", "Home", "Start. <a href=/a>A</a>").html("/a", "A", "<p>Page A has words of its own.");
        String crawled = command(ExitCode.OK, "crawl", at("/"), "--depth", "1", "--pages", "5");
        assertTrue(crawled.contains("2 pages known by their words, 2 embedded"), crawled);
        assertTrue(command(ExitCode.OK, "crawl", "ls").contains(host()));
        assertTrue(command(ExitCode.FAILED, "crawl", "http://169.254.169.254/")
                .contains("crawl.allowed-hosts: \"169.254.169.254\""));
        assertTrue(command(ExitCode.OK, "crawl", "rm", host()).contains("leaves with 2 documents"));
    }

    private RunningNode start(Path data) throws Exception {
        return RunningNode.start(data, Map.of("SKYNET_CRAWL_ALLOWED_HOSTS", host(), "SKYNET_CRAWL_PAUSE_MILLIS", "0"));
    }

    private JsonObject crawl() throws Exception {
        post("/api/crawler/crawl", new JsonObject().put("url", at("/")));
        return settled();
    }

    private JsonObject settled() throws Exception {
        for (; ; ) {
            JsonArray sites = look("?site=" + host()).getJsonArray("sites");
            if (sites.getJsonObject(0).getString("state").equals("resting")) {
                return sites.getJsonObject(0);
            }
            Thread.sleep(50);
        }
    }

    private JsonObject look(String query) throws Exception {
        return new JsonObject(node.send(node.asOwner("/api/crawler" + query)).body());
    }

    private JsonObject post(String path, JsonObject json) throws Exception {
        HttpResponse<String> answer = node.send(node.asOwner(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json.encode())));
        assertEquals(200, answer.statusCode(), answer.body());
        return new JsonObject(answer.body());
    }

    private String command(int exitCode, String... arguments) throws Exception {
        Path jar = Path.of(System.getProperty("skynet.jar", "../verticles/target/skynet.jar"));
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString());
        builder.command().addAll(java.util.List.of(arguments));
        builder.environment().keySet().removeIf(name -> name.startsWith("SKYNET_"));
        builder.environment().put("SKYNET_DATA_DIR", home.resolve("data").toString());
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("the command did not end: " + said);
        }
        assertEquals(exitCode, process.exitValue(), said);
        return said;
    }

    private static JsonObject citation(JsonObject answer) {
        return answer.getJsonArray("citations").getJsonObject(0);
    }

    private String siteOf() {
        return "/api/crawler/sites/" + host();
    }

    private String host() {
        return "127.0.0.1:" + site.port();
    }

    private String at(String path) {
        return "http://" + host() + path;
    }
}
