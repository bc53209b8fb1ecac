package skynet.dictionary;

import java.nio.ByteBuffer;

/**
 * Turns a point of the plane back into a token.
 *
 * <p>Codes are covered by blocks of 8 bytes: the low half marks which of 32 codes are taken, the high half counts the
 * tokens before the block. The count picks a 16-bit number which, added to the first id of the ring, is the id.
 */
final class PlaneIndex {
    static final int BLOCK_CODES = 32;
    static final int BLOCK_BYTES = 8;

    private final ByteBuffer blocks;
    private final ByteBuffer idsInRing;
    private final int rings;
    private final double radiusLow;
    private final double radiusHigh;

    PlaneIndex(ByteBuffer blocks, ByteBuffer idsInRing) {
        this.blocks = blocks;
        this.idsInRing = idsInRing;
        this.rings = blocks.capacity() / BLOCK_BYTES * BLOCK_CODES / Plane.SLOTS;
        this.radiusLow = Plane.RADIUS_FIRST - Plane.RADIUS_STEP / 2;
        this.radiusHigh = Plane.radius(rings) - Plane.RADIUS_STEP / 2;
    }

    static int blockBytes(int count) {
        return Plane.ringsFor(count) * Plane.SLOTS / BLOCK_CODES * BLOCK_BYTES;
    }

    /** The nearest grid point decides; the comparisons are written so that NaN fails them. */
    int idAt(double r, double theta) {
        if (!(r > radiusLow && r < radiusHigh && Math.abs(theta) <= Plane.THETA_RADIANS_MAX)) {
            return -1;
        }
        int ring = (int) ((r - Plane.RADIUS_FIRST) * 10 + 0.5);
        int slot = (int) (long) Math.rint(theta * Plane.SLOTS_PER_RADIAN) & (Plane.SLOTS - 1);
        return ring < rings ? idOf(ring, slot) : -1;
    }

    int idOf(int ring, int slot) {
        int code = ring << Plane.SLOT_BITS | slot;
        long block = blocks.getLong(code >>> 5 << 3);
        int taken = (int) block;
        int bit = 1 << code;
        if ((taken & bit) == 0) {
            return -1;
        }
        int position = (int) (block >>> 32) + Integer.bitCount(taken & (bit - 1));
        return Plane.firstIdOf(ring) + (idsInRing.getShort(position << 1) & 0xFFFF);
    }

    int rings() {
        return rings;
    }
}
