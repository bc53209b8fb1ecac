package skynet.node.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import skynet.node.NodeStarter;

/** {@code skynet run}: starts the node and keeps it running. */
@Command(
        name = "run",
        description = "Starts the node, or with --class D a light node that joins others; Ctrl-C stops it.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  skynet run",
            "      a member",
            "  skynet run --class D --join https://node.example.org",
            "      a light node, which computes once it is granted: skynet swarm grant"
        })
final class RunCommand implements Callable<Integer> {
    private final NodeStarter starter;
    private final SettingsOptions options;

    RunCommand(NodeStarter starter, SettingsOptions options) {
        this.starter = starter;
        this.options = options;
    }

    @Option(
            names = "--class",
            paramLabel = "CLASS",
            description = "D or M: a light node of this class, which joins members instead of being one.")
    void lightClass(String text) {
        options.lightClass(text);
    }

    @Option(
            names = "--join",
            paramLabel = "URL",
            description = "Where a light node finds members, separated by commas: https://node.example.org:8080.")
    void join(String text) {
        options.join(text);
    }

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "What a light node takes part in: compute or heartbeat.")
    void mode(String text) {
        options.mode(text);
    }

    @Override
    public Integer call() {
        return starter.run(options.settings());
    }
}
