package skynet.dictionary;

/**
 * The grid on which tokens lie: rings by rank, slots by meaning.
 *
 * <p>Ring 0 holds the first 512 ids, ring 1 those up to 16,383, every further ring 8,192. Ring {@code n} has the radius
 * {@code 1.0 + 0.1 n}. A full turn is 32,768 slots. Ring and slot together are the 22-bit code of a token.
 */
final class Plane {
    static final int SLOT_BITS = 15;
    static final int SLOTS = 1 << SLOT_BITS;
    static final int SLOTS_PER_QUADRANT = SLOTS / 4;
    static final double RADIUS_FIRST = 1.0;
    static final double RADIUS_STEP = 0.1;
    static final double THETA_STEP = 2 * Math.PI / SLOTS;
    static final double SLOTS_PER_RADIAN = SLOTS / (2 * Math.PI);

    /** Angles beyond this are refused: a double could no longer tell neighbouring slots apart with room to spare. */
    static final double THETA_RADIANS_MAX = 1e9;

    private static final int RING_ONE = 512;
    private static final int RING_TWO = 16_384;
    private static final int RING_BITS = 13;
    private static final int[] FIRST_IDS = firstIds();

    private Plane() {}

    private static int[] firstIds() {
        int[] firstIds = new int[ringOf(TokenLayout.COUNT_MAX - 1) + 1];
        for (int ring = 0; ring < firstIds.length; ring++) {
            firstIds[ring] = ring < 2 ? ring * RING_ONE : RING_TWO + (ring - 2 << RING_BITS);
        }
        return firstIds;
    }

    static int ringOf(int id) {
        return id < RING_ONE ? 0 : id < RING_TWO ? 1 : 2 + ((id - RING_TWO) >>> RING_BITS);
    }

    static int firstIdOf(int ring) {
        return FIRST_IDS[ring];
    }

    static int ringsFor(int count) {
        return count == 0 ? 0 : ringOf(count - 1) + 1;
    }

    static double radius(int ring) {
        return RADIUS_FIRST + RADIUS_STEP * ring;
    }

    static double theta(int slot) {
        return slot * THETA_STEP;
    }
}
