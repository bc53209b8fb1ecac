package skynet.cascade.model;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

/** Chooses one token after the other by what the model gives for each. */
final class Sampler {
    private final Sampling sampling;
    private final SplittableRandom dice;
    private final Set<Integer> seen = new HashSet<>();

    Sampler(Sampling sampling, int[] prompt) {
        this.sampling = sampling;
        this.dice = new SplittableRandom(sampling.seed());
        if (sampling.penalty() != 1) {
            Arrays.stream(prompt).forEach(seen::add);
        }
    }

    /** The next token; {@code scores} are changed. */
    int next(float[] scores) {
        for (int id : seen) {
            scores[id] *= (float) (scores[id] < 0 ? sampling.penalty() : 1 / sampling.penalty());
        }
        int chosen = sampling.temperature() == 0 ? likeliest(scores) : drawn(scores);
        if (sampling.penalty() != 1) {
            seen.add(chosen);
        }
        return chosen;
    }

    private static int likeliest(float[] scores) {
        int best = 0;
        for (int id = 1; id < scores.length; id++) {
            best = scores[id] > scores[best] ? id : best;
        }
        return best;
    }

    private int drawn(float[] scores) {
        float most = scores[likeliest(scores)];
        double sum = 0;
        for (int id = 0; id < scores.length; id++) {
            scores[id] = (float) Math.exp((scores[id] - most) / sampling.temperature());
            sum += scores[id];
        }
        // What is less likely than this can be left out of the likeliest ones, for all of it together is less than the
        // rest.
        double least = sampling.topP() < 1 ? sum * (1 - sampling.topP()) / scores.length : 0;
        long[] likely = new long[scores.length];
        int count = 0;
        for (int id = 0; id < scores.length; id++) {
            if (scores[id] >= least && scores[id] > 0) {
                // Positive floats are in the order of their bits; of two equal ones the lower number is likelier.
                likely[count++] = (long) Float.floatToIntBits(scores[id]) << 32 | (Integer.MAX_VALUE - id);
            }
        }
        if (sampling.topP() < 1 || sampling.topK() > 0) {
            Arrays.sort(likely, 0, count);
        }
        int from = sampling.topK() > 0 ? Math.max(0, count - sampling.topK()) : 0;
        double kept = 0;
        for (int at = from; at < count; at++) {
            kept += score(likely[at]);
        }
        double enough = kept * sampling.topP();
        double mass = 0;
        int end = count;
        while (end > from && (mass < enough || mass == 0)) {
            mass += score(likely[--end]);
        }
        double thrown = dice.nextDouble() * mass;
        for (int at = count - 1; at > end; at--) {
            thrown -= score(likely[at]);
            if (thrown < 0) {
                return id(likely[at]);
            }
        }
        return id(likely[end]);
    }

    private static float score(long likely) {
        return Float.intBitsToFloat((int) (likely >>> 32));
    }

    private static int id(long likely) {
        return Integer.MAX_VALUE - (int) likely;
    }
}
