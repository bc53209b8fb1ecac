package skynet.node.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import skynet.kit.ExitCode;
import skynet.kit.Nearest;
import skynet.kit.StartFailure;
import skynet.node.NodeStarter;

/** The command line as a whole: without a command it runs the node. */
@Command(
        name = "skynet",
        description = "A self-hosted AI node. Without a command: run.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  skynet                         start the node",
            "  skynet ask What does NOD7 do?  ask the running node",
            "  skynet index ~/notes           teach it a folder of documents",
            "  skynet encode Hello world      text to GENOM, without a node",
            "",
            "Exit codes: 0 ok, 1 failed, 2 usage, 65 bad data, 69 node unreachable,",
            "  75 try later, 77 not allowed, 78 bad settings, 130 Ctrl-C"
        })
public final class SkynetCommand implements Callable<Integer> {
    private final NodeStarter starter;

    @Mixin
    private final SettingsOptions options;

    private SkynetCommand(NodeStarter starter, SettingsOptions options) {
        this.starter = starter;
        this.options = options;
    }

    /** Runs one command line and returns its exit code. */
    public static int run(Console console, NodeStarter starter, String... arguments) {
        return line(console, starter).execute(arguments);
    }

    /** All commands. */
    static CommandLine line(Console console, NodeStarter starter) {
        SettingsOptions options = new SettingsOptions(console.environment());
        CommandLine line = new CommandLine(new SkynetCommand(starter, options))
                .addSubcommand("run", new RunCommand(starter, options))
                .addSubcommand("encode", new EncodeCommand(console, options))
                .addSubcommand("decode", new DecodeCommand(console, options))
                .addSubcommand("lookup", new LookupCommand(console, options))
                .addSubcommand("dict", new DictCommand(console, options))
                .addSubcommand("ask", new AskCommand(console, options))
                .addSubcommand("mcp", new McpCommand(console, options))
                .addSubcommand("index", new IndexCommand(console, options))
                .addSubcommand("knowledge", new KnowledgeCommand(console, options))
                .addSubcommand("crawl", new CrawlCommand(console, options))
                .addSubcommand("keys", new KeysCommand(console, options))
                .addSubcommand("admin", new AdminCommand(console, options))
                .addSubcommand("config", new ConfigCommand(console, options))
                .addSubcommand("cascade", new CascadeCommand(console))
                .addSubcommand("cluster", new ClusterCommand(console))
                .addSubcommand("swarm", new SwarmCommand(console, options))
                .addSubcommand("backup", new BackupCommand(console, options))
                .addSubcommand("restore", new RestoreCommand(console, options))
                .addSubcommand("doctor", new DoctorCommand(console, options))
                .addSubcommand("version", new VersionCommand(console))
                .addSubcommand("help", new CommandLine.HelpCommand());
        line.setOut(console.out());
        line.setErr(console.err());
        line.setParameterExceptionHandler(SkynetCommand::misuse);
        line.setExecutionExceptionHandler((failure, command, parsed) -> explain(console, failure));
        return line;
    }

    @Override
    public Integer call() {
        return starter.run(options.settings());
    }

    /** Names the command that was probably meant; the whole usage is one option away. */
    private static int misuse(ParameterException failure, String... arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(Ansi.AUTO.string("@|bold,red skynet:|@ ") + failure.getMessage());
        if (failure instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().get(0);
            if (word.startsWith("-")) {
                UnmatchedArgumentException.printSuggestions(failure, err);
            } else if (!command.getSubcommands().isEmpty()) {
                err.println("  did you mean: " + command.getCommandSpec().qualifiedName() + " "
                        + Nearest.to(word, command.getSubcommands().keySet()) + "?");
            }
        }
        err.println("  see " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private static int explain(Console console, Exception failure) {
        if (failure instanceof StartFailure known) {
            console.err().println(Ansi.AUTO.string("@|bold,red skynet:|@ ") + known.getMessage());
            console.err().println("  fix: " + known.fix());
            return known.exitCode();
        }
        console.err().println(Ansi.AUTO.string("@|bold,red skynet:|@ ") + "unexpected: " + failure);
        console.err().println("  fix: this is a defect; report it with the lines below");
        failure.printStackTrace(console.err());
        return ExitCode.FAILED;
    }
}
