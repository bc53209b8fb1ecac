package skynet.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;

/** Three nodes as people start them and their PostgreSQL, each on a machine of its own, with people who write to all. */
final class Trio implements AutoCloseable {
    static final List<Integer> ALL = List.of(1, 2, 3);
    static final String DATABASE = "pg";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path root;
    private final Network network;
    private final FarDatabase database;
    private final Keys keys;
    private final Map<Integer, MemberProcess> nodes = new TreeMap<>();

    private Trio(Path root, Network network, FarDatabase database, Keys keys) {
        this.root = root;
        this.network = network;
        this.database = database;
        this.keys = keys;
    }

    /** Skips the test, and says so on the console too, where there can be no namespaces. */
    static Trio start(Path root) throws Exception {
        Optional<String> missing = Network.missing();
        missing.ifPresent(reason -> System.out.println("SKIPPED, nothing of chaos was tried: " + reason));
        assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElseThrow());
        Network network = Network.of("nod1", "nod2", "nod3", DATABASE);
        try {
            Keys keys = Keys.make(root.resolve("keys"));
            Trio trio = new Trio(root, network, FarDatabase.start(root.resolve("shared"), network, DATABASE), keys);
            trio.launch(1).ready();
            trio.launch(2);
            trio.launch(3);
            trio.node(2).ready();
            trio.node(3).ready();
            trio.awaitWhole();
            return trio;
        } catch (Exception | Error e) {
            network.close();
            throw e;
        }
    }

    MemberProcess launch(int number) throws Exception {
        List<String> others = new ArrayList<>();
        for (int other : ALL) {
            if (other != number) {
                others.add(network.address(name(other)) + ":5701");
            }
        }
        MemberProcess node = MemberProcess.launch(
                MemberProcess.JAR,
                root.resolve(name(number)),
                Map.of(
                        "SKYNET_NODE_NUMBER", Integer.toString(number),
                        "SKYNET_HTTP_HOST", network.address(name(number)),
                        "SKYNET_HTTP_TRUSTED_PROXIES", "0.0.0.0/0",
                        "SKYNET_CLUSTER_NAME", "chaos",
                        "SKYNET_CLUSTER_HOST", network.address(name(number)),
                        "SKYNET_CLUSTER_PORT", "5701",
                        "SKYNET_CLUSTER_MEMBERS", String.join(",", others),
                        "SKYNET_CLUSTER_KEYS", keys.directory().toString(),
                        "SKYNET_PG_URI", database.uri()),
                network.on(name(number)));
        nodes.put(number, node);
        return node;
    }

    static String name(int number) {
        return "nod" + number;
    }

    Network network() {
        return network;
    }

    FarDatabase database() {
        return database;
    }

    MemberProcess node(int number) {
        return nodes.get(number);
    }

    /** People at each of these nodes. */
    Map<Integer, Load> load(List<Integer> numbers) {
        Map<Integer, Load> loads = new TreeMap<>();
        numbers.forEach(number -> loads.put(number, Load.on(node(number))));
        return loads;
    }

    /** Every node hears an answer of every other: six directions, seen from both ends. */
    boolean whole() throws Exception {
        for (MemberProcess node : nodes.values()) {
            if (!node.members("ready").equals(ALL)) {
                return false;
            }
        }
        return true;
    }

    /** Returns how long it took until all six directions answered, in milliseconds. */
    long awaitWhole() throws Exception {
        return await("six directions answer", this::whole);
    }

    /** Waits for a state and returns for how long, in milliseconds. */
    static long await(String what, Callable<Boolean> state) throws Exception {
        long begun = System.nanoTime();
        while (!reached(state)) {
            assertTrue(System.nanoTime() - begun < PATIENCE.toNanos(), "not within " + PATIENCE + ": " + what);
            Thread.sleep(50);
        }
        return (System.nanoTime() - begun) / 1_000_000;
    }

    /** Ends the load and looks for everything that was acknowledged; returns how much that was. */
    int requireNothingLost(Map<Integer, Load> loads) throws Exception {
        List<UUID> acknowledged = new ArrayList<>();
        for (Load load : loads.values()) {
            load.close();
            acknowledged.addAll(load.acknowledged());
        }
        int count = acknowledged.size();
        acknowledged.removeAll(database.answered());
        assertEquals(List.of(), acknowledged, "acknowledged and lost, of " + count);
        return count;
    }

    @Override
    public void close() throws Exception {
        try {
            for (MemberProcess node : nodes.values()) {
                node.signal("CONT");
                node.destroy();
            }
            database.close();
        } finally {
            network.close();
        }
    }

    private static boolean reached(Callable<Boolean> state) throws Exception {
        try {
            return state.call();
        } catch (java.io.IOException unreachable) {
            return false;
        }
    }
}
