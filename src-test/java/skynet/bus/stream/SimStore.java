package skynet.bus.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import skynet.bus.Stream.Begin;
import skynet.bus.Stream.Frame;
import skynet.bus.Stream.Kind;
import skynet.sim.SimWorld;

/**
 * The database of a simulated answer: one row, which is claimed by an attempt at a time, and the frames that were kept. It
 * never forgets, but it is slow, at times it fails, and at times it does the work and its answer is lost.
 */
final class SimStore {
    private static final int READ_FRAMES_MAX = 12;

    private final SimWorld world;
    private final Plant plant;
    private final int failurePermille;
    private final List<Frame> frames = new ArrayList<>();
    private final List<Begin> begins = new ArrayList<>();
    private int owner;
    private int reads;
    private boolean calm;

    SimStore(SimWorld world, Plant plant, int failurePermille) {
        this.world = world;
        this.plant = plant;
        this.failurePermille = failurePermille;
    }

    /** What became of a segment. */
    enum Keeping {
        KEPT,
        UNKNOWN,
        FENCED
    }

    /** The row: who owns the answer, since when, and whether it is complete. Nobody has begun when there are no begins. */
    record Row(int owner, List<Begin> begins, boolean isEnded) {
        int attempt() {
            return begins.size();
        }
    }

    /** A won claim, and how much of the text is kept already. */
    record Claim(Attempt attempt, int keptChars) {}

    void calm() {
        calm = true;
    }

    void lookUp(int node, Consumer<Optional<Row>> reader) {
        call(node, () -> Optional.of(row()), Optional.empty(), reader);
    }

    /** Takes the answer over, when the attempt that it follows is still the last one. None: lost, or unknown. */
    void claim(int node, int expected, Consumer<Optional<Claim>> claimer) {
        call(node, () -> claimed(node, expected), Optional.empty(), claimer);
    }

    void keep(int node, Segment segment, Consumer<Keeping> keeper) {
        call(node, () -> kept(segment), Keeping.UNKNOWN, keeper);
    }

    void read(int node, long fromSeq, Consumer<List<Frame>> reader) {
        reads++;
        call(node, () -> from(fromSeq), List.of(), reader);
    }

    Row row() {
        return new Row(owner, List.copyOf(begins), isEnded());
    }

    int reads() {
        return reads;
    }

    List<Frame> frames() {
        return frames;
    }

    boolean isEnded() {
        return !frames.isEmpty() && frames.get(frames.size() - 1).kind().isLast();
    }

    private Optional<Claim> claimed(int node, int expected) {
        if (begins.size() != expected || isEnded()) {
            return Optional.empty();
        }
        owner = node;
        begins.add(new Begin(expected + 1, frames.size() + 1L));
        world.trace().note(world.now(), "claimed", node, expected + 1, frames.size());
        int chars = frames.stream()
                .filter(frame -> frame.kind() == Kind.TEXT)
                .mapToInt(frame -> frame.body().length())
                .sum();
        return Optional.of(new Claim(new Attempt(StreamSimulation.ID, node, begins), chars));
    }

    private Keeping kept(Segment segment) {
        if (segment.attempt() != begins.size() && plant.fences()) {
            return Keeping.FENCED;
        }
        if (segment.lastSeq() <= frames.size()) {
            return Keeping.KEPT;
        }
        if (segment.firstSeq() != frames.size() + 1L) {
            throw new AssertionError("store: segment from " + segment.firstSeq() + " (expected: from "
                    + (frames.size() + 1) + ", no hole and no overlap)");
        }
        frames.addAll(segment.frames());
        world.trace().note(world.now(), "kept", segment.attempt(), segment.lastSeq());
        return Keeping.KEPT;
    }

    private List<Frame> from(long seq) {
        int start = (int) Math.min(frames.size(), seq - 1);
        return List.copyOf(frames.subList(start, Math.min(frames.size(), start + READ_FRAMES_MAX)));
    }

    private <T> void call(int node, Supplier<T> work, T unknown, Consumer<T> caller) {
        int life = world.life(node);
        boolean fails = !calm && world.chance(failurePermille);
        boolean works = !fails || world.chance(500);
        world.after(0, world.random().nextInt(1, 12), () -> {
            T result = works ? work.get() : unknown;
            if (world.life(node) == life) {
                world.after(node, fails ? 300 : 1, () -> caller.accept(fails ? unknown : result));
            }
        });
    }
}
