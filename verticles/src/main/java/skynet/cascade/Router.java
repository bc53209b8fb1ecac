package skynet.cascade;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;
import skynet.bus.Cascade.Band;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Policy;
import skynet.bus.Cascade.Wish;
import skynet.cascade.Traits.Trait;

/**
 * Chooses for each question the cheapest level that is predicted to be good enough, and the order in which the others stand in
 * for it. Predicted is from the question alone; the evidence is weighed where it is found: the cache verifies before it
 * serves, and the levels that read documents decline below their threshold, whereupon the next level is asked. A model that
 * cannot be had now keeps its place: it is passed by at once, and the answer tells it as it does where the model failed.
 */
final class Router implements Routing {
    private static final List<Level> LOCAL = List.of(Level.L1, Level.L2);
    private static final Set<Level> WITH_TOOLS = EnumSet.of(Level.L3, Level.L4);

    /** What the levels are allowed to take until their first text, by the blueprint. */
    private static final Map<Level, Integer> TARGET_MILLIS = new EnumMap<>(
            Map.of(Level.L0, 50, Level.L1, 200, Level.L2, 500, Level.L3, 300, Level.L4, 1_500, Level.L5, 2_000));

    /** Tokens of an answer to the easiest question, and those that the hardest one adds. */
    private static final int TOKENS_OUT_LEAST = 120;

    private static final int TOKENS_OUT_MORE = 900;

    private final Policy standard;
    private final double costMax;
    private final ToDoubleBiFunction<Level, Tokens> cost;

    /** How many tokens an answer will take, as far as that can be told before. */
    record Tokens(int in, int out) {}

    /** What is predicted of one level. */
    private record Forecast(double sufficiency, double bar) {
        boolean suffices() {
            return sufficiency >= bar;
        }

        String reason() {
            return String.format(Locale.ROOT, "predicted %.2f (expected: %.2f or more)", sufficiency, bar);
        }
    }

    /**
     * A router.
     *
     * @param standard the policy for questions that wish for none
     * @param costMax a level whose answer is predicted to cost more is passed over; 0 for no limit
     * @param cost of an answer of a level with so many tokens
     */
    Router(Policy standard, double costMax, ToDoubleBiFunction<Level, Tokens> cost) {
        if (standard == Policy.NODE) {
            throw new IllegalArgumentException("policy: node (expected: cost, speed or quality)");
        }
        this.standard = standard;
        this.costMax = costMax;
        this.cost = cost;
    }

    /** What a level may take until its first text. */
    static int targetMillis(Level level) {
        return TARGET_MILLIS.get(level);
    }

    @Override
    public Plan plan(Question question, Health health) {
        Wish wish = question.wish();
        Policy policy = wish.policy() == Policy.NODE ? standard : wish.policy();
        Traits traits = Traits.of(question.text(), wish.before().size());
        double difficulty = Difficulty.of(traits);
        Map<Level, Forecast> forecasts = forecasts(traits, difficulty, policy);
        Map<Level, String> rejected = new EnumMap<>(Level.class);
        Map<Level, String> resting = new EnumMap<>(Level.class);
        for (Level level : Level.values()) {
            String refusal = refusal(level, wish);
            String reason = refusal.isEmpty() ? dear(level, tokens(question, difficulty)) : refusal;
            if (!reason.isEmpty()) {
                rejected.put(level, reason);
            } else if (!health.isAvailable(level) && !isWished(level, wish)) {
                boolean rests = WITH_TOOLS.contains(level) && health.levels().containsKey(level);
                (rests ? resting : rejected)
                        .put(level, "not available: " + health.of(level).reason());
            }
        }
        List<Level> order = order(wish, policy, forecasts, rejected);
        return new Plan(
                order,
                wish.explained()
                        ? explained(question, policy, traits, difficulty, forecasts, order, rejected, resting)
                        : new JsonObject());
    }

    /** Why a level may not answer, however it does; empty when it may. */
    private static String refusal(Level level, Wish wish) {
        if ((!wish.tools().isEmpty() || !wish.after().isEmpty()) && !WITH_TOOLS.contains(level)) {
            return "knows no tools";
        }
        if (level == Level.L5 && wish.options().contains("json_")) {
            return "writes no JSON";
        }
        if (wish.band() == Band.STANDARD && level.ordinal() > Level.L2.ordinal()) {
            return "above the band standard";
        }
        if (wish.band() == Band.ADVANCED && level.ordinal() > Level.L3.ordinal()) {
            return "above the band advanced";
        }
        return wish.band() != Band.STANDARD && wish.band() != Band.ANY && level == Level.L0
                ? "below the band " + wish.band().name().toLowerCase(Locale.ROOT)
                : "";
    }

    private String dear(Level level, Tokens tokens) {
        double expected = costMax == 0 ? 0 : cost.applyAsDouble(level, tokens);
        return expected <= costMax
                ? ""
                : String.format(Locale.ROOT, "predicted to cost %.4g (expected: at most %.4g)", expected, costMax);
    }

    /** What was wished for is asked in any case, to say why it cannot be had. */
    private static boolean isWished(Level level, Wish wish) {
        return (wish.band() == Band.ADVANCED && level == Level.L3)
                || (wish.band() == Band.PRO && level == Level.L4)
                || (!wish.tools().isEmpty() && level == Level.L3 && wish.band() != Band.PRO);
    }

    private static Map<Level, Forecast> forecasts(Traits traits, double difficulty, Policy policy) {
        double own = 1 - difficulty;
        // A passage of a document writes nothing, computes nothing and does not know what was said before.
        double quotable = own
                * (1
                        - 0.8
                                * Math.max(
                                        Math.max(traits.of(Trait.CREATION), traits.of(Trait.TRANSFORMATION)),
                                        Math.max(traits.of(Trait.SMALL_TALK), traits.of(Trait.FOLLOW_UP))));
        Map<Level, Forecast> forecasts = new EnumMap<>(Level.class);
        forecasts.put(Level.L0, new Forecast(1, 0));
        forecasts.put(Level.L1, new Forecast(quotable, localBar(policy)));
        forecasts.put(Level.L2, new Forecast(Math.min(1, quotable * 1.05), localBar(policy)));
        forecasts.put(Level.L3, new Forecast(own, fastBar(policy)));
        forecasts.put(Level.L4, new Forecast(1 - 0.35 * difficulty * difficulty, premiumBar(policy)));
        forecasts.put(Level.L5, new Forecast(1 - 0.25 * difficulty * difficulty, 0));
        return forecasts;
    }

    private static double localBar(Policy policy) {
        return policy == Policy.QUALITY ? 0.9 : 0.25;
    }

    /** Below it, the fast model is passed over for the premium one. */
    static double fastBar(Policy policy) {
        return switch (policy) {
            case SPEED -> 0.2;
            case QUALITY -> 0.95;
            case NODE, COST -> 0.55;
        };
    }

    private static double premiumBar(Policy policy) {
        return policy == Policy.QUALITY ? 0.8 : 0;
    }

    private static List<Level> order(
            Wish wish, Policy policy, Map<Level, Forecast> forecasts, Map<Level, String> rejected) {
        List<Level> models = models(wish, policy, forecasts);
        boolean modelIsThere = models.stream().anyMatch(level -> !rejected.containsKey(level));
        boolean localFirst = wish.band() == Band.STANDARD
                || (wish.band() == Band.ANY
                        && (!modelIsThere || forecasts.get(Level.L1).suffices()));
        List<Level> order = new ArrayList<>();
        order.add(Level.L0);
        if (localFirst && policy == Policy.SPEED && modelIsThere) {
            // The reranking level may take longer than the fast model until its first word.
            order.add(Level.L1);
            order.addAll(models);
            order.add(Level.L2);
        } else {
            order.addAll(localFirst ? LOCAL : models);
            order.addAll(localFirst ? models : List.of(Level.L2, Level.L1));
        }
        order.removeIf(rejected::containsKey);
        return order;
    }

    private static List<Level> models(Wish wish, Policy policy, Map<Level, Forecast> forecasts) {
        if (wish.band() == Band.ADVANCED) {
            return List.of(Level.L3);
        }
        if (wish.band() == Band.PRO) {
            // Who asks for both in the request itself asks for the pipeline.
            boolean asked = wish.policy() == Policy.QUALITY;
            return asked || policy == Policy.QUALITY && !forecasts.get(Level.L4).suffices()
                    ? List.of(Level.L5, Level.L4, Level.L3)
                    : List.of(Level.L4, Level.L5, Level.L3);
        }
        if (policy == Policy.QUALITY && !forecasts.get(Level.L4).suffices()) {
            return List.of(Level.L5, Level.L4, Level.L3);
        }
        return forecasts.get(Level.L3).suffices()
                ? List.of(Level.L3, Level.L4, Level.L5)
                : List.of(Level.L4, Level.L3, Level.L5);
    }

    private JsonObject explained(
            Question question,
            Policy policy,
            Traits traits,
            double difficulty,
            Map<Level, Forecast> forecasts,
            List<Level> order,
            Map<Level, String> rejected,
            Map<Level, String> resting) {
        Tokens tokens = tokens(question, difficulty);
        JsonObject features = new JsonObject();
        traits.shown().forEach(features::put);
        JsonArray levels = new JsonArray();
        JsonArray passed = new JsonArray();
        Level chosen = chosen(
                order.stream().filter(level -> !resting.containsKey(level)).toList(), forecasts);
        for (Level level : Level.values()) {
            levels.add(new JsonObject()
                    .put("level", level.name())
                    .put("sufficiency", rounded(forecasts.get(level).sufficiency()))
                    .put("cost", cost.applyAsDouble(level, tokens))
                    .put("target_ms", targetMillis(level))
                    .put("asked_as", order.indexOf(level) + 1));
            String reason =
                    rejected.getOrDefault(level, resting.getOrDefault(level, later(level, chosen, order, forecasts)));
            if (!reason.isEmpty()) {
                passed.add(new JsonObject().put("level", level.name()).put("reason", reason));
            }
        }
        JsonArray names = new JsonArray();
        order.forEach(level -> names.add(level.name()));
        return new JsonObject()
                .put("policy", policy.name().toLowerCase(Locale.ROOT))
                .put("band", question.wish().band().name().toLowerCase(Locale.ROOT))
                .put("difficulty", rounded(difficulty))
                .put("features", features)
                .put("tokens_in", tokens.in())
                .put("tokens_out", tokens.out())
                .put("levels", levels)
                .put("chosen", chosen.name())
                .put("order", names)
                .put("rejected", passed);
    }

    /** The first level that is predicted to be good enough; the cache is looked at anyway. */
    private static Level chosen(List<Level> order, Map<Level, Forecast> forecasts) {
        List<Level> thinking = order.stream().filter(level -> level != Level.L0).toList();
        return thinking.stream()
                .filter(level -> forecasts.get(level).suffices())
                .findFirst()
                .orElse(thinking.isEmpty() ? Level.L0 : thinking.get(0));
    }

    private static String later(Level level, Level chosen, List<Level> order, Map<Level, Forecast> forecasts) {
        if (level == chosen || level == Level.L0) {
            return "";
        }
        if (!forecasts.get(level).suffices()) {
            return forecasts.get(level).reason() + (order.contains(level) ? ", asked when the others cannot" : "");
        }
        return order.indexOf(level) > order.indexOf(chosen)
                ? "more than is needed, unless those before it decline"
                : "";
    }

    private static Tokens tokens(Question question, double difficulty) {
        int in = (question.text().length() + question.wish().chars() + 3) / 4;
        int out = (int) Math.round(TOKENS_OUT_LEAST + TOKENS_OUT_MORE * difficulty);
        int most = question.wish().tokensMax();
        return new Tokens(in, most > 0 ? Math.min(out, most) : out);
    }

    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
