package skynet.node.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import skynet.kit.ExitCode;
import skynet.node.Facts;
import skynet.node.NodeConfig;
import skynet.node.backup.Backup;

/** {@code skynet backup}: a copy of the node's facts in one file, taken while the node runs. */
@Command(
        name = "backup",
        description = "Copies the node's facts into one file, while it runs or not.",
        footer = "%nThe file holds every document and conversation, unencrypted: keep it as you keep them.",
        mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
    private final Console console;
    private final SettingsOptions options;

    @Parameters(paramLabel = "FILE|DIR", description = "A new file, or a folder for one with the point's name.")
    private Path target;

    @Option(names = "--point", paramLabel = "NAME", description = "What to call this point in time. Without: its time.")
    private String point;

    BackupCommand(Console console, SettingsOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() throws Exception {
        NodeConfig config = NodeConfig.of(options.settings());
        try (Facts facts = Facts.of(config, line -> console.err().println(line))) {
            Backup.Taken taken = Backup.take(facts.uri(), target, Optional.ofNullable(point));
            console.out()
                    .printf(
                            "%s: %d rows of %d tables as of %s, point %s, %d bytes, SHA-256 %s…%n",
                            taken.file(),
                            taken.rows(),
                            taken.tables(),
                            taken.takenAt(),
                            taken.point(),
                            taken.bytes(),
                            taken.seal().substring(0, 16));
        }
        return ExitCode.OK;
    }
}
