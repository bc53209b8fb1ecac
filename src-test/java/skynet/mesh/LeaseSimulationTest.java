package skynet.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import skynet.mesh.LeaseSimulation.Outcome;
import skynet.mesh.LeaseSimulation.Plant;

/**
 * Leases in virtual time. More seeds by {@code -Dskynet.sim.mesh.seeds=20000}, a single one by {@code
 * -Dskynet.sim.mesh.seed=7}; one that fails tells what happened.
 */
class LeaseSimulationTest {
    private static final int SEEDS = Integer.getInteger("skynet.sim.mesh.seeds", 2_000);
    private static final long SINGLE_SEED = Long.getLong("skynet.sim.mesh.seed", 0);
    private static final int PLANTED_SEEDS = 300;

    @Test
    void noWriteIsOutOfEpochOrderAndAHealthyMajorityHasAHolderForEverySeed() {
        LongStream seeds = SINGLE_SEED == 0 ? LongStream.rangeClosed(1, SEEDS) : LongStream.of(SINGLE_SEED);
        long[] sums = new long[3];
        seeds.forEach(seed -> {
            Outcome outcome = run(seed);
            sums[0] += outcome.writes();
            sums[1] += outcome.refused();
            sums[2] += outcome.epoch();
        });
        System.out.println("leases: " + sums[0] + " writes, " + sums[1] + " refused by their epoch, " + sums[2]
                + " takeovers, none out of order");
        assertTrue(sums[1] > 0 || SINGLE_SEED != 0, "no late write was ever tried");
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (long seed = 1; seed <= 50; seed++) {
            assertEquals(run(seed), run(seed), "seed " + seed);
        }
        assertNotEquals(run(1).hash(), run(2).hash());
    }

    @Test
    void writesWithoutAFenceAreNoticed() {
        assertNoticed(Plant.NO_FENCE);
    }

    @Test
    void aHolderThatNeverStopsBelievingIsNoticed() {
        assertNoticed(Plant.NO_DEMOTION);
    }

    @Test
    void leasesGivenToWhoeverAsksAreNoticed() {
        assertNoticed(Plant.CLAIM_UNCHECKED);
    }

    @Test
    void aRoleThatNobodyTakesOverIsNoticed() {
        assertNoticed(Plant.NOBODY_TAKES_OVER);
    }

    private static Outcome run(long seed) {
        try {
            return new LeaseSimulation(seed, Plant.NONE, false).run();
        } catch (AssertionError | RuntimeException broken) {
            LeaseSimulation again = new LeaseSimulation(seed, Plant.NONE, true);
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
        long noticed = LongStream.rangeClosed(1, PLANTED_SEEDS)
                .filter(seed -> {
                    try {
                        new LeaseSimulation(seed, plant, false).run();
                        return false;
                    } catch (AssertionError caught) {
                        return true;
                    }
                })
                .count();
        System.out.println("planted " + plant + ": noticed for " + noticed + " of " + PLANTED_SEEDS + " seeds");
        assertTrue(noticed > 0, plant + ": not noticed for any of " + PLANTED_SEEDS + " seeds");
    }
}
