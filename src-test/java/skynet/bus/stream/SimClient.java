package skynet.bus.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import skynet.bus.Stream.Frame;
import skynet.bus.Stream.Kind;
import skynet.sim.SimWorld;

/**
 * Somebody who reads: faster or slower, at times not at all, on a connection that breaks when its node does. It comes back
 * to another node with the name of the last piece it has.
 */
final class SimClient {
    private static final int LOOK_MILLIS = 500;
    private static final int PATIENCE_MILLIS = 3_000;

    private final StreamSimulation simulation;
    private final SimWorld world;
    private final int bytesPerRead;
    private final int hopPermille;
    private final List<Frame> pieces = new ArrayList<>();
    private SimReading connection;
    private int node;
    private int life;
    private long stalledUntil;
    private long frozenSince = Long.MAX_VALUE;
    private int voided;
    private boolean stops;
    private boolean calm;

    SimClient(StreamSimulation simulation, SimWorld world, int bytesPerRead, int hopPermille) {
        this.simulation = simulation;
        this.world = world;
        this.bytesPerRead = bytesPerRead;
        this.hopPermille = hopPermille;
    }

    void begin(int firstNode) {
        connect(firstNode);
        world.after(0, LOOK_MILLIS, this::lookAround);
        world.after(0, 10, this::readSome);
    }

    void stall(long millis) {
        stalledUntil = world.now() + millis;
    }

    /** From now on it reads steadily and stays where it is, if it can. */
    void calm() {
        calm = true;
        stalledUntil = 0;
    }

    /** Wants to hear no more; says so again wherever it connects. */
    void stop() {
        stops = true;
        if (connection != null) {
            SimReading of = connection;
            world.after(node, 0, of::stop);
        }
    }

    boolean isDone() {
        return !pieces.isEmpty() && pieces.get(pieces.size() - 1).kind().isLast();
    }

    List<Frame> pieces() {
        return pieces;
    }

    int voided() {
        return voided;
    }

    String text() {
        return pieces.stream()
                .filter(piece -> piece.kind() == Kind.TEXT)
                .map(Frame::body)
                .collect(Collectors.joining());
    }

    /** The connection, when it stands and the node behind it runs. */
    Optional<SimReading> connection() {
        return connection != null && isNodeUp() && !world.isFrozen(node) ? Optional.of(connection) : Optional.empty();
    }

    void read(Frame frame) {
        world.trace()
                .note(
                        world.now(),
                        "read",
                        frame.attempt(),
                        frame.seq(),
                        frame.kind().ordinal());
        if (frame.kind() == Kind.SEAM && frame.seq() <= pieces.size()) {
            voided += pieces.size() - (int) frame.seq() + 1;
            pieces.subList((int) frame.seq() - 1, pieces.size()).clear();
        }
        if (frame.seq() != pieces.size() + 1L) {
            throw new AssertionError("client: reads " + frame.attempt() + "." + frame.seq() + " (expected: number "
                    + (pieces.size() + 1) + ", each once and in order)");
        }
        pieces.add(frame);
    }

    /** The node closed the connection. */
    void disconnected(SimReading closed) {
        if (closed == connection) {
            world.after(0, 0, () -> hangUp(closed));
        }
    }

    private boolean isNodeUp() {
        return world.isAlive(node) && world.life(node) == life;
    }

    private void hangUp(SimReading old) {
        if (old == connection && connection != null) {
            connection.close();
            connection = null;
            frozenSince = Long.MAX_VALUE;
            world.after(0, 100 + world.random().nextInt(1_000), this::connectAnywhere);
        }
    }

    private void connectAnywhere() {
        int candidate = 1 + world.random().nextInt(world.nodes());
        if (world.isAlive(candidate) && !world.isFrozen(candidate)) {
            connect(candidate);
        } else {
            world.after(0, LOOK_MILLIS, this::connectAnywhere);
        }
    }

    private void connect(int to) {
        node = to;
        life = world.life(to);
        int attempt = pieces.isEmpty() ? 1 : pieces.get(pieces.size() - 1).attempt();
        world.trace().note(world.now(), "connect", to, attempt, pieces.size());
        connection = simulation.node(to).open(this, attempt, pieces.size());
        if (stops) {
            stop();
        }
    }

    private void lookAround() {
        world.after(0, LOOK_MILLIS, this::lookAround);
        if (connection == null) {
            return;
        }
        frozenSince = world.isFrozen(node) ? Math.min(frozenSince, world.now()) : Long.MAX_VALUE;
        boolean lost = !isNodeUp() || world.now() - frozenSince > PATIENCE_MILLIS;
        if (lost || (!calm && world.chance(hopPermille))) {
            hangUp(connection);
        }
    }

    private void readSome() {
        world.after(0, 10 + world.random().nextInt(40), this::readSome);
        boolean canRead = connection != null && world.now() >= stalledUntil && isNodeUp();
        if (canRead && !connection.isEmpty()) {
            connection.take(1 + world.random().nextInt(bytesPerRead));
        }
    }
}
