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
@Command(
        name = "swarm",
        description = "Lists the swarm, lets light nodes compute, or drains a member.",
        mixinStandardHelpOptions = true)
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
        throw new ParameterException(spec.commandLine(), "Missing: ls, grant, revoke or drain");
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

    @Command(
            name = "grant",
            description = "Lets a light node do something: compute, that is read passages of documents for level 2.",
            footer = {
                "%nPassages are sent to nodes with this grant and to no others. Granted anew,",
                "nothing is held against the node any more. Needs the right swarm:admin and a",
                "second factor; the node's own machine has both."
            })
    void grant(
            @Parameters(paramLabel = "NODE", description = "A light node, such as NOD100.") String node,
            @Parameters(paramLabel = "GRANT", description = "compute") String grant) {
        NodeId light = light(node, grant);
        NodeClient.of(options.settings()).put("/v1/swarm/" + light + "/grants/" + grant, Map.of());
        console.out().println(light + " may " + grant);
    }

    @Command(
            name = "revoke",
            description = "Takes a grant back, at once on all members.",
            footer = "%nWhat the node was at is done by the members themselves. Needs the right swarm:admin.")
    void revoke(
            @Parameters(paramLabel = "NODE", description = "A light node, such as NOD100.") String node,
            @Parameters(paramLabel = "GRANT", description = "compute") String grant) {
        NodeId light = light(node, grant);
        NodeClient.of(options.settings()).delete("/v1/swarm/" + light + "/grants/" + grant);
        console.out().println(light + " may not " + grant);
    }

    private static NodeId light(String node, String grant) {
        if (!grant.equals("compute")) {
            throw new StartFailure(ExitCode.USAGE, "grant: " + grant + " is none (expected: compute)", "name one");
        }
        return NodeId.read(node)
                .orElseThrow(() -> new StartFailure(
                        ExitCode.USAGE, "node: " + node + " is none (expected: NOD100 or higher)", "name one"));
    }

    private void row(JsonNode node) {
        List<String> roles = new ArrayList<>();
        node.path("roles").forEach(role -> roles.add(role.asText()));
        work(node.path("compute")).ifPresent(roles::add);
        console.out()
                .printf(
                        "%-11s %-6s %-9s %-24s %s%n",
                        node.path("node").asText(),
                        node.path("class").asText(),
                        node.path("state").asText(),
                        node.path("home").isNull() ? "" : node.path("home").asText(),
                        String.join(", ", roles));
    }

    /** How a light node stands that may compute or might. */
    private static Optional<String> work(JsonNode work) {
        if (!work.isObject()) {
            return Optional.empty();
        }
        if (work.path("stopped").asBoolean()) {
            return Optional.of("stopped: " + work.path("strike").asText());
        }
        if (!work.path("at").isNull()) {
            return Optional.of("computes at " + work.path("at").asText() + ", "
                    + work.path("done").asLong() + " done");
        }
        return work.path("granted").asBoolean() ? Optional.of("granted") : Optional.empty();
    }
}
