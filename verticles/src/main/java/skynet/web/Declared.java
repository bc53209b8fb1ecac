package skynet.web;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the contract declares about who may ask what: the door enforces this and nothing else, so that what is written and
 * what is done cannot differ.
 */
final class Declared {
    private static final Set<String> METHODS =
            Set.of("get", "head", "post", "put", "delete", "patch", "options", "trace");
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z_]+)}");
    private static final Pattern SCOPE = Pattern.compile("[a-z0-9]+:[a-z]+");

    private final List<Operation> operations = new ArrayList<>();

    /** Who may ask: everybody unasked, guests too, or only who shows a token. */
    enum Entry {
        OPEN,
        GUESTS,
        KNOWN
    }

    /**
     * One operation of the contract.
     *
     * @param scope what a caller must be allowed; of an open one it only tells what it belongs to
     * @param proof whether a second factor must have been shown lately
     */
    record Operation(String method, String template, Pattern path, Entry entry, String scope, boolean proof) {}

    /** Reads the contract; one that leaves out who may do something does not start. */
    static Declared in(JsonObject contract) {
        Declared declared = new Declared();
        JsonObject paths = contract.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            JsonObject item = paths.getJsonObject(path);
            for (String method : item.fieldNames()) {
                if (METHODS.contains(method)) {
                    declared.operations.add(operation(method.toUpperCase(Locale.ROOT), path, item, method));
                }
            }
        }
        return declared;
    }

    /** The operation that a request asks for, by the path as the router sees it. */
    Optional<Operation> of(String method, String path) {
        Operation found = null;
        for (Operation operation : operations) {
            if (operation.method.equals(method) && operation.path.matcher(path).matches()) {
                // A path without parameters is meant before one with them.
                if (operation.template.indexOf('{') < 0) {
                    return Optional.of(operation);
                }
                found = found == null ? operation : found;
            }
        }
        return Optional.ofNullable(found);
    }

    List<Operation> operations() {
        return List.copyOf(operations);
    }

    private static Operation operation(String method, String path, JsonObject item, String key) {
        JsonObject operation = item.getJsonObject(key);
        String name = method + " " + path;
        String scope = operation.getString("x-scope", "");
        JsonArray security = operation.getJsonArray("security");
        if (security == null || !SCOPE.matcher(scope).matches()) {
            throw new IllegalStateException("contract: " + name + " (expected: security, and x-scope: room:act)");
        }
        return new Operation(
                method, path, pattern(path, item), entry(security), scope, operation.getBoolean("x-proof", false));
    }

    private static Entry entry(JsonArray security) {
        if (security.isEmpty()) {
            return Entry.OPEN;
        }
        return security.stream().anyMatch(one -> ((JsonObject) one).isEmpty()) ? Entry.GUESTS : Entry.KNOWN;
    }

    /** A parameter is one segment of the path, or, where the contract says x-slashes, all the rest. */
    private static Pattern pattern(String path, JsonObject item) {
        StringBuilder pattern = new StringBuilder();
        Matcher parameter = PARAMETER.matcher(path);
        int from = 0;
        while (parameter.find()) {
            String before = path.substring(from, parameter.start());
            if (slashes(item, parameter.group(1))) {
                // As the router does, also the path without any rest: its route tells what is missing.
                pattern.append(Pattern.quote(before.substring(0, before.length() - 1)))
                        .append("(?:/.*)?");
            } else {
                pattern.append(Pattern.quote(before)).append("[^/]+");
            }
            from = parameter.end();
        }
        return Pattern.compile(
                pattern.append(Pattern.quote(path.substring(from))).toString(), Pattern.DOTALL);
    }

    private static boolean slashes(JsonObject item, String name) {
        return item.getJsonArray("parameters", new JsonArray()).stream()
                .map(JsonObject.class::cast)
                .anyMatch(parameter ->
                        name.equals(parameter.getString("name")) && parameter.getBoolean("x-slashes", false));
    }
}
