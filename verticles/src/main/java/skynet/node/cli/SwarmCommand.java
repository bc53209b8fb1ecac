package skynet.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import skynet.bus.NodeId;
import skynet.kit.ExitCode;
import skynet.kit.StartFailure;

/** {@code skynet swarm}: who is in the swarm, and how one of its members is taken out of service. */
@Command(name = "swarm", description = "Lists the swarm, or drains a member.", mixinStandardHelpOptions = true)
final class SwarmCommand implements Runnable {
    private final Console console;
    private final SettingsOptions options;

    @Spec
    private CommandSpec spec;

    SwarmCommand(Console console, SettingsOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing: ls or drain");
    }

    @Command(name = "ls", description = "Lists the members, and the light nodes with their states.")
    void list(
            @Option(names = "--json", description = "Prints the node's answer as it came.") boolean json,
            @Option(
                            names = "--limit",
                            defaultValue = "20",
                            description = "Light nodes to list, 0 to 200 (default: ${DEFAULT-VALUE}).")
                    int limit) {
        JsonNode swarm = NodeClient.of(options.settings()).get("/v1/swarm?limit=" + limit);
        if (json) {
            console.out().println(swarm);
            return;
        }
        List<JsonNode> rows = new ArrayList<>();
        swarm.path("members").forEach(rows::add);
        rows.removeIf(member -> member.path("state").asText().equals("planned"));
        swarm.path("nodes").forEach(rows::add);
        console.out().printf("%-11s %-6s %-9s %-24s %s%n", "NODE", "CLASS", "STATE", "AT", "ROLES");
        rows.forEach(this::row);
        swarm.path("counts").properties().forEach(count -> console.out()
                .printf(
                        "class %s: %d registered, %d live, %d suspect, %d dead%n",
                        count.getKey(),
                        count.getValue().path("registered").asInt(),
                        count.getValue().path("live").asInt(),
                        count.getValue().path("suspect").asInt(),
                        count.getValue().path("dead").asInt()));
    }

    @Command(
            name = "drain",
            description = "Makes a member finish what it has and end, as SIGTERM does.",
            footer = "%nNeeds the right swarm:admin, which the node's own machine has.")
    void drain(@Parameters(paramLabel = "NODE", description = "NOD1 to NOD99.") String node) {
        Optional<NodeId> member = NodeId.read(node);
        if (member.isEmpty()) {
            throw new StartFailure(ExitCode.USAGE, "node: " + node + " is none (expected: NOD1 to NOD99)", "name one");
        }
        NodeClient.of(options.settings()).post("/v1/swarm/" + member.get() + "/drain", Map.of());
        console.out().println(member.get() + " finishes what it has and ends");
    }

    private void row(JsonNode node) {
        List<String> roles = new ArrayList<>();
        node.path("roles").forEach(role -> roles.add(role.asText()));
        console.out()
                .printf(
                        "%-11s %-6s %-9s %-24s %s%n",
                        node.path("node").asText(),
                        node.path("class").asText(),
                        node.path("state").asText(),
                        node.path("home").isNull() ? "" : node.path("home").asText(),
                        String.join(", ", roles));
    }
}
