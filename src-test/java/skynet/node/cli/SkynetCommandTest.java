package skynet.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import skynet.kit.ExitCode;
import skynet.kit.Settings;
import skynet.kit.StartFailure;

/** The command line: what it starts, what it says, and with which exit code it ends. */
final class SkynetCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<Settings> started = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();

    @TempDir
    Path temporary;

    private HttpServer node;
    private volatile int status = 404;
    private volatile String body = "";

    @BeforeEach
    void listen() throws IOException {
        node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        node.createContext("/", this::respond);
        node.start();
    }

    @AfterEach
    void stop() {
        node.stop(0);
    }

    @Test
    void runsTheNodeWithoutACommand() {
        assertEquals(ExitCode.OK, run("--http-port", "1"));
        assertEquals(1, started.get(0).number("http.port"));
    }

    @Test
    void runsTheNodeWithItsOptionsBeforeOrAfterTheCommand() {
        assertEquals(ExitCode.OK, run("run", "--http-port", "1", "--set", "grpc.port=2"));
        assertEquals(ExitCode.OK, run("--http-port", "1", "--set", "grpc.port=2", "run"));
        started.forEach(settings -> assertEquals(3, settings.number("http.port") + settings.number("grpc.port")));
        assertEquals(2, started.size());
    }

    @Test
    void tellsInTwoLinesWhyItCannotStart() {
        int code = run(() -> {
            throw new StartFailure(ExitCode.TRY_LATER, "port: 8080 is taken", "choose another");
        });
        assertEquals(ExitCode.TRY_LATER, code);
        assertEquals("skynet: port: 8080 is taken\n  fix: choose another\n", err.toString());
    }

    @Test
    void helpBreaksNoLineOfItsExamplesAndNoNameOfAFile() {
        List<String> broken = new ArrayList<>();
        requireWhole(SkynetCommand.line(console(), settings -> ExitCode.OK), broken);
        assertEquals(List.of(), broken);
        assertEquals(ExitCode.OK, run("index", "--help"));
        assertTrue(out.toString().contains("or lines of .jsonl files.\n"), out.toString());
    }

    /** Footers of several lines are laid out by hand. */
    private static void requireWhole(CommandLine command, List<String> broken) {
        List<String> shown = command.getUsageMessage().lines().toList();
        String[] footer = command.getCommandSpec().usageMessage().footer();
        for (int at = 0; footer.length > 1 && at < footer.length; at++) {
            String.format(footer[at])
                    .lines()
                    .filter(line -> !shown.contains(line))
                    .forEach(broken::add);
        }
        command.getSubcommands().values().forEach(sub -> requireWhole(sub, broken));
    }

    @Test
    void guessesWhatAMisspeltCommandMeant() {
        assertEquals(ExitCode.USAGE, run("encod"));
        assertTrue(err.toString().contains("did you mean: skynet encode?"), err.toString());
        assertEquals(ExitCode.USAGE, run("aks", "me"));
        assertTrue(err.toString().contains("did you mean: skynet ask?"), err.toString());
        assertEquals(ExitCode.USAGE, run("ask", " "));
        assertTrue(err.toString().contains("question: empty"), err.toString());
    }

    @Test
    void refusesBadSettings() {
        assertEquals(ExitCode.BAD_SETTINGS, run("config", "--set", "http.port=99999"));
        assertTrue(err.toString().contains("http.port: 99999 (expected: 0 to 65535), from option"), err.toString());
        assertEquals(ExitCode.BAD_SETTINGS, run("config", "--set", "http.prt=1"));
        assertTrue(err.toString().contains("did you mean http.port?"), err.toString());
    }

    @Test
    void printsSettingsWithTheirSource() {
        assertEquals(ExitCode.OK, run("config"));
        assertTrue(out.toString().matches("(?s).*http\\.port +8080 +default\n.*"), out.toString());
        assertTrue(out.toString().contains("SKYNET_DATA_DIR"), out.toString());
    }

    @Test
    void printsItsVersion() {
        assertEquals(ExitCode.OK, run("version"));
        assertTrue(out.toString().startsWith("skynet "), out.toString());
    }

    @Test
    void printsTheAnswerAndItsSources() {
        answer(
                200,
                """
                {"answer":"It watches.","answered":true,"level":"L1","brand":"SkyAI Standard","ms":3,
                 "citations":[{"document":"nod7.md","title":"NOD7","start":5,"end":16}]}""");
        assertEquals(ExitCode.OK, runAgainstNode("ask", "What", "does", "NOD7", "do?"));
        assertEquals("It watches.\n  [1] NOD7 (nod7.md, characters 5 to 16)\n", out.toString());
        assertEquals(List.of("POST /api/chat/message {\"message\":\"What does NOD7 do?\"}"), requests);
    }

    @Test
    void prefersTheAddressThatTheNodeWroteDown() throws Exception {
        answer(200, "{\"answer\":\"here\"}");
        Files.writeString(
                temporary.resolve("node.url"),
                "http://127.0.0.1:" + node.getAddress().getPort() + "\n");
        assertEquals(ExitCode.OK, run("ask", "x"));
        assertEquals("here\n", out.toString());
    }

    @Test
    void goesWhereAnOptionSaysAlthoughANodeWroteDownAnother() throws Exception {
        answer(200, "{\"answer\":\"there\"}");
        Files.writeString(temporary.resolve("node.url"), "http://127.0.0.1:" + freePort() + "\n");
        assertEquals(ExitCode.UNREACHABLE, run("ask", "x"));
        assertEquals(ExitCode.OK, runAgainstNode("ask", "x"));
        String port = "http.port=" + node.getAddress().getPort();
        assertEquals(ExitCode.OK, run("ask", "--set", port, "--http-host", "localhost", "x"));
        assertEquals(ExitCode.OK, runAgainstNode("doctor"));
        assertEquals(4, requests.size(), requests.toString());
    }

    @Test
    void saysHowToStartANodeWhenNoneAnswers() throws Exception {
        assertEquals(ExitCode.UNREACHABLE, run("ask", "--http-port", "" + freePort(), "x"));
        assertTrue(err.toString().contains("skynet run"), err.toString());
    }

    @Test
    void translatesRefusalsOfTheNode() {
        answer(503, "{\"detail\":\"Too many requests at once.\",\"fix\":\"Try again shortly.\"}");
        assertEquals(ExitCode.TRY_LATER, runAgainstNode("ask", "x"));
        assertTrue(err.toString().contains("Too many requests at once.\n  fix: Try again shortly."), err.toString());
        answer(403, "no JSON");
        assertEquals(ExitCode.NOT_ALLOWED, runAgainstNode("ask", "x"));
        answer(400, "{}");
        assertEquals(ExitCode.FAILED, runAgainstNode("ask", "x"));
    }

    @Test
    void indexesEveryDocumentOfAFolder() throws Exception {
        answer(200, "{\"documents\":3,\"chunks\":6,\"changed\":3,\"refused\":[]}");
        Path folder = Files.createDirectories(temporary.resolve("notes/deep er"));
        Files.writeString(folder.resolve("ä.md"), "# Heading\ntext");
        Files.writeString(folder.resolve("b.txt"), "plain");
        Files.writeString(folder.resolve("c.webp"), "not this");
        Files.writeString(folder.resolve("z.html"), "<title>Page</title><script>no</script><p>Read &amp; seen");
        assertEquals(
                ExitCode.OK, runAgainstNode("index", temporary.resolve("notes").toString()));
        assertEquals(1, requests.size());
        String sent = requests.get(0);
        assertTrue(sent.startsWith("POST /api/knowledge/batch"), sent);
        for (String part : List.of(
                "\"id\":\"deep er/b.txt\"",
                "\"title\":\"deep er/b.txt\"",
                "\"id\":\"deep er/ä.md\"",
                "\"title\":\"Heading\"",
                "\"title\":\"Page\"",
                "\"text\":\"Read & seen\"")) {
            assertTrue(sent.contains(part), part + " in " + sent);
        }
        assertEquals("3 documents in 6 chunks, 3 new or changed, 0 skipped\n", out.toString());
        assertTrue(err.toString().contains("indexing: 100 % (3 of 3)"), err.toString());
    }

    @Test
    void skipsWhatIsNoText() throws Exception {
        answer(200, "{\"chunks\":1,\"changed\":false}");
        Files.write(temporary.resolve("bad.txt"), new byte[] {(byte) 0xC3, 0x28});
        assertEquals(ExitCode.FAILED, runAgainstNode("index", temporary.toString()));
        assertEquals(
                "skipped bad.txt: byte 0 is not UTF-8 (expected: UTF-8 text)",
                err.toString().lines().reduce((a, b) -> b).orElseThrow());
        assertEquals(List.of(), requests);
    }

    @Test
    void goesOnWhenTheNodeRefusesOneDocument() throws Exception {
        answer(400, "{\"detail\":\"document: too strange\"}");
        Files.writeString(temporary.resolve("a.txt"), "one");
        Files.writeString(temporary.resolve("b.txt"), "two");
        assertEquals(ExitCode.FAILED, runAgainstNode("index", temporary.toString()));
        assertEquals(3, requests.size());
        assertTrue(
                err.toString().contains("skipped a.txt: node: refused with 400 document: too strange"), err.toString());
    }

    @Test
    void sendsEachLineOfAFileOfDocumentsAsOne() throws Exception {
        answer(200, "{\"documents\":3,\"chunks\":3,\"changed\":3,\"refused\":[{\"line\":2,\"detail\":\"no\"}]}");
        Path file = temporary.resolve("corpus.jsonl");
        Files.writeString(
                file,
                "{\"id\":\"7\",\"title\":\"\",\"text\":\"seven\"}\n\n{\"_id\":\"8\",\"title\":\"Eight\",\"text\":\"8\",\"metadata\":{}}\n"
                        + "{\"id\":\"9\",\"text\":\"\"}\nnonsense\n{\"id\":\"10\",\"title\":\"only\"}\n");
        assertEquals(ExitCode.FAILED, runAgainstNode("index", "--collection", "some", file.toString()));
        assertEquals(1, requests.size());
        String sent = requests.get(0);
        assertTrue(sent.startsWith("POST /api/knowledge/batch?collection=some "), sent);
        assertTrue(sent.contains("\"id\":\"7\"") && sent.contains("\"title\":\"7\""), sent);
        assertTrue(sent.contains("\"id\":\"8\"") && sent.contains("\"text\":\"only\""), sent);
        assertTrue(err.toString().contains("skipped corpus.jsonl line 4: 9: neither title nor text"), err.toString());
        assertTrue(err.toString().contains("skipped corpus.jsonl line 5: not JSON"), err.toString());
        assertTrue(err.toString().contains("skipped 8: no"), err.toString());
        assertTrue(err.toString().contains("indexing: 100 % (5 of 5)"), err.toString());
    }

    @Test
    void writesARunThatNoEvaluatorReorders() throws Exception {
        answer(
                200,
                "{\"collections\":[{\"collection\":\"c\"}],\"rankings\":[[{\"document\":\"a b\",\"score\":0.5},"
                        + "{\"document\":\"x\",\"score\":0.5},{\"document\":\"a b\",\"score\":0.4},{\"document\":\"y\",\"score\":0.1}]]}");
        Path queries = temporary.resolve("queries.tsv");
        Files.writeString(queries, "q1\tWhat is it?\n");
        Path run = temporary.resolve("out.run");
        String[] search = {
            "search", "--collection", "c", "--queries", queries.toString(), "--k", "9", "--run", run.toString()
        };
        assertEquals(ExitCode.OK, runAgainstNode("knowledge", search), err::toString);
        assertEquals(
                "q1 Q0 a_b 1 0.500000 skynet\nq1 Q0 x 2 0.499999 skynet\nq1 Q0 y 3 0.100000 skynet\n",
                Files.readString(run));
        search[2] = "other";
        assertEquals(ExitCode.USAGE, runAgainstNode("knowledge", search));
        assertTrue(err.toString().contains("collection: other is not known here (expected: one of c)"), err.toString());
        search[2] = "c";
        Files.writeString(queries, "no tab here\n");
        assertEquals(ExitCode.BAD_DATA, runAgainstNode("knowledge", search));
    }

    @Test
    void refusesAFolderWithoutDocuments() {
        assertEquals(ExitCode.USAGE, runAgainstNode("index", temporary.toString()));
        assertEquals(
                ExitCode.USAGE,
                runAgainstNode("index", temporary.resolve("absent").toString()));
    }

    @Test
    void examinesThePlaceWhereANodeWouldRun() {
        answer(200, "");
        assertEquals(ExitCode.OK, runAgainstNode("doctor"));
        assertTrue(out.toString().contains("✔ node: answers at"), out.toString());
        assertTrue(out.toString().contains("✔ facts: in the node's own PostgreSQL"), out.toString());
    }

    @Test
    void reportsAPortThatSomebodyElseHolds() {
        answer(404, "");
        assertEquals(ExitCode.FAILED, runAgainstNode("doctor"));
        assertTrue(out.toString().contains("✘ http.port"), out.toString());
        assertTrue(out.toString().contains("fix: choose another with --set http.port="), out.toString());
        out.getBuffer().setLength(0);
        runAgainstNode("doctor", "--json");
        assertTrue(out.toString().startsWith("[{\"status\":"), out.toString());
    }

    @Test
    void examinesTheSettingsOfAClusterAndSaysWhatIsMissing() throws Exception {
        answer(200, "");
        String keys = temporary.resolve("keys").toString();
        String absent = "127.0.0.1:" + freePort();
        String[] cluster = {
            "--set", "cluster.enabled=true", "--set", "cluster.keys=" + keys, "--set", "cluster.members=" + absent
        };
        assertEquals(ExitCode.FAILED, runAgainstNode("doctor", cluster));
        assertTrue(out.toString().contains("✘ cluster database: none is named"), out.toString());
        assertTrue(out.toString().contains("✘ cluster.keys: cluster.keys: " + keys), out.toString());
        assertTrue(out.toString().contains("fix: run `skynet cluster init DIR` once"), out.toString());
        assertEquals(ExitCode.OK, run("cluster", "init", keys));
        out.getBuffer().setLength(0);
        runAgainstNode("doctor", cluster);
        assertTrue(out.toString().contains("✔ cluster.keys: whole, in " + keys), out.toString());
        assertTrue(out.toString().contains("✔ cluster.host: 127.0.0.1"), out.toString());
        assertTrue(out.toString().contains("! cluster.members: no answer now from " + absent), out.toString());
    }

    @Test
    void examinesWhetherTheClustersHostIsOurs() {
        answer(404, "");
        runAgainstNode("doctor", "--set", "cluster.enabled=true", "--set", "cluster.host=192.0.2.1");
        assertTrue(out.toString().contains("✘ cluster.host: cluster.port: 5701 on 192.0.2.1"), out.toString());
        assertTrue(out.toString().contains("correct SKYNET_CLUSTER_HOST"), out.toString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private int runAgainstNode(String command, String... arguments) {
        List<String> all = new ArrayList<>(
                List.of(command, "--http-port", "" + node.getAddress().getPort()));
        all.addAll(List.of(arguments));
        return run(all.toArray(String[]::new));
    }

    private int run(String... arguments) {
        return run(() -> {}, arguments);
    }

    private Console console() {
        return new Console(
                Map.of("SKYNET_DATA_DIR", temporary.toString()),
                new ByteArrayInputStream(new byte[0]),
                new PrintWriter(out, true),
                new PrintWriter(err, true));
    }

    private int run(Runnable start, String... arguments) {
        return SkynetCommand.run(
                console(),
                settings -> {
                    started.add(settings);
                    start.run();
                    return ExitCode.OK;
                },
                arguments);
    }

    private void answer(int status, String body) {
        this.status = status;
        this.body = body;
    }

    private void respond(HttpExchange exchange) throws IOException {
        String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + request);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
