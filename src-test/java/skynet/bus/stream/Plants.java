package skynet.bus.stream;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import skynet.bus.Stream.Frame;
import skynet.bus.Stream.Grant;

/** The faults that are planted, to see that the simulation would notice them. */
final class Plants {
    private Plants() {}

    /** Grants say how much more instead of up to where: one that is lost is credit lost, one that is doubled is credit too much. */
    static final class Increments extends Plant {
        private final Map<String, Grant> promised = new HashMap<>();
        private final Map<String, Grant> believed = new HashMap<>();

        @Override
        Grant sent(Grant grant) {
            Grant before = promised.put(key(grant), grant);
            boolean continues = before != null && before.ackSeq() <= grant.ackSeq() && before.upTo() <= grant.upTo();
            return withUpTo(grant, grant.ackSeq() + grant.upTo() - (continues ? before.upTo() : grant.ackSeq()));
        }

        @Override
        Optional<Grant> received(Grant grant) {
            long more = grant.upTo() - grant.ackSeq();
            Grant before = believed.get(key(grant));
            boolean continues = before != null && before.ackSeq() <= grant.ackSeq();
            long upTo = (continues ? before.upTo() : grant.ackSeq()) + more;
            Grant taken = withUpTo(grant, Math.max(upTo, grant.ackSeq()));
            believed.put(key(grant), taken);
            return Optional.of(taken);
        }

        private static Grant withUpTo(Grant grant, long upTo) {
            return new Grant(grant.id(), grant.attempt(), grant.reader(), grant.ackSeq(), upTo);
        }

        private static String key(Grant grant) {
            return grant.attempt() + " " + grant.reader();
        }
    }

    /** A frame that comes once more takes of the window, and never gives it back. */
    static final class DoublesCost extends Plant {
        private int owed;

        @Override
        Frame received(Frame frame, int attempt, long lastSeq) {
            owed += frame.attempt() == attempt && frame.seq() <= lastSeq ? StreamSink.cost(frame) : 0;
            return frame;
        }

        @Override
        int drained(int bytes) {
            int kept = Math.min(owed, bytes);
            owed -= kept;
            return bytes - kept;
        }
    }

    /** The source overlooks the grant that asks for what is missing. */
    static final class NeverAgain extends Plant {
        private Grant last;

        @Override
        Optional<Grant> received(Grant grant) {
            boolean again = last != null && last.ackSeq() == grant.ackSeq() && last.attempt() == grant.attempt();
            last = grant;
            return again ? Optional.empty() : Optional.of(grant);
        }
    }

    /** Nobody asks whose attempt it is: neither the store nor the reader. */
    static final class NoFence extends Plant {
        @Override
        Frame received(Frame frame, int attempt, long lastSeq) {
            return new Frame(frame.id(), attempt, frame.seq(), frame.kind(), frame.body());
        }

        @Override
        boolean fences() {
            return false;
        }
    }

    /** The upstream goes on although it was told to wait. */
    static final class NoPause extends Plant {
        @Override
        boolean pauses() {
            return false;
        }
    }
}
