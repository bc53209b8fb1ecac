package skynet.bus.stream;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import skynet.bus.BusMessage;
import skynet.bus.Catalog;
import skynet.bus.Stream.Frame;
import skynet.bus.Stream.Grant;
import skynet.bus.codec.FrameCodec;
import skynet.sim.SimWorld;
import skynet.sim.Weather;

/**
 * One answer, from the question to the last piece read, on three nodes with a database and a client, all out of one seed: how
 * long the text is, who computes, how fast everybody is, what the links do, who dies and when. After {@value #CALM_AT} ms of
 * trouble the world calms down; then the client must come to the end.
 *
 * <p>Watched all the time: no frame beyond what was granted, ring and window within their bounds, every piece read once and
 * in order. Watched at the end: the client has what the store has, which is the text; the whole window is free again; nobody
 * computes any more.
 */
final class StreamSimulation {
    static final String ID = "answer";
    static final int NODES = 3;

    private static final int TROUBLE_MILLIS = 12_000;
    private static final int CALM_AT = 40_000;
    private static final int END_BY = 300_000;
    private static final int REST_MILLIS = 40_000;
    private static final int STOP_MILLIS_MAX = 10_000;
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz .,áčďéěíňóřšťúůýžαβγδ漢字中国\uD83D\uDE00";
    private static final String TEXT = endless();
    private static final FrameCodec CODEC = new FrameCodec(new Catalog());

    private final SimWorld world;
    private final Plant plant;
    private final SimStore store;
    private final SimClient client;
    private final SimNode[] nodes = new SimNode[NODES + 1];
    private final Map<Long, Long> granted = new HashMap<>();
    private final Weather weather;
    private final String text;
    private final Pace pace;
    private final Detachment detachment;
    private final int firstOwner;
    private final boolean stops;
    private int framesSent;
    private int pauses;
    private long stopAt = Long.MAX_VALUE;
    private long overAt = Long.MAX_VALUE;

    StreamSimulation(long seed, Plant plant, boolean readable) {
        this.world = new SimWorld(seed, NODES, readable);
        this.plant = plant;
        SplittableRandom random = world.random();
        this.weather = Weather.of(random);
        this.text = textOf(random);
        this.pace = new Pace(1 + text.length() / 500 + random.nextInt(400), random.nextInt(120));
        this.detachment = random.nextInt(8) == 0 ? Detachment.STOP : Detachment.CONTINUE;
        this.stops = random.nextInt(6) == 0;
        this.store = new SimStore(world, plant, weather.troubles() == 0 ? 0 : random.nextInt(100));
        this.client = new SimClient(this, world, 1 << (9 + random.nextInt(5)), weather.troubles() * 4);
        this.firstOwner = 1 + random.nextInt(NODES);
        for (int i = 1; i <= NODES; i++) {
            nodes[i] = new SimNode(this, world, i);
        }
    }

    /** How a model speaks. */
    record Pace(int chunkCharsMax, int pauseMillisMax) {}

    /** What came of it. */
    record Outcome(
            long hash,
            long millis,
            int attempts,
            int framesSent,
            int framesKept,
            int replayed,
            int pauses,
            int voided) {}

    /** Lets it happen; fails when a promise is broken. */
    Outcome run() {
        SplittableRandom random = world.random();
        world.weather(weather);
        for (int i = 0; i < weather.troubles(); i++) {
            world.after(0, random.nextInt(TROUBLE_MILLIS), this::trouble);
        }
        if (stops) {
            world.after(0, random.nextInt(10_000), this::stop);
        }
        if (random.nextInt(4) == 0) {
            world.after(0, random.nextInt(5_000), () -> client.stall(1 + random.nextInt(30_000)));
        }
        world.after(0, CALM_AT, this::calm);
        client.begin(1 + random.nextInt(NODES));
        if (!world.run(END_BY, client::isDone)) {
            throw new AssertionError("client: read " + client.pieces().size() + " of "
                    + store.frames().size() + " kept pieces in " + END_BY + " ms (expected: the end)");
        }
        long millis = world.now();
        checkText();
        checkStop();
        checkRest();
        return new Outcome(
                world.trace().hash(),
                millis,
                store.row().attempt(),
                framesSent,
                store.frames().size(),
                store.reads(),
                pauses,
                client.voided());
    }

    String trace() {
        return world.trace().tail();
    }

    SimStore store() {
        return store;
    }

    Plant plant() {
        return plant;
    }

    SimNode node(int number) {
        return nodes[number];
    }

    Detachment detachment() {
        return detachment;
    }

    int firstOwner() {
        return firstOwner;
    }

    SimUpstream upstream(int node, int from) {
        return new SimUpstream(world, node, text, from, pace, this);
    }

    void pauses() {
        pauses++;
    }

    /** A source has nothing more to say. */
    void over() {
        overAt = Math.min(overAt, world.now());
    }

    /** Sends a word to a node, as bytes. */
    void say(int from, int to, BusMessage message) {
        BusMessage arrived = from == to ? message : CODEC.decode(0, CODEC.encode(message));
        world.trace().note(world.now(), message.getClass().getSimpleName(), from, to);
        world.send(from, to, () -> nodes[to].receive(arrived, from));
    }

    /** A reader grants. */
    void granted(Grant grant) {
        granted.merge(key(grant.attempt(), grant.reader()), grant.upTo(), Math::max);
    }

    /** A source sends. */
    void sends(Frame frame, int reader) {
        framesSent++;
        world.trace()
                .note(
                        world.now(),
                        "frame",
                        frame.attempt(),
                        frame.seq(),
                        frame.kind().ordinal());
        long upTo = granted.getOrDefault(key(frame.attempt(), reader), 0L);
        if (frame.seq() > upTo) {
            throw new AssertionError("source: sends " + frame.attempt() + "." + frame.seq() + " to node " + reader
                    + " (expected: at most " + upTo + ", as granted)");
        }
    }

    private static long key(int attempt, int reader) {
        return attempt * 1_000L + reader;
    }

    private void trouble() {
        SplittableRandom random = world.random();
        int node = random.nextBoolean()
                ? 1 + random.nextInt(NODES)
                : Math.max(1, store.row().owner());
        int other = 1 + node % NODES;
        switch (random.nextInt(5)) {
            case 0, 1 -> {
                if (world.isAlive(node)) {
                    world.kill(node);
                    nodes[node].forget();
                    world.after(0, 1_000 + random.nextInt(15_000), () -> world.revive(node));
                }
            }
            case 2 -> world.freeze(node, 500 + random.nextInt(15_000));
            case 3 -> cut(node, other, 500 + random.nextInt(15_000), random.nextBoolean());
            default -> client.stall(1_000 + random.nextInt(20_000));
        }
    }

    private void cut(int one, int other, int millis, boolean bothWays) {
        world.cut(one, other, true);
        world.cut(other, one, bothWays);
        world.after(0, millis, () -> {
            world.cut(one, other, false);
            world.cut(other, one, false);
        });
    }

    private void stop() {
        stopAt = world.now();
        client.stop();
    }

    private void calm() {
        world.calm();
        store.calm();
        client.calm();
    }

    private void checkText() {
        if (!client.pieces().equals(store.frames())) {
            throw new AssertionError("client: " + client.pieces().size() + " pieces (expected: the "
                    + store.frames().size() + " that were kept)");
        }
        String read = client.text();
        boolean mayBeCut = stops || detachment == Detachment.STOP;
        if (mayBeCut ? !text.startsWith(read) : !text.equals(read)) {
            throw new AssertionError("client: " + read.length() + " characters (expected: the " + text.length()
                    + " of the text" + (mayBeCut ? ", or those it begins with)" : ")"));
        }
    }

    /** Who asks to stop is heard: a stop may be lost a few times, and is said every second. */
    private void checkStop() {
        if (stops && weather.troubles() == 0 && overAt - stopAt > STOP_MILLIS_MAX) {
            throw new AssertionError("source: went on for " + (overAt - stopAt)
                    + " ms after the stop (expected: at most " + STOP_MILLIS_MAX + ")");
        }
    }

    /** All is over soon after: credit is back, and whoever computed has noticed. */
    private void checkRest() {
        boolean rests = world.run(world.now() + REST_MILLIS, () -> {
            for (int i = 1; i <= NODES; i++) {
                if (world.isAlive(i) && nodes[i].source().isPresent()) {
                    return false;
                }
            }
            return true;
        });
        if (!rests) {
            throw new AssertionError("source: still there " + REST_MILLIS + " ms after the end (expected: settled)");
        }
        world.run(world.now() + 100, () -> false);
        client.connection().map(SimReading::sink).ifPresent(sink -> {
            if (sink.freeFrames() != StreamSink.WINDOW_FRAMES) {
                throw new AssertionError("sink: " + sink.freeFrames() + " frames free (expected: the whole window, "
                        + StreamSink.WINDOW_FRAMES + ")");
            }
        });
    }

    private static String textOf(SplittableRandom random) {
        int length =
                switch (random.nextInt(20)) {
                    case 0 -> 0;
                    case 1 -> 200_000 + random.nextInt(100_000);
                    default -> random.nextInt(12_000);
                };
        int start = random.nextInt(TEXT.length() - length);
        return wellFormed(TEXT.substring(start, start + length));
    }

    /** Any text may be cut in the middle of a character, but only once: here, before it is said. */
    private static String wellFormed(String cut) {
        return new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static String endless() {
        SplittableRandom random = new SplittableRandom(1);
        int[] points = ALPHABET.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        while (text.length() < 310_000) {
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString();
    }
}
