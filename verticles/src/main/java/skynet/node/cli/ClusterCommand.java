package skynet.node.cli;

import java.nio.file.Path;
import java.security.SecureRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import skynet.node.cluster.KeyMaker;

/** {@code skynet cluster}: what has to be done once before several nodes become one. */
@Command(name = "cluster", description = "Makes the keys of a cluster.", mixinStandardHelpOptions = true)
final class ClusterCommand implements Runnable {
    private final Console console;

    @Spec
    private CommandSpec spec;

    ClusterCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing: init");
    }

    @Command(name = "init", description = "Makes new keys in a new directory; every member gets a copy.")
    void init(@Parameters(paramLabel = "DIR", description = "The directory to make.") Path directory) {
        KeyMaker.make(directory, new SecureRandom());
        console.out().println("made the keys of a cluster in " + directory);
        console.out().println("  copy member.p12, trust.p12 and password to every member, readable by its user only");
        console.out().println("  keep authority.p12 away from them: it can make further members");
        console.out()
                .println("  start each with: SKYNET_CLUSTER_KEYS=<copy> SKYNET_NODE_NUMBER=<its own> "
                        + "SKYNET_CLUSTER_HOST=<its address>");
        console.out()
                .println("    SKYNET_CLUSTER_MEMBERS=<host:port of the others> SKYNET_PG_URI=<one for all> "
                        + "skynet run --cluster");
    }
}
