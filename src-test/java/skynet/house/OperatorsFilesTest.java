package skynet.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import skynet.testkit.RunningNode;

/** What {@code conf/deploy} tells an operator is true of the node that is built beside it. */
final class OperatorsFilesTest {
    private static final Path DEPLOY =
            Path.of(System.getProperty("skynet.root", "..")).resolve("conf/deploy");
    private static final Pattern NAME = Pattern.compile("\\b[a-z][a-z0-9]*(_[a-z0-9]+)+\\b");
    private static final Pattern IN_BRACES = Pattern.compile("\\{[^}]*}|\"[^\"]*\"|\\b(by|on|without)\\s*\\([^)]*\\)");

    /** What Prometheus says itself, or its language. */
    private static final Set<String> OF_PROMETHEUS = Set.of("label_values");

    @TempDir
    Path home;

    @Test
    void everyMetricOfDashboardAndAlertsIsAmongThoseOfARunningNode() throws Exception {
        Set<String> asked = new TreeSet<>();
        List<String> expressions = new ArrayList<>(dashboard());
        expressions.addAll(alerts());
        assertTrue(expressions.size() >= 20, expressions::toString);
        for (String expression : expressions) {
            names(IN_BRACES.matcher(expression).replaceAll(" ")).forEach(asked::add);
        }
        asked.removeAll(OF_PROMETHEUS);
        try (RunningNode node = RunningNode.start(home.resolve("data"))) {
            node.ask("What is GENOM?");
            Set<String> given = node.send(node.asOwner("/metrics"))
                    .body()
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("[{ ]", 2)[0])
                    .collect(Collectors.toCollection(TreeSet::new));
            assertTrue(asked.size() >= 15, asked::toString);
            Set<String> unknown = new TreeSet<>(asked);
            unknown.removeAll(given);
            assertEquals(Set.of(), unknown, () -> "of " + given);
        }
    }

    @Test
    void theUnitRunsAsAnOrdinaryUserWhoWritesOneDirectory() throws Exception {
        String unit = Files.readString(DEPLOY.resolve("skynet.service"));
        for (String line : List.of(
                "User=skynet",
                "NoNewPrivileges=yes",
                "ProtectSystem=strict",
                "ProtectHome=yes",
                "CapabilityBoundingSet=",
                "Restart=on-failure",
                "KillSignal=SIGTERM",
                "StateDirectory=skynet")) {
            assertTrue(unit.lines().anyMatch(line::equals), line);
        }
        assertFalse(unit.contains("MemoryDenyWriteExecute="), "a JVM compiles while it runs");
    }

    @Test
    void theImageRunsAsAnOrdinaryUserAndAsksWhetherTheNodeIsReady() throws Exception {
        String image = Files.readString(DEPLOY.resolve("Dockerfile"));
        assertTrue(image.lines().anyMatch("USER skynet"::equals));
        assertTrue(image.contains("HEALTHCHECK") && image.contains("/health/ready"));
        assertFalse(Pattern.compile("(?i)^(ENV|ARG)\\b.*(password|secret|token)", Pattern.MULTILINE)
                .matcher(image)
                .find());
    }

    private static Set<String> names(String expression) {
        return NAME.matcher(expression).results().map(MatchResult::group).collect(Collectors.toSet());
    }

    private static List<String> dashboard() throws Exception {
        List<String> expressions = new ArrayList<>();
        JsonObject dashboard = new JsonObject(Files.readString(DEPLOY.resolve("grafana-dashboard.json")));
        for (Object panel : dashboard.getJsonArray("panels")) {
            for (Object target : ((JsonObject) panel).getJsonArray("targets", new io.vertx.core.json.JsonArray())) {
                expressions.add(((JsonObject) target).getString("expr"));
            }
        }
        for (Object variable : dashboard.getJsonObject("templating").getJsonArray("list")) {
            expressions.add(((JsonObject) variable).getString("query"));
        }
        return expressions;
    }

    @SuppressWarnings("unchecked") // What YAML holds has no type until it is looked at.
    private static List<String> alerts() throws Exception {
        Map<String, Object> file = new Yaml().load(Files.readString(DEPLOY.resolve("alerts.yml")));
        List<String> expressions = new ArrayList<>();
        for (Map<String, Object> group : (List<Map<String, Object>>) file.get("groups")) {
            for (Map<String, Object> rule : (List<Map<String, Object>>) group.get("rules")) {
                expressions.add((String) rule.get("expr"));
            }
        }
        return expressions;
    }
}
