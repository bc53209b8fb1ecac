package skynet.node;

import static skynet.kit.ExitCode.FAILED;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import skynet.kit.StartFailure;

/** The first process of a PostgreSQL server, of this node or left over from one that was killed. */
final class Postmaster {
    private static final long FAST_SECONDS_MAX = 10;
    private static final long IMMEDIATE_SECONDS_MAX = 5;

    private final ProcessHandle process;
    private final PostgresPrograms programs;

    Postmaster(ProcessHandle process, PostgresPrograms programs) {
        this.process = process;
        this.programs = programs;
    }

    /**
     * Returns the server that still runs on these files. The process id in {@code postmaster.pid} may long belong to
     * somebody else, as is usual in containers: the process must be a {@code postgres} started on this very directory.
     * Otherwise the file goes, for PostgreSQL would respect it. Two servers on the same files are still impossible: the
     * shared memory of the first, found by the directory's inode, stops the second.
     */
    static Optional<Postmaster> runningOn(Path data, PostgresPrograms programs) throws IOException {
        Path file = data.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Optional<Postmaster> running = Files.readAllLines(file).stream()
                .findFirst()
                .filter(line -> line.strip().matches("\\d{1,18}"))
                .flatMap(line -> ProcessHandle.of(Long.parseLong(line.strip())))
                .filter(process -> serves(process, data))
                .map(process -> new Postmaster(process, programs));
        if (running.isEmpty()) {
            Files.delete(file);
        }
        return running;
    }

    long pid() {
        return process.pid();
    }

    /** Ends the server: open transactions are rolled back and everything is written; if that hangs, at once. */
    void stop(Consumer<String> progress) throws InterruptedException {
        if (signalled("INT", FAST_SECONDS_MAX)) {
            return;
        }
        progress.accept("PostgreSQL does not end in " + FAST_SECONDS_MAX + " s, stopping it at once");
        if (!signalled("QUIT", IMMEDIATE_SECONDS_MAX)) {
            process.destroyForcibly();
            if (!ended(IMMEDIATE_SECONDS_MAX)) {
                throw new StartFailure(
                        FAILED, "PostgreSQL: process " + pid() + " cannot be stopped", "end it by hand: kill " + pid());
            }
        }
    }

    private boolean signalled(String signal, long secondsMax) throws InterruptedException {
        try {
            programs.run("pg_ctl", List.of("kill", signal, Long.toString(pid())), "");
        } catch (IOException | StartFailure e) {
            // Most likely it has just ended; waiting tells.
        }
        return ended(secondsMax);
    }

    private boolean ended(long secondsMax) throws InterruptedException {
        try {
            process.onExit().get(secondsMax, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return !process.isAlive();
        }
    }

    private static boolean serves(ProcessHandle process, Path data) {
        ProcessHandle.Info info = process.info();
        boolean postgres =
                info.command().map(path -> path.endsWith("/postgres")).orElse(true);
        List<String> arguments = info.arguments().map(List::of).orElse(List.of());
        int flag = arguments.indexOf("-D");
        return postgres
                && flag >= 0
                && flag + 1 < arguments.size()
                && arguments.get(flag + 1).equals(data.toString());
    }
}
