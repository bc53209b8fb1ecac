package skynet.genom;

import java.util.Objects;

/**
 * One message on its way: who sends it, where it stands in the sender's order, what it is for, and its text as codes.
 *
 * <p>{@link GenomFrame} is its textual form, {@link BinaryFrame} its compact one. A checksum guards both against
 * accidents; against forgers the envelope does.
 */
public record Frame(int node, long epoch, long sequence, FrameType type, CodeRun codes) {
    /** The highest node number. */
    public static final int NODE_MAX = 9_999_999;

    public Frame {
        if (node < 1 || node > NODE_MAX) {
            throw new IllegalArgumentException("node: " + node + " (expected: 1 to " + NODE_MAX + ")");
        }
        if (epoch < 0) {
            throw new IllegalArgumentException("epoch: " + epoch + " (expected: 0 or more)");
        }
        if (sequence < 0) {
            throw new IllegalArgumentException("sequence: " + sequence + " (expected: 0 or more)");
        }
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(codes, "codes");
    }
}
