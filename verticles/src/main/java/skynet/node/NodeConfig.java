package skynet.node;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import skynet.crawl.CrawlConfig;
import skynet.kit.AuthConfig;
import skynet.kit.CascadeConfig;
import skynet.kit.ClusterConfig;
import skynet.kit.GrpcConfig;
import skynet.kit.HttpConfig;
import skynet.kit.JwtConfig;
import skynet.kit.Lending;
import skynet.kit.LlmConfig;
import skynet.kit.LocalModelConfig;
import skynet.kit.MeshConfig;
import skynet.kit.PgUri;
import skynet.kit.Proxies;
import skynet.kit.Settings;
import skynet.kit.ToolsConfig;
import skynet.knowledge.EmbeddingConfig;

/**
 * The settings of a node as checked values; its components are the keys of {@code conf/skynet.yaml}.
 *
 * @param key what the command line shows to a node that is not of this data directory
 */
public record NodeConfig(
        Path dataDir,
        Member node,
        HttpConfig http,
        GrpcConfig grpc,
        Pg pg,
        ClusterConfig cluster,
        MeshConfig mesh,
        AuthConfig auth,
        JwtConfig jwt,
        Optional<String> key,
        LlmConfig llm,
        CascadeConfig cascade,
        Swarm swarm,
        Light light,
        Log log,
        Knowledge knowledge,
        EmbeddingConfig embedding,
        CrawlConfig crawl,
        ToolsConfig tools) {

    /** Which member of its swarm a node is. */
    public record Member(int number) {
        static final int MAX = 99;

        public Member {
            if (number < 1 || number > MAX) {
                throw new IllegalArgumentException("node.number: " + number + " (expected: 1 to " + MAX + ")");
            }
        }
    }

    /** Where the facts live: an external database, or the embedded one when there is none. */
    public record Pg(Optional<PgUri> uri) {}

    /** How many heartbeats of light nodes this node admits in a second, and when they read passages for it. */
    public record Swarm(int beatsPerSecond, Lending lending) {
        static final int MAX = 1_000_000;

        public Swarm {
            if (beatsPerSecond < 1 || beatsPerSecond > MAX) {
                throw new IllegalArgumentException(
                        "swarm.beats-per-second: " + beatsPerSecond + " (expected: 1 to " + MAX + ")");
            }
        }
    }

    /**
     * Whether this is a light node and no member, where it joins, and what it takes part in.
     *
     * @param kind {@code core} for a member, else the class: D or M
     * @param join the addresses of members, in the order in which they are tried
     */
    public record Light(String kind, List<String> join, String mode) {
        static final List<String> KINDS = List.of("core", "D", "M");

        /** Those in which something is done; a member also registers the mode relay, in which nothing is yet. */
        static final List<String> MODES = List.of("compute", "heartbeat");

        static final int MEMBERS_MAX = 16;

        public Light {
            oneOf("light.kind", kind, KINDS);
            oneOf("light.mode", mode, MODES);
            join = List.copyOf(join);
            if (join.size() > MEMBERS_MAX) {
                throw new IllegalArgumentException(
                        "light.join: " + join.size() + " (expected: at most " + MEMBERS_MAX + ")");
            }
            join.forEach(Light::requireMember);
            if (join.isEmpty() && !kind.equals("core")) {
                throw new IllegalArgumentException(
                        "light.join: empty (expected: where a member answers, such as https://node.example.org:8080)");
            }
        }

        /** Whether this node is no member. */
        public boolean isLight() {
            return !kind.equals("core");
        }

        /** The members as addresses. */
        public List<URI> members() {
            return join.stream().map(URI::create).toList();
        }

        /** In the open, a token and passages are shown to nobody but this machine. */
        private static void requireMember(String text) {
            URI member;
            try {
                member = new URI(text);
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException("light.join: " + text + " (expected: https://host:port)", e);
            }
            String host = member.getHost();
            boolean whole = host != null
                    && member.getRawUserInfo() == null
                    && (member.getRawPath().isEmpty() || member.getRawPath().equals("/"))
                    && member.getRawQuery() == null
                    && member.getRawFragment() == null;
            if (!whole || !List.of("http", "https").contains(String.valueOf(member.getScheme()))) {
                throw new IllegalArgumentException("light.join: " + text + " (expected: https://host:port)");
            }
            if (member.getScheme().equals("http") && !host.matches("localhost|127(\\.\\d+){3}|\\[::1]")) {
                throw new IllegalArgumentException("light.join: " + text
                        + " (expected: https, for a token and passages travel there; http only to this machine)");
            }
        }
    }

    /** How the log looks: {@code auto} is text on a terminal and JSON elsewhere. */
    public record Log(String format, String level) {
        static final List<String> FORMATS = List.of("auto", "text", "json");
        static final List<String> LEVELS = List.of("error", "warn", "info", "debug", "trace");

        public Log {
            oneOf("log.format", format, FORMATS);
            oneOf("log.level", level, LEVELS);
        }

        /** What {@code auto} means here. */
        String shape(boolean terminal) {
            return format.equals("auto") ? (terminal ? "text" : "json") : format;
        }
    }

    /** What the node knows from the start: {@code samples} are the documents about itself. */
    public record Knowledge(boolean samples) {}

    /** Reads the settings; what a record refuses becomes a {@link skynet.kit.StartFailure} with key, value and source. */
    public static NodeConfig of(Settings settings) {
        LlmConfig llm = checked(
                settings,
                () -> new LlmConfig(
                        settings.optional("llm.base-url"),
                        settings.optional("llm.api-key"),
                        settings.optional("llm.model"),
                        settings.optional("llm.kind")));
        Path dataDir = Settings.path(settings.text("data-dir")).toAbsolutePath().normalize();
        return new NodeConfig(
                dataDir,
                checked(settings, () -> new Member(settings.number("node.number"))),
                checked(
                        settings,
                        () -> new HttpConfig(
                                settings.text("http.host"),
                                settings.number("http.port"),
                                settings.list("http.allowed-hosts"),
                                new Proxies(settings.list("http.trusted-proxies")))),
                checked(settings, () -> new GrpcConfig(settings.number("grpc.port"))),
                checked(settings, () -> new Pg(settings.optional("pg.uri").map(PgUri::parse))),
                checked(
                        settings,
                        () -> new ClusterConfig(
                                settings.flag("cluster.enabled"),
                                settings.text("cluster.name"),
                                settings.text("cluster.host"),
                                settings.number("cluster.port"),
                                settings.list("cluster.members"),
                                settings.optional("cluster.keys"))),
                checked(settings, () -> new MeshConfig(settings.list("mesh.chain"))),
                checked(
                        settings,
                        () -> new AuthConfig(
                                settings.flag("auth.guests"),
                                settings.text("auth.registration"),
                                settings.optional("auth.smtp-uri").map(AuthConfig::smtp),
                                settings.text("auth.mail-from"))),
                checked(settings, () -> new JwtConfig(settings.optional("jwt.secret"))),
                settings.optional("key"),
                llm,
                checked(settings, () -> CascadeConfig.of(
                                llm,
                                settings.text("cascade.upstreams"),
                                settings.text("cascade.policy"),
                                settings.text("cascade.cost-max"),
                                settings.number("cascade.telemetry-days"))
                        .with(
                                settings.optional("cascade.local-model")
                                        .map(place -> new LocalModelConfig(
                                                Settings.path(place),
                                                dataDir.resolve("knowledge").resolve("native"))),
                                settings.text("cascade.local-template"))
                        .grounded(settings.text("cascade.grounding"))),
                checked(
                        settings,
                        () -> new Swarm(
                                settings.number("swarm.beats-per-second"),
                                Lending.of("swarm.lending", settings.text("swarm.lending")))),
                checked(
                        settings,
                        () -> new Light(
                                settings.text("light.kind"), settings.list("light.join"), settings.text("light.mode"))),
                checked(settings, () -> new Log(settings.text("log.format"), settings.text("log.level"))),
                checked(settings, () -> new Knowledge(settings.flag("knowledge.samples"))),
                checked(
                        settings,
                        () -> new EmbeddingConfig(
                                settings.optional("embedding.folder"),
                                settings.optional("embedding.base-url"),
                                settings.optional("embedding.api-key"),
                                settings.optional("embedding.model"),
                                settings.number("embedding.dimensions"))),
                checked(
                        settings,
                        () -> new CrawlConfig(
                                settings.flag("crawl.enabled"),
                                settings.list("crawl.seeds"),
                                settings.list("crawl.allowed-hosts"),
                                settings.number("crawl.depth"),
                                settings.number("crawl.pages"),
                                settings.number("crawl.every-hours"),
                                settings.number("crawl.pause-millis"),
                                settings.text("crawl.contact"),
                                settings.optional("crawl.search-url"))),
                checked(settings, () -> new ToolsConfig(settings.optional("tools.weather-url"))));
    }

    /** The records name the key first in what they say. */
    private static <T> T checked(Settings settings, Supplier<T> record) {
        try {
            return record.get();
        } catch (IllegalArgumentException e) {
            String reason = e.getMessage();
            throw settings.wrong(reason.substring(0, reason.indexOf(':')), reason);
        }
    }

    private static void oneOf(String key, String text, List<String> names) {
        if (!names.contains(text)) {
            throw new IllegalArgumentException(key + ": " + text + " (expected: one of " + names + ")");
        }
    }
}
