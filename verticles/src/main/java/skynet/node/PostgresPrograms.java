package skynet.node;

import static skynet.kit.ExitCode.FAILED;
import static skynet.kit.ExitCode.NOT_ALLOWED;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import skynet.kit.StartFailure;

/**
 * Runs the programs of PostgreSQL.
 *
 * <p>They refuse to run as root. When the node is root they therefore run in a user namespace without any mapped user,
 * in which the same files belong to nobody and nobody runs the program; outside, everything stays root's.
 */
final class PostgresPrograms {
    static final String AS_ORDINARY_USER = "start the node as an ordinary user, or give a database with SKYNET_PG_URI";

    private static final List<String> WITHOUT_ROOT = List.of("unshare", "-U");
    private static final int OUTPUT_BYTES_MAX = 64 << 10;
    private static final long RUN_SECONDS_MAX = 120;

    private final PostgresBinaries binaries;
    private final Path directory;
    private final List<String> prefix;

    PostgresPrograms(PostgresBinaries binaries, Path directory) throws IOException {
        this.binaries = binaries;
        this.directory = directory;
        this.prefix = isRoot() ? WITHOUT_ROOT : List.of();
    }

    /** Starts a program and returns at once; what it prints comes in one stream. */
    Process start(String program, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(binaries.program(program).toString());
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("SKYNET_"));
        builder.environment().put("LC_ALL", "C");
        try {
            return builder.start();
        } catch (IOException e) {
            if (prefix.isEmpty()) {
                throw e;
            }
            throw rootRefused(e.getMessage());
        }
    }

    /** Runs a program to its end, feeds it {@code input}, and returns what it printed. */
    String run(String program, List<String> arguments, String input) throws IOException, InterruptedException {
        Process process = start(program, arguments);
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // A program that ends before it reads says why in its output.
        }
        String output = new String(process.getInputStream().readNBytes(OUTPUT_BYTES_MAX), StandardCharsets.UTF_8);
        if (!process.waitFor(RUN_SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        if (process.waitFor() != 0) {
            throw failed(program, output);
        }
        return output;
    }

    /** Returns the failure that explains {@code output}, the last words of a program that failed. */
    StartFailure failed(String program, String output) {
        if (output.contains("unshare failed") || output.contains("unshare: ")) {
            return rootRefused(output.strip());
        }
        if (output.contains("No space left on device")) {
            return new StartFailure(
                    FAILED, "PostgreSQL: the disk of " + directory + " is full", "make room and start again");
        }
        return new StartFailure(
                FAILED,
                "PostgreSQL: " + program + " failed:\n"
                        + output.strip().indent(2).stripTrailing(),
                "see the lines above and the log in " + directory.resolve("log"));
    }

    private static StartFailure rootRefused(String reason) {
        return new StartFailure(
                NOT_ALLOWED,
                "PostgreSQL: refuses to run as root, and this system forbids a user namespace: " + reason,
                AS_ORDINARY_USER);
    }

    private static boolean isRoot() throws IOException {
        Path self = Path.of("/proc/self");
        return Files.exists(self) && Integer.valueOf(0).equals(Files.getAttribute(self, "unix:uid"));
    }
}
