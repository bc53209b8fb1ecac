package skynet.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.kit.Settings;
import skynet.kit.StartFailure;

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
        refuses("http.host", "a b");
        refuses("grpc.port", "x");
        refuses("node.number", "0");
        refuses("node.number", "100");
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
    void acceptsTheBoundsThemselves() {
        Settings settings = with(Map.of("http.port", "65535", "grpc.port", "0", "node.number", "99"));
        assertEquals(65_535, NodeConfig.of(settings).http().port());
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
