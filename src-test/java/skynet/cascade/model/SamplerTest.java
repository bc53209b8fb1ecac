package skynet.cascade.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final float[] SCORES = {1, 3, 2, -1, 3};
    private static final int DRAWS = 20_000;

    @Test
    void takesTheFirstOfTheLikeliestWithoutATemperature() {
        assertEquals(1, new Sampler(Sampling.greedy(0), new int[0]).next(SCORES.clone()));
    }

    @Test
    void drawsEachAsOftenAsItIsLikely() {
        double[] shares = shares(sampling(1, 1, 0));
        double sum = 0;
        for (float score : SCORES) {
            sum += Math.exp(score);
        }
        for (int id = 0; id < SCORES.length; id++) {
            assertEquals(Math.exp(SCORES[id]) / sum, shares[id], 0.015);
        }
    }

    @Test
    void leavesTheUnlikelyOut() {
        double[] few = shares(sampling(1, 0, 2));
        assertEquals(1, few[1] + few[4], 1e-9);
        double[] likely = shares(sampling(1, 0.7, 0));
        assertEquals(1, likely[1] + likely[4], 1e-9);
        assertEquals(0.5, likely[1], 0.02);
        double[] more = shares(sampling(1, 0.9, 0));
        assertTrue(more[2] > 0.1 && more[0] == 0 && more[3] == 0);
        assertEquals(1, shares(sampling(1, 1e-9, 0))[1], 1e-9);
        assertEquals(1, shares(sampling(1e-6, 1, 1))[1], 1e-9);
    }

    @Test
    void aPenaltySpeaksAgainstWhatStandsAlready() {
        Sampler sampler = new Sampler(new Sampling(0, 1, 0, 2, 0, 0, List.of()), new int[] {1});
        assertEquals(4, sampler.next(SCORES.clone()));
        assertEquals(2, sampler.next(SCORES.clone()));
    }

    @Test
    void takesWhatTheRequestWishesBeforeWhatTheMakersWould() {
        JsonObject makers = new JsonObject()
                .put("do_sample", true)
                .put("temperature", 0.7)
                .put("top_p", 0.8)
                .put("top_k", 20)
                .put("repetition_penalty", 1.1);
        assertEquals(new Sampling(0.7, 0.8, 20, 1.1, 9, 30, List.of()), Sampling.of(new JsonObject(), makers, 30, 9));
        JsonObject wished = new JsonObject()
                .put("temperature", 0)
                .put("top_p", 0.5)
                .put("seed", 4)
                .put("stop", new JsonArray().add("a").add("b"));
        assertEquals(new Sampling(0, 0.5, 20, 1.1, 4, 0, List.of("a", "b")), Sampling.of(wished, makers, 0, 9));
        assertEquals(
                new Sampling(0, 1, 0, 1, 9, 0, List.of("x")),
                Sampling.of(new JsonObject().put("stop", "x"), new JsonObject(), 0, 9));
        assertEquals(
                2,
                Sampling.of(new JsonObject().put("temperature", 99), makers, 0, 9)
                        .temperature());
    }

    private static Sampling sampling(double temperature, double topP, int topK) {
        return new Sampling(temperature, topP == 0 ? 1 : topP, topK, 1, 5, 0, List.of());
    }

    private static double[] shares(Sampling sampling) {
        Sampler sampler = new Sampler(sampling, new int[0]);
        double[] shares = new double[SCORES.length];
        for (int draw = 0; draw < DRAWS; draw++) {
            shares[sampler.next(SCORES.clone())] += 1.0 / DRAWS;
        }
        return shares;
    }
}
