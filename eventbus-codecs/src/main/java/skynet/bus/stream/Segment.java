package skynet.bus.stream;

import java.util.List;
import skynet.bus.Stream.Frame;

/**
 * Consecutive frames of one attempt, kept together or not at all; what they cost is charged in the same transaction. Saying
 * the same segment again must change nothing: its attempt and first number are its key.
 */
public record Segment(String id, int attempt, List<Frame> frames) {
    public Segment {
        frames = List.copyOf(frames);
        if (frames.isEmpty()) {
            throw new IllegalArgumentException("segment: no frames (expected: at least one)");
        }
    }

    public long firstSeq() {
        return frames.get(0).seq();
    }

    public long lastSeq() {
        return frames.get(frames.size() - 1).seq();
    }

    /** Whether the answer ends here. */
    public boolean isLast() {
        return frames.get(frames.size() - 1).kind().isLast();
    }
}
