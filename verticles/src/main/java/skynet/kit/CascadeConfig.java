package skynet.kit;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Policy;
import skynet.kit.UpstreamConfig.Kind;
import skynet.kit.UpstreamConfig.Limits;

/**
 * Who answers at the levels that need a model of somebody else, how levels are chosen, and how long it is known what came of it.
 *
 * @param upstreams those of one level are asked in the order of this list
 * @param policy what the choice of a level is to save, for requests that wish for nothing
 * @param costMax a level is passed over whose answer is predicted to cost more, in the currency of the prices; 0 for no limit
 * @param telemetryDays so many days are kept request by request; their sums stay
 * @param localModel a model of the owner that answers on this node
 * @param localTemplate how a conversation is laid out for it
 * @param grounding from which nearness on models of others are given passages of the documents; empty for never
 */
public record CascadeConfig(
        List<UpstreamConfig> upstreams,
        Policy policy,
        double costMax,
        int telemetryDays,
        Optional<LocalModelConfig> localModel,
        String localTemplate,
        OptionalDouble grounding) {
    /** What {@code cascade.local-template} may be. */
    public static final List<String> TEMPLATES = List.of("auto", "chatml", "llama3", "phi", "zephyr", "plain");

    /** Fields of an upstream that hold no secret. */
    private static final Set<String> SHOWN = Set.of(
            "name",
            "kind",
            "api-key-file",
            "model",
            "level",
            "price-in",
            "price-out",
            "concurrency",
            "first-token-seconds",
            "silence-seconds",
            "total-seconds",
            "tokens-max");

    /** A node that answers by itself only. */
    public static final CascadeConfig NONE = new CascadeConfig(List.of());

    private static final String KEY = "cascade.upstreams";
    private static final String GROUNDING = "0 to 1, or off";
    private static final int UPSTREAMS_MAX = 32;
    private static final int DAYS = 90;
    private static final double COST_MAX = 1_000_000;
    private static final int DAYS_MAX = 3_650;
    private static final Set<String> FIELDS = Set.of(
            "name",
            "kind",
            "base-url",
            "api-key",
            "api-key-file",
            "model",
            "level",
            "price-in",
            "price-out",
            "concurrency",
            "first-token-seconds",
            "silence-seconds",
            "total-seconds",
            "tokens-max");

    public CascadeConfig {
        upstreams = List.copyOf(upstreams);
        if (policy == Policy.NODE) {
            throw new IllegalArgumentException("cascade.policy: node (expected: cost, speed or quality)");
        }
        if (!(costMax >= 0 && costMax <= COST_MAX)) {
            throw new IllegalArgumentException(
                    "cascade.cost-max: " + costMax + " (expected: 0 to " + (int) COST_MAX + ", 0 for no limit)");
        }
        if (telemetryDays < 1 || telemetryDays > DAYS_MAX) {
            throw new IllegalArgumentException(
                    "cascade.telemetry-days: " + telemetryDays + " (expected: 1 to " + DAYS_MAX + ")");
        }
        if (grounding.isPresent() && !(grounding.getAsDouble() >= 0 && grounding.getAsDouble() <= 1)) {
            throw new IllegalArgumentException(
                    "cascade.grounding: " + grounding.getAsDouble() + " (expected: " + GROUNDING + ")");
        }
        if (!TEMPLATES.contains(localTemplate)) {
            throw new IllegalArgumentException("cascade.local-template: " + localTemplate + " (expected: one of "
                    + String.join(", ", TEMPLATES) + ")");
        }
    }

    /** The cheapest levels first, with three months of requests. */
    public CascadeConfig(List<UpstreamConfig> upstreams) {
        this(upstreams, Policy.COST, 0, DAYS, Optional.empty(), TEMPLATES.get(0), OptionalDouble.empty());
    }

    /** The same with a policy by its name, the most that an answer may cost, and the days of telemetry. */
    public static CascadeConfig of(LlmConfig first, String listed, String policy, String costMax, int telemetryDays) {
        return new CascadeConfig(
                of(first, listed).upstreams(),
                policy(policy),
                cost(costMax),
                telemetryDays,
                Optional.empty(),
                TEMPLATES.get(0),
                OptionalDouble.empty());
    }

    /** The same with a model on this node. */
    public CascadeConfig with(Optional<LocalModelConfig> model, String template) {
        return new CascadeConfig(upstreams, policy, costMax, telemetryDays, model, template, grounding);
    }

    /** The same where models are given passages of so great a nearness, as a number, or none when it says {@code off}. */
    public CascadeConfig grounded(String nearness) {
        return new CascadeConfig(
                upstreams, policy, costMax, telemetryDays, localModel, localTemplate, grounding(nearness));
    }

    private static OptionalDouble grounding(String text) {
        try {
            return text.equals("off") ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("cascade.grounding: " + text + " (expected: " + GROUNDING + ")", e);
        }
    }

    private static double cost(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("cascade.cost-max: " + text + " (expected: a number like 0.05)", e);
        }
    }

    private static Policy policy(String name) {
        return Stream.of(Policy.COST, Policy.SPEED, Policy.QUALITY)
                .filter(policy -> policy.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "cascade.policy: " + name + " (expected: cost, speed or quality)"));
    }

    /**
     * Puts the first upstream and the listed ones together.
     *
     * @param listed a JSON array, as {@link Settings} makes one of the list in the file; empty for none
     */
    public static CascadeConfig of(LlmConfig first, String listed) {
        List<UpstreamConfig> all = new ArrayList<>();
        List<UpstreamConfig> more = read(listed);
        first.upstream().ifPresent(upstream -> {
            all.add(upstream);
            if (more.stream().noneMatch(other -> other.level() == Level.L4)) {
                all.add(upstream.at(Level.L4));
            }
        });
        all.addAll(more);
        return new CascadeConfig(all);
    }

    private static List<UpstreamConfig> read(String listed) {
        if (listed.isBlank()) {
            return List.of();
        }
        JsonArray array;
        try {
            array = new JsonArray(listed);
        } catch (DecodeException e) {
            throw new IllegalArgumentException(
                    KEY + ": not a list (expected: entries with name, base-url, model, level)", e);
        }
        if (array.size() > UPSTREAMS_MAX) {
            throw new IllegalArgumentException(
                    KEY + ": " + array.size() + " (expected: at most " + UPSTREAMS_MAX + ")");
        }
        List<UpstreamConfig> upstreams = new ArrayList<>();
        Set<String> names = new HashSet<>(Set.of(LlmConfig.NAME));
        for (int place = 0; place < array.size(); place++) {
            if (!(array.getValue(place) instanceof JsonObject entry)) {
                throw new IllegalArgumentException(KEY + ": entry " + (place + 1) + " has no keys (expected: name: …)");
            }
            UpstreamConfig upstream = read(entry, place + 1);
            if (!names.add(upstream.name())) {
                throw new IllegalArgumentException(
                        KEY + ": " + upstream.name() + ": a name that is taken (expected: another)");
            }
            upstreams.add(upstream);
        }
        return upstreams;
    }

    private static UpstreamConfig read(JsonObject entry, int place) {
        String who = KEY + ": " + entry.getValue("name", "entry " + place) + ": ";
        try {
            for (String field : entry.fieldNames()) {
                if (!FIELDS.contains(field)) {
                    throw new IllegalArgumentException(
                            field + ": no such key (did you mean " + Nearest.to(field, FIELDS) + "?)");
                }
            }
            Optional<Kind> kind = text(entry, "kind").map(Kind::named);
            var url = UpstreamConfig.url(required(entry, "base-url"), kind);
            return new UpstreamConfig(
                    required(entry, "name"),
                    kind.orElse(Kind.of(url)),
                    url,
                    key(entry),
                    required(entry, "model"),
                    level(required(entry, "level")),
                    price(entry, "price-in"),
                    price(entry, "price-out"),
                    new Limits(
                            whole(entry, "concurrency", Limits.STANDARD.concurrency()),
                            whole(entry, "first-token-seconds", Limits.STANDARD.firstSeconds()),
                            whole(entry, "silence-seconds", Limits.STANDARD.silenceSeconds()),
                            whole(entry, "total-seconds", Limits.STANDARD.totalSeconds()),
                            whole(entry, "tokens-max", Limits.STANDARD.tokensMax())));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(who + e.getMessage(), e);
        }
    }

    private static Optional<String> key(JsonObject entry) {
        Optional<String> file = text(entry, "api-key-file");
        if (file.isPresent() && entry.containsKey("api-key")) {
            throw new IllegalArgumentException("api-key and api-key-file: both are set (expected: one of them)");
        }
        try {
            return file.isEmpty()
                    ? text(entry, "api-key")
                    : Optional.of(Files.readString(Settings.path(file.get())).strip());
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "api-key-file: cannot read " + file.get() + " ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
    }

    private static Level level(String text) {
        try {
            return Level.valueOf(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("level: " + text + " (expected: L3 or L4)", e);
        }
    }

    private static Optional<String> text(JsonObject entry, String field) {
        return Optional.ofNullable(entry.getValue(field)).map(String::valueOf).filter(text -> !text.isBlank());
    }

    private static String required(JsonObject entry, String field) {
        return text(entry, field).orElseThrow(() -> new IllegalArgumentException(field + ": none (expected: one)"));
    }

    private static double price(JsonObject entry, String field) {
        try {
            return text(entry, field).map(Double::valueOf).orElse(0.0);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    field + ": " + entry.getValue(field) + " (expected: a price for a million tokens)", e);
        }
    }

    private static int whole(JsonObject entry, String field, int otherwise) {
        try {
            return text(entry, field).map(Integer::valueOf).orElse(otherwise);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(field + ": " + entry.getValue(field) + " (expected: a whole number)", e);
        }
    }

    /** A field that is misspelled may hold a key, and so may an address. */
    private static boolean isShown(String field, String value) {
        return SHOWN.contains(field) || (field.equals("base-url") && value.matches("[^@?#]*"));
    }

    /** The JSON of a list of upstreams with its keys masked, ready to be shown. */
    static String masked(String listed) {
        try {
            JsonArray shown = new JsonArray();
            for (Object entry : new JsonArray(listed)) {
                shown.add(entry instanceof JsonObject upstream ? masked(upstream) : Settings.MASK);
            }
            return shown.encode();
        } catch (DecodeException e) {
            return Settings.MASK;
        }
    }

    private static JsonObject masked(JsonObject upstream) {
        JsonObject shown = new JsonObject();
        for (String field : upstream.fieldNames()) {
            Object value = upstream.getValue(field);
            shown.put(field, isShown(field, String.valueOf(value)) ? value : Settings.MASK);
        }
        return shown;
    }
}
