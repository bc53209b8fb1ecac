package skynet.node;

import io.micrometer.core.instrument.FunctionCounter;
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
import skynet.bus.NodeNumber;
import skynet.bus.Peers;
import skynet.cascade.CascadeVerticle;
import skynet.chat.ChatVerticle;
import skynet.chat.PostgresChatStore;
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
import skynet.knowledge.KnowledgeStore;
import skynet.knowledge.KnowledgeVerticle;
import skynet.knowledge.Opening;
import skynet.node.cluster.Cluster;
import skynet.node.cluster.Lone;
import skynet.node.cluster.SwarmVerticle;
import skynet.status.StatusStore;
import skynet.status.StatusVerticle;
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
            Opening knowledge,
            Vitals vitals,
            PrometheusMeterRegistry meters,
            Optional<Cluster> cluster) {
        InstantSource clock = InstantSource.system();
        Supplier<UUID> ids = UUID::randomUUID;
        Bus bus = new Bus(vertx, clock, cluster.<Peers>map(member -> member).orElse(Peers.NONE));
        this.vertx = vertx;
        this.bus = bus;
        Identity callers = new Identity(bus, config.auth().guests());
        this.web = new WebVerticle(bus, config.http(), callers, vitals, Optional.of(meters), PlaneMap.of(table));
        this.grpc = new GrpcVerticle(bus, config.grpc(), config.http(), callers, web::port, vitals);
        NodeNumber number = new NodeNumber(config.node().number());
        this.swarm = cluster.map(member -> new SwarmVerticle(bus, member, vitals))
                .orElseGet(() -> new SwarmVerticle(
                        bus,
                        new Lone(
                                number,
                                () -> config.http().host() + ":" + port(),
                                clock.instant().getEpochSecond(),
                                release()),
                        vitals));
        this.rooms = List.of(
                swarm,
                new GenomVerticle(
                        bus, table, config.node().number(), clock.instant().getEpochSecond(), vitals),
                new CryptoVerticle(bus, number, nodeIdentity, clock, new SecureRandom()),
                new CascadeVerticle(bus, clock, vitals),
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
                new StatusVerticle(
                        bus,
                        new StatusStore(database, config.node().number()),
                        vitals,
                        clock,
                        config.node().number(),
                        release()),
                web,
                grpc,
                new KnowledgeVerticle(
                        bus,
                        new KnowledgeStore(database),
                        knowledge,
                        config.knowledge().samples(),
                        vitals));
        vitals.check("postgres", database::vital);
        count(meters, cluster);
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
        cluster.ifPresent(
                member -> FunctionCounter.builder("skynet_cluster_strangers_refused", member, Cluster::strangersRefused)
                        .description(
                                "Connections of other machines that could not prove to belong here, or brought no whole frame.")
                        .register(registry));
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
