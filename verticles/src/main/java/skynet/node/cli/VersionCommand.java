package skynet.node.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code skynet version}: what this is and what it runs on. */
@Command(name = "version", description = "Prints the version.", mixinStandardHelpOptions = true)
final class VersionCommand implements Runnable, IVersionProvider {
    private final Optional<Console> console;

    /** The form in which picocli asks for the version itself. */
    VersionCommand() {
        this.console = Optional.empty();
    }

    VersionCommand(Console console) {
        this.console = Optional.of(console);
    }

    @Override
    public void run() {
        console.ifPresent(here -> here.out().println(getVersion()[0]));
    }

    @Override
    public String[] getVersion() {
        String version = Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
                .orElse("(unpacked)");
        return new String[] {
            "skynet " + version + ", Java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                    + System.getProperty("os.arch")
        };
    }
}
