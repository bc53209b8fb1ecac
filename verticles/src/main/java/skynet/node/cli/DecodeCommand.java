package skynet.node.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import skynet.dictionary.CoordinateTable;
import skynet.genom.CodeRun;
import skynet.genom.Decoder;
import skynet.genom.FrameException;
import skynet.genom.GenomFrame;
import skynet.kit.ExitCode;
import skynet.kit.StartFailure;

/** {@code skynet decode}: a GENOM frame back to its text, without a node. */
@Command(
        name = "decode",
        description = "Turns a GENOM frame back into its text; it is read from standard input when none is given.",
        mixinStandardHelpOptions = true)
final class DecodeCommand implements Runnable {
    private final Console console;
    private final SettingsOptions options;

    @Parameters(paramLabel = "FRAME", arity = "0..1")
    private List<String> words = List.of();

    DecodeCommand(Console console, SettingsOptions options) {
        this.console = console;
        this.options = options;
    }

    /** Prints the text and nothing else, not even a line end, unless a person reads it. */
    @Override
    public void run() {
        String line = console.text(words).strip();
        try (CoordinateTable table = new Dictionary(options.settings()).open()) {
            CodeRun codes = GenomFrame.parse(line).codes();
            console.out().print(new Decoder(table).text(codes.toArray(), codes.size()));
            if (console.outIsTerminal()) {
                console.out().println();
            }
            console.out().flush();
        } catch (FrameException | IllegalArgumentException e) {
            throw new StartFailure(
                    ExitCode.FAILED, "frame: " + e.getMessage(), "give a line that `skynet encode` made", e);
        }
    }
}
