package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Cascade.Placed;
import skynet.bus.Cascade.State;
import skynet.bus.Fault;
import skynet.bus.NodeNumber;
import skynet.bus.Stream;
import skynet.bus.Stream.Frame;
import skynet.bus.Stream.Grant;
import skynet.bus.Stream.Started;
import skynet.bus.Stream.Stop;
import skynet.bus.codec.Lines;
import skynet.bus.stream.Client;
import skynet.bus.stream.StreamSink;
import skynet.bus.stream.ToOwner;

/**
 * One reader of one answer: the sink, the socket behind it, and the search for whoever computes. When the owner does not
 * answer, the answer is taken over. A reader who is displaced by another follows what is kept, a second behind.
 */
final class Reading implements Client, ToOwner {
    /** How often an owner that does not answer is asked before the answer is taken over. */
    private static final int TRIES = 3;

    private static final Duration TRY = Duration.ofSeconds(1);

    /** Whoever knows where an answer stands may be frozen; then somebody else is asked. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Who follows what is kept and finds nothing new for so long looks for the owner. */
    private static final long FOLLOW_MILLIS = 10_000;

    /** Pieces that an owner may have sent and not kept yet: its ring, in pieces of no size. */
    private static final int AHEAD_MAX = 4_096;

    private final Readings readings;
    private final Bus bus;
    private final String tenant;
    private final String id;
    private final int reader;
    private final Outlet outlet;
    private final Supplier<Future<JsonObject>> whole;
    private final StreamSink sink;
    private final Lines lines = new Lines();
    private int unwritten;
    private int drained;
    private int tries;
    private long progressAt;
    private boolean searching;
    private boolean following;
    private boolean closed;
    private Runnable last = () -> {};

    Reading(
            Readings readings,
            String tenant,
            String id,
            int reader,
            Place place,
            Outlet outlet,
            Supplier<Future<JsonObject>> whole) {
        this.readings = readings;
        this.bus = readings.bus();
        this.tenant = tenant;
        this.id = id;
        this.reader = reader;
        this.outlet = outlet;
        this.whole = whole;
        this.sink = new StreamSink(id, reader, place.attempt(), place.seq(), this, this);
        outlet.onGone(this::close);
    }

    String id() {
        return id;
    }

    int reader() {
        return reader;
    }

    /** Reads from a node that has just begun to compute. */
    void readFrom(int owner) {
        searching = true;
        attach(owner, this::lookUp);
    }

    /** Refuses a place that is not in the answer. */
    static void requireWithin(Place place, Placed placed) {
        if (place.attempt() > placed.attempt() || place.seq() > placed.lastSeq() + AHEAD_MAX) {
            throw new IllegalArgumentException(
                    "place: " + place + " is not in this answer (expected: the id of an event of its own, or none)");
        }
    }

    /** Reads an answer of which it was looked up where it stands. */
    void readAt(Placed placed) {
        searching = true;
        follow(placed);
    }

    /** The other side has gone, or has everything. */
    void close() {
        if (!closed) {
            closed = true;
            readings.forget(this);
        }
    }

    void beat() {
        if (unwritten == 0) {
            outlet.beat();
        }
    }

    /** What the node was told of this answer's owner; who follows hears only of itself. */
    void told(Started started) {
        if (started.reader() == reader || !following) {
            started(started);
        }
    }

    void frame(Frame frame) {
        if (closed) {
            return;
        }
        boolean silent = sink.state() == StreamSink.State.SILENT;
        sink.frame(now(), frame);
        if (silent) {
            found();
        }
        afterSink();
    }

    void tick(long now) {
        if (following && now >= progressAt + FOLLOW_MILLIS) {
            progressAt = now;
            search();
        }
        sink.tick(now);
        afterSink();
    }

    long due() {
        if (closed) {
            return Long.MAX_VALUE;
        }
        return following ? Math.min(sink.due(), progressAt + FOLLOW_MILLIS) : sink.due();
    }

    @Override
    public void deliver(Frame frame) {
        progressAt = now();
        String at = frame.attempt() + "." + frame.seq();
        int cost = StreamSink.cost(frame);
        switch (frame.kind()) {
            case TEXT -> tell("delta", new JsonObject().put("text", frame.body()), at, cost);
            case ROUTE -> line("route", frame, at, cost);
            case CITE -> line("cite", frame, at, cost);
            case USAGE -> line("usage", frame, at, cost);
            case SEAM -> {
                lines.reset();
                seam(frame, at, cost);
            }
            case END -> lastly(() -> done(frame.body(), at));
            case FAULT -> lastly(() -> fail(Lines.fault(frame.body()), at));
        }
    }

    @Override
    public void read(long fromSeq) {
        bus.ask(new Cascade.Read(tenant, id, fromSeq), PATIENCE)
                .onComplete(page -> readings.later(() -> {
                    if (!closed) {
                        sink.replay(now(), page.succeeded() ? page.result().frames() : List.of());
                        afterSink();
                    }
                }));
    }

    @Override
    public void send(int owner, Grant grant) {
        bus.tell(grant, new NodeNumber(owner));
    }

    @Override
    public void send(int owner, Stop stop) {
        bus.tell(stop, new NodeNumber(owner));
    }

    /** Where another attempt begins what was heard from there on is void; where only the level changes nothing is. */
    private void seam(Frame frame, String at, int cost) {
        JsonObject seam = new JsonObject().put("attempt", frame.attempt()).put("from", frame.seq());
        if (!frame.body().isEmpty()) {
            try {
                seam.mergeIn(AnswerJson.json(Lines.seam(frame.body())));
            } catch (IllegalArgumentException | NullPointerException e) {
                lastly(() -> fail(new Fault(Fault.Kind.BROKEN, "answer: a piece of it is none"), at));
                return;
            }
        }
        tell("seam", seam, at, cost);
    }

    private void line(String event, Frame frame, String at, int cost) {
        try {
            lines.add(frame.body())
                    .ifPresentOrElse(line -> tell(event, AnswerJson.event(event, line), at, cost), () -> written(cost));
        } catch (IllegalArgumentException | NullPointerException e) {
            lastly(() -> fail(new Fault(Fault.Kind.BROKEN, "answer: a piece of it is none"), at));
        }
    }

    private void tell(String event, JsonObject data, String at, int cost) {
        unwritten++;
        outlet.tell(new Outlet.Event(event, data, at))
                .onComplete(result -> readings.later(() -> {
                    unwritten--;
                    if (result.failed()) {
                        close();
                    }
                    written(cost);
                }));
    }

    /** The socket has taken a piece; told later, and once for all that were taken at the same time. */
    private void written(int cost) {
        if (drained == 0) {
            readings.later(() -> {
                int bytes = drained;
                drained = 0;
                if (!closed) {
                    sink.drained(now(), bytes);
                    afterSink();
                }
                if (unwritten == 0) {
                    runLast();
                }
            });
        }
        drained += cost;
    }

    /** Does the last thing when all that was written before has left, so that nothing waits for who does not read. */
    private void lastly(Runnable work) {
        last = work;
        if (unwritten == 0) {
            readings.later(this::runLast);
        }
    }

    private void runLast() {
        Runnable work = last;
        last = () -> {};
        if (!closed) {
            work.run();
        }
    }

    /** The answer as a whole, as it is stored with its message, is the last event. */
    private void done(String reason, String at) {
        whole.get()
                .onSuccess(said -> lastEvent("done", said.put("end", reason), at))
                .onFailure(failure -> fail(failure, at));
    }

    private void fail(Throwable failure, String at) {
        lastEvent("error", outlet.problem(failure), at);
    }

    private void lastEvent(String event, JsonObject data, String at) {
        close();
        outlet.tell(new Outlet.Event(event, data, at));
        outlet.end();
    }

    private void started(Started started) {
        if (closed) {
            return;
        }
        following &= started.reader() != reader;
        sink.started(now(), started);
        found();
        afterSink();
    }

    private void search() {
        if (!searching && !closed) {
            searching = true;
            tries = 0;
            lookUp();
        }
    }

    private void lookUp() {
        if (searching && !closed) {
            bus.ask(new Cascade.Find(tenant, id), PATIENCE)
                    .onSuccess(this::follow)
                    .onFailure(this::notFound);
        }
    }

    private void notFound(Throwable failure) {
        if (failure instanceof Fault fault && fault.kind() == Fault.Kind.ABSENT && !closed) {
            fail(failure, "");
        } else {
            again();
        }
    }

    private void follow(Placed placed) {
        if (closed || !searching) {
            return;
        }
        if (placed.state() != State.RUNNING) {
            searching = false;
            boolean complete = sink.attempt() == placed.attempt() && sink.lastSeq() >= placed.lastSeq();
            if (complete) {
                lastly(() -> done("stop", placed.attempt() + "." + placed.lastSeq()));
            } else {
                sink.finished(placed.begins());
                afterSink();
            }
        } else if (placed.owner() != 0 && tries++ < TRIES) {
            attach(placed.owner(), () -> takeOver(placed));
        } else {
            takeOver(placed);
        }
    }

    /** Asks the owner; one that is gone, or says that it computes nothing, needs not be asked again. */
    private void attach(int owner, Runnable gone) {
        bus.ask(new Stream.Attach(id, reader), new NodeNumber(owner), TRY)
                .onSuccess(this::started)
                .onFailure(failure -> {
                    Fault.Kind kind = failure instanceof Fault fault ? fault.kind() : Fault.Kind.BROKEN;
                    if (kind == Fault.Kind.ABSENT || kind == Fault.Kind.UNAVAILABLE) {
                        gone.run();
                    } else {
                        again();
                    }
                });
    }

    private void takeOver(Placed placed) {
        if (closed || !searching) {
            return;
        }
        tries = 0;
        bus.ask(new Cascade.TakeOver(tenant, id, placed.attempt()), PATIENCE)
                .onSuccess(now -> {
                    boolean moved = now.attempt() != placed.attempt() || now.state() != State.RUNNING;
                    if (moved || now.owner() != placed.owner()) {
                        follow(now);
                    } else {
                        again();
                    }
                })
                .onFailure(failure -> again());
    }

    private void again() {
        if (!closed) {
            readings.after(TRY, this::lookUp);
        }
    }

    private void found() {
        if (sink.state() != StreamSink.State.SILENT) {
            searching = false;
        }
    }

    private void afterSink() {
        if (closed) {
            return;
        }
        if (sink.state() == StreamSink.State.SILENT) {
            search();
        } else if (sink.state() == StreamSink.State.DISPLACED) {
            followKept();
        }
        readings.alarm().arm(due());
    }

    private void followKept() {
        if (following) {
            return;
        }
        following = true;
        progressAt = now();
        searching = false;
        bus.ask(new Cascade.Find(tenant, id), PATIENCE)
                .onComplete(placed -> readings.later(() -> {
                    if (closed || !following) {
                        return;
                    }
                    if (placed.succeeded()) {
                        sink.follow(placed.result().begins());
                    } else {
                        following = false;
                        search();
                    }
                    afterSink();
                }));
    }

    private long now() {
        return readings.alarm().now();
    }
}
