package skynet.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code @grpc/grpc-js} asks every method. It needs Node.js and {@code npm install} in {@code src-test/node/grpc}. */
class NodeJsClientTest {
    @Test
    void everyMethodAnswersGrpcJs() throws Exception {
        Path folder = Path.of(System.getProperty("skynet.root", ".."), "src-test", "node", "grpc");
        assumeTrue(nodeIsHere(), "skipped: no Node.js on this machine");
        assumeTrue(
                Files.isDirectory(folder.resolve("node_modules")),
                "skipped: run npm install in src-test/node/grpc to ask with @grpc/grpc-js too");
        try (Doors doors = Doors.open()) {
            Process script = new ProcessBuilder("node", "client.js", "127.0.0.1:" + doors.grpcPort)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            script.waitFor(2, TimeUnit.MINUTES);
            assertEquals(0, script.exitValue(), said);
        }
    }

    private static boolean nodeIsHere() throws InterruptedException {
        try {
            return new ProcessBuilder("node", "--version").start().waitFor() == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
