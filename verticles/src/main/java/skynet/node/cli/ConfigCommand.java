package skynet.node.cli;

import java.util.List;
import picocli.CommandLine.Command;
import skynet.kit.Settings;
import skynet.node.NodeConfig;

/** {@code skynet config}: prints the settings in force and where each comes from. */
@Command(
        name = "config",
        description = "Prints every setting in force and its source; secrets are masked.",
        mixinStandardHelpOptions = true)
final class ConfigCommand implements Runnable {
    private final Console console;
    private final SettingsOptions options;

    ConfigCommand(Console console, SettingsOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        Settings settings = options.settings();
        List<Settings.Line> lines = settings.describe();
        int key = lines.stream().mapToInt(line -> line.key().length()).max().orElse(1);
        int value = lines.stream().mapToInt(line -> line.shown().length()).max().orElse(1);
        for (Settings.Line line : lines) {
            String format = "%-" + key + "s  %-" + Math.max(1, value) + "s  %s%n";
            console.out().printf(format, line.key(), line.shown(), line.source());
        }
        NodeConfig.of(settings);
    }
}
