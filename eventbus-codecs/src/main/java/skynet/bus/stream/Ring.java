package skynet.bus.stream;

import skynet.bus.Stream.Frame;

/**
 * The frames that somebody may still need, by number, oldest first. It grows with what it holds and never beyond
 * {@value #BYTES_MAX} bytes; every frame counts at least {@value #FRAME_COST}, so that tiny frames are bounded too.
 */
final class Ring {
    static final int BYTES_MAX = 256 << 10;
    static final int FRAME_COST = 64;

    private Frame[] slots = new Frame[64];
    private int[] sizes = new int[64];
    private long first;
    private long next;
    private int bytes;

    Ring(long firstSeq) {
        this.first = firstSeq;
        this.next = firstSeq;
    }

    /** Number of the oldest frame that is here, or of the one to come. */
    long firstSeq() {
        return first;
    }

    /** Number of the newest frame that is or was here. */
    long lastSeq() {
        return next - 1;
    }

    int bytes() {
        return bytes;
    }

    boolean hasRoomFor(int more) {
        return bytes + more <= BYTES_MAX;
    }

    void add(Frame frame) {
        int size = frame.bytes();
        if (frame.seq() != next || !hasRoomFor(size + FRAME_COST)) {
            throw new IllegalStateException("ring: frame " + frame.seq() + " of " + size + " bytes (expected: " + next
                    + ", within " + BYTES_MAX + " bytes)");
        }
        if (next - first == slots.length) {
            grow();
        }
        sizes[slot(next)] = size;
        slots[slot(next++)] = frame;
        bytes += size + FRAME_COST;
    }

    Frame get(long seq) {
        return slots[present(seq)];
    }

    /** Bytes of a frame's body. */
    int sizeOf(long seq) {
        return sizes[present(seq)];
    }

    /** Lets go of all frames up to a number. */
    void dropTo(long seq) {
        while (first < next && first <= seq) {
            bytes -= sizes[slot(first)] + FRAME_COST;
            slots[slot(first++)] = null;
        }
    }

    private void grow() {
        Frame[] moreSlots = new Frame[slots.length * 2];
        int[] moreSizes = new int[slots.length * 2];
        for (long seq = first; seq < next; seq++) {
            int target = (int) (seq & (moreSlots.length - 1));
            moreSlots[target] = slots[slot(seq)];
            moreSizes[target] = sizes[slot(seq)];
        }
        slots = moreSlots;
        sizes = moreSizes;
    }

    private int present(long seq) {
        if (seq < first || seq >= next) {
            throw new IllegalArgumentException("frame: " + seq + " (expected: " + first + " to " + (next - 1) + ")");
        }
        return slot(seq);
    }

    private int slot(long seq) {
        return (int) (seq & (slots.length - 1));
    }
}
