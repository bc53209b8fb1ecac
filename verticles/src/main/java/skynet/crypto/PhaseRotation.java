package skynet.crypto;

import java.nio.ByteBuffer;

/**
 * The phase rotation z' = z·e^{iθ} on the codes of a point frame, in whole steps so that it can be undone exactly.
 *
 * <p>A code is a word of 32 bits. Its upper 12 bits are the radius, its lower 20 bits the angle, in steps of a turn divided
 * by 2^20: z = (1 + radius)·e^{2πi·angle/2^20}. To multiply by e^{2πi·k/2^20} is to add k to the angle modulo 2^20.
 *
 * <p>This protects nothing: the radius stays, and one known code tells k for all others. It is the coordinate transform
 * that the protocol is known for, applied inside the seal, which does the protecting.
 */
final class PhaseRotation {
    /** Steps of a full turn. */
    static final int TURN = 1 << 20;

    private PhaseRotation() {}

    /** A copy of a frame with every code rotated; a negative number of steps rotates back. */
    static byte[] of(byte[] frame, int steps) {
        byte[] rotated = frame.clone();
        ByteBuffer words = ByteBuffer.wrap(rotated);
        for (int at = PointFrame.HEADER_BYTES; at + Integer.BYTES <= rotated.length; at += Integer.BYTES) {
            int word = words.getInt(at);
            words.putInt(at, word & -TURN | word + steps & TURN - 1);
        }
        return rotated;
    }
}
