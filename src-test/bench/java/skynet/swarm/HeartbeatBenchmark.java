package skynet.swarm;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import skynet.bus.Bus;
import skynet.bus.NodeId;
import skynet.bus.NodeNumber;
import skynet.bus.Nodes;
import skynet.kit.Database;
import skynet.kit.PgUri;
import skynet.kit.Vitals;
import skynet.node.DataDirectory;
import skynet.node.EmbeddedPostgres;

/**
 * How many bytes does a registered node cost in memory and in PostgreSQL, and how many heartbeats a second does one member
 * admit with 1,000,000 of them: in the table alone, against a HashMap of objects, and over the bus with everything written
 * down that is due?
 *
 * <p>Command: {@code java -Xmx2g -cp <test class path of src-test> skynet.swarm.HeartbeatBenchmark}
 */
public final class HeartbeatBenchmark {
    private static final int NODES = 1_000_000;
    private static final int FIRST = 1_000_000;
    private static final int BEATS = 2_000_000;
    private static final int IN_FLIGHT = 256;
    private static final int INTERVAL = 50_000;

    /** A round of all nodes comes so much later than the one before. */
    private static final long INTERVAL_SECONDS = 45;

    private HeartbeatBenchmark() {}

    /** What a plain map would hold for each node. */
    private static final class Row {
        private final long high;
        private final long low;
        private long seen;
        private int interval;
        private int load;

        Row(long high, long low) {
            this.high = high;
            this.low = low;
        }
    }

    public static void main(String[] arguments) throws Exception {
        int[] order = new SplittableRandom(3).ints(BEATS, FIRST, FIRST + NODES).toArray();
        long before = heap();
        Presence presence = new Presence(0);
        for (int number = FIRST; number < FIRST + NODES; number++) {
            presence.admit(number, number, ~number, Nodes.Mode.HEARTBEAT, 0);
        }
        System.out.printf(
                Locale.ROOT,
                "table: %.1f bytes a node on the heap, %.1f counted%n",
                (heap() - before) / (double) NODES,
                presence.bytes() / (double) NODES);
        before = heap();
        Map<Integer, Row> map = new HashMap<>();
        for (int number = FIRST; number < FIRST + NODES; number++) {
            map.put(number, new Row(number, ~number));
        }
        System.out.printf(Locale.ROOT, "map:   %.1f bytes a node%n", (heap() - before) / (double) NODES);
        for (int round = 1; round <= 5; round++) {
            long start = System.nanoTime();
            for (int number : order) {
                presence.beat(number, round, INTERVAL, 1);
            }
            long table = System.nanoTime() - start;
            start = System.nanoTime();
            for (int number : order) {
                Row row = map.get(number);
                row.seen = round;
                row.interval = INTERVAL;
                row.load = 1;
            }
            long plain = System.nanoTime() - start;
            start = System.nanoTime();
            int[] due = new int[1];
            presence.sweep(round, NODES, (number, seen, interval, load) -> due[0]++ >= 0);
            System.out.printf(
                    Locale.ROOT,
                    "beat: table %.1f ns, map %.1f ns; sweep of all %.1f ms, %d due%n",
                    table / (double) BEATS,
                    plain / (double) BEATS,
                    (System.nanoTime() - start) / 1e6,
                    due[0]);
        }
        if (map.get(FIRST).high + map.get(FIRST).low + map.get(FIRST).seen + map.get(FIRST).interval < 0) {
            System.out.println(map.get(FIRST).load);
        }
        map.clear();
        Path home = Files.createTempDirectory("skynet-bench");
        try (DataDirectory data = DataDirectory.open(home.resolve("data"));
                EmbeddedPostgres postgres = EmbeddedPostgres.start(data, step -> {})) {
            Database.migrate(postgres.uri());
            room(postgres.uri(), order);
        }
    }

    private static void room(PgUri uri, int[] order) throws Exception {
        NodeToken[] tokens = new NodeToken[NODES];
        SecureRandom random = new SecureRandom();
        try (Connection connection = DriverManager.getConnection(
                        uri.jdbcUrl(), uri.user(), uri.password().orElse(""));
                var insert = connection.prepareStatement(
                        """
                        INSERT INTO swarm.node (number, mode, ed25519, ml_dsa_65, x_wing, token_sha256)
                        VALUES (?, 'heartbeat', ?, '', ?, ?)
                        """)) {
            connection.setAutoCommit(false);
            byte[] key = new byte[32];
            byte[] xWing = new byte[1_216];
            for (int i = 0; i < NODES; i++) {
                tokens[i] = NodeToken.mint(new NodeId(FIRST + i), random);
                random.nextBytes(key);
                insert.setInt(1, FIRST + i);
                insert.setBytes(2, key);
                insert.setBytes(3, i % 10 == 0 ? xWing : new byte[0]);
                insert.setBytes(4, tokens[i].sha256());
                insert.addBatch();
                if (i % 5_000 == 4_999) {
                    insert.executeBatch();
                }
            }
            connection.commit();
        }
        Vertx vertx = Vertx.vertx();
        Bus bus = new Bus(vertx, InstantSource.system());
        Vitals vitals = new Vitals();
        AtomicLong later = new AtomicLong();
        NodesVerticle room = new NodesVerticle(
                bus,
                new NodeStore(Database.open(vertx, uri)),
                1_000_000,
                () -> InstantSource.system().instant().plusSeconds(later.get()),
                random,
                new NodeNumber(1),
                vitals);
        vertx.deployVerticle(room).toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        long start = System.nanoTime();
        all(NODES, i -> bus.ask(new Nodes.Verify(tokens[i].text())));
        System.out.printf(Locale.ROOT, "after a restart: %.0f tokens a second come to be known%n", rate(NODES, start));
        start = System.nanoTime();
        all(NODES, i -> bus.ask(new Nodes.Verify(tokens[i].text())));
        System.out.printf(Locale.ROOT, "known tokens: %.0f a second%n", rate(NODES, start));
        for (int round = 0; round < 10; round++) {
            start = System.nanoTime();
            later.addAndGet(INTERVAL_SECONDS);
            all(NODES, i -> bus.ask(new Nodes.Beat(new NodeId(order[i]), 1)));
            System.out.printf(
                    Locale.ROOT,
                    "beats over the bus, writing down what is due: %.0f a second; %s%n",
                    rate(NODES, start),
                    written(uri));
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static String written(PgUri uri) throws Exception {
        try (Connection connection = DriverManager.getConnection(
                        uri.jdbcUrl(), uri.user(), uri.password().orElse(""));
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(
                        """
                        SELECT (SELECT count(*) FROM swarm.seen),
                               pg_total_relation_size('swarm.node') / 1000000,
                               pg_total_relation_size('swarm.seen') / greatest(1, (SELECT count(*) FROM swarm.seen))
                        """)) {
            row.next();
            return row.getLong(1) + " written down; " + row.getLong(2) + " bytes a node, and " + row.getLong(3)
                    + " for its last heartbeat";
        }
    }

    /** Asks so often, some at once, each asker going on when it is answered. */
    private static void all(int count, java.util.function.IntFunction<Future<?>> ask) throws Exception {
        Semaphore free = new Semaphore(IN_FLIGHT);
        CountDownLatch done = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            free.acquire();
            ask.apply(i).onComplete(answer -> {
                if (answer.failed()) {
                    System.out.println(answer.cause());
                }
                free.release();
                done.countDown();
            });
        }
        done.await();
    }

    private static double rate(int count, long start) {
        return count * 1e9 / (System.nanoTime() - start);
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
