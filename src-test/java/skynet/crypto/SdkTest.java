package skynet.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import skynet.kit.Sha256;

/** The browser SDK: its own tests, what it is packed of, and the files that others wrote. */
class SdkTest {
    private static final Path SDK = Path.of(System.getProperty("skynet.root", ".."), "webroot", "sdk")
            .toAbsolutePath()
            .normalize();
    private static final Pattern PASSED = Pattern.compile("(?m)^# pass (\\d+)$");
    private static final Pattern VENDORED = Pattern.compile("(?m)^\\| (\\S+\\.js) \\| ([0-9a-f]{64}) \\|");

    @Test
    void itsTestsPass() throws Exception {
        requireNode();
        Process node = new ProcessBuilder("node", "--test", "--test-reporter=tap")
                .directory(SDK.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(node.waitFor(2, TimeUnit.MINUTES));
        assertEquals(0, node.exitValue(), said);
        Matcher passed = PASSED.matcher(said);
        assertTrue(passed.find(), said);
        assertTrue(Integer.parseInt(passed.group(1)) >= 42, passed.group());
    }

    @Test
    void theVendoredFilesAreThoseThatTheListNames() throws Exception {
        Matcher named = VENDORED.matcher(Files.readString(SDK.resolve("vendor/LICENSES.md")));
        int count = 0;
        for (; named.find(); count++) {
            byte[] bytes = Files.readAllBytes(SDK.resolve("vendor").resolve(named.group(1)));
            assertEquals(named.group(2), HexFormat.of().formatHex(Sha256.of(bytes)), named.group(1));
        }
        try (Stream<Path> files = Files.list(SDK.resolve("vendor"))) {
            assertEquals(
                    count, files.filter(file -> file.toString().endsWith(".js")).count());
        }
        assertTrue(Files.readString(SDK.resolve("vendor/LICENSES.md")).contains("The MIT License (MIT)"));
    }

    @Test
    void thePackageExportsTheFourModules() throws Exception {
        JsonObject exported = new JsonObject(Files.readString(SDK.resolve("package.json"))).getJsonObject("exports");
        for (String module : new String[] {"encoder", "crypto", "node", "messaging"}) {
            assertTrue(Files.exists(SDK.resolve(exported.getString("./" + module))), module);
        }
    }

    private static void requireNode() throws InterruptedException {
        boolean here;
        try {
            here = new ProcessBuilder("node", "--version").start().waitFor() == 0;
        } catch (IOException absent) {
            here = false;
        }
        if (!here) {
            System.out.println("SdkTest: no Node.js on the path, so the SDK's own tests were not run");
        }
        assumeTrue(here, "skipped: no Node.js on this machine");
    }
}
