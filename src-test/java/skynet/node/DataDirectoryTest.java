package skynet.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.kit.ExitCode;
import skynet.kit.StartFailure;

/** The data directory: private, writable, and held by one node at a time. */
final class DataDirectoryTest {
    @TempDir
    Path temporary;

    @Test
    void isReadableByItsOwnerOnly() throws Exception {
        try (DataDirectory directory = DataDirectory.open(temporary.resolve("a/b"))) {
            assertEquals("rwx------", permissions(directory.root()));
            assertEquals("rwx------", permissions(directory.secrets()));
        }
    }

    @Test
    void refusesASecondNode() {
        try (DataDirectory held = DataDirectory.open(temporary)) {
            StartFailure failure = assertThrows(StartFailure.class, () -> DataDirectory.open(held.root()));
            assertEquals(ExitCode.TRY_LATER, failure.exitCode());
            assertTrue(failure.getMessage().contains("is in use by this process"), failure.getMessage());
        }
    }

    @Test
    void namesTheProcessThatHoldsIt() throws Exception {
        Process other = other(temporary);
        try {
            StartFailure failure = assertThrows(StartFailure.class, () -> DataDirectory.open(temporary));
            assertTrue(failure.getMessage().contains("in use by process " + other.pid()), failure.getMessage());
        } finally {
            other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        DataDirectory.open(temporary).close();
    }

    @Test
    void canBeTakenAgainOnceGivenBack() {
        DataDirectory.open(temporary).close();
        DataDirectory.open(temporary).close();
    }

    @Test
    void refusesAPathThatIsAFile() throws Exception {
        Path file = Files.writeString(temporary.resolve("file"), "");
        StartFailure failure = assertThrows(StartFailure.class, () -> DataDirectory.open(file));
        assertEquals(ExitCode.BAD_SETTINGS, failure.exitCode());
        assertTrue(failure.fix().contains("--data-dir"), failure.fix());
    }

    private static Process other(Path directory) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        codeOf(DataDirectory.class) + File.pathSeparator + codeOf(Holder.class),
                        Holder.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertEquals('!', process.getInputStream().read());
        return process;
    }

    private static String codeOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    private static String permissions(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** Another node, as far as the directory is concerned: takes it and keeps it until its input ends. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            DataDirectory.open(Path.of(arguments[0]));
            System.out.print('!');
            System.out.flush();
            System.in.read();
        }
    }
}
