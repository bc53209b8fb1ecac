package skynet.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the rotation is, and what it is not. */
class PhaseRotationTest {
    private static final int ANGLE = PhaseRotation.TURN - 1;

    @Test
    void everyRotationIsUndoneExactly() {
        Random dice = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            byte[] frame = PointFrame.of(0, 1, 0, round, dice.ints(round % 50).toArray())
                    .bytes();
            int steps = dice.nextInt(PhaseRotation.TURN);
            assertArrayEquals(frame, PhaseRotation.of(PhaseRotation.of(frame, steps), -steps));
        }
    }

    @Test
    void theRadiusStaysAndTheAngleTurns() {
        byte[] frame = PointFrame.of(0, 1, 0, 0, new int[] {0xABCFFFFF, 5}).bytes();
        int[] rotated = PointFrame.read(PhaseRotation.of(frame, 3)).codes();
        assertArrayEquals(new int[] {0xABC00002, 8}, rotated);
    }

    @Test
    void oneKnownCodeTellsTheRotationOfAllOthers() {
        int[] codes = new Random(3).ints(100).toArray();
        byte[] rotated = PhaseRotation.of(PointFrame.of(0, 1, 0, 0, codes).bytes(), 777_777);
        int guessed = PointFrame.read(rotated).codes()[0] - codes[0] & ANGLE;
        assertEquals(777_777, guessed);
        assertArrayEquals(
                codes, PointFrame.read(PhaseRotation.of(rotated, -guessed)).codes());
    }
}
