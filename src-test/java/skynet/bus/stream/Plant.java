package skynet.bus.stream;

import java.util.Optional;
import skynet.bus.Stream.Frame;
import skynet.bus.Stream.Grant;

/** A fault that somebody might build in one day. The simulation must notice it; an innocent one changes nothing. */
class Plant {
    /** A grant as it leaves the reader. */
    Grant sent(Grant grant) {
        return grant;
    }

    /** A grant as the owner takes it; none when it is overlooked. */
    Optional<Grant> received(Grant grant) {
        return Optional.of(grant);
    }

    /** A frame as the reader takes it, which reads {@code attempt} and has everything up to {@code lastSeq}. */
    Frame received(Frame frame, int attempt, long lastSeq) {
        return frame;
    }

    /** Room in the client's socket as the reader hears of it. */
    int drained(int bytes) {
        return bytes;
    }

    /** Whether the store refuses what an attempt says that has a successor. */
    boolean fences() {
        return true;
    }

    /** Whether the upstream waits when it is told to. */
    boolean pauses() {
        return true;
    }
}
