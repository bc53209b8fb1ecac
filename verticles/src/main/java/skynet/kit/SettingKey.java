package skynet.kit;

import java.util.List;
import java.util.Optional;

/** A setting that exists: its name, the text that stands for it when nobody sets it, and whether it is a secret. */
record SettingKey(String name, String standard, boolean secret) {
    /** Every setting; {@code conf/skynet.yaml} explains each. */
    static final List<SettingKey> ALL = List.of(
            open("data-dir", "~/.skynet"),
            open("node.number", "1"),
            open("http.host", "127.0.0.1"),
            open("http.port", "8080"),
            open("http.allowed-hosts", ""),
            open("http.trusted-proxies", ""),
            open("grpc.port", "50051"),
            secret("pg.uri"),
            open("cluster.enabled", "false"),
            open("cluster.name", "skynet"),
            open("cluster.host", "127.0.0.1"),
            open("cluster.port", "5701"),
            open("cluster.members", ""),
            open("cluster.keys", ""),
            open("mesh.chain", "1, 2, 3"),
            open("auth.guests", "true"),
            open("auth.registration", "auto"),
            secret("auth.smtp-uri"),
            open("auth.mail-from", "skynet@localhost"),
            secret("jwt.secret"),
            secret("key"),
            open("llm.base-url", ""),
            secret("llm.api-key"),
            open("llm.model", ""),
            open("llm.kind", ""),
            secret("cascade.upstreams"),
            open("cascade.policy", "cost"),
            open("cascade.cost-max", "0"),
            open("cascade.telemetry-days", "90"),
            open("cascade.grounding", "0.25"),
            open("cascade.local-model", ""),
            open("cascade.local-template", "auto"),
            open("swarm.beats-per-second", "5000"),
            open("swarm.lending", "busy"),
            open("light.kind", "core"),
            open("light.join", ""),
            open("light.mode", "compute"),
            open("log.format", "auto"),
            open("log.level", "info"),
            open("knowledge.samples", "true"),
            open("embedding.folder", ""),
            open("embedding.base-url", ""),
            secret("embedding.api-key"),
            open("embedding.model", ""),
            open("embedding.dimensions", "0"),
            open("crawl.enabled", "true"),
            open("crawl.seeds", ""),
            open("crawl.allowed-hosts", ""),
            open("crawl.depth", "3"),
            open("crawl.pages", "500"),
            open("crawl.every-hours", "24"),
            open("crawl.pause-millis", "1000"),
            open("crawl.contact", ""),
            open("crawl.search-url", ""),
            secret("tools.weather-url"));

    static Optional<SettingKey> named(String name) {
        return ALL.stream().filter(key -> key.name().equals(name)).findFirst();
    }

    private static SettingKey open(String name, String standard) {
        return new SettingKey(name, standard, false);
    }

    private static SettingKey secret(String name) {
        return new SettingKey(name, "", true);
    }
}
