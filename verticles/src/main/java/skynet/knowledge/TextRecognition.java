package skynet.knowledge;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Text in pictures, by a program called tesseract that the owner of the machine has installed: the node brings none. It is
 * given the picture on its standard input, in the languages that it has, and at most {@link #TIME_MAX}.
 */
final class TextRecognition {
    static final Duration TIME_MAX = Duration.ofSeconds(40);
    private static final Duration LIST_MAX = Duration.ofSeconds(5);
    private static final String NAME = "tesseract";

    /** More of them make it slower, and no better: then English is read, and the language of the machine. */
    private static final int LANGUAGES_MAX = 4;

    /** A file may hold others, of which nobody has looked how large they are. */
    private static final String FIRST_PICTURE = "tessedit_page_number=0";

    private static final String ENGLISH = "eng";

    /** What it tells of itself that is no language. */
    private static final List<String> NO_LANGUAGES = List.of("osd", "equ");

    private final Path program;

    TextRecognition(Path program) {
        this.program = program;
    }

    /** The one on the path, if there is one. */
    static Optional<Path> program() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(":"))
                .filter(directory -> directory.startsWith("/"))
                .flatMap(TextRecognition::in)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The languages that it reads here; empty when it does not work. Blocks. */
    List<String> languages() {
        try {
            List<String> all = run(List.of("--list-langs"), new byte[0], LIST_MAX)
                    .lines()
                    .map(String::strip)
                    .filter(line -> line.matches("[A-Za-z_]{3,20}") && !NO_LANGUAGES.contains(line))
                    .toList();
            if (all.size() <= LANGUAGES_MAX) return all;
            List<String> usual = List.of(ENGLISH, Locale.getDefault().getISO3Language());
            return all.stream().filter(usual::contains).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * What stands in a picture; empty when nothing does. Blocks.
     *
     * @throws IOException when it does not work, or takes too long
     */
    String read(byte[] picture) throws IOException {
        List<String> languages = languages();
        if (languages.isEmpty()) {
            throw new IOException(NAME + " has no language");
        }
        List<String> arguments = List.of("stdin", "stdout", "-l", String.join("+", languages), "-c", FIRST_PICTURE);
        return run(arguments, picture, TIME_MAX).replace("\f", "").strip();
    }

    private static Stream<Path> in(String directory) {
        try {
            return Stream.of(Path.of(directory, NAME));
        } catch (InvalidPathException e) {
            return Stream.of();
        }
    }

    private String run(List<String> arguments, byte[] input, Duration timeMax) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of(program.toString()), arguments.stream())
                        .toList())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("OMP_THREAD_LIMIT", "1");
        Process process = builder.start();
        CompletableFuture<Void> watch = new CompletableFuture<>();
        watch.orTimeout(timeMax.toMillis(), TimeUnit.MILLISECONDS).exceptionally(late -> {
            process.destroyForcibly();
            return null;
        });
        CompletableFuture<Void> given = CompletableFuture.runAsync(() -> give(process, input));
        try (InputStream told = process.getInputStream()) {
            byte[] text = told.readNBytes(ReaderProgram.CHARS_MAX);
            given.join();
            if (process.waitFor() != 0) throw new IOException(NAME + " ended with " + process.exitValue());
            return new String(text, StandardCharsets.UTF_8);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(NAME + " was interrupted", e);
        } finally {
            watch.complete(null);
            process.destroyForcibly();
        }
    }

    /** One that ends before it has read everything is judged by what it says, not by this. */
    private static void give(Process process, byte[] input) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(input);
        } catch (IOException e) {
            process.destroy();
        }
    }
}
