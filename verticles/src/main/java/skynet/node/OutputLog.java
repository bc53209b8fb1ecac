package skynet.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * What a child process prints: the last {@value #TAIL_LINES_MAX} lines in memory, and on disk at most two files of
 * {@value #FILE_CHARS_MAX} characters each, the current one and the one before.
 *
 * <p>Reading never stops before the process does, for a full pipe would stop the process itself: when the disk is full
 * the lines are dropped instead. Safe for any thread.
 */
final class OutputLog {
    private static final int TAIL_LINES_MAX = 30;
    private static final int LINE_CHARS_MAX = 2_000;
    private static final long FILE_CHARS_MAX = 4L << 20;

    private final Path current;
    private final Path previous;
    private final Deque<String> tail = new ArrayDeque<>();
    private long currentChars;

    /** Continues the log of that name in {@code directory}. */
    OutputLog(Path directory, String name) throws IOException {
        Files.createDirectories(directory);
        this.current = directory.resolve(name + ".log");
        this.previous = directory.resolve(name + ".1.log");
        this.currentChars = Files.exists(current) ? Files.size(current) : 0;
    }

    /** Reads until the stream ends, in a thread of its own, and shows each line to {@code watcher}. */
    Thread follow(InputStream output, Consumer<String> watcher) {
        Thread reader = new Thread(() -> read(output, watcher), "postgres-output");
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    /** Returns the last lines, oldest first. */
    synchronized String tail() {
        return String.join("\n", tail);
    }

    private void read(InputStream output, Consumer<String> watcher) {
        try (var lines = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                add(line);
                watcher.accept(line);
            }
        } catch (IOException e) {
            add("(output lost: " + e.getMessage() + ")");
        }
    }

    private synchronized void add(String whole) {
        String line = whole.length() > LINE_CHARS_MAX ? whole.substring(0, LINE_CHARS_MAX) + "…" : whole;
        tail.addLast(line);
        if (tail.size() > TAIL_LINES_MAX) {
            tail.removeFirst();
        }
        try {
            write(line);
        } catch (IOException e) {
            // The disk is full or gone: the tail in memory still tells the story.
        }
    }

    private void write(String line) throws IOException {
        if (currentChars + line.length() + 1 > FILE_CHARS_MAX) {
            Files.move(current, previous, StandardCopyOption.REPLACE_EXISTING);
            currentChars = 0;
        }
        try (Writer file = Files.newBufferedWriter(current, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            file.append(line).append('\n');
        }
        currentChars += line.length() + 1;
    }
}
