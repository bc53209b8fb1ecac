package skynet.node;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import skynet.auth.AuthStores;
import skynet.auth.AuthVerticle;
import skynet.auth.MachineToken;
import skynet.auth.SigningSecret;
import skynet.bus.Bus;
import skynet.bus.NodeClass;
import skynet.bus.NodeNumber;
import skynet.bus.Nodes;
import skynet.bus.Peers;
import skynet.cascade.CascadeVerticle;
import skynet.cascade.PostgresAnswerStore;
import skynet.cascade.RequestStore;
import skynet.cascade.tools.ToolsVerticle;
import skynet.chat.ChatVerticle;
import skynet.chat.HistoryStore;
import skynet.chat.HistoryVerticle;
import skynet.chat.PostgresChatStore;
import skynet.crawl.CrawlStore;
import skynet.crawl.CrawlVerticle;
import skynet.crawl.Extractor;
import skynet.crawl.PairStore;
import skynet.crypto.CryptoVerticle;
import skynet.crypto.NodeIdentity;
import skynet.dictionary.CoordinateTable;
import skynet.genom.GenomVerticle;
import skynet.genom.PlaneMap;
import skynet.grpc.GrpcVerticle;
import skynet.kit.Database;
import skynet.kit.Identity;
import skynet.kit.Room;
import skynet.kit.Vitals;
import skynet.knowledge.Document;
import skynet.knowledge.DocumentReader;
import skynet.knowledge.Finding;
import skynet.knowledge.KnowledgeStore;
import skynet.knowledge.KnowledgeVerticle;
import skynet.knowledge.Opening;
import skynet.mesh.MeshVerticle;
import skynet.mesh.PostgresLeaseStore;
import skynet.messages.MessageStore;
import skynet.messages.MessagesVerticle;
import skynet.node.cluster.Cluster;
import skynet.node.cluster.Lone;
import skynet.node.cluster.SwarmVerticle;
import skynet.status.StatusStore;
import skynet.status.StatusVerticle;
import skynet.swarm.GrantStore;
import skynet.swarm.NodeStore;
import skynet.swarm.NodesVerticle;
import skynet.swarm.WorkVerticle;
import skynet.web.WebVerticle;

/** The rooms of the node in the order in which they start, wired by hand: the whole product on one screen. */
final class House {
    private static final Duration LEAVING_MAX = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final List<Room> rooms;
    /** The rooms that are open, with the names under which Vert.x knows them. */
    private final Map<Room, String> deployed = new ConcurrentHashMap<>();

    private final WebVerticle web;
    private final SwarmVerticle swarm;
    private final Bus bus;
    private final GrpcVerticle grpc;

    House(
            Vertx vertx,
            NodeConfig config,
            CoordinateTable table,
            MachineToken machine,
            NodeIdentity nodeIdentity,
            SigningSecret secret,
            Consumer<String> print,
            Database database,
            Database leases,
            Opening knowledge,
            Vitals vitals,
            PrometheusMeterRegistry meters,
            Optional<Cluster> cluster,
            Runnable end) {
        InstantSource clock = InstantSource.system();
        Supplier<UUID> ids = UUID::randomUUID;
        Bus bus = new Bus(vertx, clock, cluster.<Peers>map(member -> member).orElse(Peers.NONE));
        this.vertx = vertx;
        this.bus = bus;
        Identity callers = new Identity(bus, config.auth().guests());
        this.web = new WebVerticle(bus, config.http(), callers, vitals, Optional.of(meters), PlaneMap.of(table));
        this.grpc = new GrpcVerticle(bus, config.grpc(), config.http(), callers, web::port, vitals);
        NodeNumber number = new NodeNumber(config.node().number());
        this.swarm = cluster.map(member -> new SwarmVerticle(bus, member, vitals, end))
                .orElseGet(() -> new SwarmVerticle(
                        bus,
                        new Lone(
                                number,
                                () -> config.http().host() + ":" + port(),
                                clock.instant().getEpochSecond(),
                                release()),
                        vitals,
                        end));
        MeshVerticle mesh = new MeshVerticle(
                bus, new PostgresLeaseStore(leases), number, config.mesh().numbers(), System::nanoTime, vitals);
        NodesVerticle nodes = new NodesVerticle(
                bus,
                new NodeStore(database),
                config.swarm().beatsPerSecond(),
                clock,
                new SecureRandom(),
                number,
                vitals);
        KnowledgeVerticle documents = new KnowledgeVerticle(
                bus,
                new KnowledgeStore(database),
                knowledge,
                config.knowledge().samples(),
                config.swarm().lending(),
                vitals,
                new Finding(config.embedding(), config.node().number(), System::nanoTime));
        WorkVerticle work = new WorkVerticle(bus, new GrantStore(database), clock, number, vitals);
        this.rooms = List.of(
                swarm,
                mesh,
                new GenomVerticle(
                        bus, table, config.node().number(), clock.instant().getEpochSecond(), vitals),
                new CryptoVerticle(bus, number, nodeIdentity, clock, new SecureRandom(), meters),
                new CascadeVerticle(
                        bus,
                        clock,
                        vitals,
                        new PostgresAnswerStore(database),
                        config.cascade(),
                        new SecureRandom(),
                        Optional.of(meters),
                        new RequestStore(database),
                        config.node().number(),
                        ids),
                new ToolsVerticle(
                        bus, config.tools(), config.crawl().searchUrl().isPresent(), clock),
                new AuthVerticle(
                        bus,
                        config.auth(),
                        config.http().isLoopback(),
                        AuthStores.in(database),
                        secret,
                        machine,
                        new SecureRandom(),
                        clock,
                        ids,
                        print,
                        meters),
                new ChatVerticle(bus, new PostgresChatStore(database), ids),
                new HistoryVerticle(bus, new HistoryStore(database)),
                nodes,
                work,
                new MessagesVerticle(bus, new MessageStore(database), ids),
                new StatusVerticle(
                        bus,
                        new StatusStore(database, config.node().number()),
                        vitals,
                        clock,
                        config.node().number(),
                        release()),
                web,
                grpc,
                documents,
                new CrawlVerticle(
                        bus,
                        config.crawl(),
                        new CrawlStore(database),
                        new PairStore(database),
                        House::read,
                        ids,
                        config.node().number(),
                        release()));
        vitals.check("postgres", database::vital);
        DiskSpace disk = new DiskSpace(config.dataDir());
        vitals.check("disk", () -> disk.vital(vertx));
        count(meters, cluster);
        count(meters, mesh);
        count(meters, nodes);
        Gauge.builder("skynet_knowledge_chunks_unread", documents, KnowledgeVerticle::unread)
                .description("Chunks that another model is still to read before it finds passages; 0 when none is.")
                .register(meters);
        count(meters, work);
    }

    /** How the crawler reads what it gets: as every document is read. */
    private static Extractor.Extract read(String name, byte[] bytes) {
        try (DocumentReader reader = new DocumentReader()) {
            Document document = reader.read(name, "", bytes);
            return new Extractor.Extract(document.title(), document.text(), document.pages());
        }
    }

    /** Starts one room after the other; the front door opens before the documents are read and says so until then. */
    Future<Void> open() {
        Future<Void> opened = Future.succeededFuture();
        for (Room room : rooms) {
            opened = opened.compose(before -> vertx.deployVerticle(room))
                    .onSuccess(id -> deployed.put(room, id))
                    .mapEmpty();
        }
        return opened.compose(open -> swarm.warm());
    }

    /** No other node asks this one from now on; done when what they had asked is answered. */
    Future<Void> leave() {
        return bus.leave(LEAVING_MAX);
    }

    private void count(PrometheusMeterRegistry registry, Optional<Cluster> cluster) {
        FunctionCounter.builder("skynet_bus_frames_refused", bus, Bus::framesRefused)
                .description("Frames of other nodes that were forged, cut or out of place.")
                .register(registry);
        FunctionCounter.builder("skynet_bus_asks_indoors", bus, Bus::asksIndoors)
                .description("Asks that one event loop of this node answered another, without the event bus.")
                .register(registry);
        cluster.ifPresent(
                member -> FunctionCounter.builder("skynet_cluster_strangers_refused", member, Cluster::strangersRefused)
                        .description(
                                "Connections of other machines that could not prove to belong here, or brought no whole frame.")
                        .register(registry));
    }

    private static void count(PrometheusMeterRegistry registry, MeshVerticle mesh) {
        Gauge.builder("skynet_mesh_roles", mesh, MeshVerticle::roles)
                .description("Roles in which this node acts.")
                .register(registry);
        FunctionCounter.builder("skynet_mesh_takeovers", mesh, MeshVerticle::takeovers)
                .description("Times this node took a role.")
                .register(registry);
        FunctionCounter.builder("skynet_mesh_demotions", mesh, MeshVerticle::demotions)
                .description("Times this node stopped acting in a role because its lease was not renewed in time.")
                .register(registry);
    }

    private static void count(PrometheusMeterRegistry registry, NodesVerticle nodes) {
        for (NodeClass kind : List.of(NodeClass.S, NodeClass.D, NodeClass.M)) {
            for (Nodes.State state : List.of(Nodes.State.LIVE, Nodes.State.SUSPECT, Nodes.State.DEAD)) {
                Gauge.builder("skynet_swarm_nodes", () -> nodes.count(kind, state))
                        .description("Light nodes that beat at this member.")
                        .tags("class", kind.text(), "state", state.text())
                        .register(registry);
            }
        }
    }

    private static void count(PrometheusMeterRegistry registry, WorkVerticle work) {
        FunctionCounter.builder("skynet_swarm_jobs", work, WorkVerticle::done)
                .description("Jobs that light nodes attached to this member did.")
                .register(registry);
        FunctionCounter.builder("skynet_swarm_jobs_late", work, WorkVerticle::late)
                .description("Jobs that light nodes did not do in time, so that a member did.")
                .register(registry);
        FunctionCounter.builder("skynet_swarm_jobs_refused", work, WorkVerticle::refused)
                .description("Answers of light nodes that were found to be none.")
                .register(registry);
    }

    /** Closes the doors, then the rooms, the last one first; the database is still there for what they write down. */
    Future<Void> close() {
        Future<Void> closed = Future.succeededFuture();
        for (Room door : List.of(web, grpc)) {
            closed = closed.eventually(() -> close(door));
        }
        for (int last = rooms.size() - 1; last >= 0; last--) {
            Room room = rooms.get(last);
            closed = closed.eventually(() -> close(room));
        }
        return closed;
    }

    private Future<Void> close(Room room) {
        String id = deployed.remove(room);
        return id == null ? Future.succeededFuture() : vertx.undeploy(id);
    }

    /** The release as its JAR says. */
    static String release() {
        return Optional.ofNullable(House.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    /** The port on which the front door really listens. */
    int port() {
        return web.port();
    }

    /** The port on which gRPC is really answered. */
    int grpcPort() {
        return grpc.port();
    }
}
