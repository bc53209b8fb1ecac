package skynet.bus.stream;

import java.util.ArrayList;
import java.util.List;
import skynet.bus.Stream;
import skynet.bus.Stream.Attach;
import skynet.bus.Stream.Frame;
import skynet.bus.Stream.Grant;
import skynet.bus.Stream.Kind;
import skynet.bus.Stream.Started;
import skynet.bus.Stream.Stop;

/**
 * The side that computes one attempt of an answer. Text goes in; numbered frames go to the reader as far as it grants, and to
 * the store in segments. A frame is held in a ring of {@link #RING_BYTES} until it is kept and, while somebody reads,
 * acknowledged; when the ring is nearly full the upstream is paused.
 *
 * <p>It ends in one of two ways: {@linkplain #isSettled settled}, when all is kept and the reader has it or has gone, or
 * {@linkplain #isFenced fenced}, when another attempt took over.
 */
public final class StreamSource {
    /** Most bytes of frames held, with {@value Ring#FRAME_COST} on top for each. */
    public static final int RING_BYTES = Ring.BYTES_MAX;

    /** Longest text that the upstream gives at once: the ring keeps room for one, which may be on its way when it is paused. */
    public static final int CHUNK_BYTES_MAX = 16 << 10;

    /** How long text waits for more before it becomes a frame; after so long a silence it does not wait. */
    public static final int COALESCE_MILLIS = 20;

    /** A segment is kept when so much waits, or when it has waited so long. */
    public static final int SEGMENT_BYTES = 8 << 10;

    public static final int SEGMENT_MILLIS = 1_000;

    /** Largest segment, when the store was slow. */
    public static final int SEGMENT_BYTES_MAX = 32 << 10;

    /** Without a grant for so long the reader counts as gone. */
    public static final int DETACH_MILLIS = 10_000;

    /** Why an upstream is cancelled when another attempt computes the rest. */
    public static final String TAKEN_OVER = "taken over";

    private static final int PAUSE_BYTES = RING_BYTES - 2 * CHUNK_BYTES_MAX;
    private static final int RESUME_BYTES = RING_BYTES / 2;
    /** Kept free for the last words: what is gathered, and the frame that ends it. */
    private static final int LAST_WORDS_BYTES = 2 * (Stream.FRAME_BYTES_MAX + Ring.FRAME_COST);

    private final Attempt attempt;
    private final Detachment detachment;
    private final ToReader line;
    private final SegmentStore store;
    private final Upstream upstream;
    private final Ring ring;
    private final Coalescer text = new Coalescer();

    private int reader;
    private boolean attached = true;
    private long grantedAt;
    private long ackedSeq;
    private long nextToSend;
    private long upTo;

    private long keptSeq;
    private long segmentedSeq;
    private int unsegmentedBytes;
    private long unsegmentedSince;
    private Segment unanswered;
    private long retryAt = Long.MAX_VALUE;

    private long textAt = -COALESCE_MILLIS;
    private boolean paused;
    private boolean ending;
    private boolean fenced;

    /** Begins an attempt for a reader that has just asked. One that follows another begins with the seam. */
    public StreamSource(
            Attempt attempt,
            int reader,
            Detachment detachment,
            ToReader line,
            SegmentStore store,
            Upstream upstream,
            long now) {
        this.attempt = attempt;
        this.reader = reader;
        this.detachment = detachment;
        this.line = line;
        this.store = store;
        this.upstream = upstream;
        this.ring = new Ring(attempt.firstSeq());
        this.grantedAt = now;
        this.ackedSeq = ring.lastSeq();
        this.nextToSend = ring.firstSeq();
        this.keptSeq = ring.lastSeq();
        this.segmentedSeq = ring.lastSeq();
        if (attempt.number() > 1) {
            append(now, Kind.SEAM, "");
        }
    }

    /** Who computes, who reads, and from where on. */
    public Started started() {
        return new Started(attempt.id(), attempt.owner(), reader, ring.firstSeq(), attempt.begins());
    }

    /** Takes the next text from the upstream; ignored after the end, when some may still be on its way. */
    public void write(long now, String chunk) {
        if (isOver()) {
            return;
        }
        int bytes = chunk.length() <= CHUNK_BYTES_MAX / 3 ? chunk.length() * 3 : Stream.utf8Bytes(chunk);
        if (bytes > CHUNK_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "chunk: " + bytes + " bytes (expected: at most " + CHUNK_BYTES_MAX + ")");
        }
        requireRoom(bytes);
        text.add(now, chunk);
        while (text.isFull() || (!text.isEmpty() && now >= textAt + COALESCE_MILLIS)) {
            append(now, Kind.TEXT, text.take(now));
        }
        advance(now);
    }

    /** Takes a citation, a step of the route, a usage report or a seam, which stands after the text written before. */
    public void note(long now, Kind kind, String body) {
        if (kind == Kind.TEXT || kind.isLast()) {
            throw new IllegalArgumentException("kind: " + kind + " (expected: CITE, ROUTE, SEAM or USAGE)");
        }
        if (isOver()) {
            return;
        }
        requireRoom(Stream.utf8Bytes(body));
        flush(now);
        append(now, kind, body);
        advance(now);
    }

    /** The upstream has said everything. */
    public void end(long now, String reason) {
        if (!isOver()) {
            text.finish();
        }
        finish(now, Kind.END, reason);
    }

    /** The upstream broke, or the answer cannot go on: the reason is for the client. */
    public void fault(long now, String reason) {
        finish(now, Kind.FAULT, reason);
    }

    /** The client has heard enough: the upstream ends, what was said is kept. */
    public void stop(long now, Stop stop) {
        if (stop.attempt() == attempt.number() && !isOver()) {
            halt(now, stop.reason());
        }
    }

    /** A node begins to read; one that read before is displaced. Frames flow when it grants. */
    public Started attach(long now, Attach attach) {
        reader = attach.reader();
        attached = true;
        grantedAt = now;
        ackedSeq = ring.firstSeq() - 1;
        nextToSend = ring.firstSeq();
        upTo = 0;
        return started();
    }

    /** A reader tells what it has and what it has room for. Answered by frames or, failing those, by a sign of life. */
    public void grant(long now, Grant grant) {
        if (fenced) {
            return;
        }
        if (grant.reader() != reader || grant.attempt() != attempt.number()) {
            line.send(grant.reader(), started());
            return;
        }
        if (grant.ackSeq() > ring.lastSeq()) {
            return;
        }
        attached = true;
        grantedAt = now;
        long before = nextToSend;
        if (grant.ackSeq() >= ring.firstSeq() - 1) {
            follow(grant);
            before = nextToSend;
            advance(now);
        }
        if (nextToSend == before) {
            line.send(reader, started());
        }
    }

    /** The store has kept everything up to a number. */
    public void kept(long now, long lastSeq) {
        if (unanswered != null && unanswered.lastSeq() == lastSeq) {
            keptSeq = lastSeq;
            unanswered = null;
            retryAt = Long.MAX_VALUE;
            advance(now);
        }
    }

    /** The store did not keep the segment, or may not have: the same one is tried again. */
    public void notKept(long now) {
        if (unanswered != null) {
            retryAt = now + SEGMENT_MILLIS;
        }
    }

    /** A later attempt has begun: this one says nothing more. */
    public void fenced() {
        if (!fenced) {
            fenced = true;
            if (!ending) {
                upstream.cancel(TAKEN_OVER);
            }
        }
    }

    /** Does what is due. */
    public void tick(long now) {
        if (fenced) {
            return;
        }
        if (!text.isEmpty() && now >= text.since() + COALESCE_MILLIS) {
            append(now, Kind.TEXT, text.take(now));
        }
        if (attached && now >= grantedAt + DETACH_MILLIS) {
            attached = false;
            if (detachment == Detachment.STOP && !ending) {
                halt(now, "nobody reads");
            }
        }
        if (now >= retryAt) {
            retryAt = Long.MAX_VALUE;
            store.keep(unanswered);
        }
        advance(now);
    }

    /** When {@link #tick} has something to do. */
    public long due() {
        if (fenced || isSettled()) {
            return Long.MAX_VALUE;
        }
        long due = retryAt;
        if (!text.isEmpty()) {
            due = Math.min(due, text.since() + COALESCE_MILLIS);
        }
        if (unanswered == null && segmentedSeq < ring.lastSeq()) {
            due = Math.min(due, unsegmentedSince + SEGMENT_MILLIS);
        }
        return attached ? Math.min(due, grantedAt + DETACH_MILLIS) : due;
    }

    /** Whether all is said and kept, and the reader has it or has gone. */
    public boolean isSettled() {
        return ending && keptSeq == ring.lastSeq() && (!attached || ackedSeq == ring.lastSeq());
    }

    /** Whether a later attempt took over. */
    public boolean isFenced() {
        return fenced;
    }

    /** Whether the upstream is done with, one way or another. */
    public boolean isOver() {
        return ending || fenced;
    }

    /** Characters of text that come after a piece, as far as they are here. */
    public int charsAfter(long seq) {
        int chars = text.chars();
        for (long next = Math.max(seq + 1, ring.firstSeq()); next <= ring.lastSeq(); next++) {
            Frame frame = ring.get(next);
            chars += frame.kind() == Kind.TEXT ? frame.body().length() : 0;
        }
        return chars;
    }

    /** Number of the last piece that the reader has, as it said. */
    public long ackedSeq() {
        return ackedSeq;
    }

    /** Bytes held now. */
    public int heldBytes() {
        return ring.bytes() + text.bytes();
    }

    private void halt(long now, String reason) {
        upstream.cancel(reason);
        finish(now, Kind.END, reason);
    }

    private void finish(long now, Kind kind, String reason) {
        if (isOver()) {
            return;
        }
        flush(now);
        append(now, kind, reason);
        ending = true;
        advance(now);
    }

    private void flush(long now) {
        while (!text.isEmpty()) {
            append(now, Kind.TEXT, text.take(now));
        }
    }

    private void requireRoom(int bytes) {
        int frames = bytes / Stream.FRAME_BYTES_MAX + 2;
        if (!ring.hasRoomFor(text.bytes() + bytes + frames * Ring.FRAME_COST + LAST_WORDS_BYTES)) {
            throw new IllegalStateException("ring: " + ring.bytes() + " bytes and " + bytes
                    + " more (expected: an upstream that waits when paused)");
        }
    }

    private void append(long now, Kind kind, String body) {
        if (segmentedSeq == ring.lastSeq()) {
            unsegmentedSince = now;
        }
        Frame frame = new Frame(attempt.id(), attempt.number(), ring.lastSeq() + 1, kind, body);
        ring.add(frame);
        if (kind == Kind.TEXT) {
            textAt = now;
        }
        unsegmentedBytes += ring.sizeOf(frame.seq());
    }

    /** Believes a grant. The same one twice means that what was sent since did not arrive. */
    private void follow(Grant grant) {
        boolean again = grant.ackSeq() == ackedSeq && grant.upTo() <= upTo;
        ackedSeq = Math.max(ackedSeq, grant.ackSeq());
        upTo = Math.max(upTo, Math.min(grant.upTo(), grant.ackSeq() + StreamSink.WINDOW_FRAMES));
        nextToSend = again ? ackedSeq + 1 : Math.max(nextToSend, ackedSeq + 1);
    }

    private void advance(long now) {
        if (fenced) {
            return;
        }
        while (attached && nextToSend <= Math.min(upTo, sendableSeq())) {
            line.send(reader, ring.get(nextToSend++));
        }
        keepWhatIsDue(now);
        ring.dropTo(attached ? Math.min(keptSeq, ackedSeq) : keptSeq);
        nextToSend = Math.max(nextToSend, ring.firstSeq());
        if (!ending && !paused && ring.bytes() > PAUSE_BYTES) {
            paused = true;
            upstream.pause();
        } else if (!ending && paused && ring.bytes() <= RESUME_BYTES) {
            paused = false;
            upstream.resume();
        }
    }

    /** The last frame leaves only when it is kept: whoever has read the end finds the same answer in the store for good. */
    private long sendableSeq() {
        return ending && keptSeq < ring.lastSeq() ? ring.lastSeq() - 1 : ring.lastSeq();
    }

    private void keepWhatIsDue(long now) {
        boolean due = ending || unsegmentedBytes >= SEGMENT_BYTES || now >= unsegmentedSince + SEGMENT_MILLIS;
        if (unanswered != null || segmentedSeq == ring.lastSeq() || !due) {
            return;
        }
        List<Frame> frames = new ArrayList<>();
        int bytes = 0;
        while (segmentedSeq < ring.lastSeq()) {
            int size = ring.sizeOf(segmentedSeq + 1);
            if (bytes + size > SEGMENT_BYTES_MAX) {
                break;
            }
            frames.add(ring.get(++segmentedSeq));
            bytes += size;
        }
        unsegmentedBytes -= bytes;
        unsegmentedSince = now;
        unanswered = new Segment(attempt.id(), attempt.number(), frames);
        store.keep(unanswered);
    }
}
