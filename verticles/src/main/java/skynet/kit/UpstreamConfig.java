package skynet.kit;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import skynet.bus.Cascade.Level;

/**
 * One place where a model of somebody else answers.
 *
 * @param name what the node calls it: in steps, segments, figures and errors
 * @param kind which wire format it speaks
 * @param baseUrl where its interface begins, with {@code /v1} where it has that
 * @param apiKey what it is shown; empty where it asks for none
 * @param level at which it answers, L3 or L4
 * @param priceIn what a million tokens cost that it reads
 * @param priceOut what a million tokens cost that it writes
 */
public record UpstreamConfig(
        String name,
        Kind kind,
        URI baseUrl,
        Optional<String> apiKey,
        String model,
        Level level,
        double priceIn,
        double priceOut,
        Limits limits) {
    private static final int NAME_CHARS_MAX = 40;
    private static final int MODEL_CHARS_MAX = 200;
    private static final int PRICE_MAX = 1_000_000;
    private static final int OLLAMA_PORT = 11434;

    /** The wire formats. */
    public enum Kind {
        OPENAI,
        ANTHROPIC,
        OLLAMA;

        /** Reads a name as settings have it. */
        public static Kind named(String text) {
            try {
                return valueOf(text.strip().toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("kind: " + text + " (expected: openai, anthropic or ollama)", e);
            }
        }

        /** What an address most probably speaks. */
        static Kind of(URI url) {
            String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
            boolean versioned = String.valueOf(url.getPath()).contains("/v1");
            if (host.contains("anthropic")) {
                return ANTHROPIC;
            }
            return !versioned && (url.getPort() == OLLAMA_PORT || host.contains("ollama")) ? OLLAMA : OPENAI;
        }
    }

    /**
     * What is asked of an upstream at most, and how long it is waited for.
     *
     * @param concurrency answers at once
     * @param firstSeconds until the first token
     * @param silenceSeconds between two tokens
     * @param totalSeconds for a whole answer
     * @param tokensMax longest answer in tokens; 0 leaves it to the upstream
     */
    public record Limits(int concurrency, int firstSeconds, int silenceSeconds, int totalSeconds, int tokensMax) {
        /** What holds unless settings say otherwise. */
        public static final Limits STANDARD = new Limits(1_000, 30, 20, 600, 0);

        public Limits {
            within("concurrency", concurrency, 1, 10_000);
            within("first-token-seconds", firstSeconds, 1, 3_600);
            within("silence-seconds", silenceSeconds, 1, 3_600);
            within("total-seconds", totalSeconds, 1, 86_400);
            within("tokens-max", tokensMax, 0, 1_000_000);
        }

        private static void within(String key, int number, int least, int most) {
            if (number < least || number > most) {
                throw new IllegalArgumentException(key + ": " + number + " (expected: " + least + " to " + most + ")");
            }
        }
    }

    public UpstreamConfig {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*") || name.length() > NAME_CHARS_MAX) {
            throw new IllegalArgumentException("name: " + name + " (expected: 1 to " + NAME_CHARS_MAX
                    + " letters, digits, dots, dashes or underscores)");
        }
        if (model.isBlank() || model.length() > MODEL_CHARS_MAX) {
            throw new IllegalArgumentException(
                    "model: " + model.length() + " characters (expected: the name of a model that it has)");
        }
        if (level != Level.L3 && level != Level.L4) {
            throw new IllegalArgumentException("level: " + level + " (expected: L3 or L4)");
        }
        if (!(priceIn >= 0 && priceIn <= PRICE_MAX && priceOut >= 0 && priceOut <= PRICE_MAX)) {
            throw new IllegalArgumentException("price: " + priceIn + " and " + priceOut + " (expected: 0 to "
                    + PRICE_MAX + " for a million tokens)");
        }
        if (kind == Kind.ANTHROPIC && apiKey.isEmpty()) {
            throw new IllegalArgumentException("api-key: none (expected: one, Anthropic's interface asks for it)");
        }
        if (apiKey.filter(key -> key.chars().anyMatch(c -> c <= ' ' || c > '~')).isPresent()) {
            throw new IllegalArgumentException(
                    "api-key: holds what no header can (expected: printable ASCII, one line)");
        }
    }

    /** Reads an address; what it holds may be a secret and stays out of the refusal. */
    public static URI url(String text, Optional<Kind> kind) {
        URI url;
        try {
            url = URI.create(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("base-url: no address (expected: like http://127.0.0.1:11434)", e);
        }
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!http || url.getHost() == null || url.getRawUserInfo() != null || url.getRawQuery() != null) {
            throw new IllegalArgumentException(
                    "base-url: not http(s)://host:port/path (expected: without a user, a key or a query)");
        }
        String plain = url.toString().replaceAll("/+$", "");
        boolean bare = url.getPath() == null || url.getPath().replace("/", "").isEmpty();
        return URI.create(bare && kind.orElse(Kind.of(url)) != Kind.OLLAMA ? plain + "/v1" : plain);
    }

    /** The same at another level. */
    UpstreamConfig at(Level other) {
        return new UpstreamConfig(name, kind, baseUrl, apiKey, model, other, priceIn, priceOut, limits);
    }

    /** The key stays out of what is printed. */
    @Override
    public String toString() {
        return name + " (" + kind.name().toLowerCase(Locale.ROOT) + ", " + model + " at " + baseUrl + ", " + level
                + ")";
    }
}
