package skynet.cascade.model;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * How the next token is chosen and when an answer ends.
 *
 * @param temperature 0 always takes the likeliest token
 * @param topP only the likeliest tokens that have so much of the probability together
 * @param topK only so many of the likeliest; 0 for all
 * @param penalty divides what speaks for a token that stands already; 1 for none
 * @param seed with the same one the same is chosen
 * @param tokensMax so many are written at most
 * @param stops texts before which the answer ends
 */
public record Sampling(
        double temperature, double topP, int topK, double penalty, long seed, int tokensMax, List<String> stops) {
    private static final double TEMPERATURE_MAX = 2;
    private static final double PENALTY_MAX = 10;

    /** The likeliest token each time. */
    public static Sampling greedy(int tokensMax) {
        return new Sampling(0, 1, 0, 1, 0, tokensMax, List.of());
    }

    public Sampling {
        temperature = within(temperature, 0, TEMPERATURE_MAX, 0);
        topP = within(topP, 0, 1, 1);
        penalty = within(penalty, 1 / PENALTY_MAX, PENALTY_MAX, 1);
        topK = Math.max(0, topK);
        stops = List.copyOf(stops);
    }

    /**
     * What a request wishes, and for the rest what the makers of the model would have.
     *
     * @param options OpenAI's fields
     * @param generation the model's {@code generation_config.json}
     * @param chance the seed of who names none
     */
    public static Sampling of(JsonObject options, JsonObject generation, int tokensMax, long chance) {
        boolean wished = options.getValue("temperature") instanceof Number;
        boolean sampled = Boolean.TRUE.equals(generation.getValue("do_sample"));
        double usual = sampled ? number(generation, "temperature", 1) : 0;
        double topP = sampled ? number(generation, "top_p", 1) : 1;
        return new Sampling(
                wished ? number(options, "temperature", 0) : usual,
                number(options, "top_p", topP),
                sampled ? (int) number(generation, "top_k", 0) : 0,
                number(generation, "repetition_penalty", 1),
                options.getValue("seed") instanceof Number seed ? seed.longValue() : chance,
                tokensMax,
                stops(options.getValue("stop")));
    }

    private static List<String> stops(Object stop) {
        if (stop instanceof JsonArray all) {
            return all.stream()
                    .map(String::valueOf)
                    .filter(word -> !word.isEmpty())
                    .toList();
        }
        return stop == null || stop.equals("") ? List.of() : List.of(String.valueOf(stop));
    }

    private static double number(JsonObject from, String name, double otherwise) {
        return from.getValue(name) instanceof Number number ? number.doubleValue() : otherwise;
    }

    private static double within(double value, double least, double most, double otherwise) {
        return Double.isNaN(value) ? otherwise : Math.max(least, Math.min(most, value));
    }
}
