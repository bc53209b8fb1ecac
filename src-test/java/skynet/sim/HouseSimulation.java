package skynet.sim;

import io.vertx.core.AsyncResult;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import skynet.bus.Bus;
import skynet.bus.Chat;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.bus.Principal;
import skynet.cascade.CascadeVerticle;
import skynet.chat.ChatVerticle;
import skynet.kit.Vitals;

/**
 * Three nodes with the real chat and cascade rooms on the real bus, one database, and clients who ask, ask again when they
 * get no answer, at times ask in two tabs at once, and once more although they got one, always under the same message id.
 *
 * <p>Watched: everybody is answered in the end, and no ask outlives its deadline; whoever asks under one id gets one answer, in one conversation; and as long
 * as the weather is fair, nobody who asks after a change of the documents is answered from before it.
 */
final class HouseSimulation {
    private static final int NODES = 3;
    private static final int MESSAGES = 24;
    private static final int ASKING_MILLIS = 20_000;
    private static final int CALM_AT = 30_000;
    private static final int END_BY = 200_000;
    private static final int PATIENCE_MILLIS = 20_000;
    /** A change is heard everywhere within so long, in fair weather. */
    private static final int HEARD_MILLIS = 10;

    private final SimWorld world;
    private final SimBus cluster;
    private final Bus[] buses = new Bus[NODES + 1];
    private final MemoryChatStore store;
    private final Weather weather;
    private final Plant plant;
    private final Map<UUID, Chat.Said> said = new HashMap<>();
    private final Map<Integer, Long> changedAt = new HashMap<>();
    private int version;
    private int consults;
    private int clients;
    private int answered;
    private int asks;

    /** What may be built wrongly, to see that it would be noticed. */
    enum Plant {
        NONE,
        LAST_ANSWER_HOLDS,
        CHANGES_ARE_NOT_TOLD
    }

    /** What came of it. */
    record Outcome(long hash, int asks, int consults, long millis) {}

    HouseSimulation(long seed, Plant plant, boolean readable) {
        this.world = new SimWorld(seed, NODES, readable);
        this.cluster = new SimBus(world);
        this.plant = plant;
        this.weather = Weather.of(world.random());
        int failures = weather.troubles() == 0 ? 0 : world.random().nextInt(150);
        this.store = new MemoryChatStore(world, failures, plant != Plant.LAST_ANSWER_HOLDS);
        for (int node = 1; node <= NODES; node++) {
            begin(node);
        }
    }

    Outcome run() {
        SplittableRandom random = world.random();
        world.weather(weather);
        for (int i = 0; i < MESSAGES; i++) {
            UUID message = id();
            String question = "What is " + random.nextInt(6) + "?";
            int at = random.nextInt(ASKING_MILLIS);
            int tabs = 1 + random.nextInt(2);
            for (int tab = 0; tab < tabs; tab++) {
                clients++;
                world.after(0, at + random.nextInt(500), () -> ask(message, question, 1 + random.nextInt(3)));
            }
        }
        for (int i = 0; i < 4; i++) {
            world.after(0, random.nextInt(ASKING_MILLIS), this::change);
        }
        for (int i = 0; i < weather.troubles(); i++) {
            world.after(0, random.nextInt(ASKING_MILLIS), this::trouble);
        }
        world.after(0, CALM_AT, () -> {
            world.calm();
            store.calm();
        });
        if (!world.run(END_BY, () -> answered == clients)) {
            throw new AssertionError("clients: " + answered + " of " + clients + " answered in " + END_BY + " ms");
        }
        return new Outcome(world.trace().hash(), asks, consults, world.now());
    }

    String trace() {
        return world.trace().tail();
    }

    int version() {
        return version;
    }

    int nextConsult() {
        return ++consults;
    }

    private void begin(int node) {
        Bus bus = cluster.begin(node);
        buses[node] = bus;
        new ChatVerticle(bus, store.from(node), this::id).start();
        CascadeVerticle cascade = new CascadeVerticle(bus, cluster.clock(), new Vitals(), new NoAnswerStore());
        cascade.init(cluster.vertx(node), null);
        cascade.start();
        new FakeKnowledge(world, this, node).start(bus);
    }

    private UUID id() {
        return new UUID(world.random().nextLong(), world.random().nextLong());
    }

    /** Asks on any node that runs, and goes on until there are as many answers as wanted. */
    private void ask(UUID message, String question, int wanted) {
        int node = 1 + world.random().nextInt(NODES);
        if (!world.isAlive(node)) {
            world.after(0, 200, () -> ask(message, question, wanted));
            return;
        }
        asks++;
        long askedAt = world.now();
        boolean[] over = new boolean[1];
        world.after(node, 1, () -> buses[node]
                .ask(new Chat.Say("", message.toString(), question, Principal.GUEST))
                .onComplete(result -> world.after(0, 1, () -> {
                    if (!over[0]) {
                        over[0] = true;
                        hear(message, question, wanted, askedAt, result);
                    }
                })));
        world.after(0, PATIENCE_MILLIS, () -> {
            if (!over[0]) {
                over[0] = true;
                if (weather.troubles() == 0) {
                    throw new AssertionError(
                            "ask: open after " + PATIENCE_MILLIS + " ms (expected: over at its deadline)");
                }
                ask(message, question, wanted);
            }
        });
    }

    private void hear(UUID message, String question, int wanted, long askedAt, AsyncResult<Chat.Said> result) {
        if (result.failed()) {
            if (!(result.cause() instanceof Fault)) {
                throw new AssertionError("ask: failed with " + result.cause() + " (expected: a fault)", result.cause());
            }
            world.after(0, 1_000, () -> ask(message, question, wanted));
            return;
        }
        Chat.Said now = result.result();
        Chat.Said before = said.putIfAbsent(message, now);
        world.trace()
                .note(
                        world.now(),
                        "said",
                        message.getMostSignificantBits(),
                        now.answer().text().hashCode());
        if (before == null) {
            checkFresh(now, askedAt);
        } else if (!before.equals(now)) {
            throw new AssertionError("message: answered \"" + now.answer().text() + "\" (expected: \""
                    + before.answer().text() + "\", as before)");
        }
        if (wanted > 1) {
            world.after(0, world.random().nextInt(3_000), () -> ask(message, question, wanted - 1));
        } else {
            answered++;
        }
    }

    private void checkFresh(Chat.Said now, long askedAt) {
        String text = now.answer().text();
        int seen = Integer.parseInt(text.substring(0, text.indexOf(' ')));
        boolean stale = changedAt.entrySet().stream()
                .anyMatch(change -> change.getKey() > seen && change.getValue() + HEARD_MILLIS < askedAt);
        if (stale && weather.isFair()) {
            throw new AssertionError("answer: from version " + seen
                    + " of the documents (expected: the one before it was" + " asked, or a later one)");
        }
    }

    private void change() {
        int node = 1 + world.random().nextInt(NODES);
        changedAt.put(++version, world.now());
        if (world.isAlive(node) && plant != Plant.CHANGES_ARE_NOT_TOLD) {
            world.after(node, 0, () -> buses[node].publish(new Knowledge.Changed("a document", "")));
        }
    }

    private void trouble() {
        SplittableRandom random = world.random();
        int node = 1 + random.nextInt(NODES);
        int other = 1 + node % NODES;
        int millis = 500 + random.nextInt(12_000);
        switch (random.nextInt(3)) {
            case 0 -> {
                if (world.isAlive(node)) {
                    world.kill(node);
                    cluster.died(node);
                    world.after(0, 4_000 + millis, () -> {
                        world.revive(node);
                        begin(node);
                    });
                }
            }
            case 1 -> world.freeze(node, millis);
            default -> {
                world.cut(node, other, true);
                world.cut(other, node, true);
                world.after(0, millis, () -> {
                    world.cut(node, other, false);
                    world.cut(other, node, false);
                });
            }
        }
    }
}
