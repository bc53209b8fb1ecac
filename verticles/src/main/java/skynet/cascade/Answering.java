package skynet.cascade;

import io.vertx.core.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import skynet.bus.Cascade.Seam;
import skynet.bus.Cascade.Step;
import skynet.bus.Cascade.Usage;
import skynet.bus.Fault;
import skynet.bus.Knowledge.Citation;
import skynet.bus.Stream;
import skynet.bus.Stream.Kind;
import skynet.bus.codec.Lines;
import skynet.bus.stream.Attempt;
import skynet.bus.stream.Detachment;
import skynet.bus.stream.Segment;
import skynet.bus.stream.SegmentStore;
import skynet.bus.stream.StreamSource;
import skynet.bus.stream.ToReader;
import skynet.bus.stream.Upstream;
import skynet.kit.Alarm;

/** One answer that is computed here: the walk through the levels on one side, the source of the stream on the other. */
final class Answering implements Sayer, Upstream, SegmentStore {
    private static final System.Logger LOG = System.getLogger("skynet.cascade");

    private final String tenant;
    private final String id;
    private final int attempt;
    private final StreamSource source;
    private final Alarm alarm;
    private final Function<Segment, Future<AnswerStore.Keeping>> keeper;
    private final Consumer<Answering> afterwards;
    private Walk walk;
    private boolean kept;

    /**
     * An answer that does not begin yet.
     *
     * @param keeper keeps segments
     * @param afterwards looks after this one after each input
     */
    Answering(
            String tenant,
            Attempt attempt,
            Detachment detachment,
            int reader,
            ToReader line,
            Alarm alarm,
            Function<Segment, Future<AnswerStore.Keeping>> keeper,
            Consumer<Answering> afterwards) {
        this.tenant = tenant;
        this.id = attempt.id();
        this.attempt = attempt.number();
        this.alarm = alarm;
        this.keeper = keeper;
        this.afterwards = afterwards;
        this.source = new StreamSource(attempt, reader, detachment, line, this, this, alarm.now());
    }

    /** Begins to walk through the levels. */
    void begin(Walk through) {
        walk = through;
        walk.begin();
    }

    String id() {
        return id;
    }

    String tenant() {
        return tenant;
    }

    int attempt() {
        return attempt;
    }

    StreamSource source() {
        return source;
    }

    /** Whether the last piece is kept, so that the whole is there for anybody; told once. */
    boolean isNewlyKept() {
        boolean newly = kept;
        kept = false;
        return newly;
    }

    /** Ends it. What its reader did not hear does not count; {@code heard} is as in {@link skynet.bus.Cascade.Halt}. */
    void halt(String reason, long heard) {
        if (walk != null && heard != 0 && !source.isOver()) {
            walk.unheard(heard < 0 ? Integer.MAX_VALUE : source.charsAfter(heard));
        }
        source.stop(alarm.now(), new Stream.Stop(id, attempt, reason));
        afterwards.accept(this);
    }

    @Override
    public void route(Step step) {
        note(Kind.ROUTE, Lines.line(step));
    }

    @Override
    public void seam(Seam seam) {
        note(Kind.SEAM, Lines.line(seam));
    }

    @Override
    public void text(String chunk) {
        held(() -> source.write(alarm.now(), chunk));
    }

    @Override
    public void cite(Citation citation) {
        note(Kind.CITE, Lines.line(citation));
    }

    @Override
    public void end(Usage usage, String reason) {
        note(Kind.USAGE, Lines.line(usage));
        source.end(alarm.now(), reason);
        afterwards.accept(this);
    }

    @Override
    public void fault(Fault fault) {
        source.fault(alarm.now(), Lines.line(fault));
        afterwards.accept(this);
    }

    private void note(Kind kind, String line) {
        held(() -> Lines.bodies(line).forEach(body -> source.note(alarm.now(), kind, body)));
    }

    /** A level that says more at once than it may, or does not wait when it is told to, has broken its answer. */
    private void held(Runnable saying) {
        try {
            saying.run();
        } catch (IllegalStateException | IllegalArgumentException e) {
            LOG.log(System.Logger.Level.ERROR, "answer " + id + ": " + e.getMessage());
            cancel(Walk.BROKEN);
            fault(new Fault(Fault.Kind.BROKEN, "answer: interrupted, its level said more at once than it may"));
        }
        afterwards.accept(this);
    }

    @Override
    public void pause() {
        if (walk != null) {
            walk.pause();
        }
    }

    @Override
    public void resume() {
        if (walk != null) {
            walk.resume();
        }
    }

    /** An answer that is stopped tells what it was up to there; one that another attempt computes has no end here. */
    @Override
    public void cancel(String reason) {
        if (walk != null) {
            walk.cancel(reason);
            if (!reason.equals(StreamSource.TAKEN_OVER) && !reason.equals(Walk.BROKEN)) {
                note(Kind.USAGE, Lines.line(walk.usage()));
            }
        }
    }

    @Override
    public void keep(Segment segment) {
        keeper.apply(segment).onComplete(result -> {
            if (result.failed()) {
                source.notKept(alarm.now());
            } else if (result.result() == AnswerStore.Keeping.FENCED) {
                source.fenced();
            } else {
                kept = segment.isLast();
                source.kept(alarm.now(), segment.lastSeq());
            }
            afterwards.accept(this);
        });
    }
}
