package skynet.node.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import skynet.kit.ExitCode;

/** {@code skynet doctor}: looks whether a node can run here, or runs well, and says what to do where not. */
@Command(
        name = "doctor",
        description = "Checks what a node needs; exit code 1 when something must be fixed.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    private final Console console;
    private final SettingsOptions options;

    @Option(names = "--json", description = "Prints the checks as JSON.")
    private boolean json;

    DoctorCommand(Console console, SettingsOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        List<Check> checks = new Examination(options.settings()).checks();
        if (json) {
            console.out().println(new ObjectMapper().writeValueAsString(checks));
        } else {
            checks.forEach(this::print);
        }
        boolean bad = checks.stream().anyMatch(check -> check.status() == Check.Status.BAD);
        return bad ? ExitCode.FAILED : ExitCode.OK;
    }

    private void print(Check check) {
        String colour =
                switch (check.status()) {
                    case GOOD -> "green";
                    case DOUBTFUL -> "yellow";
                    case BAD -> "red";
                };
        String sign = Ansi.AUTO.string("@|" + colour + " " + check.status().sign() + "|@");
        console.out().println(sign + " " + check.name() + ": " + check.found());
        if (!check.fix().isEmpty()) {
            console.out().println("  fix: " + check.fix());
        }
    }
}
