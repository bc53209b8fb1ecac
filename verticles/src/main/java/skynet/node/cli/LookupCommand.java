package skynet.node.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import skynet.dictionary.CoordinateTable;
import skynet.dictionary.TokenId;
import skynet.kit.ExitCode;

/** {@code skynet lookup}: one token of the dictionary, by word, id or hex, without a node. */
@Command(
        name = "lookup",
        description = "Shows a token by its word, its id (T-0000847) or its hex (0x034F).",
        mixinStandardHelpOptions = true)
final class LookupCommand implements Callable<Integer> {
    private static final int LINKS_SHOWN_MAX = 8;

    private final Console console;
    private final SettingsOptions options;

    @Parameters(paramLabel = "WORD|ID|HEX")
    private String key;

    LookupCommand(Console console, SettingsOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() {
        try (CoordinateTable table = new Dictionary(options.settings()).open()) {
            int id = find(table);
            if (id < 0 || id >= table.count()) {
                console.err().println("lookup: " + key + " is not in the dictionary");
                return ExitCode.FAILED;
            }
            print(table, id);
            return ExitCode.OK;
        }
    }

    private int find(CoordinateTable table) {
        String upper = key.toUpperCase(Locale.ROOT);
        boolean number = upper.matches("T-\\d{1,10}|0X[0-9A-F]{1,8}");
        try {
            return number
                    ? TokenId.parse(upper.startsWith("0X") ? "0x" + upper.substring(2) : upper)
                    : table.findWord(key);
        } catch (IllegalArgumentException e) {
            return -1;
        }
    }

    private void print(CoordinateTable table, int id) {
        line("token_id", TokenId.label(id));
        line("hex", TokenId.hex(id));
        line("canonical", table.canonical(id));
        line("sector", table.sector(id).wireName());
        line("quadrant", table.quadrant(id).name());
        line("language", table.language(id));
        line("r", Double.toString(table.r(id)));
        line("theta", Double.toString(table.theta(id)));
        int[] links = table.links(id);
        for (int index = 0; index < Math.min(links.length, LINKS_SHOWN_MAX); index++) {
            line(index == 0 ? "links" : "", TokenId.label(links[index]) + " " + table.canonical(links[index]));
        }
    }

    private void line(String name, String value) {
        console.out().printf("%-10s %s%n", name, value);
    }
}
