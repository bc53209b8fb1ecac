package skynet.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.kit.StartFailure;

/** The file that makes a node the one it is. */
class IdentityFileTest {
    @TempDir
    Path home;

    private final SecureRandom dice = new SecureRandom();

    @Test
    void theSecondStartFindsTheSameNode() throws Exception {
        byte[] first = IdentityFile.open(home, dice).open().fingerprint();
        assertArrayEquals(first, IdentityFile.open(home, dice).open().fingerprint());
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(IdentityFile.NAME))));
        assertEquals(136, Files.size(home.resolve(IdentityFile.NAME)));
    }

    @Test
    void aFileThatOthersCanReadIsRefused() throws Exception {
        IdentityFile.open(home, dice);
        for (String mode : new String[] {"rw-r-----", "rw----r--", "rw--w----", "rwx------"}) {
            Files.setPosixFilePermissions(home.resolve(IdentityFile.NAME), PosixFilePermissions.fromString(mode));
            assertTrue(refused().contains("has mode " + mode));
        }
    }

    @Test
    void aDamagedFileIsRefusedAndLeftAsItIs() throws Exception {
        IdentityFile.open(home, dice);
        Path file = home.resolve(IdentityFile.NAME);
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = HandshakeTest.flipped(whole, at);
            Files.write(file, damaged);
            assertTrue(refused().contains("is damaged"));
            assertArrayEquals(damaged, Files.readAllBytes(file));
        }
        for (int length : new int[] {0, 1, 104, 135, 137}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertTrue(refused().contains("is damaged"));
        }
    }

    @Test
    void aLinkIsRefused() throws Exception {
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        IdentityFile.open(elsewhere, dice);
        Files.createSymbolicLink(home.resolve(IdentityFile.NAME), elsewhere.resolve(IdentityFile.NAME));
        assertTrue(refused().contains("is not a plain file"));
    }

    @Test
    void whatAnInterruptedFirstStartLeftIsNoObstacle() throws Exception {
        Files.write(home.resolve(IdentityFile.NAME + ".new"), new byte[3]);
        IdentityFile.open(home, dice);
    }

    private String refused() {
        return assertThrows(StartFailure.class, () -> IdentityFile.open(home, dice))
                .getMessage();
    }
}
