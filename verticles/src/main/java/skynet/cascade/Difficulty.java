package skynet.cascade;

import java.util.EnumMap;
import java.util.Map;
import skynet.cascade.Traits.Trait;

/**
 * How likely it is that a prompt needs the stronger model: a logistic sum of its {@link Traits}. The weights were set by
 * hand and then fitted, held to their signs and near to where they were, on two thirds of our own labelled prompts.
 * Deterministic; safe for several threads.
 */
public final class Difficulty {
    static final double BIAS = -2.7;
    static final Map<Trait, Double> WEIGHTS = weights();

    private Difficulty() {}

    /** From 0, any model will do, to 1, only the strongest may; higher means that the stronger model is needed more. */
    public static double of(String prompt) {
        return of(Traits.of(prompt, 0));
    }

    static double of(Traits traits) {
        return 1 / (1 + Math.exp(-sum(traits)));
    }

    private static double sum(Traits traits) {
        double sum = BIAS;
        for (Trait trait : Trait.values()) {
            sum += WEIGHTS.get(trait) * traits.of(trait);
        }
        return sum;
    }

    private static Map<Trait, Double> weights() {
        Map<Trait, Double> weights = new EnumMap<>(Trait.class);
        weights.put(Trait.LENGTH, 2.0);
        weights.put(Trait.NUMBERS, 1.7);
        weights.put(Trait.STEPS, 2.2);
        weights.put(Trait.MATHS, 2.6);
        weights.put(Trait.FORMULA, 1.5);
        weights.put(Trait.CODE, 2.0);
        weights.put(Trait.REASONING, 2.5);
        weights.put(Trait.LOGIC, 1.4);
        weights.put(Trait.CONSTRAINTS, 1.7);
        weights.put(Trait.CREATION, 0.3);
        weights.put(Trait.LAW, 1.6);
        weights.put(Trait.SCIENCE, 1.5);
        weights.put(Trait.MEDICINE, 1.2);
        weights.put(Trait.MONEY, 1.1);
        weights.put(Trait.RARE_WORDS, 1.3);
        weights.put(Trait.CHOICE_OF_FORMULAS, 1.0);
        weights.put(Trait.NEGATION, 0.7);
        weights.put(Trait.PARTS, 0.5);
        weights.put(Trait.LOOKUP, -1.3);
        weights.put(Trait.TRANSFORMATION, -1.2);
        weights.put(Trait.SMALL_TALK, -1.6);
        weights.put(Trait.PASSAGE, -0.8);
        weights.put(Trait.FOLLOW_UP, 0.3);
        return weights;
    }
}
