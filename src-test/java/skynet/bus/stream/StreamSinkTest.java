package skynet.bus.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import skynet.bus.Stream;
import skynet.bus.Stream.Begin;
import skynet.bus.Stream.Frame;
import skynet.bus.Stream.Grant;
import skynet.bus.Stream.Kind;
import skynet.bus.Stream.Started;
import skynet.bus.Stream.Stop;

class StreamSinkTest {
    private static final String KIB_4 = "x".repeat(Stream.FRAME_BYTES_MAX);

    private final List<Frame> read = new ArrayList<>();
    private final List<Long> asked = new ArrayList<>();
    private final List<Grant> grants = new ArrayList<>();
    private final List<Stop> stops = new ArrayList<>();

    @Test
    void aFreshSinkGrantsTheWholeWindow() {
        open(1, 0);
        assertEquals(List.of(grant(1, 0, 16)), grants);
    }

    @Test
    void halfAWindowReadIsWorthAGrant() {
        StreamSink sink = open(1, 0);
        for (int seq = 1; seq <= 8; seq++) {
            sink.frame(seq, frame(1, seq));
            sink.drained(seq, Stream.FRAME_BYTES_MAX);
        }
        assertEquals(List.of(grant(1, 0, 16), grant(1, 8, 24)), grants);
    }

    @Test
    void aGrantIsSaidAgainEverySecond() {
        StreamSink sink = open(1, 0);
        assertEquals(StreamSink.GRANT_MILLIS, sink.due());
        sink.tick(StreamSink.GRANT_MILLIS);
        assertEquals(List.of(grant(1, 0, 16), grant(1, 0, 16)), grants);
    }

    @Test
    void aClientThatDoesNotReadIsGrantedNothing() {
        StreamSink sink = open(1, 0);
        for (int seq = 1; seq <= StreamSink.WINDOW_FRAMES; seq++) {
            sink.frame(1, frame(1, seq));
        }
        assertEquals(0, sink.freeFrames());
        sink.tick(20_000);
        assertEquals(1, grants.size());
        sink.drained(20_001, StreamSink.WINDOW_BYTES);
        assertEquals(grant(1, 16, 32), grants.get(1));
    }

    @Test
    void whatWasNotGrantedIsNotTaken() {
        StreamSink sink = open(1, 0);
        for (int seq = 1; seq <= StreamSink.WINDOW_FRAMES + 1; seq++) {
            sink.frame(1, frame(1, seq));
        }
        assertEquals(StreamSink.WINDOW_FRAMES, read.size());
    }

    @Test
    void aGapIsAskedForByTheSameGrantTwiceAndNotTooOften() {
        StreamSink sink = open(1, 0);
        sink.frame(1_000, frame(1, 1));
        grants.clear();
        sink.frame(1_000, frame(1, 3));
        sink.frame(1_001, frame(1, 4));
        assertEquals(1, read.size());
        assertEquals(2, grants.size());
        assertEquals(grants.get(0), grants.get(1));
        sink.frame(1_000 + StreamSink.REPEAT_MILLIS, frame(1, 5));
        assertEquals(4, grants.size());
    }

    @Test
    void aFrameThatComesTwiceIsReadOnce() {
        StreamSink sink = open(1, 0);
        sink.frame(1, frame(1, 1));
        sink.frame(2, frame(1, 1));
        assertEquals(1, read.size());
    }

    @Test
    void framesOfAnOldAttemptAreDropped() {
        StreamSink sink = open(1, 0);
        sink.frame(1, frame(1, 1));
        sink.started(2, started(2, List.of(new Begin(1, 1), new Begin(2, 2))));
        sink.frame(3, frame(1, 2));
        assertEquals(1, read.size());
        sink.frame(4, new Frame("answer", 2, 2, Kind.SEAM, ""));
        assertEquals(Kind.SEAM, read.get(1).kind());
    }

    @Test
    void aTakeOverGoesBackToTheFirstSeamThatWasMissed() {
        StreamSink sink = open(1, 57);
        sink.started(1, started(45, List.of(new Begin(1, 1), new Begin(2, 41), new Begin(3, 45))));
        assertEquals(40, sink.lastSeq());
        assertEquals(List.of(41L), asked);
    }

    @Test
    void theStoreFillsWhatTheSourceNoLongerHas() {
        StreamSink sink = new StreamSink("answer", 1, 1, 0, client(), line());
        sink.started(0, started(3, List.of(new Begin(1, 1))));
        assertEquals(List.of(1L), asked);
        assertEquals(List.of(), grants);
        sink.replay(1, List.of(frame(1, 1), frame(1, 2)));
        assertEquals(2, read.size());
        assertEquals(2, grants.get(0).ackSeq());
    }

    @Test
    void aStoreThatGivesNothingIsAskedAgainLater() {
        StreamSink sink = new StreamSink("answer", 1, 1, 0, client(), line());
        sink.finished(List.of(new Begin(1, 1)));
        sink.replay(5, List.of());
        sink.tick(5 + StreamSink.GRANT_MILLIS);
        assertEquals(List.of(1L, 1L), asked);
    }

    @Test
    void aFinishedAnswerIsReadFromTheStoreToItsEnd() {
        StreamSink sink = new StreamSink("answer", 1, 1, 1, client(), line());
        sink.finished(List.of(new Begin(1, 1)));
        sink.replay(1, List.of(frame(1, 2), new Frame("answer", 1, 3, Kind.END, "stop")));
        assertEquals(StreamSink.State.ENDED, sink.state());
        assertEquals(List.of(), grants);
    }

    @Test
    void anOwnerThatDoesNotAnswerIsSilentAfterFiveSeconds() {
        StreamSink sink = open(1, 0);
        for (long now = 1_000; now < StreamSink.SILENCE_MILLIS; now += 1_000) {
            sink.tick(now);
            assertEquals(StreamSink.State.OPEN, sink.state());
        }
        sink.tick(StreamSink.SILENCE_MILLIS);
        assertEquals(StreamSink.State.SILENT, sink.state());
    }

    @Test
    void anOwnerThatHasNothingToSayIsNotSilent() {
        StreamSink sink = open(1, 0);
        for (long now = 1_000; now < 60_000; now += 1_000) {
            sink.tick(now);
            sink.started(now + 1, started(1, List.of(new Begin(1, 1))));
        }
        assertEquals(StreamSink.State.OPEN, sink.state());
    }

    @Test
    void aStopIsSaidUntilTheEndArrives() {
        StreamSink sink = open(1, 0);
        sink.stop(10, "enough");
        sink.tick(10 + StreamSink.GRANT_MILLIS);
        assertEquals(2, stops.size());
        sink.frame(2_000, new Frame("answer", 1, 1, Kind.END, "enough"));
        sink.tick(10_000);
        assertEquals(2, stops.size());
        assertEquals(StreamSink.State.ENDED, sink.state());
    }

    @Test
    void whoIsDisplacedReadsNoMore() {
        StreamSink sink = open(1, 0);
        sink.started(1, new Started("answer", 2, 3, 1, List.of(new Begin(1, 1))));
        sink.frame(2, frame(1, 1));
        assertEquals(StreamSink.State.DISPLACED, sink.state());
        assertTrue(read.isEmpty());
    }

    @Test
    void whoIsDisplacedMayFollowWhatIsKeptAndHearTheOwnerAgain() {
        StreamSink sink = open(1, 0);
        sink.started(1, new Started("answer", 2, 3, 1, List.of(new Begin(1, 1))));
        sink.follow(List.of(new Begin(1, 1)));
        assertEquals(List.of(1L), asked);
        sink.replay(2, List.of(frame(1, 1), frame(1, 2)));
        sink.frame(3, frame(1, 3));
        assertEquals(2, read.size());
        assertEquals(List.of(1L, 3L), asked);
        sink.replay(4, List.of());
        sink.tick(4 + StreamSink.GRANT_MILLIS);
        assertEquals(List.of(1L, 3L, 3L), asked);
        sink.replay(5_000, List.of());
        grants.clear();
        sink.started(5_001, started(3, List.of(new Begin(1, 1))));
        assertEquals(List.of(grant(1, 2, 16)), grants);
        sink.frame(5_002, frame(1, 3));
        assertEquals(3, read.size());
    }

    private StreamSink open(int attempt, long lastSeq) {
        StreamSink sink = new StreamSink("answer", 1, attempt, lastSeq, client(), line());
        sink.started(0, started(lastSeq + 1, List.of(new Begin(1, 1))));
        return sink;
    }

    private static Started started(long from, List<Begin> begins) {
        return new Started("answer", 2, 1, from, begins);
    }

    private static Frame frame(int attempt, long seq) {
        return new Frame("answer", attempt, seq, Kind.TEXT, KIB_4);
    }

    private static Grant grant(int attempt, long ackSeq, long upTo) {
        return new Grant("answer", attempt, 1, ackSeq, upTo);
    }

    private Client client() {
        return new Client() {
            @Override
            public void deliver(Frame frame) {
                read.add(frame);
            }

            @Override
            public void read(long fromSeq) {
                asked.add(fromSeq);
            }
        };
    }

    private ToOwner line() {
        return new ToOwner() {
            @Override
            public void send(int owner, Grant grant) {
                grants.add(grant);
            }

            @Override
            public void send(int owner, Stop stop) {
                stops.add(stop);
            }
        };
    }
}
