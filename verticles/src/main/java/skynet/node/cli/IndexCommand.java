package skynet.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import skynet.kit.ExitCode;
import skynet.kit.StartFailure;
import skynet.knowledge.Document;
import skynet.knowledge.TextExtractor;

/** {@code skynet index}: teaches the running node the documents of a folder, or one. */
@Command(
        name = "index",
        description = "Teaches the running node a file or every .txt, .md, .html and .htm file of a folder.",
        footer =
                "%nMay be repeated at any time: what has not changed costs nothing. Exit code 1 when a file was skipped.",
        mixinStandardHelpOptions = true)
final class IndexCommand implements Callable<Integer> {
    private static final List<String> ENDINGS = List.of(".txt", ".md", ".html", ".htm");
    private static final int FILES_MAX = 100_000;
    private static final int SKIPPED_SHOWN_MAX = 10;

    private final Console console;
    private final SettingsOptions options;

    @Parameters(paramLabel = "PATH", description = "A file or a folder.")
    private Path path;

    IndexCommand(Console console, SettingsOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() {
        List<Path> files = files();
        NodeClient node = NodeClient.of(options.settings());
        Path whole = path.toAbsolutePath().normalize();
        Path base = Files.isDirectory(whole) ? whole : whole.getParent();
        List<String> skipped = new ArrayList<>();
        int changed = 0;
        long chunks = 0;
        try (Progress progress = new Progress("indexing", files.size(), console)) {
            for (Path file : files) {
                String name = base.relativize(file.toAbsolutePath().normalize())
                        .toString()
                        .replace('\\', '/');
                Optional<JsonNode> learned = read(file, name, skipped).flatMap(text -> learn(node, text, skipped));
                chunks += learned.map(answer -> answer.path("chunks").asInt()).orElse(0);
                changed += learned.isPresent() && learned.get().path("changed").asBoolean(true) ? 1 : 0;
                progress.step();
            }
        }
        skipped.stream().limit(SKIPPED_SHOWN_MAX).forEach(reason -> console.err()
                .println("skipped " + reason));
        console.out()
                .printf(
                        "%d documents in %d chunks, %d new or changed, %d skipped%n",
                        files.size() - skipped.size(), chunks, changed, skipped.size());
        return skipped.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    /** What the node refuses in one document is no reason to give up the others; that it is gone or busy is. */
    private static Optional<JsonNode> learn(NodeClient node, Document document, List<String> skipped) {
        try {
            return Optional.of(node.put(
                    NodeClient.path("/api/knowledge/documents/", document.name()),
                    Map.of("title", document.title(), "text", document.text())));
        } catch (StartFailure e) {
            if (e.exitCode() != ExitCode.FAILED) {
                throw new StartFailure(e.exitCode(), document.name() + ": " + e.getMessage(), e.fix(), e);
            }
            skipped.add(document.name() + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private List<Path> files() {
        if (!Files.exists(path)) {
            throw new StartFailure(ExitCode.USAGE, "path: " + path + " does not exist", "check the spelling");
        }
        if (Files.isRegularFile(path)) {
            return List.of(path);
        }
        try (Stream<Path> tree = Files.walk(path)) {
            List<Path> files = tree.filter(Files::isRegularFile)
                    .filter(IndexCommand::isDocument)
                    .sorted()
                    .limit(FILES_MAX + 1L)
                    .toList();
            if (files.isEmpty() || files.size() > FILES_MAX) {
                throw new StartFailure(
                        ExitCode.USAGE,
                        "path: " + path + " holds " + (files.isEmpty() ? "no" : "too many")
                                + " documents (expected: 1 to " + FILES_MAX + " files ending in "
                                + String.join(", ", ENDINGS) + ")",
                        "name a folder with documents");
            }
            return files;
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new StartFailure(
                    ExitCode.NOT_ALLOWED,
                    "path: cannot read " + path + ": " + e.getMessage(),
                    "check who may read it",
                    e);
        }
    }

    private static boolean isDocument(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return ENDINGS.stream().anyMatch(name::endsWith);
    }

    private static Optional<Document> read(Path file, String name, List<String> skipped) {
        try {
            if (Files.size(file) > TextExtractor.BYTES_MAX) {
                skipped.add(name + ": more than " + (TextExtractor.BYTES_MAX >> 20) + " MiB");
                return Optional.empty();
            }
            return Optional.of(TextExtractor.read(name, Files.readAllBytes(file)));
        } catch (IllegalArgumentException e) {
            skipped.add(e.getMessage());
        } catch (IOException e) {
            skipped.add(name + ": cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        return Optional.empty();
    }
}
