package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.testkit.Known;

/** The doors of the documents before a room that writes down what it hears: who writes where, and files of every kind. */
class KnowledgeDoorTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, InstantSource.system());
    private final WebVerticle web = Doors.on(bus);
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Knowledge> heard = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws Exception {
        await(Known.on(bus));
        await(bus.serve(Knowledge.Import.class, file -> {
            heard.add(file);
            return file.document().endsWith(".zip")
                    ? Future.failedFuture(new Fault(Fault.Kind.UNSUPPORTED, file.document() + ": an archive"))
                    : file.document().endsWith(".bad")
                            ? Future.failedFuture(new Fault(Fault.Kind.UNREADABLE, file.document() + ": broken"))
                            : Future.succeededFuture(new Knowledge.Imported(file.document(), "Title", 2, true, 30, 1));
        }));
        await(bus.serve(Knowledge.LearnAll.class, all -> {
            heard.add(all);
            return Future.succeededFuture(new Knowledge.LearnedAll(all.documents().stream()
                    .map(learn -> new Knowledge.Learned(learn.document(), 1, true))
                    .toList()));
        }));
        await(bus.serve(Knowledge.Learn.class, learn -> {
            heard.add(learn);
            return Future.succeededFuture(new Knowledge.Learned(learn.document(), 1, true));
        }));
        await(bus.serve(Knowledge.Forget.class, forget -> {
            heard.add(forget);
            return Future.succeededFuture(new Knowledge.Forgotten(forget.document()));
        }));
        await(bus.serve(Knowledge.Search.class, search -> {
            heard.add(search);
            return Future.succeededFuture(new Knowledge.Found(List.of()));
        }));
        await(vertx.deployVerticle(web));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void operatorsWriteWhatIsSharedAndUsersWhatIsTheirTenants() throws Exception {
        String body = "{\"title\":\"T\",\"text\":\"words\"%s}";
        assertEquals(200, send("operator", "PUT", "documents/a", "application/json", body.formatted("")));
        assertEquals("", ((Knowledge.Learn) heard.get(0)).tenant());
        assertEquals(
                200, send("operator", "PUT", "documents/a", "application/json", body.formatted(",\"shared\":false")));
        assertEquals("people", ((Knowledge.Learn) heard.get(1)).tenant());
        assertEquals(
                200, send("user", "PUT", "documents/a", "application/json", body.formatted(",\"collection\":\"x\"")));
        assertEquals("people", ((Knowledge.Learn) heard.get(2)).tenant());
        assertEquals("x", ((Knowledge.Learn) heard.get(2)).collection());
        assertEquals(403, send("user", "PUT", "documents/a", "application/json", body.formatted(",\"shared\":true")));
        assertEquals(401, send("", "PUT", "documents/a", "application/json", body.formatted("")));
        assertEquals(200, send("user", "DELETE", "documents/a?collection=x", "", ""));
        assertEquals(new Knowledge.Forget("a", "people", "x"), heard.get(3));
        assertEquals(403, send("user", "DELETE", "documents/a?shared=true", "", ""));
        assertEquals(400, send("user", "DELETE", "documents/a?shared=perhaps", "", ""));
        assertEquals(200, send("", "POST", "search", "application/json", "{\"question\":\"q\"}"));
        assertEquals(new Knowledge.Search("q", "guests", "", 10), heard.get(4));
        assertEquals(5, heard.size());
    }

    @Test
    void aFileComesAsItIs() throws Exception {
        assertEquals(200, send("user", "POST", "upload?name=a%20b.txt&collection=c", "text/plain", "žluť"));
        Knowledge.Import file = (Knowledge.Import) heard.get(0);
        assertEquals("a b.txt", file.document());
        assertEquals("people", file.tenant());
        assertEquals("text/plain", file.mediaType());
        assertEquals("žluť", new String(Base64.getDecoder().decode(file.content()), StandardCharsets.UTF_8));
        assertEquals(415, send("user", "POST", "upload?name=a.zip", "application/zip", "x"));
        assertEquals(422, send("user", "POST", "upload?name=a.bad", "application/pdf", "x"));
        assertEquals(400, send("user", "POST", "upload", "text/plain", "x"));
        assertEquals(400, send("user", "POST", "upload?name=x&collection=../up", "text/plain", "x"));
        assertEquals(403, send("user", "POST", "upload?name=x&shared=true", "text/plain", "x"));
        assertEquals(401, send("", "POST", "upload?name=x", "text/plain", "x"));
    }

    @Test
    void filesComeInAFormAndOneThatIsRefusedKeepsNoOtherOut() throws Exception {
        HttpResponse<String> answer = post(
                "operator", "upload?collection=c", "multipart/form-data; boundary=XX", form("a.md", "b.zip", "c.csv"));
        assertEquals(200, answer.statusCode(), answer.body());
        JsonObject json = new JsonObject(answer.body());
        assertEquals(3, json.getJsonArray("documents").size());
        assertEquals("a.md", json.getJsonArray("documents").getJsonObject(0).getString("document"));
        assertEquals(
                415,
                json.getJsonArray("documents")
                        .getJsonObject(1)
                        .getJsonObject("problem")
                        .getInteger("status"));
        assertEquals("c", ((Knowledge.Import) heard.get(2)).collection());
        assertEquals(415, send("operator", "POST", "upload", "multipart/form-data; boundary=XX", form("b.zip")));
        assertEquals(400, send("operator", "POST", "upload", "multipart/form-data; boundary=XX", "--XX--\r\n"));
        String[] many = new String[Uploads.FILES_MAX + 1];
        java.util.Arrays.fill(many, "a.md");
        assertEquals(400, send("operator", "POST", "upload", "multipart/form-data; boundary=XX", form(many)));
    }

    @Test
    void manyDocumentsComeAsLinesAndABadOneKeepsNoOtherOut() throws Exception {
        String lines =
                "{\"id\":\"1\",\"title\":\"\",\"text\":\"one\"}\n\nnonsense\n{\"id\":\"2\",\"text\":\"two\",\"pages\":[0,2]}\n"
                        + "{\"id\":\"3\",\"text\":\"x\",\"pages\":[9]}\n";
        HttpResponse<String> answer = post("operator", "batch?collection=c", "application/x-ndjson", lines);
        assertEquals(200, answer.statusCode(), answer.body());
        JsonObject json = new JsonObject(answer.body());
        assertEquals(2, json.getInteger("documents"));
        assertEquals(2, json.getJsonArray("refused").getJsonObject(0).getInteger("line"));
        assertEquals(4, json.getJsonArray("refused").getJsonObject(1).getInteger("line"));
        List<Knowledge.Learn> learned = ((Knowledge.LearnAll) heard.get(0)).documents();
        assertEquals(new Knowledge.Learn("1", "1", "one", "", "c", List.of()), learned.get(0));
        assertEquals(List.of(0, 2), learned.get(1).pages());
        assertEquals(400, send("operator", "POST", "batch", "application/x-ndjson", "\n"));
        assertEquals(400, send("operator", "POST", "batch", "application/x-ndjson", "{}\n".repeat(257)));
        assertEquals(415, send("operator", "POST", "batch", "application/json", "{}"));
    }

    @Test
    void whereAModelIsReachedIsToldToOperatorsAlone() throws Exception {
        String trouble = "model: m at http://10.0.0.7/v1 answers 503";
        await(bus.serve(
                Knowledge.LookAtFinder.class,
                look -> Future.succeededFuture(
                        new Knowledge.Finder("jar", 384, "jar", 0, 0, 1, 1, "jar", "", trouble))));
        for (String caller : List.of("", "user", "operator")) {
            HttpResponse<String> answer =
                    client.send(request(caller, "GET", "model", "", ""), HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode());
            assertTrue(answer.body().contains("\"trouble\":\"model: "), answer.body());
            assertEquals(caller.equals("operator"), answer.body().contains("10.0.0.7"), caller);
        }
    }

    private static String form(String... names) {
        StringBuilder form = new StringBuilder();
        for (String name : names) {
            form.append("--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"")
                    .append(name)
                    .append("\"\r\nContent-Type: text/plain\r\n\r\nsome words\r\n");
        }
        return form.append("--XX--\r\n").toString();
    }

    private int send(String token, String method, String path, String type, String body) throws Exception {
        HttpResponse<String> answer =
                client.send(request(token, method, path, type, body), HttpResponse.BodyHandlers.ofString());
        assertTrue(answer.statusCode() == 200 || answer.body().contains("\"detail\""), answer.body());
        return answer.statusCode();
    }

    private HttpResponse<String> post(String token, String path, String type, String body) throws Exception {
        return client.send(request(token, "POST", path, type, body), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String token, String method, String path, String type, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + web.port() + "/api/knowledge/" + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) request.header("Authorization", "Bearer " + token);
        if (!type.isEmpty()) request.header("Content-Type", type);
        return request.build();
    }
}
