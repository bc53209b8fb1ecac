package skynet.cascade;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Cascade.Placed;
import skynet.bus.Cascade.State;
import skynet.bus.Fault;
import skynet.bus.NodeNumber;
import skynet.bus.Stream;
import skynet.bus.Stream.Frame;
import skynet.bus.Stream.Started;
import skynet.bus.stream.Attempt;
import skynet.bus.stream.Detachment;
import skynet.bus.stream.StreamSource;
import skynet.bus.stream.ToReader;
import skynet.kit.Alarm;

/**
 * The answers that this node computes piece by piece, one source for each, and one timer for all. At most
 * {@value #STREAMS_MAX} at once, each holding at most {@link StreamSource#RING_BYTES}: 250 MiB when everybody reads slowly,
 * and next to nothing ten seconds after they stopped reading. Lives on the room's event loop.
 */
final class Answers implements ToReader {
    /** Answers computed at once. */
    static final int STREAMS_MAX = 1_000;

    /** Why an answer ends whose message is gone. */
    static final String DELETED = "deleted";

    private static final Duration FORWARD = Duration.ofSeconds(1);

    private final Bus bus;
    private final AnswerStore store;
    private final Keeper keeper;
    private final Levels levels;
    private final Alarm alarm;
    private final Map<String, Answering> running = new HashMap<>();
    private final Map<String, Claiming> claims = new HashMap<>();

    Answers(Vertx vertx, Bus bus, AnswerStore store, InstantSource clock, Levels levels) {
        this.bus = bus;
        this.store = store;
        this.keeper = new Keeper(store);
        this.levels = levels;
        this.alarm = new Alarm(vertx, clock, this::ring);
    }

    Future<Placed> begin(Cascade.Begin ask) {
        return claim(ask.tenant(), ask.id(), () -> store.begin(ask, self().value()));
    }

    Future<Placed> find(Cascade.Find ask) {
        return store.find(ask.tenant(), ask.id()).map(AnswerStore.Asked::placed);
    }

    /** Somebody hears nothing from the owner. When the owner is here and runs, all is well. */
    Future<Placed> takeOver(Cascade.TakeOver ask) {
        Answering here = running.get(ask.id());
        return here != null && here.attempt() >= ask.attempt()
                ? find(new Cascade.Find(ask.tenant(), ask.id()))
                : claim(
                        ask.tenant(),
                        ask.id(),
                        () -> store.takeOver(ask.tenant(), ask.id(), ask.attempt(), self().value()));
    }

    Future<Cascade.Page> read(Cascade.Read ask) {
        return store.read(ask.tenant(), ask.id(), ask.from()).map(Cascade.Page::new);
    }

    Future<Cascade.Answer> whole(Cascade.Whole ask) {
        return store.find(ask.tenant(), ask.id()).compose(row -> {
            State state = row.placed().state();
            if (state == State.RUNNING) {
                throw new Fault(Fault.Kind.CONFLICT, "answer: still computed (expected: one that has ended)");
            }
            return collect(ask.tenant(), ask.id(), new Collected(), 1).compose(Collected::whole);
        });
    }

    Future<Started> attach(Stream.Attach attach) {
        NodeNumber readerNode = Stream.nodeOf(attach.reader());
        Claiming claiming = claims.get(attach.id());
        if (claiming != null) {
            return claiming.result().transform(claimed -> attach(attach));
        }
        Answering answering = running.get(attach.id());
        if (answering == null) {
            return Future.failedFuture(Fault.absent("answer: not computed on " + self() + ", asked for " + readerNode));
        }
        Started started = answering.source().attach(alarm.now(), attach);
        after(answering);
        return Future.succeededFuture(started);
    }

    void grant(Stream.Grant grant) {
        Answering answering = running.get(grant.id());
        if (answering != null) {
            answering.source().grant(alarm.now(), grant);
            after(answering);
        }
    }

    void stop(Stream.Stop stop) {
        Answering answering = running.get(stop.id());
        if (answering != null) {
            answering.source().stop(alarm.now(), stop);
            after(answering);
        }
    }

    /** Ends an answer: here, on the node that computes it, or, when that does not answer, by an attempt that says no more. */
    Future<Placed> halt(Cascade.Halt ask) {
        Answering here = running.get(ask.id());
        if (here != null && here.tenant().equals(ask.tenant())) {
            here.halt(ask.reason(), ask.heard());
            return find(new Cascade.Find(ask.tenant(), ask.id()));
        }
        return store.find(ask.tenant(), ask.id()).compose(row -> {
            Placed placed = row.placed();
            if (placed.state() != State.RUNNING) {
                return Future.succeededFuture(placed);
            }
            if (placed.owner() == 0 || placed.owner() == self().value()) {
                return close(row, ask.reason());
            }
            return bus.ask(ask, new NodeNumber(placed.owner()), FORWARD).recover(silent -> close(row, ask.reason()));
        });
    }

    /** Ends an answer whose message is gone, when it is computed here. */
    void drop(String tenant, String id) {
        Answering here = running.get(id);
        if (here != null && here.tenant().equals(tenant)) {
            here.halt(DELETED, 0);
        }
    }

    /** Nobody computes here any more, and everybody may take over; should that not be kept, they find out by the silence. */
    Future<Void> release() {
        running.values().forEach(answering -> answering.source().fenced());
        running.clear();
        return store.release(self().value()).otherwiseEmpty();
    }

    int count() {
        return running.size();
    }

    /** Bytes of pieces held for readers and for the store. */
    long heldBytes() {
        return running.values().stream()
                .mapToLong(answering -> answering.source().heldBytes())
                .sum();
    }

    @Override
    public void send(int reader, Frame frame) {
        if (isSomebody(reader)) {
            bus.tell(frame, Stream.nodeOf(reader));
        }
    }

    @Override
    public void send(int reader, Started started) {
        if (isSomebody(reader)) {
            bus.tell(started, Stream.nodeOf(reader));
        }
    }

    private static boolean isSomebody(int reader) {
        return reader > Stream.READINGS_PER_NODE && reader % Stream.READINGS_PER_NODE != 0;
    }

    private NodeNumber self() {
        return bus.self();
    }

    private Future<Placed> claim(String tenant, String id, Supplier<Future<AnswerStore.Claim>> claim) {
        Claiming same = claims.get(id);
        if (same != null) {
            return same.tenant().equals(tenant)
                    ? same.result()
                    : Future.failedFuture(Fault.absent("answer: none with this id"));
        }
        if (running.size() + claims.size() >= STREAMS_MAX) {
            return Future.failedFuture(new Fault(
                    Fault.Kind.BUSY, "answers: " + STREAMS_MAX + " are computed now (expected: fewer; try again)"));
        }
        Future<Placed> result = claim.get()
                .compose(taken -> taken.won()
                        ? start(taken.row())
                        : Future.succeededFuture(taken.row().placed()));
        if (!result.isComplete()) {
            claims.put(id, new Claiming(tenant, result));
            result.onComplete(done -> claims.remove(id));
        }
        return result;
    }

    private Future<Placed> start(AnswerStore.Asked row) {
        Placed placed = row.placed();
        if (placed.attempt() == 1) {
            Answering answering = answering(row);
            answering.begin(levels.walk(placed.id(), question(row, ""), answering));
            return Future.succeededFuture(placed);
        }
        return collect(row.tenant(), placed.id(), new Collected(), 1).map(kept -> {
            Answering answering = answering(row);
            if (placed.attempt() == Stream.ATTEMPTS_MAX) {
                answering.fault(Resumed.interrupted());
            } else {
                Question question = question(row, kept.text());
                int read = question.text().length() + question.wish().chars();
                answering.begin(levels.walk(placed.id(), question, new Resumed(kept, answering), kept.segments(read)));
            }
            return placed;
        });
    }

    private Future<Placed> close(AnswerStore.Asked row, String reason) {
        String id = row.placed().id();
        return store.takeOver(row.tenant(), id, row.placed().attempt(), self().value())
                .map(taken -> {
                    if (taken.won()) {
                        answering(taken.row()).halt(reason, 0);
                    }
                    return taken.row().placed();
                });
    }

    private static Question question(AnswerStore.Asked row, String said) {
        Cascade.Begin ask = row.ask();
        return new Question(ask.tenant(), ask.question(), said, ask.wish());
    }

    private Answering answering(AnswerStore.Asked row) {
        Placed placed = row.placed();
        Answering answering = new Answering(
                row.tenant(),
                new Attempt(placed.id(), placed.owner(), placed.begins()),
                row.ask().live() ? Detachment.STOP : Detachment.CONTINUE,
                Stream.reader(self(), 0),
                this,
                alarm,
                keeper::keep,
                this::after);
        Answering older = running.put(placed.id(), answering);
        if (older != null) {
            older.source().fenced();
        }
        return answering;
    }

    /** Everything that is kept, from a number on. */
    private Future<Collected> collect(String tenant, String id, Collected kept, long from) {
        return store.read(tenant, id, from).compose(page -> {
            page.forEach(kept::add);
            return page.isEmpty()
                    ? Future.succeededFuture(kept)
                    : collect(tenant, id, kept, page.get(page.size() - 1).seq() + 1);
        });
    }

    private void after(Answering answering) {
        StreamSource source = answering.source();
        if (answering.isNewlyKept()) {
            bus.tell(new Cascade.Ended(answering.tenant(), answering.id()), self());
        }
        if (source.isFenced() || source.isSettled()) {
            running.remove(answering.id(), answering);
        } else {
            alarm.arm(source.due());
        }
    }

    private long ring(long now) {
        long next = Long.MAX_VALUE;
        for (Answering answering : List.copyOf(running.values())) {
            StreamSource source = answering.source();
            if (source.due() <= now) {
                source.tick(now);
                after(answering);
            }
            next = Math.min(next, source.due());
        }
        return next;
    }

    /** A claim that the store has not answered yet. */
    private record Claiming(String tenant, Future<Placed> result) {}
}
