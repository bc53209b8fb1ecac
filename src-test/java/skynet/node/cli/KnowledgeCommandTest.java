package skynet.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.kit.ExitCode;

/** {@code skynet knowledge search} before a node that is asked too much. */
class KnowledgeCommandTest {
    @TempDir
    Path temporary;

    @Test
    void aRunWaitsAsLongAsTheNodeSaysAndGoesOn() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        node.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            boolean ranks = exchange.getRequestURI().getPath().endsWith("/rank");
            boolean refused = ranks && asked.incrementAndGet() == 2;
            String answer = ranks
                    ? "{\"rankings\":[" + "[{\"document\":\"d\",\"score\":0.5}],".repeat(63)
                            + "[{\"document\":\"d\",\"score\":0.5}]]}"
                    : "{\"collections\":[]}";
            if (refused) exchange.getResponseHeaders().add("Retry-After", "1");
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(refused ? 429 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        node.start();
        try {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < 128; i++) lines.append("q" + i + "\tquestion " + i + "\n");
            Path queries = Files.writeString(temporary.resolve("queries.tsv"), lines);
            Path run = temporary.resolve("run.txt");
            StringWriter err = new StringWriter();
            Console console = new Console(
                    Map.of(
                            "SKYNET_DATA_DIR",
                            temporary.toString(),
                            "SKYNET_HTTP_PORT",
                            "" + node.getAddress().getPort()),
                    new ByteArrayInputStream(new byte[0]),
                    new PrintWriter(new StringWriter(), true),
                    new PrintWriter(err, true));
            int code = SkynetCommand.run(
                    console,
                    settings -> ExitCode.OK,
                    "knowledge",
                    "search",
                    "--queries",
                    queries.toString(),
                    "--run",
                    run.toString());
            assertEquals(ExitCode.OK, code, err.toString());
            List<String> ranked = Files.readAllLines(run);
            assertEquals(128, ranked.size());
            assertEquals("q127 Q0 d 1 0.500000 skynet", ranked.get(127));
            assertEquals(3, asked.get());
            assertTrue(err.toString().contains("going on in 1 s"), err.toString());
        } finally {
            node.stop(0);
        }
    }
}
