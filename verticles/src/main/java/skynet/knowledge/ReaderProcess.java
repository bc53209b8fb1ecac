package skynet.knowledge;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import skynet.bus.Fault;
import skynet.bus.TooLarge;

/**
 * Reads PDF files and pictures in a process of its own, {@link ReaderProgram}: a file made to harm can then unpack itself
 * without end or never end at all, and costs that process at most {@value #HEAP} of heap and {@link #TIME_MAX}. It is
 * started with the first file and used again for the next; after a failure of its own the next file gets a new one.
 */
final class ReaderProcess implements AutoCloseable {
    static final Duration TIME_MAX = Duration.ofSeconds(60);
    private static final String HEAP = "-Xmx256m";

    /** What it is told of this process: where programs are, and which languages texts in pictures may have. */
    private static final Set<String> ENVIRONMENT =
            Set.of("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TESSDATA_PREFIX");

    private static final Duration END_MAX = Duration.ofSeconds(2);

    private final Duration timeMax;
    private final Optional<Path> recognition;
    private Process process;
    private DataOutputStream files;
    private DataInputStream pages;

    /** One that reads with a program that recognises text in pictures, where there is one. */
    ReaderProcess(Duration timeMax, Optional<Path> recognition) {
        this.timeMax = timeMax;
        this.recognition = recognition;
    }

    /** What a file says, with the places where its pages begin. Blocks. */
    synchronized Document read(String name, byte[] bytes) {
        try {
            if (process == null || !process.isAlive()) start();
        } catch (IOException e) {
            throw new Fault(
                    Fault.Kind.UNAVAILABLE, name + ": no process can be started for it (" + e.getMessage() + ")");
        }
        Process reading = process;
        CompletableFuture<Void> watch = new CompletableFuture<>();
        CompletableFuture<Void> late = watch.orTimeout(timeMax.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, timeout) -> {
                    if (timeout != null) end(reading);
                });
        try {
            files.writeInt(bytes.length);
            files.write(bytes);
            files.flush();
            Document document = answer(name);
            watch.complete(null);
            return document;
        } catch (IOException e) {
            boolean tooLong = late.isCompletedExceptionally();
            watch.complete(null);
            stop();
            throw tooLong
                    ? unreadable(name, "takes more than " + timeMax.toSeconds() + " s to read")
                    : unreadable(name, "broke the process that reads it");
        } finally {
            watch.complete(null);
        }
    }

    @Override
    public synchronized void close() {
        stop();
    }

    private void start() throws IOException {
        stop();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                ReaderProgram.class.getName()));
        recognition.ifPresent(program -> command.add(program.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().retainAll(ENVIRONMENT);
        builder.directory(new File(System.getProperty("user.dir")));
        process = builder.start();
        files = new DataOutputStream(process.getOutputStream());
        pages = new DataInputStream(process.getInputStream());
    }

    private void stop() {
        if (process == null) return;
        end(process);
        try {
            process.waitFor(END_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process = null;
    }

    /** With the program that it has started itself, if there is one. */
    private static void end(Process reading) {
        reading.descendants().forEach(ProcessHandle::destroyForcibly);
        reading.destroyForcibly();
    }

    private Document answer(String name) throws IOException {
        ReaderProgram.Outcome outcome = ReaderProgram.Outcome.of(pages.readByte());
        String words = text();
        switch (outcome) {
            case READ -> {
                return document(name, words);
            }
            case TOO_LARGE -> throw new TooLarge(name + ": " + words);
            case BROKE -> {
                stop();
                throw new TooLarge(name + ": " + words);
            }
            case UNREADABLE -> throw unreadable(name, words);
        }
        throw new IOException("reader: no such outcome");
    }

    private Document document(String name, String title) throws IOException {
        int count = pages.readInt();
        List<Integer> starts = new ArrayList<>(count);
        StringBuilder text = new StringBuilder(count == 0 ? text() : "");
        for (int page = 0; page < count; page++) {
            starts.add(text.length());
            text.append(text()).append("\n\n");
        }
        String whole = text.toString().stripTrailing();
        if (whole.isBlank()) {
            throw unreadable(name, "holds no text on " + count + " pages (expected: text, not pictures of it)");
        }
        starts.replaceAll(start -> Math.min(start, whole.length()));
        return new Document(name, title.isBlank() ? name : title, whole, starts);
    }

    private String text() throws IOException {
        int length = pages.readInt();
        if (length < 0 || length > 4 * ReaderProgram.CHARS_MAX)
            throw new IOException("reader: a text of " + length + " bytes");
        return new String(pages.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static Fault unreadable(String name, String why) {
        return new Fault(Fault.Kind.UNREADABLE, name + ": " + why);
    }
}
