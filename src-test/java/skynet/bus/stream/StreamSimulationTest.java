package skynet.bus.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import skynet.bus.stream.StreamSimulation.Outcome;

/**
 * The stream protocol in a world that loses, doubles, delays, freezes, cuts and kills. More seeds by
 * {@code -Dskynet.sim.seeds=20000}, a single one by {@code -Dskynet.sim.seed=621}; one that fails tells what happened.
 */
class StreamSimulationTest {
    private static final int SEEDS = Integer.getInteger("skynet.sim.seeds", 2_000);
    private static final long SINGLE_SEED = Long.getLong("skynet.sim.seed", 0);
    private static final int PLANTED_SEEDS = 400;

    @Test
    void everyPromiseHoldsForEverySeed() {
        LongStream seeds = SINGLE_SEED == 0 ? LongStream.rangeClosed(1, SEEDS) : LongStream.of(SINGLE_SEED);
        seeds.forEach(StreamSimulationTest::run);
    }

    @Test
    void theTroubleIsReal() {
        List<Outcome> outcomes = LongStream.rangeClosed(1, 200)
                .mapToObj(StreamSimulationTest::run)
                .toList();
        assertTrue(outcomes.stream().anyMatch(outcome -> outcome.attempts() > 2), "an answer is taken over twice");
        assertTrue(outcomes.stream().anyMatch(outcome -> outcome.pauses() > 0), "an upstream has to wait");
        assertTrue(outcomes.stream().anyMatch(outcome -> outcome.voided() > 0), "a seam takes back what was read");
        assertTrue(outcomes.stream().anyMatch(outcome -> outcome.replayed() > 0), "the store helps out");
        assertTrue(
                outcomes.stream().anyMatch(outcome -> outcome.framesSent() > outcome.framesKept()),
                "frames are sent again");
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (long seed = 1; seed <= 100; seed++) {
            assertEquals(run(seed), run(seed), "seed " + seed);
        }
        assertNotEquals(run(1).hash(), run(2).hash());
    }

    @Test
    void aCreditLeakOfGrantsThatAreIncrementsIsNoticed() {
        assertNoticed(Plants.Increments::new);
    }

    @Test
    void aCreditLeakOfDoubledFramesIsNoticed() {
        assertNoticed(Plants.DoublesCost::new);
    }

    @Test
    void aSourceThatNeverSendsAgainIsNoticed() {
        assertNoticed(Plants.NeverAgain::new);
    }

    @Test
    void aMissingFenceIsNoticed() {
        assertNoticed(Plants.NoFence::new);
    }

    @Test
    void anUpstreamThatDoesNotWaitIsNoticed() {
        assertNoticed(Plants.NoPause::new);
    }

    private static Outcome run(long seed) {
        try {
            return new StreamSimulation(seed, new Plant(), false).run();
        } catch (AssertionError | RuntimeException broken) {
            StreamSimulation again = new StreamSimulation(seed, new Plant(), true);
            try {
                again.run();
            } catch (AssertionError | RuntimeException sameAgain) {
                throw new AssertionError(
                        "seed " + seed + ": " + sameAgain.getMessage() + "\n" + again.trace(), sameAgain);
            }
            throw new AssertionError("seed " + seed + ": fails once and not twice (expected: the same trace)", broken);
        }
    }

    private static void assertNoticed(Supplier<Plant> plant) {
        assertTrue(
                LongStream.rangeClosed(1, PLANTED_SEEDS).anyMatch(seed -> notices(seed, plant.get())),
                "noticed by no seed of " + PLANTED_SEEDS + " (expected: by one at least)");
    }

    private static boolean notices(long seed, Plant plant) {
        try {
            new StreamSimulation(seed, plant, false).run();
            return false;
        } catch (AssertionError | RuntimeException broken) {
            return true;
        }
    }
}
