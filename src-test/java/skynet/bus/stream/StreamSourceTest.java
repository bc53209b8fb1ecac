package skynet.bus.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import skynet.bus.Stream;
import skynet.bus.Stream.Attach;
import skynet.bus.Stream.Frame;
import skynet.bus.Stream.Grant;
import skynet.bus.Stream.Kind;
import skynet.bus.Stream.Started;
import skynet.bus.Stream.Stop;

class StreamSourceTest {
    private static final String KIB_4 = "x".repeat(Stream.FRAME_BYTES_MAX);

    private final List<Frame> sent = new ArrayList<>();
    private final List<Started> told = new ArrayList<>();
    private final List<Segment> segments = new ArrayList<>();
    private final List<String> upstream = new ArrayList<>();

    @Test
    void nothingIsSentWithoutCredit() {
        StreamSource source = source();
        source.write(0, KIB_4);
        assertEquals(List.of(), sent);
        source.grant(1, grant(0, 16));
        assertEquals(1, sent.size());
    }

    @Test
    void exactlyWhatWasGrantedIsSent() {
        StreamSource source = source();
        write(source, 10);
        source.grant(1, grant(0, 3));
        assertEquals(3, sent.size());
        source.grant(2, grant(0, 5));
        assertEquals(5, sent.size());
    }

    @Test
    void aGrantBeyondTheWindowIsWorthOneWindow() {
        StreamSource source = source();
        write(source, 40);
        source.grant(1, grant(0, 1_000_000));
        assertEquals(StreamSink.WINDOW_FRAMES, sent.size());
    }

    @Test
    void theSameGrantTwiceBringsTheFramesAgain() {
        StreamSource source = source();
        write(source, 4);
        source.grant(1, grant(0, 16));
        source.grant(2, grant(0, 16));
        assertEquals(
                List.of(1L, 2L, 3L, 4L, 1L, 2L, 3L, 4L),
                sent.stream().map(Frame::seq).toList());
    }

    @Test
    void anAcknowledgementOfWhatWasNeverSaidIsIgnored() {
        StreamSource source = source();
        write(source, 2);
        source.grant(1, grant(9, 20));
        assertEquals(List.of(), sent);
    }

    @Test
    void aGrantThatNeedsNoFramesGetsASignOfLife() {
        StreamSource source = source();
        source.grant(1, grant(0, 16));
        assertEquals(1, told.size());
    }

    @Test
    void textThatFollowsTextWaitsTwentyMillisecondsForMore() {
        StreamSource source = source();
        source.grant(0, grant(0, 16));
        source.write(0, "Well. ");
        source.write(1, "Hel");
        source.write(10, "lo");
        assertEquals(List.of("Well. "), sent.stream().map(Frame::body).toList());
        assertEquals(1 + StreamSource.COALESCE_MILLIS, source.due());
        source.tick(1 + StreamSource.COALESCE_MILLIS);
        source.write(1 + 2 * StreamSource.COALESCE_MILLIS, " there");
        assertEquals(
                List.of("Well. ", "Hello", " there"),
                sent.stream().map(Frame::body).toList());
    }

    @Test
    void aCharacterIsNeverCut() {
        StreamSource source = source();
        source.grant(0, grant(0, 16));
        source.write(0, "x".repeat(Stream.FRAME_BYTES_MAX - 1) + "\uD83D");
        source.write(1, "\uDE00");
        source.end(2, "stop");
        kept(source, 3);
        assertEquals(
                List.of("x".repeat(Stream.FRAME_BYTES_MAX - 1), "\uD83D\uDE00", "stop"),
                sent.stream().map(Frame::body).toList());
    }

    @Test
    void halfACharacterAtTheEndIsReplaced() {
        StreamSource source = source();
        source.grant(0, grant(0, 16));
        source.write(0, "a");
        source.write(1, "b\uD83D");
        source.end(2, "stop");
        assertEquals("b\uFFFD", sent.get(1).body());
    }

    @Test
    void aFullRingPausesTheUpstreamAndADrainedOneResumesIt() {
        StreamSource source = source();
        int chunks = 0;
        while (upstream.isEmpty()) {
            source.write(0, "x".repeat(StreamSource.CHUNK_BYTES_MAX));
            chunks++;
        }
        assertEquals(List.of("pause"), upstream);
        source.write(0, "x".repeat(StreamSource.CHUNK_BYTES_MAX));
        assertTrue(source.heldBytes() <= StreamSource.RING_BYTES);
        assertThrows(IllegalStateException.class, () -> source.write(0, "x".repeat(StreamSource.CHUNK_BYTES_MAX)));
        for (int i = 1; i <= chunks; i++) {
            source.grant(i, grant(Math.min(i * 4L, sent.size()), i * 4L + 16));
            kept(source, i);
        }
        assertEquals(List.of("pause", "resume"), upstream);
    }

    @Test
    void eightKibAreKeptAtOnceAndLessAfterASecond() {
        StreamSource source = source();
        write(source, 1);
        assertEquals(List.of(), segments);
        write(source, 1);
        assertEquals(2, segments.get(0).lastSeq());
        kept(source, 1);
        source.write(5, "few");
        source.tick(25);
        assertEquals(1, segments.size());
        source.tick(25 + StreamSource.SEGMENT_MILLIS);
        assertEquals(3, segments.get(1).lastSeq());
    }

    @Test
    void aSegmentOfUnknownFateIsSaidAgainUnchanged() {
        StreamSource source = source();
        write(source, 2);
        source.notKept(5);
        write(source, 2);
        source.tick(5 + StreamSource.SEGMENT_MILLIS);
        assertEquals(2, segments.size());
        assertEquals(segments.get(0), segments.get(1));
    }

    @Test
    void theEndLeavesOnlyWhenItIsKept() {
        StreamSource source = source();
        source.grant(0, grant(0, 16));
        source.write(0, "all");
        source.end(1, "stop");
        assertEquals(List.of(Kind.TEXT), sent.stream().map(Frame::kind).toList());
        kept(source, 2);
        assertEquals(
                List.of(Kind.TEXT, Kind.END), sent.stream().map(Frame::kind).toList());
        assertFalse(source.isSettled());
        source.grant(3, grant(2, 18));
        assertTrue(source.isSettled());
    }

    @Test
    void stoppingTwiceIsStoppingOnce() {
        StreamSource source = source();
        source.stop(1, new Stop("answer", 1, "enough"));
        source.stop(2, new Stop("answer", 1, "enough"));
        source.write(3, "still on its way");
        assertEquals(List.of("cancel: enough"), upstream);
        kept(source, 4);
        source.grant(5, grant(0, 16));
        assertEquals(List.of("enough"), sent.stream().map(Frame::body).toList());
    }

    @Test
    void aStopForAnotherAttemptIsNotForThisOne() {
        StreamSource source = source();
        source.stop(1, new Stop("answer", 2, "enough"));
        assertFalse(source.isOver());
    }

    @Test
    void withoutAReaderAConversationGoesOnAndACallEnds() {
        StreamSource chat = source(Detachment.CONTINUE);
        chat.tick(StreamSource.DETACH_MILLIS);
        assertFalse(chat.isOver());
        StreamSource call = source(Detachment.STOP);
        call.tick(StreamSource.DETACH_MILLIS - 1);
        assertFalse(call.isOver());
        call.tick(StreamSource.DETACH_MILLIS);
        assertTrue(call.isOver());
    }

    @Test
    void whatIsKeptAndUnreadLeavesTheRingWhenTheReaderIsGone() {
        StreamSource source = source();
        write(source, 8);
        kept(source, 1);
        kept(source, 1);
        assertTrue(source.heldBytes() > 0);
        source.tick(StreamSource.DETACH_MILLIS);
        assertEquals(0, source.heldBytes());
        assertEquals(
                9,
                source.attach(StreamSource.DETACH_MILLIS + 1, new Attach("answer", 3))
                        .from());
    }

    @Test
    void whoAttachedLastReads() {
        StreamSource source = source();
        write(source, 2);
        source.attach(1, new Attach("answer", 3));
        source.grant(2, grant(0, 16));
        assertEquals(List.of(), sent);
        assertEquals(3, told.get(0).reader());
        source.grant(3, new Grant("answer", 1, 3, 0, 16));
        assertEquals(2, sent.size());
    }

    @Test
    void aLaterAttemptBeginsWithTheSeamAfterWhatWasKept() {
        Attempt second = Attempt.first("answer", 2).takenOver(3, 40);
        StreamSource source = new StreamSource(second, 1, Detachment.CONTINUE, line(), segments::add, model(), 0);
        source.grant(1, new Grant("answer", 2, 1, 40, 56));
        assertEquals(List.of(new Frame("answer", 2, 41, Kind.SEAM, "")), sent);
    }

    @Test
    void aLaterAttemptThatCannotGoOnSaysSo() {
        Attempt second = Attempt.first("answer", 2).takenOver(3, 40);
        StreamSource source = new StreamSource(second, 1, Detachment.CONTINUE, line(), segments::add, model(), 0);
        source.fault(1, "interrupted");
        assertTrue(segments.get(0).isLast());
        kept(source, 2);
        source.grant(3, new Grant("answer", 2, 1, 40, 56));
        assertEquals(
                List.of(Kind.SEAM, Kind.FAULT), sent.stream().map(Frame::kind).toList());
    }

    @Test
    void anAttemptThatWasTakenOverFallsSilent() {
        StreamSource source = source();
        write(source, 2);
        source.fenced();
        source.grant(1, grant(0, 16));
        source.write(2, "more");
        assertEquals(List.of(), sent);
        assertEquals(List.of("cancel: taken over"), upstream);
        assertEquals(Long.MAX_VALUE, source.due());
    }

    private StreamSource source() {
        return source(Detachment.CONTINUE);
    }

    private StreamSource source(Detachment detachment) {
        return new StreamSource(Attempt.first("answer", 2), 1, detachment, line(), segments::add, model(), 0);
    }

    private static void write(StreamSource source, int frames) {
        for (int i = 0; i < frames; i++) {
            source.write(0, KIB_4);
        }
    }

    private void kept(StreamSource source, long now) {
        source.kept(now, segments.get(segments.size() - 1).lastSeq());
    }

    private static Grant grant(long ackSeq, long upTo) {
        return new Grant("answer", 1, 1, ackSeq, upTo);
    }

    private ToReader line() {
        return new ToReader() {
            @Override
            public void send(int reader, Frame frame) {
                sent.add(frame);
            }

            @Override
            public void send(int reader, Started started) {
                told.add(started);
            }
        };
    }

    private Upstream model() {
        return new Upstream() {
            @Override
            public void pause() {
                upstream.add("pause");
            }

            @Override
            public void resume() {
                upstream.add("resume");
            }

            @Override
            public void cancel(String reason) {
                upstream.add("cancel: " + reason);
            }
        };
    }
}
