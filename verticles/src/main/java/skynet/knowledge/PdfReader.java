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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import skynet.bus.Fault;
import skynet.bus.TooLarge;

/**
 * Takes the text out of PDF files in a process of its own, {@link PdfPages}: a file made to harm can then unpack itself
 * without end or never end at all, and costs that process at most {@value #HEAP} of heap and {@link #TIME_MAX}. It is
 * started with the first file and used again for the next; after a failure of its own the next file gets a new one.
 */
final class PdfReader implements AutoCloseable {
    static final Duration TIME_MAX = Duration.ofSeconds(60);
    private static final String HEAP = "-Xmx256m";
    private static final Duration END_MAX = Duration.ofSeconds(2);

    private final Duration timeMax;
    private Process process;
    private DataOutputStream files;
    private DataInputStream pages;

    PdfReader() {
        this(TIME_MAX);
    }

    PdfReader(Duration timeMax) {
        this.timeMax = timeMax;
    }

    /** The text of a file with the places where its pages begin. Blocks. */
    synchronized Document read(String name, byte[] bytes) {
        try {
            if (process == null || !process.isAlive()) start();
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "PDF: no process can be started for it (" + e.getMessage() + ")");
        }
        Process reading = process;
        CompletableFuture<Void> watch = new CompletableFuture<>();
        CompletableFuture<Void> late = watch.orTimeout(timeMax.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, timeout) -> {
                    if (timeout != null) reading.destroyForcibly();
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
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                PdfPages.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(key -> !key.equals("PATH") && !key.equals("LD_LIBRARY_PATH"));
        builder.directory(new File(System.getProperty("user.dir")));
        process = builder.start();
        files = new DataOutputStream(process.getOutputStream());
        pages = new DataInputStream(process.getInputStream());
    }

    private void stop() {
        if (process == null) return;
        process.destroyForcibly();
        try {
            process.waitFor(END_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process = null;
    }

    private Document answer(String name) throws IOException {
        PdfPages.Outcome outcome = PdfPages.Outcome.of(pages.readByte());
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
        throw new IOException("PDF: no such outcome");
    }

    private Document document(String name, String title) throws IOException {
        int count = pages.readInt();
        List<Integer> starts = new ArrayList<>(count);
        StringBuilder text = new StringBuilder();
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
        if (length < 0 || length > 4 * PdfPages.CHARS_MAX) throw new IOException("PDF: a text of " + length + " bytes");
        return new String(pages.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static Fault unreadable(String name, String why) {
        return new Fault(Fault.Kind.UNREADABLE, name + ": " + why);
    }
}
