package skynet.node.cli;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import skynet.cascade.Difficulty;
import skynet.kit.ExitCode;
import skynet.kit.StartFailure;

/** {@code skynet cascade}: how the router judges prompts, without a node. */
@Command(name = "cascade", description = "Shows how the router judges prompts.", mixinStandardHelpOptions = true)
final class CascadeCommand implements Runnable {
    private static final String STANDARD = "-";

    private final Console console;

    @Spec
    private CommandSpec spec;

    CascadeCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing: route");
    }

    @Command(
            name = "route",
            description = {
                "Gives each prompt a number from 0 to 1: the higher, the more it needs the stronger model.",
                "Reads a file with {\"id\":\"…\",\"prompt\":\"…\"} on each line and writes CSV with the columns id and score.",
                "The same prompt has the same number on every machine; no node and no network is needed."
            },
            mixinStandardHelpOptions = true)
    int route(
            @Option(
                            names = "--in",
                            paramLabel = "FILE",
                            required = true,
                            description = "The prompts; - is the standard input.")
                    String in,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            defaultValue = STANDARD,
                            description = "Where the scores go; - or nothing is the standard output.")
                    String out) {
        long count;
        try (JsonLines prompts = open(in)) {
            count = out.equals(STANDARD) ? toOut(prompts) : toFile(prompts, Path.of(out));
        } catch (IOException e) {
            throw new StartFailure(
                    ExitCode.FAILED, in + " to " + out + ": " + reason(e), "check both paths and the space there", e);
        }
        if (!out.equals(STANDARD)) {
            console.err().println(count + (count == 1 ? " prompt" : " prompts") + " scored in " + out);
        }
        return ExitCode.OK;
    }

    private JsonLines open(String in) throws IOException {
        if (in.equals(STANDARD)) {
            return new JsonLines("standard input", console.in());
        }
        Path file = Path.of(in);
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new StartFailure(
                    ExitCode.USAGE, in + ": not a file that can be read (expected: JSON lines)", "name another file");
        }
        InputStream bytes = Files.newInputStream(file);
        return new JsonLines(in, bytes);
    }

    private long toOut(JsonLines prompts) throws IOException {
        long count = score(prompts, console.out());
        console.out().flush();
        return count;
    }

    /** The file is there when all of it is written; after a mistake in the prompts the former one is still there. */
    private static long toFile(JsonLines prompts, Path file) throws IOException {
        Path whole = file.toAbsolutePath();
        Path part = whole.resolveSibling(whole.getFileName() + ".part");
        try {
            long count;
            try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(part, StandardCharsets.UTF_8))) {
                count = score(prompts, writer);
                if (writer.checkError()) {
                    throw new IOException("not written in full");
                }
            }
            Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
            return count;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static long score(JsonLines prompts, Writer out) throws IOException {
        out.write("id,score\n");
        long count = 0;
        for (Optional<JsonObject> next = prompts.next(); next.isPresent(); next = prompts.next()) {
            String id = prompts.text(next.get(), "id");
            double score = Difficulty.of(prompts.text(next.get(), "prompt"));
            out.write(cell(id) + String.format(Locale.ROOT, ",%.9f%n", score).replace("\r\n", "\n"));
            count++;
        }
        return count;
    }

    private static String cell(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : " " + e.getMessage());
    }
}
