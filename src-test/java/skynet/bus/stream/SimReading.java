package skynet.bus.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import skynet.bus.Stream.Attach;
import skynet.bus.Stream.Frame;
import skynet.bus.Stream.Grant;
import skynet.bus.Stream.Started;
import skynet.bus.Stream.Stop;
import skynet.sim.SimWorld;

/**
 * A client's connection to a node: the sink, the socket behind it, and the search for whoever computes. When the owner does
 * not answer three times, the answer is taken over and computed here.
 */
final class SimReading implements Client, ToOwner {
    private static final int TRIES = 3;
    private static final int TRY_MILLIS = 1_000;

    private final StreamSimulation simulation;
    private final SimWorld world;
    private final SimNode node;
    private final SimClient client;
    private final StreamSink sink;
    private final Ticker ticker;
    private final Deque<Waiting> socket = new ArrayDeque<>();
    private int socketBytes;
    private int readOfFirst;
    private int tries;
    private boolean searching;
    private boolean closed;
    private boolean dropped;

    SimReading(StreamSimulation simulation, SimWorld world, SimNode node, SimClient client, int attempt, long lastSeq) {
        this.simulation = simulation;
        this.world = world;
        this.node = node;
        this.client = client;
        this.sink = new StreamSink(StreamSimulation.ID, node.number(), attempt, lastSeq, this, this);
        this.ticker = new Ticker(world, node.number(), () -> dropped ? Long.MAX_VALUE : sink.due(), now -> {
            sink.tick(now);
            afterSink();
        });
    }

    StreamSink sink() {
        return sink;
    }

    /** The client is gone; the node hears of it when it runs. */
    void close() {
        closed = true;
        world.after(node.number(), 0, this::drop);
    }

    /** Nothing is granted or delivered here any more. */
    void drop() {
        closed = true;
        dropped = true;
    }

    void stop() {
        sink.stop(world.now(), "stopped");
        ticker.arm();
    }

    void started(Started started) {
        sink.started(world.now(), started);
        found();
        afterSink();
    }

    void frame(Frame frame) {
        boolean silent = sink.state() == StreamSink.State.SILENT;
        sink.frame(world.now(), simulation.plant().received(frame, sink.attempt(), sink.lastSeq()));
        if (silent) {
            found();
        }
        afterSink();
    }

    /** Finds out who computes, and reads there. */
    void search() {
        if (!searching && !dropped) {
            searching = true;
            tries = 0;
            lookUp();
        }
    }

    private void lookUp() {
        if (searching && !dropped) {
            simulation.store().lookUp(node.number(), row -> row.ifPresentOrElse(this::follow, () -> again(TRY_MILLIS)));
        }
    }

    private void follow(SimStore.Row row) {
        if (dropped || !searching) {
            return;
        }
        if (row.isEnded()) {
            sink.finished(row.begins());
            found();
            afterSink();
        } else if (row.attempt() > 0
                && row.owner() == node.number()
                && node.source().isPresent()) {
            started(node.attachHere());
        } else if (tries++ < TRIES && (row.attempt() == 0 || row.owner() != node.number())) {
            int owner = row.attempt() == 0 ? simulation.firstOwner() : row.owner();
            simulation.say(node.number(), owner, new Attach(StreamSimulation.ID, node.number()));
            again(TRY_MILLIS);
        } else {
            tries = 0;
            node.compute(row.attempt(), node.number(), () -> started(node.attachHere()), () -> again(TRY_MILLIS));
        }
    }

    private void again(long millis) {
        world.after(node.number(), millis, this::lookUp);
    }

    private void found() {
        if (sink.state() != StreamSink.State.SILENT) {
            searching = false;
        }
    }

    private void afterSink() {
        ticker.arm();
        if (sink.state() == StreamSink.State.SILENT) {
            search();
        } else if (sink.state() == StreamSink.State.DISPLACED && !closed) {
            client.disconnected(this);
        }
    }

    @Override
    public void deliver(Frame frame) {
        if (!closed) {
            int cost = StreamSink.cost(frame);
            socket.add(new Waiting(frame, cost));
            socketBytes += cost;
            if (socketBytes > StreamSink.WINDOW_BYTES) {
                throw new AssertionError(
                        "socket: " + socketBytes + " bytes wait (expected: at most " + StreamSink.WINDOW_BYTES + ")");
            }
        }
    }

    @Override
    public void read(long fromSeq) {
        simulation.store().read(node.number(), fromSeq, frames -> {
            if (!dropped) {
                sink.replay(world.now(), frames);
                afterSink();
            }
        });
    }

    /** The client takes bytes out of the socket; whole frames are read. */
    void take(int bytes) {
        int left = bytes;
        int freed = 0;
        while (left > 0 && !socket.isEmpty()) {
            Waiting first = socket.peek();
            int ofFirst = Math.min(left, first.cost() - readOfFirst);
            readOfFirst += ofFirst;
            left -= ofFirst;
            freed += ofFirst;
            if (readOfFirst == first.cost()) {
                readOfFirst = 0;
                client.read(socket.remove().frame());
            }
        }
        if (freed > 0) {
            socketBytes -= freed;
            int heard = simulation.plant().drained(freed);
            world.after(node.number(), 0, () -> {
                if (!dropped) {
                    sink.drained(world.now(), heard);
                    afterSink();
                }
            });
        }
    }

    boolean isEmpty() {
        return socket.isEmpty();
    }

    private record Waiting(Frame frame, int cost) {}

    @Override
    public void send(int owner, Grant grant) {
        simulation.granted(grant);
        simulation.say(node.number(), owner, simulation.plant().sent(grant));
    }

    @Override
    public void send(int owner, Stop stop) {
        simulation.say(node.number(), owner, stop);
    }
}
