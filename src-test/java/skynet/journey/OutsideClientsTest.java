package skynet.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.testkit.RunningNode;

/**
 * Clients that others wrote ask a node as it is shipped. Those of npm need Node.js and {@code npm install} in their folders,
 * the one of PyPI a virtual environment with it in {@code src-test/python/venv}; without them they are skipped aloud.
 */
@Timeout(300)
class OutsideClientsTest {
    private static final Path TESTS = Path.of(System.getProperty("skynet.root", ".."), "src-test");

    @TempDir
    static Path home;

    private static RunningNode node;

    @BeforeAll
    static void start() throws Exception {
        node = RunningNode.start(home.resolve("data"));
        for (int tries = 0; tries < 600 && node.get("/health/ready").statusCode() != 200; tries++) {
            Thread.sleep(100);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        if (node != null) {
            node.close();
        }
    }

    @Test
    void theOpenAiClientOfNpmWorksWithoutChange() throws Exception {
        Path folder = installed("openai");
        says("all well", folder, "node", "client.js", base(), "without-upstream");
    }

    @Test
    void theMcpClientOfNpmUsesTheToolsOverHttpAndThroughTheBridge() throws Exception {
        Path folder = installed("mcp");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String jar = Path.of(System.getProperty("skynet.jar", "../verticles/target/skynet.jar"))
                .toAbsolutePath()
                .toString();
        says(
                "all well",
                folder,
                "node",
                "client.js",
                base(),
                java,
                "-jar",
                jar,
                "mcp",
                "--data-dir",
                home.resolve("data").toString());
    }

    @Test
    void theOpenAiClientOfPyPiWorksWithoutChange() throws Exception {
        Path folder = TESTS.resolve("python").toAbsolutePath();
        Path python = folder.resolve("venv/bin/python");
        assumeTrue(
                Files.isExecutable(python),
                "skipped: make src-test/python/venv and install openai there to ask with Python too");
        says("all well", folder, python.toString(), "openai_client.py", base());
    }

    private static String base() {
        String address = node.address().toString();
        return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    }

    private static Path installed(String client) throws Exception {
        Path folder = TESTS.resolve("node").resolve(client).toAbsolutePath();
        assumeTrue(nodeIsHere(), "skipped: no Node.js on this machine");
        assumeTrue(
                Files.isDirectory(folder.resolve("node_modules")),
                "skipped: run npm install in src-test/node/" + client + " to ask with this client too");
        return folder;
    }

    private static void says(String last, Path folder, String... command) throws Exception {
        List<String> words = new ArrayList<>(List.of(command));
        Process process = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(2, TimeUnit.MINUTES), said);
        assertEquals(0, process.exitValue(), said);
        assertTrue(said.strip().endsWith(last), said);
    }

    private static boolean nodeIsHere() throws InterruptedException {
        try {
            return new ProcessBuilder("node", "--version").start().waitFor() == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
