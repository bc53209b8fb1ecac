package skynet.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads {@code skynet.yaml} as flat keys with texts: {@code http: {port: 8080}} is {@code http.port}. */
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
            throw Settings.bad("settings file " + file + ": " + e.getMessage(), "correct the YAML of this file");
        }
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
        } else if (value instanceof Collection<?> list) {
            into.put(key, list.stream().map(String::valueOf).collect(Collectors.joining(",")));
        } else if (value != null) {
            into.put(key, String.valueOf(value));
        }
    }
}
