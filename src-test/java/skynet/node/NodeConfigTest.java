package skynet.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.kit.CascadeConfig;
import skynet.kit.Settings;
import skynet.kit.StartFailure;
import skynet.kit.UpstreamConfig;

/** The configuration of a node: the same keys in the record, in the shipped file and among the defaults. */
final class NodeConfigTest {
    private static final Path SHIPPED = Path.of(System.getProperty("skynet.root", ".."), "conf", "skynet.yaml");

    @TempDir
    Path temporary;

    @Test
    void hasOneComponentPerKey() {
        TreeSet<String> components = new TreeSet<>();
        collect("", NodeConfig.class, components);
        assertEquals(components, new TreeSet<>(shown(defaults()).keySet()));
    }

    @Test
    void agreesWithTheShippedFileKeyByKeyAndDefaultByDefault() throws Exception {
        String uncommented = Files.readAllLines(SHIPPED).stream()
                .filter(line -> line.matches("#([a-z]|  ).*"))
                .map(line -> line.substring(1))
                .collect(Collectors.joining("\n"));
        Path file = Files.writeString(temporary.resolve("skynet.yaml"), uncommented);
        Settings settings = Settings.read(Map.of(), Optional.of(file), Map.of());
        assertEquals(shown(defaults()), shown(settings));
        settings.describe().forEach(line -> assertEquals(file.toString(), line.source(), line.key()));
    }

    @Test
    void shipsAFileInWhichEverythingIsCommentedOut() {
        Settings shipped = Settings.read(Map.of(), Optional.of(SHIPPED), Map.of());
        shipped.describe().forEach(line -> assertEquals("default", line.source(), line.key()));
    }

    @Test
    void refusesValuesOutOfBounds() {
        refuses("http.port", "65536");
        refuses("http.port", "-1");
        refuses("cascade.policy", "node");
        refuses("cascade.policy", "cheap");
        refuses("cascade.cost-max", "-1");
        refuses("cascade.cost-max", "NaN");
        refuses("cascade.cost-max", "much");
        refuses("cascade.local-template", "jinja");
        refuses("cascade.telemetry-days", "0");
        refuses("cascade.telemetry-days", "3651");
        refuses("http.host", "a b");
        refuses("grpc.port", "x");
        refuses("node.number", "0");
        refuses("node.number", "100");
        refuses("swarm.lending", "sometimes");
        refuses("light.kind", "S");
        refuses("light.mode", "mine");
        refuses("light.mode", "relay");
        refuses("light.join", "node.example.org");
        refuses("light.join", "ftp://node.example.org");
        refuses("light.join", "https://user:word@node.example.org");
        refuses("light.join", "https://node.example.org/path");
        refuses("light.join", "http://10.0.0.2:8080");
        refuses("log.format", "xml");
        refuses("log.level", "loud");
        refuses("knowledge.samples", "perhaps");
        refuses("cluster.enabled", "perhaps");
        refuses("cluster.name", "my cluster");
        refuses("cluster.host", "0.0.0.0");
        refuses("cluster.port", "0");
        refuses("cluster.port", "65535");
        refuses("cluster.members", "10.0.0.2");
    }

    @Test
    void readsUpstreamsFromAFileAndShowsNoKey() throws Exception {
        Path key = Files.writeString(temporary.resolve("key"), "sk-in-a-file\n");
        CascadeConfig cascade = upstreams(
                """
                llm: {base-url: "http://127.0.0.1:11434", model: tiny}
                cascade:
                  upstreams:
                    - {name: fast, base-url: "https://api.example.org", model: m, level: L3, api-key: sk-1, price-out: 0.6}
                    - name: premium
                      kind: anthropic
                      base-url: https://claude.example.org/
                      api-key-file: %s
                      model: large
                      level: L4
                      tokens-max: 100
                """
                        .formatted(key));
        assertEquals(
                List.of(
                        "llm (ollama, tiny at http://127.0.0.1:11434, L3)",
                        "fast (openai, m at https://api.example.org/v1, L3)",
                        "premium (anthropic, large at https://claude.example.org/v1, L4)"),
                cascade.upstreams().stream().map(UpstreamConfig::toString).toList());
        assertEquals(Optional.of("sk-in-a-file"), cascade.upstreams().get(2).apiKey());
        assertEquals(0.6, cascade.upstreams().get(1).priceOut());
        assertEquals(100, cascade.upstreams().get(2).limits().tokensMax());
        String shown = shown(fromFile("cascade: {upstreams: [{name: a, api-key: sk-secret-1}]}"))
                .toString();
        assertFalse(shown.contains("sk-secret-1"), shown);
    }

    @Test
    void theFirstUpstreamIsTheSecondLevelTooWhenThereIsNoOther() throws Exception {
        Settings settings = Settings.read(
                Map.of(
                        "SKYNET_LLM_BASE_URL", "http://127.0.0.1:8000/v1/",
                        "SKYNET_LLM_MODEL", "m",
                        "SKYNET_LLM_API_KEY", "sk-secret-2"),
                Optional.of(Files.writeString(temporary.resolve("empty.yaml"), "")),
                Map.of());
        assertEquals(
                "[llm (openai, m at http://127.0.0.1:8000/v1, L3), llm (openai, m at http://127.0.0.1:8000/v1, L4)]",
                NodeConfig.of(settings).cascade().upstreams().toString());
        assertFalse(shown(settings).toString().contains("sk-secret-2"));
        assertFalse(NodeConfig.of(settings).toString().contains("sk-secret-2"));
    }

    @Test
    void refusesUpstreamsThatAreNoneAndNamesThem() throws Exception {
        Map<String, String> wrong = Map.of(
                "name: a, model: m, level: L3", "a: base-url: none",
                "name: a, base-url: 'ftp://x', model: m, level: L3", "a: base-url: not http",
                "name: a, base-url: 'http://u:sk-s@x', model: m, level: L3", "a: base-url: not http",
                "name: a, base-url: 'http://x', model: m, level: L9", "a: level: L9",
                "name: a, base-url: 'http://x', model: m, level: L1", "a: level: L1",
                "name: a, base-url: 'http://x', level: L3", "a: model: none",
                "name: a, base-url: 'http://x', modle: m, level: L3", "did you mean model?",
                "name: a, kind: cohere, base-url: 'http://x', model: m, level: L3", "a: kind: cohere",
                "name: a, kind: anthropic, base-url: 'http://x', model: m, level: L3", "a: api-key: none",
                "name: llm, base-url: 'http://x', model: m, level: L3", "llm: a name that is taken");
        for (Map.Entry<String, String> entry : wrong.entrySet()) {
            String text = "cascade: {upstreams: [{" + entry.getKey() + "}]}";
            StartFailure failure = assertThrows(StartFailure.class, () -> upstreams(text), text);
            assertTrue(
                    failure.getMessage().startsWith("cascade.upstreams: ")
                            && failure.getMessage().contains(entry.getValue()),
                    failure.getMessage());
            assertFalse(failure.getMessage().contains("sk-s"), failure.getMessage());
        }
    }

    private CascadeConfig upstreams(String text) throws IOException {
        return NodeConfig.of(fromFile(text)).cascade();
    }

    private Settings fromFile(String text) throws IOException {
        Path file = Files.writeString(temporary.resolve("own.yaml"), text);
        return Settings.read(Map.of(), Optional.of(file), Map.of());
    }

    @Test
    void acceptsTheBoundsThemselves() {
        Settings settings = with(Map.of("http.port", "65535", "grpc.port", "0", "node.number", "99"));
        assertEquals(65_535, NodeConfig.of(settings).http().port());
    }

    @Test
    void aLightNodeHasToKnowWhereItsMembersAre() {
        StartFailure failure = assertThrows(StartFailure.class, () -> NodeConfig.of(with(Map.of("light.kind", "D"))));
        assertTrue(failure.getMessage().startsWith("light.join: empty"), failure.getMessage());
        NodeConfig.Light light = NodeConfig.of(with(Map.of(
                        "light.kind", "D",
                        "light.join", "https://one.example.org:8080, http://127.0.0.1:8081/, http://[::1]:1")))
                .light();
        assertTrue(light.isLight());
        assertEquals(3, light.members().size());
        assertEquals("compute", light.mode());
        assertFalse(NodeConfig.of(defaults()).light().isLight());
    }

    private void refuses(String key, String text) {
        Settings settings = with(Map.of(key, text));
        StartFailure failure = assertThrows(StartFailure.class, () -> NodeConfig.of(settings), key);
        assertEquals(key, failure.getMessage().substring(0, failure.getMessage().indexOf(':')));
    }

    private Settings defaults() {
        return with(Map.of());
    }

    /** Reads an empty file, for without one the settings of whoever runs the tests would be read. */
    private Settings with(Map<String, String> options) {
        try {
            Path empty = Files.writeString(temporary.resolve("empty.yaml"), "");
            return Settings.read(Map.of(), Optional.of(empty), options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> shown(Settings settings) {
        Map<String, String> texts = new TreeMap<>();
        settings.describe().forEach(line -> texts.put(line.key(), line.shown()));
        return texts;
    }

    private static void collect(String prefix, Class<?> type, TreeSet<String> into) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key =
                    prefix + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            if (component.getType().isRecord()) {
                collect(key + ".", component.getType(), into);
            } else {
                into.add(key);
            }
        }
    }

    @Test
    void automaticLogIsTextForPeopleAndJsonForPrograms() {
        NodeConfig.Log log = new NodeConfig.Log("auto", "info");
        assertEquals("text", log.shape(true));
        assertEquals("json", log.shape(false));
        assertEquals("text", new NodeConfig.Log("text", "info").shape(false));
    }
}
