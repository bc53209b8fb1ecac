package skynet.node.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import skynet.dictionary.CoordinateTable;
import skynet.genom.CodeRun;
import skynet.genom.Encoder;
import skynet.genom.Frame;
import skynet.genom.FrameType;
import skynet.genom.GenomFrame;
import skynet.kit.ExitCode;
import skynet.kit.Settings;
import skynet.kit.StartFailure;
import skynet.node.NodeConfig;

/** {@code skynet encode}: text to a GENOM frame, without a node and therefore with epoch 0 and sequence 0. */
@Command(
        name = "encode",
        description = {
            "Turns text into a GENOM frame; the text is read from standard input when none is given.",
            "The frame has epoch 0 and sequence 0, which no running node uses: it was made outside of one."
        },
        mixinStandardHelpOptions = true)
final class EncodeCommand implements Runnable {
    private final Console console;
    private final SettingsOptions options;

    @Parameters(paramLabel = "TEXT", arity = "0..*")
    private List<String> words = List.of();

    @Option(names = "--stream", description = "A frame for each line of the standard input, however many there are.")
    private boolean stream;

    EncodeCommand(Console console, SettingsOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        Settings settings = options.settings();
        int node = NodeConfig.of(settings).node().number();
        String text = stream ? "" : console.text(words);
        try (CoordinateTable table = new Dictionary(settings).open()) {
            Encoder encoder = new Encoder(table);
            if (stream) {
                console.lines(line -> console.out().print(frame(encoder, node, line) + "\n"));
                console.out().flush();
            } else {
                console.out().println(frame(encoder, node, text));
            }
        } catch (IllegalArgumentException e) {
            throw new StartFailure(ExitCode.USAGE, e.getMessage(), "give other text", e);
        }
    }

    private static String frame(Encoder encoder, int node, String text) {
        int[] codes = encoder.encode(text);
        return GenomFrame.format(new Frame(node, 0, 0, FrameType.MSG, CodeRun.of(codes, codes.length)));
    }
}
