package skynet.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import skynet.sim.HouseSimulation.Outcome;
import skynet.sim.HouseSimulation.Plant;

/**
 * Real rooms on the real bus in virtual time. More seeds by {@code -Dskynet.sim.house.seeds=5000}, a single one by
 * {@code -Dskynet.sim.house.seed=7}; one that fails tells what happened.
 */
class HouseSimulationTest {
    private static final int SEEDS = Integer.getInteger("skynet.sim.house.seeds", 500);
    private static final long SINGLE_SEED = Long.getLong("skynet.sim.house.seed", 0);
    private static final int PLANTED_SEEDS = 200;

    @Test
    void everyMessageIsAnsweredOnceForEverySeed() {
        LongStream seeds = SINGLE_SEED == 0 ? LongStream.rangeClosed(1, SEEDS) : LongStream.of(SINGLE_SEED);
        seeds.forEach(HouseSimulationTest::run);
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (long seed = 1; seed <= 50; seed++) {
            assertEquals(run(seed), run(seed), "seed " + seed);
        }
        assertNotEquals(run(1).hash(), run(2).hash());
    }

    @Test
    void aSecondAnswerThatReplacesTheFirstIsNoticed() {
        assertNoticed(Plant.LAST_ANSWER_HOLDS);
    }

    @Test
    void aCacheThatHearsOfNoChangeIsNoticed() {
        assertNoticed(Plant.CHANGES_ARE_NOT_TOLD);
    }

    private static Outcome run(long seed) {
        try {
            return new HouseSimulation(seed, Plant.NONE, false).run();
        } catch (AssertionError | RuntimeException broken) {
            HouseSimulation again = new HouseSimulation(seed, Plant.NONE, true);
            try {
                again.run();
            } catch (AssertionError | RuntimeException sameAgain) {
                throw new AssertionError(
                        "seed " + seed + ": " + sameAgain.getMessage() + "\n" + again.trace(), sameAgain);
            }
            throw new AssertionError("seed " + seed + ": fails once and not twice (expected: the same trace)", broken);
        }
    }

    private static void assertNoticed(Plant plant) {
        assertTrue(
                LongStream.rangeClosed(1, PLANTED_SEEDS).anyMatch(seed -> notices(seed, plant)),
                "noticed by no seed of " + PLANTED_SEEDS + " (expected: by one at least)");
    }

    private static boolean notices(long seed, Plant plant) {
        try {
            new HouseSimulation(seed, plant, false).run();
            return false;
        } catch (AssertionError broken) {
            return true;
        }
    }
}
