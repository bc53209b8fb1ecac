package skynet.node.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import skynet.dictionary.CoordinateTable;
import skynet.dictionary.Quadrant;
import skynet.dictionary.Sector;

/** {@code skynet dict}: checks and counts the dictionary, without a node. */
@Command(name = "dict", description = "Checks or counts the dictionary.", mixinStandardHelpOptions = true)
final class DictCommand implements Runnable {
    private final Console console;
    private final SettingsOptions options;

    @Spec
    private CommandSpec spec;

    DictCommand(Console console, SettingsOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing: verify or stats");
    }

    @Command(name = "verify", description = "Compares every byte with its checksum; repairs nothing.")
    void verify() {
        Dictionary dictionary = new Dictionary(options.settings());
        dictionary.verify();
        try (CoordinateTable table = dictionary.open()) {
            console.out()
                    .printf("dictionary %s: %,d tokens, every byte as it should be%n", table.version(), table.count());
        }
    }

    @Command(name = "stats", description = "Counts tokens by quadrant, sector and language.")
    void stats() {
        try (CoordinateTable table = new Dictionary(options.settings()).open()) {
            line("version", table.version());
            line("tokens", table.count());
            for (Quadrant quadrant : Quadrant.values()) {
                line("quadrant " + quadrant, table.count(quadrant));
            }
            for (Sector sector : Sector.values()) {
                line("sector " + sector.wireName(), table.count(sector));
            }
            table.languages().forEach(language -> line("language " + language, table.countLanguage(language)));
        }
    }

    private void line(String name, Object value) {
        console.out().printf("%-22s %s%n", name, value);
    }
}
