package skynet.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells whether somebody reads along: a progress bar and colours are for terminals only. */
public final class Terminal {
    /** Standard output. */
    public static final int OUT = 1;

    /** Standard error. */
    public static final int ERROR = 2;

    private Terminal() {}

    /** Whether a standard stream of this process is a terminal; where the system does not tell, the JVM's word counts. */
    @SuppressWarnings("SystemConsoleNull") // Only where there is no /proc, and then a guess is all there is.
    public static boolean isAt(int descriptor) {
        try {
            Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
            return target.startsWith("/dev/pts") || target.toString().startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null;
        }
    }
}
