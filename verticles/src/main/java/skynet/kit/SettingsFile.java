package skynet.kit;

import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.parser.ParserException;
import org.yaml.snakeyaml.scanner.ScannerException;

/** Reads {@code skynet.yaml} as flat keys with texts: {@code http: {port: 8080}} is {@code http.port}. A list of entries is JSON. */
final class SettingsFile {
    private static final int CHARS_MAX = 256 << 10;
    private static final int DEPTH_MAX = 8;

    private SettingsFile() {}

    static Map<String, String> read(Path file) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setCodePointLimit(CHARS_MAX);
        options.setNestingDepthLimit(DEPTH_MAX);
        Map<String, String> flat = new TreeMap<>();
        try {
            Object root = new Yaml(new SafeConstructor(options)).load(Files.readString(file));
            if (root != null) {
                flatten("", root, file, flat);
            }
            return flat;
        } catch (IOException e) {
            throw Settings.unreadable("settings file", file, e);
        } catch (YAMLException e) {
            throw Settings.bad("settings file " + file + ": " + placed(e), "correct the YAML of this file");
        }
    }

    /**
     * Says where and why a text is no YAML and quotes nothing of it, for a secret may stand there. The library's own
     * message shows the line; its short problem tells at most one character of it, save for aliases, tags and keys.
     */
    private static String placed(YAMLException e) {
        if (!(e instanceof MarkedYAMLException marked) || marked.getProblemMark() == null) {
            return e.getMessage().lines().findFirst().orElse("no YAML");
        }
        boolean grammar = e instanceof ScannerException || e instanceof ParserException;
        String problem = grammar ? marked.getProblem() : "a key, an alias or a tag that cannot stand here";
        Mark mark = marked.getProblemMark();
        return "line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1) + ": " + problem;
    }

    /** Returns the text of a file that holds a secret, without the line end. */
    static String secret(String variable, Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw Settings.unreadable(variable, file, e);
        }
    }

    private static void flatten(String key, Object value, Path file, Map<String, String> into) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, inner) -> flatten(key.isEmpty() ? "" + name : key + "." + name, inner, file, into));
        } else if (key.isEmpty()) {
            throw Settings.bad(
                    "settings file " + file + ": no keys in it (expected: key: value)", "see conf/skynet.yaml");
        } else if (value instanceof Collection<?> list && list.stream().anyMatch(Map.class::isInstance)) {
            into.put(key, new JsonArray(List.copyOf(list)).encode());
        } else if (value instanceof Collection<?> list) {
            into.put(key, list.stream().map(String::valueOf).collect(Collectors.joining(",")));
        } else if (value != null) {
            into.put(key, String.valueOf(value));
        }
    }
}
