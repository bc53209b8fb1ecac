package skynet.bus;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What crosses the wire, as lines that two releases can be compared by: each word with its reach and the types of its
 * components, and each record and enum inside. The main method writes them for the release on its class path:
 * {@code java -cp skynet.jar:<test classes> skynet.bus.ReleasedWords FILE}.
 */
final class ReleasedWords {
    private final Map<String, String> lines = new TreeMap<>();

    private ReleasedWords() {}

    public static void main(String[] arguments) throws Exception {
        Files.write(Path.of(arguments[0]), lines());
    }

    /** The lines of this release, sorted. */
    static List<String> lines() {
        ReleasedWords words = new ReleasedWords();
        Catalog catalog = new Catalog();
        catalog.types()
                .forEach((name, type) ->
                        words.lines.put("word " + name, catalog.reachOf(type) + " " + words.components(type)));
        return words.lines.entrySet().stream()
                .map(line -> line.getKey() + ": " + line.getValue().strip())
                .toList();
    }

    private String components(Class<?> record) {
        return Arrays.stream(record.getRecordComponents())
                .map(RecordComponent::getGenericType)
                .map(this::name)
                .collect(Collectors.joining(" "));
    }

    private String name(Type type) {
        if (type instanceof ParameterizedType list) {
            return "List<" + name(list.getActualTypeArguments()[0]) + ">";
        }
        Class<?> plain = (Class<?>) type;
        String name = plain.getName().replaceFirst("^skynet\\.bus\\.", "").replaceFirst("^java\\.lang\\.", "");
        if (plain.isEnum()) {
            lines.put(
                    "enum " + name,
                    Arrays.stream(plain.getEnumConstants())
                            .map(constant -> ((Enum<?>) constant).name())
                            .collect(Collectors.joining(" ")));
        } else if (plain.isRecord() && lines.putIfAbsent("record " + name, "") == null) {
            lines.put("record " + name, components(plain));
        }
        return name;
    }

    /** What the later release took away or changed: a line that is gone, or does not begin as it did. */
    static List<String> broken(List<String> earlier, List<String> later) {
        Map<String, String> now = new TreeMap<>();
        later.forEach(line -> now.put(key(line), value(line)));
        List<String> broken = new ArrayList<>();
        for (String line : earlier) {
            String value = now.get(key(line));
            if (value == null || !(value + " ").startsWith(value(line) + " ")) {
                broken.add(line + " (now: " + value + ")");
            }
        }
        return broken;
    }

    private static String key(String line) {
        return line.substring(0, line.indexOf(": "));
    }

    private static String value(String line) {
        return line.substring(line.indexOf(": ") + 2).strip();
    }
}
