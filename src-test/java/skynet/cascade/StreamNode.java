package skynet.cascade;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import skynet.bus.Bus;
import skynet.bus.NodeNumber;
import skynet.chat.ChatVerticle;
import skynet.chat.HistoryStore;
import skynet.chat.HistoryVerticle;
import skynet.chat.PostgresChatStore;
import skynet.cluster.Keys;
import skynet.kit.Asset;
import skynet.kit.CascadeConfig;
import skynet.kit.ClusterConfig;
import skynet.kit.Database;
import skynet.kit.HttpConfig;
import skynet.kit.Identity;
import skynet.kit.LlmConfig;
import skynet.kit.PgUri;
import skynet.kit.Vitals;
import skynet.mesh.MeshVerticle;
import skynet.mesh.PostgresLeaseStore;
import skynet.node.cluster.Cluster;
import skynet.node.cluster.ClusterKeys;
import skynet.testkit.Known;
import skynet.web.WebVerticle;

/** A node with the rooms that carry answers, in this process or in one of its own; with or without levels that answer. */
public final class StreamNode {
    /** Many, so that a room that is frozen by a test holds up neither the front door nor the links of its node. */
    private static final int LOOPS = 32;

    private final Vertx vertx;
    private final Cluster cluster;
    private final Bus bus;
    private final WebVerticle web;
    private final CascadeVerticle cascade;

    private StreamNode(Vertx vertx, Cluster cluster, Bus bus, WebVerticle web, CascadeVerticle cascade) {
        this.vertx = vertx;
        this.cluster = cluster;
        this.bus = bus;
        this.web = web;
        this.cascade = cascade;
    }

    static StreamNode start(ClusterKeys keys, ClusterConfig config, int number, PgUri pg, boolean answers)
            throws Exception {
        return start(keys, config, number, pg, answers, CascadeConfig.NONE);
    }

    static StreamNode start(
            ClusterKeys keys, ClusterConfig config, int number, PgUri pg, boolean answers, CascadeConfig upstreams)
            throws Exception {
        Cluster cluster = Cluster.join(config, keys, new NodeNumber(number), 1_700_000_000L, "tests");
        Vertx vertx = get(cluster.vertx(Vertx.builder(), new VertxOptions().setEventLoopPoolSize(LOOPS)));
        Bus bus = new Bus(vertx, InstantSource.system(), cluster);
        get(bus.join(new NodeNumber(number)));
        get(Known.on(bus));
        Database database = Database.open(vertx, pg);
        return furnish(
                vertx,
                cluster,
                bus,
                database,
                new CascadeVerticle(
                        bus,
                        InstantSource.system(),
                        new Vitals(),
                        new PostgresAnswerStore(database),
                        List.of(new CountingTier(vertx)),
                        upstreams),
                answers);
    }

    /**
     * A node with the levels, the router and the diary of requests that every node has, and the roles; of the rooms that they ask
     * only the mesh is there.
     *
     * @param chain the nodes that stand in for each other as the hub
     */
    static StreamNode likeAnyOther(
            ClusterKeys keys,
            ClusterConfig config,
            int number,
            PgUri pg,
            boolean answers,
            CascadeConfig upstreams,
            List<Integer> chain)
            throws Exception {
        Cluster cluster = Cluster.join(config, keys, new NodeNumber(number), 1_700_000_000L, "tests");
        Vertx vertx = get(cluster.vertx(Vertx.builder(), new VertxOptions().setEventLoopPoolSize(LOOPS)));
        Bus bus = new Bus(vertx, InstantSource.system(), cluster);
        get(bus.join(new NodeNumber(number)));
        get(Known.on(bus));
        Database database = Database.open(vertx, pg);
        get(vertx.deployVerticle(new MeshVerticle(
                bus,
                new PostgresLeaseStore(Database.apart(vertx, pg)),
                new NodeNumber(number),
                chain,
                System::nanoTime,
                new Vitals())));
        return furnish(
                vertx,
                cluster,
                bus,
                database,
                new CascadeVerticle(
                        bus,
                        InstantSource.system(),
                        new Vitals(),
                        new PostgresAnswerStore(database),
                        upstreams,
                        new SplittableRandom(number),
                        Optional.empty(),
                        new RequestStore(database),
                        number,
                        UUID::randomUUID),
                answers);
    }

    private static StreamNode furnish(
            Vertx vertx, Cluster cluster, Bus bus, Database database, CascadeVerticle cascade, boolean answers)
            throws Exception {
        if (answers) {
            get(vertx.deployVerticle(cascade));
        }
        get(vertx.deployVerticle(new ChatVerticle(bus, new PostgresChatStore(database), UUID::randomUUID)));
        get(vertx.deployVerticle(new HistoryVerticle(bus, new HistoryStore(database))));
        WebVerticle web = door(bus);
        get(vertx.deployVerticle(web));
        return new StreamNode(vertx, cluster, bus, web, cascade);
    }

    /** A node that is alone and has no front door, for readers who are no sockets. */
    public static StreamNode alone(Vertx vertx, PgUri pg) throws Exception {
        Bus bus = new Bus(vertx, InstantSource.system());
        Database database = Database.open(vertx, pg);
        CascadeVerticle cascade = new CascadeVerticle(
                bus,
                InstantSource.system(),
                new Vitals(),
                new PostgresAnswerStore(database),
                List.of(new CountingTier(vertx)));
        get(vertx.deployVerticle(cascade));
        get(vertx.deployVerticle(new ChatVerticle(bus, new PostgresChatStore(database), UUID::randomUUID)));
        get(vertx.deployVerticle(new HistoryVerticle(bus, new HistoryStore(database))));
        return new StreamNode(vertx, null, bus, null, cascade);
    }

    /** A node that is alone, with a front door. */
    static StreamNode withDoor(Vertx vertx, PgUri pg) throws Exception {
        StreamNode node = alone(vertx, pg);
        WebVerticle web = door(node.bus);
        get(vertx.deployVerticle(web));
        return new StreamNode(vertx, null, node.bus, web, node.cascade);
    }

    private static WebVerticle door(Bus bus) {
        return new WebVerticle(
                bus,
                new HttpConfig("127.0.0.1", 0, List.of()),
                new Identity(bus, true),
                new Vitals(),
                Optional.empty(),
                new Asset("none", Buffer::buffer));
    }

    /**
     * A node in a process of its own: keys, number, port, database, file for the address of its front door, others' ports. Its
     * upstreams, as a JSON list, are in the variable UPSTREAMS; it is like any other node when CHAIN names those that stand in
     * for each other, and else has a level that counts.
     */
    public static void main(String[] words) throws Exception {
        int[] others = Stream.of(words).skip(5).mapToInt(Integer::parseInt).toArray();
        ClusterKeys keys = ClusterKeys.read(Path.of(words[0]));
        ClusterConfig config = Keys.config(Integer.parseInt(words[2]), others);
        int number = Integer.parseInt(words[1]);
        PgUri pg = PgUri.parse(words[3]);
        CascadeConfig upstreams = config(System.getenv().getOrDefault("UPSTREAMS", ""));
        String chain = System.getenv().getOrDefault("CHAIN", "");
        StreamNode node = chain.isEmpty()
                ? start(keys, config, number, pg, true, upstreams)
                : likeAnyOther(
                        keys,
                        config,
                        number,
                        pg,
                        true,
                        upstreams,
                        Stream.of(chain.split(",")).map(Integer::valueOf).toList());
        Path url = Path.of(words[4]);
        Files.writeString(url.resolveSibling("part"), node.url("/").toString());
        Files.move(url.resolveSibling("part"), url);
        Thread.currentThread().join();
    }

    /** Upstreams as the settings list them, and nothing else. */
    static CascadeConfig config(String upstreams) {
        return CascadeConfig.of(
                new LlmConfig(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()), upstreams);
    }

    /** Starts a node in a process of its own, which writes the address of its front door into a file. */
    static Process launch(Keys keys, int number, int port, int[] others, PgUri pg, Path url, String upstreams, Path log)
            throws Exception {
        return launch(keys, number, port, others, pg, url, upstreams, log, "");
    }

    /** The same of one like any other, with the chain of those that stand in for each other, such as {@code 1,2,3}. */
    static Process launch(
            Keys keys, int number, int port, int[] others, PgUri pg, Path url, String upstreams, Path log, String chain)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                StreamNode.class.getName(),
                keys.directory().toString(),
                Integer.toString(number),
                Integer.toString(port),
                "postgresql://" + pg.user() + ":" + pg.password().orElseThrow() + "@" + pg.host() + ":" + pg.port()
                        + "/" + pg.database() + "?sslmode=disable",
                url.toString()));
        Arrays.stream(others).mapToObj(Integer::toString).forEach(command::add);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("UPSTREAMS", upstreams);
        builder.environment().put("CHAIN", chain);
        return builder.start();
    }

    int port() {
        return web.port();
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + web.port() + path);
    }

    public Bus bus() {
        return bus;
    }

    Cluster cluster() {
        return cluster;
    }

    /** Answers that are computed now. */
    public int computing() {
        return cascade.answers().count();
    }

    /** Bytes held for their readers. */
    public long heldBytes() {
        return cascade.answers().heldBytes();
    }

    void close() throws Exception {
        get(vertx.close());
        cluster.close();
    }

    static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
