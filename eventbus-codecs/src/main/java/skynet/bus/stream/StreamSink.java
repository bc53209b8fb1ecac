package skynet.bus.stream;

import java.util.List;
import skynet.bus.Stream;
import skynet.bus.Stream.Begin;
import skynet.bus.Stream.Frame;
import skynet.bus.Stream.Grant;
import skynet.bus.Stream.Started;
import skynet.bus.Stream.Stop;

/**
 * The side that holds the client. It hands on frames in order, each number once, and grants the source as many as the client
 * has room for: {@link #WINDOW_BYTES} less what waits in the client's socket, counted in frames of the largest size.
 *
 * <p>Nothing is kept here: what comes out of order is dropped and asked for again, what the source no longer has is read from
 * the store. When the owner says nothing for {@link #SILENCE_MILLIS} the sink is {@linkplain State#SILENT silent}: whoever
 * hosts it looks up who owns the answer now, attaches there or takes over, and tells it by {@link #started}.
 */
public final class StreamSink {
    /** Most bytes that wait in the client's socket. */
    public static final int WINDOW_BYTES = 64 << 10;

    /** The window in frames of the largest size. */
    public static final int WINDOW_FRAMES = WINDOW_BYTES / Stream.FRAME_BYTES_MAX;

    /** A grant is said again so often, for one may be lost. */
    public static final int GRANT_MILLIS = 1_000;

    /** What is missing is asked for at most so often. */
    public static final int REPEAT_MILLIS = 200;

    /** A grant that has been unanswered for so long means that the owner is gone or out of reach. */
    public static final int SILENCE_MILLIS = 5_000;

    private static final long NEVER = Long.MAX_VALUE;

    /** How it stands. */
    public enum State {
        /** Frames flow, or may. */
        OPEN,
        /** The owner does not answer. */
        SILENT,
        /** The last frame was delivered. */
        ENDED,
        /** The client reads elsewhere. */
        DISPLACED
    }

    private final String id;
    private final int reader;
    private final Client client;
    private final ToOwner line;

    private State state = State.OPEN;
    private int owner;
    private int attempt;
    private long next;
    private int waitingBytes;

    private long grantedUpTo;
    private long grantedAt;
    private long repeatAt;
    private long unansweredSince = NEVER;

    private long replayTo;
    private boolean reading;
    private boolean following;
    private long readAgainAt = NEVER;

    private String stopReason = "";
    private long stopAt = NEVER;

    /** Reads on after the place where a client stopped: {@code attempt} 1 and {@code lastSeq} 0 for one that begins. */
    public StreamSink(String id, int reader, int attempt, long lastSeq, Client client, ToOwner line) {
        this.id = id;
        this.reader = reader;
        this.attempt = attempt;
        this.next = lastSeq + 1;
        this.client = client;
        this.line = line;
    }

    /** The owner tells how it stands: as the answer to an attach, to a grant, or after a take-over. */
    public void started(long now, Started started) {
        if (isOver() || started.attempt() < attempt) {
            return;
        }
        if (started.reader() != reader) {
            state = State.DISPLACED;
            return;
        }
        replayTo = following ? 0 : replayTo;
        following = false;
        boolean news = owner != started.owner() || attempt != started.attempt() || state == State.SILENT;
        owner = started.owner();
        heard();
        rewind(started.begins());
        if (next < started.from()) {
            replayUpTo(started.from() - 1);
        } else if (news) {
            grant(now);
        }
    }

    /** The answer is complete in the store, and nobody computes it any more. */
    public void finished(List<Begin> begins) {
        if (!isOver()) {
            readFromStore(begins);
        }
    }

    /** Another reader has the owner's ear: reads what the store keeps, as it comes, until the end or {@link #started}. */
    public void follow(List<Begin> begins) {
        if (state != State.ENDED) {
            following = true;
            readFromStore(begins);
        }
    }

    /** A frame from the owner. */
    public void frame(long now, Frame frame) {
        if (isOver() || frame.attempt() != attempt || owner == 0) {
            return;
        }
        heard();
        if (frame.seq() > next) {
            askAgain(now);
        } else if (frame.seq() == next && next <= grantedUpTo) {
            deliver(frame);
            grantIfWorthIt(now);
        }
    }

    /** Kept frames, as asked for by {@link Client#read}: as many as there is room for are taken. None: tried again later. */
    public void replay(long now, List<Frame> frames) {
        reading = false;
        readAgainAt = NEVER;
        long before = next;
        for (Frame frame : frames) {
            if (isOver() || frame.seq() != next || frame.attempt() > attempt || freeFrames() == 0) {
                break;
            }
            deliver(frame);
        }
        if (next > replayTo) {
            grant(now);
        } else if (next > before || freeFrames() == 0) {
            readOn();
        } else if (!isOver()) {
            readAgainAt = now + GRANT_MILLIS;
            boolean takenOver = !frames.isEmpty() && frames.get(0).attempt() > attempt;
            state = takenOver ? State.SILENT : state;
        }
    }

    /** The client's socket has taken so many bytes. */
    public void drained(long now, int bytes) {
        waitingBytes = Math.max(0, waitingBytes - bytes);
        if (!isOver()) {
            if (readAgainAt == NEVER) {
                readOn();
            }
            grantIfWorthIt(now);
        }
    }

    /** The client has heard enough. Said again every second until the end arrives. */
    public void stop(long now, String reason) {
        if (!isOver()) {
            stopReason = reason;
            sendStop(now);
        }
    }

    /** Does what is due. */
    public void tick(long now) {
        if (isOver() || now < due()) {
            return;
        }
        if (now >= readAgainAt) {
            readAgainAt = NEVER;
            readOn();
        }
        if (unansweredSince != NEVER && now >= unansweredSince + SILENCE_MILLIS) {
            state = State.SILENT;
            unansweredSince = NEVER;
        }
        if (now >= stopAt) {
            sendStop(now);
        }
        if (mayGrant() && now >= grantedAt + GRANT_MILLIS) {
            grant(now);
        }
    }

    /** When {@link #tick} has something to do. */
    public long due() {
        if (isOver()) {
            return NEVER;
        }
        long due = Math.min(readAgainAt, stopAt);
        if (unansweredSince != NEVER) {
            due = Math.min(due, unansweredSince + SILENCE_MILLIS);
        }
        return mayGrant() ? Math.min(due, grantedAt + GRANT_MILLIS) : due;
    }

    public State state() {
        return state;
    }

    /** The attempt that is read. */
    public int attempt() {
        return attempt;
    }

    /** Number of the last frame delivered. */
    public long lastSeq() {
        return next - 1;
    }

    /** Frames that the source may still send: the whole window when the client has read everything. */
    public int freeFrames() {
        return (WINDOW_BYTES - waitingBytes) / Stream.FRAME_BYTES_MAX;
    }

    /** What a frame takes of the window; {@link #drained} gives it back. */
    public static int cost(Frame frame) {
        return Math.max(frame.bytes(), Ring.FRAME_COST);
    }

    private void readFromStore(List<Begin> begins) {
        owner = 0;
        heard();
        rewind(begins);
        replayUpTo(Long.MAX_VALUE);
    }

    private boolean isOver() {
        return state == State.ENDED || state == State.DISPLACED;
    }

    /** A client whose socket is full is told nothing more, and the owner hears nothing until there is room. */
    private boolean mayGrant() {
        return owner != 0 && freeFrames() > 0;
    }

    private void heard() {
        unansweredSince = NEVER;
        state = State.OPEN;
    }

    /** What an attempt said after its successor's seam is void: goes back to the first seam that was not seen. */
    private void rewind(List<Begin> begins) {
        for (Begin begin : begins) {
            if (begin.attempt() > attempt) {
                next = Math.min(next, begin.seq());
            }
        }
        int latest = begins.get(begins.size() - 1).attempt();
        if (latest > attempt) {
            attempt = latest;
            grantedUpTo = 0;
            replayTo = 0;
        }
    }

    private void deliver(Frame frame) {
        next++;
        waitingBytes += cost(frame);
        client.deliver(frame);
        if (frame.kind().isLast()) {
            state = State.ENDED;
            if (owner != 0) {
                line.send(owner, new Grant(id, attempt, reader, next - 1, next - 1));
            }
        }
    }

    private void grantIfWorthIt(long now) {
        if (next - 1 + freeFrames() - grantedUpTo >= WINDOW_FRAMES / 2) {
            grant(now);
        }
    }

    private void askAgain(long now) {
        if (now >= repeatAt) {
            repeatAt = now + REPEAT_MILLIS;
            grant(now);
            grant(now);
        }
    }

    private void grant(long now) {
        if (isOver() || !mayGrant()) {
            return;
        }
        grantedUpTo = Math.max(grantedUpTo, next - 1 + freeFrames());
        grantedAt = now;
        if (unansweredSince == NEVER && state == State.OPEN) {
            unansweredSince = now;
        }
        line.send(owner, new Grant(id, attempt, reader, next - 1, grantedUpTo));
    }

    private void replayUpTo(long seq) {
        replayTo = Math.max(replayTo, seq);
        readOn();
    }

    private void readOn() {
        if (!reading && next <= replayTo && freeFrames() > 0) {
            reading = true;
            client.read(next);
        }
    }

    private void sendStop(long now) {
        stopAt = now + GRANT_MILLIS;
        if (owner != 0) {
            line.send(owner, new Stop(id, attempt, stopReason));
        }
    }
}
