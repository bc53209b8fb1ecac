package skynet.node.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import skynet.kit.ExitCode;
import skynet.kit.StartFailure;
import skynet.node.NodeConfig;
import skynet.node.backup.Restore;

/** {@code skynet restore}: makes a new data directory out of a backup. */
@Command(
        name = "restore",
        description = "Makes a new data directory out of a backup; give it with --data-dir.",
        footer = "%nThe directory must be new or empty. Start a node on it when this is done.",
        mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
    private final Console console;
    private final SettingsOptions options;

    @Parameters(paramLabel = "FILE", description = "What skynet backup made.")
    private Path file;

    RestoreCommand(Console console, SettingsOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() {
        NodeConfig config = NodeConfig.of(options.settings());
        config.pg().uri().ifPresent(uri -> {
            throw new StartFailure(
                    ExitCode.BAD_SETTINGS,
                    "pg.uri: " + uri + " (expected: none; a restore makes the embedded database of a new directory)",
                    "unset SKYNET_PG_URI for this command");
        });
        Restore.Restored restored =
                Restore.into(config.dataDir(), file, line -> console.err().println(line));
        console.out()
                .printf(
                        "%s: %d rows of %d tables as of %s, point %s%n",
                        config.dataDir(), restored.rows(), restored.tables(), restored.takenAt(), restored.point());
        return ExitCode.OK;
    }
}
