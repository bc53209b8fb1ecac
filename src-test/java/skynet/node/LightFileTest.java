package skynet.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a light node remembers of its registration. */
class LightFileTest {
    @TempDir
    Path directory;

    @Test
    void isReadAsItWasWrittenAndByItsOwnerOnly() throws Exception {
        LightFile file = new LightFile("D", "compute", "NOD100", "nod-secret");
        file.write(directory);
        file.write(directory);
        assertEquals(Optional.of(file), LightFile.read(directory));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(LightFile.NAME))));
        assertFalse(file.toString().contains("secret"));
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
