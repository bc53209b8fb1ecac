package skynet.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import skynet.kit.ExitCode;
import skynet.kit.StartFailure;

/** {@code skynet keys}: makes, lists and revokes API keys. */
@Command(
        name = "keys",
        description = "Makes, lists and revokes API keys.",
        footer = {
            "",
            "On the node's own machine nothing is asked: whoever may read its data",
            "directory may do this.",
            "Elsewhere SKYNET_KEY, or SKYNET_KEY_FILE, is a key with the scope keys:self.",
            "",
            "Example: skynet keys create reports --scopes genom:read,chat:ask --expires 90d"
        },
        mixinStandardHelpOptions = true)
final class KeysCommand implements Runnable {
    private static final String KEYS = "/api/keys";

    private final Console console;
    private final SettingsOptions options;

    @Spec
    private CommandSpec spec;

    KeysCommand(Console console, SettingsOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing: create, ls or revoke");
    }

    @Command(name = "create", description = "Makes a key and prints it, once.", mixinStandardHelpOptions = true)
    void create(
            @Parameters(paramLabel = "NAME", description = "What it is for.") String name,
            @Option(
                            names = "--scopes",
                            required = true,
                            split = ",",
                            paramLabel = "ROOM:ACT",
                            description = "What it may do, with commas between.")
                    List<String> scopes,
            @Option(
                            names = "--expires",
                            paramLabel = "WHEN",
                            description = "After so many days (90d) or hours (12h), or at a date (2027-01-31).")
                    String expires) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        body.put("scopes", scopes);
        if (expires != null) {
            body.put("expires_at", time(expires));
        }
        JsonNode made = NodeClient.of(options.settings()).post(KEYS, body);
        console.out().println(made.path("key").asText());
        console.err().println("id " + made.path("id").asText() + "; the key is not shown again");
    }

    @Command(name = "ls", description = "Lists the keys.", mixinStandardHelpOptions = true)
    void list(@Option(names = "--json", description = "Prints the node's answer as it came.") boolean json) {
        JsonNode answer = NodeClient.of(options.settings()).get(KEYS);
        if (json) {
            console.out().println(answer);
            return;
        }
        for (JsonNode key : answer.path("keys")) {
            console.out()
                    .printf(
                            "%s  %s…  %-8s  %s  %s  %s%n",
                            key.path("id").asText(),
                            key.path("hint").asText(),
                            state(key),
                            key.path("name").asText(),
                            key.path("owner").asText().isEmpty()
                                    ? "(this machine)"
                                    : key.path("owner").asText(),
                            String.join(",", scopes(key)));
        }
    }

    @Command(name = "revoke", description = "Revokes a key, at once.", mixinStandardHelpOptions = true)
    void revoke(@Parameters(paramLabel = "ID", description = "Its id, as `keys ls` shows it.") String id) {
        NodeClient.of(options.settings()).delete(NodeClient.path(KEYS + "/", id));
        console.out().println("revoked " + id);
    }

    private static List<String> scopes(JsonNode key) {
        List<String> scopes = new java.util.ArrayList<>();
        key.path("scopes").forEach(scope -> scopes.add(scope.asText()));
        return scopes;
    }

    private static String state(JsonNode key) {
        String ends = key.path("expires_at").asText("");
        boolean over = key.path("expires_at").isTextual() && Instant.parse(ends).isBefore(Instant.now());
        return key.path("revoked_at").isTextual() ? "revoked" : over ? "expired" : "good";
    }

    /** A time to come, as the node reads it. */
    private static String time(String text) {
        try {
            if (text.matches("\\d{1,5}[dh]")) {
                long count = Long.parseLong(text.substring(0, text.length() - 1));
                Duration after = text.endsWith("d") ? Duration.ofDays(count) : Duration.ofHours(count);
                return Instant.now()
                        .plus(after)
                        .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                        .toString();
            }
            return text.length() == "2027-01-31".length()
                    ? LocalDate.parse(text)
                            .atStartOfDay()
                            .toInstant(ZoneOffset.UTC)
                            .toString()
                    : OffsetDateTime.parse(text).toInstant().toString();
        } catch (DateTimeParseException e) {
            throw new StartFailure(
                    ExitCode.USAGE, "expires: " + text + " (expected: like 90d, 12h or 2027-01-31)", "correct it", e);
        }
    }
}
