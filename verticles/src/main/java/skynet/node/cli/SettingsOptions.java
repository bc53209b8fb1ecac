package skynet.node.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import skynet.kit.Settings;

/** The options that change settings; every command takes them. */
final class SettingsOptions {
    private final Map<String, String> environment;
    private final Map<String, String> own = new LinkedHashMap<>();

    @Option(names = "--conf", paramLabel = "FILE", scope = ScopeType.INHERIT, description = "Settings file.")
    private Path conf;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            scope = ScopeType.INHERIT,
            description = "Sets one setting, for example http.port=8081.")
    private Map<String, String> set = new LinkedHashMap<>();

    SettingsOptions(Map<String, String> environment) {
        this.environment = environment;
    }

    @Option(names = "--data-dir", paramLabel = "DIR", scope = ScopeType.INHERIT, description = "Data directory.")
    void dataDir(String text) {
        own.put("data-dir", text);
    }

    @Option(names = "--http-host", paramLabel = "HOST", scope = ScopeType.INHERIT, description = "HTTP address.")
    void httpHost(String text) {
        own.put("http.host", text);
    }

    @Option(names = "--http-port", paramLabel = "PORT", scope = ScopeType.INHERIT, description = "HTTP port.")
    void httpPort(String text) {
        own.put("http.port", text);
    }

    @Option(names = "--grpc-port", paramLabel = "PORT", scope = ScopeType.INHERIT, description = "gRPC port.")
    void grpcPort(String text) {
        own.put("grpc.port", text);
    }

    @Option(names = "--cluster", scope = ScopeType.INHERIT, description = "Joins the cluster that the settings name.")
    void cluster(boolean wanted) {
        own.put("cluster.enabled", Boolean.toString(wanted));
    }

    @Option(
            names = "--class",
            paramLabel = "CLASS",
            description = "D or M: a light node of this class, which joins members instead of being one.")
    void lightClass(String text) {
        own.put("light.kind", text);
    }

    @Option(
            names = "--join",
            paramLabel = "URL",
            description = "Where a light node finds members, separated by commas: https://node.example.org:8080.")
    void join(String text) {
        own.put("light.join", text);
    }

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "What a light node takes part in: compute or heartbeat.")
    void mode(String text) {
        own.put("light.mode", text);
    }

    /** Returns the settings in force, with these options on top. */
    Settings settings() {
        Map<String, String> all = new LinkedHashMap<>(set);
        all.putAll(own);
        return Settings.read(environment, Optional.ofNullable(conf), all);
    }
}
