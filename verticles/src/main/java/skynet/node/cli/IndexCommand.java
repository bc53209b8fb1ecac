package skynet.node.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.kit.ExitCode;
import skynet.kit.StartFailure;
import skynet.knowledge.DocumentReader;

/** {@code skynet index}: teaches the running node the documents of files and folders. */
@Command(
        name = "index",
        description = "Teaches the running node files, folders of documents, or lines of .jsonl files.",
        footer = {
            "",
            "Documents are .txt, .md, .html, .csv and .pdf files, and pictures:",
            "those for what they say of themselves, and for the text in them",
            "where tesseract is installed.",
            "A line of a .jsonl file is a document of its own:",
            "  {\"id\":\"…\",\"title\":\"…\",\"text\":\"…\"}",
            "May be repeated at any time, also after it was interrupted:",
            "what has not changed costs nothing.",
            "Exit code 1 when a document was skipped."
        },
        mixinStandardHelpOptions = true)
final class IndexCommand implements Callable<Integer> {
    private static final int FILES_MAX = 100_000;
    private static final int SKIPPED_SHOWN_MAX = 10;
    private static final String LINES = ".jsonl";

    private final Console console;
    private final SettingsOptions options;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "A file or a folder.")
    private List<Path> paths = List.of();

    @Option(names = "--collection", paramLabel = "NAME", description = "The collection they go into; main without it.")
    private String collection = "";

    @Option(
            names = "--own",
            description = "Only for your own tenant; what an operator indexes may else be read by all.")
    private boolean own;

    IndexCommand(Console console, SettingsOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() throws IOException {
        List<Source> sources = new ArrayList<>();
        for (Path path : paths) {
            collect(path, sources);
        }
        try (Delivery delivery = new Delivery(NodeClient.of(options.settings()), collection, own)) {
            return deliver(sources, delivery);
        }
    }

    private int deliver(List<Source> sources, Delivery delivery) throws IOException {
        long total = sources.stream().mapToLong(Source::documents).sum();
        try (Progress progress = new Progress("indexing", Math.max(1, total), console);
                DocumentReader reader = new DocumentReader()) {
            for (Source source : sources) {
                if (source.isLines()) {
                    DocumentLines.read(source.file(), delivery, progress);
                } else {
                    deliver(source, reader, delivery);
                    progress.step();
                }
            }
            delivery.finish();
        }
        List<String> skipped = delivery.skipped();
        skipped.stream().limit(SKIPPED_SHOWN_MAX).forEach(reason -> console.err()
                .println("skipped " + reason));
        if (skipped.size() > SKIPPED_SHOWN_MAX) {
            console.err().println("skipped " + (skipped.size() - SKIPPED_SHOWN_MAX) + " more");
        }
        console.out()
                .printf(
                        "%d documents in %d chunks, %d new or changed, %d skipped%n",
                        delivery.taken(), delivery.chunks(), delivery.changed(), skipped.size());
        return skipped.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static void deliver(Source source, DocumentReader reader, Delivery delivery) {
        try {
            if (Files.size(source.file()) > Knowledge.FILE_BYTES_MAX) {
                delivery.skip(source.name() + ": more than " + (Knowledge.FILE_BYTES_MAX >> 20) + " MiB");
                return;
            }
            delivery.add(reader.read(source.name(), "", Files.readAllBytes(source.file())));
        } catch (IllegalArgumentException | Fault e) {
            delivery.skip(e.getMessage());
        } catch (IOException e) {
            delivery.skip(source.name() + ": cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static void collect(Path path, List<Source> sources) throws IOException {
        if (!Files.exists(path)) {
            throw new StartFailure(ExitCode.USAGE, "path: " + path + " does not exist", "check the spelling");
        }
        if (Files.isRegularFile(path)) {
            boolean lines = nameOf(path).endsWith(LINES);
            sources.add(new Source(path, path.getFileName().toString(), lines, lines ? DocumentLines.count(path) : 1));
            return;
        }
        Path base = path.toAbsolutePath().normalize();
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
                                + String.join(", ", DocumentReader.ENDINGS) + ")",
                        "name a folder with documents");
            }
            for (Path file : files) {
                String name = base.relativize(file.toAbsolutePath().normalize())
                        .toString()
                        .replace('\\', '/');
                sources.add(new Source(file, name, false, 1));
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new StartFailure(
                    ExitCode.NOT_ALLOWED,
                    "path: cannot read " + path + ": " + e.getMessage(),
                    "check who may read it",
                    e);
        }
    }

    private static boolean isDocument(Path file) {
        return DocumentReader.ENDINGS.stream().anyMatch(nameOf(file)::endsWith);
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT);
    }

    /** A file to be read, the name of its document and how many documents it holds. */
    private record Source(Path file, String name, boolean isLines, long documents) {}
}
