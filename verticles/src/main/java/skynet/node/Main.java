package skynet.node;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import skynet.node.cli.Console;
import skynet.node.cli.SkynetCommand;

/** The front door: {@code java -jar skynet.jar} and everything else that can be said on the command line. */
public final class Main {
    private final NodeStarter starter;

    Main(NodeStarter starter) {
        this.starter = starter;
    }

    public static void main(String[] arguments) {
        NodeStarter starter = settings -> NodeConfig.of(settings).light().isLight()
                ? new Outpost(System.out).run(settings)
                : new Node(System.out).run(settings);
        System.exit(new Main(starter).run(arguments));
    }

    /** Runs one command line and returns its exit code. */
    int run(String... arguments) {
        Console console = new Console(System.getenv(), System.in, utf8(System.out), utf8(System.err));
        return SkynetCommand.run(console, starter, arguments);
    }

    /** What we print is UTF-8, whatever the locale says: it may be read by the next program. */
    private static PrintWriter utf8(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }
}
