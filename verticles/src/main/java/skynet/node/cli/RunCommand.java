package skynet.node.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import skynet.node.NodeStarter;

/** {@code skynet run}: starts the node and keeps it running. */
@Command(name = "run", description = "Starts the node; Ctrl-C stops it.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private final NodeStarter starter;
    private final SettingsOptions options;

    RunCommand(NodeStarter starter, SettingsOptions options) {
        this.starter = starter;
        this.options = options;
    }

    @Override
    public Integer call() {
        return starter.run(options.settings());
    }
}
