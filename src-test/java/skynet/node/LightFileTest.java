package skynet.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a light node remembers of its registration. */
class LightFileTest {
    @TempDir
    Path directory;

    @Test
    void isReadAsItWasWrittenAndByItsOwnerOnly() throws Exception {
        LightFile file = new LightFile("D", "compute", "NOD100", "nod-secret", List.of("a.example:8080"));
        file.write(directory);
        file.write(directory);
        assertEquals(Optional.of(file), LightFile.read(directory));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(LightFile.NAME))));
        assertFalse(file.toString().contains("secret"));
    }

    @Test
    void isOnlyForMembersThatWereConfiguredWhenItWasGiven() throws Exception {
        URI a = URI.create("https://A.example:8080");
        URI b = URI.create("https://b.example/");
        URI c = URI.create("https://c.example");
        LightFile file = new LightFile("D", "compute", "NOD100", "nod-secret", LightFile.hosts(List.of(a, b)));
        file.write(directory);
        LightFile kept = LightFile.read(directory).orElseThrow();
        assertTrue(kept.isFor(List.of(c, URI.create("https://a.example:8080/"))));
        assertFalse(kept.isFor(List.of(c)));
        assertFalse(kept.isFor(List.of(URI.create("https://a.example:8081"))));
        Files.writeString(directory.resolve(LightFile.NAME), "{\"node\":\"NOD100\",\"token\":\"nod-old\"}");
        assertFalse(LightFile.read(directory).orElseThrow().isFor(List.of(a, b)));
    }

    @Test
    void isAsGoodAsNoneWhenItIsTorn() throws Exception {
        assertEquals(Optional.empty(), LightFile.read(directory));
        for (String torn : new String[] {"", "{", "{}", "[]", "{\"node\":1,\"token\":2}", "{\"node\":\"NOD100\"}"}) {
            Files.writeString(directory.resolve(LightFile.NAME), torn);
            assertEquals(Optional.empty(), LightFile.read(directory), torn);
        }
    }
}
