package skynet.bus.stream;

import java.util.Optional;
import skynet.bus.BusMessage;
import skynet.bus.Stream.Attach;
import skynet.bus.Stream.Frame;
import skynet.bus.Stream.Grant;
import skynet.bus.Stream.Started;
import skynet.bus.Stream.Stop;
import skynet.sim.SimWorld;

/** One node of the simulated cluster: hosts the source when it computes, and the sink when a client is connected to it. */
final class SimNode implements ToReader {
    private final StreamSimulation simulation;
    private final SimWorld world;
    private final int number;
    private StreamSource source;
    private SimUpstream upstream;
    private Ticker sourceTicker;
    private SimReading reading;
    private boolean claiming;

    SimNode(StreamSimulation simulation, SimWorld world, int number) {
        this.simulation = simulation;
        this.world = world;
        this.number = number;
    }

    /** Forgets everything, as a process that ends. */
    void forget() {
        source = null;
        reading = null;
        claiming = false;
    }

    /** A client connects, having read up to a place. */
    SimReading open(SimClient client, int attempt, long lastSeq) {
        if (reading != null) {
            reading.drop();
        }
        reading = new SimReading(simulation, world, this, client, attempt, lastSeq);
        reading.search();
        return reading;
    }

    int number() {
        return number;
    }

    Optional<StreamSource> source() {
        return Optional.ofNullable(source);
    }

    /** Claims the answer and, when it wins, computes it for a reader. */
    void compute(int expected, int reader, Runnable won, Runnable notWon) {
        if (claiming) {
            notWon.run();
            return;
        }
        claiming = true;
        simulation.store().claim(number, expected, claim -> {
            claiming = false;
            if (claim.isEmpty()) {
                notWon.run();
                return;
            }
            begin(claim.get(), reader);
            won.run();
        });
    }

    void receive(BusMessage message, int from) {
        if (message instanceof Grant grant && source != null) {
            StreamSource granted = source;
            simulation.plant().received(grant).ifPresent(taken -> granted.grant(world.now(), taken));
            afterSource();
        } else if (message instanceof Stop stop && source != null) {
            source.stop(world.now(), stop);
            afterSource();
        } else if (message instanceof Attach attach) {
            attach(attach, from);
        } else if (message instanceof Started started && reading != null) {
            reading.started(started);
        } else if (message instanceof Frame frame && reading != null) {
            reading.frame(frame);
        }
    }

    /** Somebody wants to read: from the source here, or from one that begins when nobody has begun yet. */
    private void attach(Attach attach, int from) {
        if (source != null) {
            Started started = source.attach(world.now(), attach);
            afterSource();
            simulation.say(number, from, started);
        } else if (simulation.store().row().attempt() == 0) {
            compute(0, attach.reader(), () -> simulation.say(number, from, source.started()), () -> {});
        }
    }

    /** The source here, for a client that is connected here. */
    Started attachHere() {
        Started started = source.attach(world.now(), new Attach(StreamSimulation.ID, number));
        afterSource();
        return started;
    }

    @Override
    public void send(int reader, Frame frame) {
        simulation.sends(frame, reader);
        simulation.say(number, reader, frame);
    }

    @Override
    public void send(int reader, Started started) {
        simulation.say(number, reader, started);
    }

    private void begin(SimStore.Claim claim, int reader) {
        if (source != null) {
            source.fenced();
        }
        upstream = simulation.upstream(number, claim.keptChars());
        StreamSource[] born = new StreamSource[1];
        SegmentStore keeper =
                segment -> simulation.store().keep(number, segment, keeping -> kept(born[0], segment, keeping));
        StreamSource begun =
                new StreamSource(claim.attempt(), reader, simulation.detachment(), this, keeper, upstream, world.now());
        born[0] = begun;
        source = begun;
        sourceTicker = new Ticker(world, number, begun::due, now -> {
            begun.tick(now);
            check(begun);
        });
        sourceTicker.arm();
        upstream.begin(begun, this::afterSource);
    }

    private void kept(StreamSource keeper, Segment segment, SimStore.Keeping keeping) {
        switch (keeping) {
            case KEPT -> keeper.kept(world.now(), segment.lastSeq());
            case UNKNOWN -> keeper.notKept(world.now());
            case FENCED -> keeper.fenced();
        }
        afterSource();
    }

    private void afterSource() {
        if (source != null) {
            check(source);
            sourceTicker.arm();
        }
    }

    private void check(StreamSource of) {
        if (of.heldBytes() > StreamSource.RING_BYTES) {
            throw new AssertionError(
                    "source: holds " + of.heldBytes() + " bytes (expected: at most " + StreamSource.RING_BYTES + ")");
        }
        if (of.isOver()) {
            simulation.over();
        }
        if (of == source && (of.isFenced() || of.isSettled())) {
            world.trace().note(world.now(), of.isFenced() ? "fenced" : "settled", number);
            source = null;
        }
    }
}
