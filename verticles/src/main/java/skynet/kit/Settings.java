package skynet.kit;

import static skynet.kit.ExitCode.BAD_SETTINGS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an operator decided, merged from four places of growing weight: built-in defaults, the file
 * {@code skynet.yaml}, {@code SKYNET_*} variables, options of the command line. Every value knows where it comes from.
 *
 * <p>A name that nobody knows stops the start: a misspelt setting must not be a silent default.
 */
public final class Settings {
    /** Stands where a secret would. */
    public static final String MASK = "****";

    static final String PREFIX = "SKYNET_";
    /** Names the settings file; the one variable that is no setting itself. */
    static final String CONF = PREFIX + "CONF";

    private static final String FILE_SUFFIX = "_FILE";
    private static final String DEFAULT = "default";
    private static final String OPTION = "option";

    private final Map<String, Value> values;

    private Settings(Map<String, Value> values) {
        this.values = values;
    }

    /** One setting as it is in force. */
    private record Value(String text, String source) {}

    /** One line of {@link #describe()}: secrets are masked in {@code shown}. */
    public record Line(String key, String shown, String source) {}

    /**
     * Merges the places. Without {@code conf} the file is the one named by {@code SKYNET_CONF}; without that
     * {@code conf/skynet.yaml} in the working directory is read and then {@code skynet.yaml} in the data directory,
     * where they exist.
     * {@code options} are keys with values, from {@code --set} and from options of their own.
     */
    public static Settings read(Map<String, String> environment, Optional<Path> conf, Map<String, String> options) {
        Map<String, Value> strong = new TreeMap<>();
        readEnvironment(environment, strong);
        options.forEach((key, text) -> {
            SettingKey known = known(key, OPTION);
            if (known.secret()) {
                throw bad(
                        key + ": a secret on the command line is seen by everyone (expected: in the environment)",
                        "set " + variable(key) + " or " + variable(key) + FILE_SUFFIX);
            }
            strong.put(key, new Value(text, OPTION));
        });
        Map<String, Value> values = new TreeMap<>();
        SettingKey.ALL.forEach(key -> values.put(key.name(), new Value(key.standard(), DEFAULT)));
        Optional<Path> named = conf.or(() -> Optional.ofNullable(environment.get(CONF))
                .filter(text -> !text.isEmpty())
                .map(Path::of));
        named.ifPresentOrElse(file -> readFile(file, values), () -> readUnnamedFiles(strong, values));
        values.putAll(strong);
        return new Settings(values);
    }

    /** Returns the value, an empty text where none is set. */
    public String text(String key) {
        return value(key).text();
    }

    public Optional<String> optional(String key) {
        return Optional.of(text(key)).filter(text -> !text.isBlank());
    }

    public int number(String key) {
        String text = text(key).strip();
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw wrong(key, text + " (expected: a whole number)");
        }
    }

    public boolean flag(String key) {
        String text = text(key).strip().toLowerCase(Locale.ROOT);
        return switch (text) {
            case "true", "on", "yes" -> true;
            case "false", "off", "no" -> false;
            default -> throw wrong(key, text + " (expected: true or false)");
        };
    }

    /** Returns the values between commas. */
    public List<String> list(String key) {
        return Arrays.stream(text(key).split(","))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    /** Returns where the value comes from: {@code default}, a file, a variable or {@code option}. */
    public String source(String key) {
        return value(key).source();
    }

    /** Whether the value was given on the command line. */
    public boolean isOption(String key) {
        return source(key).equals(OPTION);
    }

    /** Returns every setting in order of its key, ready to be shown. */
    public List<Line> describe() {
        List<Line> lines = new ArrayList<>();
        values.forEach((key, value) -> lines.add(new Line(key, shown(key, value.text()), value.source())));
        return lines;
    }

    /** Returns the failure for a value that its record refuses. */
    public StartFailure wrong(String key, String reason) {
        String text = reason.startsWith(key + ":") ? reason : key + ": " + reason;
        return bad(text + ", from " + source(key), "correct it; see: skynet config");
    }

    /** Returns the variable that sets this key. */
    public static String variable(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private Value value(String key) {
        Value value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("key: " + key + " (expected: one of " + values.keySet() + ")");
        }
        return value;
    }

    private static void readEnvironment(Map<String, String> environment, Map<String, Value> into) {
        Map<String, SettingKey> variables = new TreeMap<>();
        SettingKey.ALL.forEach(key -> variables.put(variable(key.name()), key));
        List<String> valid = new ArrayList<>(variables.keySet());
        SettingKey.ALL.stream()
                .filter(SettingKey::secret)
                .forEach(key -> valid.add(variable(key.name()) + FILE_SUFFIX));
        valid.add(CONF);
        for (String name : new TreeMap<>(environment).keySet()) {
            String text = environment.get(name);
            if (!name.startsWith(PREFIX) || name.equals(CONF) || text.isEmpty()) {
                continue;
            }
            boolean file = name.endsWith(FILE_SUFFIX) && valid.contains(name);
            String plain = file ? name.substring(0, name.length() - FILE_SUFFIX.length()) : name;
            SettingKey key = variables.get(plain);
            if (key == null) {
                throw unknown(name, "environment", valid);
            }
            if (file && !environment.getOrDefault(plain, "").isEmpty()) {
                throw bad(plain + " and " + name + ": both are set (expected: one of them)", "unset one of them");
            }
            into.put(key.name(), new Value(file ? SettingsFile.secret(name, Path.of(text)) : text, name));
        }
    }

    private static void readUnnamedFiles(Map<String, Value> strong, Map<String, Value> values) {
        Path beside = Path.of("conf", "skynet.yaml");
        if (Files.isRegularFile(beside)) {
            readFile(beside, values);
        }
        String data = strong.getOrDefault("data-dir", values.get("data-dir")).text();
        Path own = path(data).resolve("skynet.yaml");
        if (Files.isRegularFile(own)) {
            readFile(own, values);
        }
    }

    private static void readFile(Path file, Map<String, Value> values) {
        SettingsFile.read(file).forEach((key, text) -> {
            known(key, file.toString());
            values.put(key, new Value(text, file.toString()));
        });
    }

    /** Returns the path with a leading {@code ~} replaced by the user's home. */
    public static Path path(String text) {
        String home = System.getProperty("user.home");
        return text.equals("~") || text.startsWith("~/") ? Path.of(home + text.substring(1)) : Path.of(text);
    }

    private static SettingKey known(String key, String source) {
        return SettingKey.named(key)
                .orElseThrow(() -> unknown(
                        key,
                        source,
                        SettingKey.ALL.stream().map(SettingKey::name).toList()));
    }

    private static StartFailure unknown(String name, String source, Collection<String> valid) {
        return bad(
                name + ": no such setting, in " + source + " (expected: a name that `skynet config` lists)",
                "did you mean " + Nearest.to(name, valid) + "?");
    }

    private static String shown(String key, String text) {
        if (text.isEmpty() || !SettingKey.named(key).orElseThrow().secret()) {
            return text;
        }
        if (key.equals("cascade.upstreams")) {
            return CascadeConfig.masked(text);
        }
        try {
            return PgUri.parse(text).toString();
        } catch (IllegalArgumentException e) {
            return MASK;
        }
    }

    static StartFailure bad(String message, String fix) {
        return new StartFailure(BAD_SETTINGS, message, fix);
    }

    static StartFailure unreadable(String name, Path file, IOException e) {
        return new StartFailure(
                BAD_SETTINGS,
                name + ": cannot read " + file + " (" + e.getClass().getSimpleName() + ")",
                "check the path and who may read it",
                e);
    }
}
