package skynet.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code skynet admin}: looks after people, on the node's own machine. */
@Command(
        name = "admin",
        description = "Looks after the accounts of the node on this machine.",
        mixinStandardHelpOptions = true)
final class AdminCommand implements Runnable {
    private static final String USERS = "/api/admin/users";

    private final Console console;
    private final SettingsOptions options;

    @Spec
    private CommandSpec spec;

    AdminCommand(Console console, SettingsOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing: user or totp-reset");
    }

    @Command(name = "user", description = "Shows all accounts, or one and changes it.", mixinStandardHelpOptions = true)
    void user(
            @Parameters(paramLabel = "EMAIL", arity = "0..1", description = "The account.") String email,
            @Option(names = "--role", paramLabel = "ROLE", description = "user, operator or admin") String role,
            @Option(names = "--group", paramLabel = "NAME", description = "The group that shares caches and quotas.")
                    String group,
            @Option(names = "--disable", description = "Lets it in no longer and ends its sessions.") boolean disable,
            @Option(names = "--enable", description = "Lets it in again.") boolean enable) {
        NodeClient node = NodeClient.of(options.settings());
        if (email == null) {
            String after = "";
            JsonNode page;
            do {
                page = node.get(USERS + "?limit=1000&after=" + NodeClient.path("", after))
                        .path("users");
                for (JsonNode user : page) {
                    print(user);
                    after = user.path("email").asText();
                }
            } while (!page.isEmpty());
            return;
        }
        if (disable && enable) {
            throw new ParameterException(spec.commandLine(), "--enable and --disable: both (expected: one of them)");
        }
        Map<String, Object> change = new LinkedHashMap<>();
        if (role != null) {
            change.put("role", role);
        }
        if (group != null) {
            change.put("group", group);
        }
        if (enable || disable) {
            change.put("enabled", enable);
        }
        print(node.post(NodeClient.path(USERS + "/", email), change));
    }

    @Command(
            name = "totp-reset",
            description = "Takes a lost second factor away; the account's sessions end.",
            mixinStandardHelpOptions = true)
    void totpReset(@Parameters(paramLabel = "EMAIL", description = "The account.") String email) {
        print(NodeClient.of(options.settings()).post(NodeClient.path(USERS + "/", email), Map.of("reset_totp", true)));
    }

    private void print(JsonNode user) {
        console.out()
                .printf(
                        "%s  %s  %s  %s, %s%n",
                        user.path("email").asText(),
                        user.path("role").asText(),
                        user.path("group").asText(),
                        user.path("enabled").asBoolean() ? "enabled" : "disabled",
                        user.path("totp").asBoolean() ? "second factor" : "no second factor");
    }
}
