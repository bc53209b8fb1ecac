package skynet.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import skynet.auth.MachineToken;
import skynet.auth.SigningSecret;
import skynet.bus.NodeNumber;
import skynet.crypto.IdentityFile;
import skynet.crypto.NodeIdentity;
import skynet.dictionary.CoordinateTable;
import skynet.kit.Database;
import skynet.kit.ExitCode;
import skynet.kit.PgUri;
import skynet.kit.Settings;
import skynet.kit.StartFailure;
import skynet.kit.UpstreamConfig;
import skynet.kit.Vitals;
import skynet.knowledge.Opening;
import skynet.node.cluster.Cluster;
import skynet.node.cluster.ClusterKeys;

/**
 * One node: takes its data directory, opens its database, its dictionary and its rooms, and gives all of it back in the
 * opposite order. The JVM that was started is the node.
 */
public final class Node implements NodeStarter {
    private static final Duration OPENING_MAX = Duration.ofMinutes(10);
    private static final Duration JOINING_MAX = Duration.ofSeconds(60);
    private static final Duration CLOSING_MAX = Duration.ofSeconds(10);

    /** The variable that logback.xml reads when the first line is logged. */
    private static final String LOG_FORMAT = "SKYNET_LOG_FORMAT";

    /** Whoever invents methods of HTTP must not invent meters with them. */
    private static final MeterFilter KNOWN_METHODS = MeterFilter.replaceTagValues(
            "method", method -> "other", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");

    private final PrintStream out;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Vitals vitals = new Vitals();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger exitCode = new AtomicInteger(ExitCode.OK);

    Node(PrintStream out) {
        this.out = out;
        meters.config().meterFilter(KNOWN_METHODS);
    }

    @Override
    public int run(Settings settings) {
        NodeConfig config = NodeConfig.of(settings);
        System.setProperty(LOG_FORMAT, config.log().shape(Terminal.isAt(Terminal.OUT)));
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        Runtime.getRuntime().addShutdownHook(new Thread(this::drain, "skynet-drain"));
        try {
            open(config);
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new StartFailure(
                    ExitCode.FAILED, "data directory: " + e.getMessage(), "check the disk and the rights on it", e);
        } finally {
            close();
            closed.countDown();
        }
        return exitCode.get();
    }

    private void open(NodeConfig config) throws IOException {
        long begun = System.nanoTime();
        setLevel(config.log().level());
        Parts.requireFree(config);
        DataDirectory directory = keep(DataDirectory.open(config.dataDir()));
        NodeIdentity identity = IdentityFile.open(directory.secrets(), new SecureRandom());
        System.setProperty("java.io.tmpdir", directory.sub("tmp").toString());
        Opening knowledge = keep(Opening.begin(directory.root().resolve("knowledge")));
        CompletableFuture<CoordinateTable> opening = CompletableFuture.supplyAsync(() -> Parts.dictionary(directory));
        Optional<ClusterKeys> keys = Parts.keys(config, directory);
        Optional<CompletableFuture<Cluster>> joining = keys.map(own -> joining(config, own));
        PgUri facts = config.pg().uri().orElseGet(() -> embedded(directory));
        step("database: up to date, " + Parts.migrated(facts) + " migrations applied");
        CoordinateTable table = keep(Parts.opened(opening));
        step("dictionary: " + String.format(Locale.ROOT, "%,d", table.count()) + " tokens, version " + table.version());
        Optional<Cluster> cluster = joining.map(this::joined);
        Optional<Tracing> tracing =
                Tracing.of(System.getenv(), "NOD" + config.node().number(), House.release());
        tracing.ifPresent(opened::push);
        Vertx vertx = await(
                Parts.vertx(directory, meters, cluster, tracing)
                        .toCompletionStage()
                        .toCompletableFuture(),
                JOINING_MAX);
        opened.push(() -> await(vertx.close().toCompletionStage().toCompletableFuture(), CLOSING_MAX));
        Database database = Database.open(vertx, facts);
        Database leases = Database.apart(vertx, facts);
        SecureRandom random = new SecureRandom();
        SigningSecret secret = keys.isPresent()
                ? SigningSecret.ofMember(
                        config.jwt(),
                        keys.get().shared(),
                        cluster.orElseThrow().others().isEmpty())
                : SigningSecret.of(config.jwt(), directory.secrets(), random);
        MachineToken machine = MachineToken.make(directory.root(), random);
        opened.push(machine::forget);
        House house = new House(
                vertx,
                config,
                table,
                machine,
                identity,
                secret,
                this::line,
                database,
                leases,
                knowledge,
                vitals,
                meters,
                cluster,
                this::end);
        opened.push(() -> await(house.close().toCompletionStage().toCompletableFuture(), CLOSING_MAX));
        opened.push(() -> await(house.leave().toCompletionStage().toCompletableFuture(), CLOSING_MAX));
        step("rooms: opening; documents that are new are read, which takes some seconds");
        listen(config, house);
        URI address = config.http().address(house.port());
        Path url = directory.root().resolve("node.url");
        Files.writeString(url, address + "\n");
        opened.push(() -> Files.deleteIfExists(url));
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        welcome(config, address, config.http().address(house.grpcPort()).getAuthority(), millis);
    }

    private void listen(NodeConfig config, House house) throws IOException {
        try {
            await(house.open().toCompletionStage().toCompletableFuture(), OPENING_MAX);
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof StartFailure known) {
                throw known;
            }
            if (e.getCause() instanceof BindException) {
                Parts.requireFree(config);
            }
            throw new StartFailure(
                    ExitCode.FAILED,
                    "rooms: " + e.getCause(),
                    "look at the lines above; `skynet doctor` checks the rest",
                    e);
        }
    }

    private PgUri embedded(DataDirectory directory) {
        EmbeddedPostgres postgres = keep(EmbeddedPostgres.start(directory, this::step));
        postgres.ended().thenAccept(code -> {
            if (end.getCount() > 0 && !vitals.draining()) {
                LoggerFactory.getLogger(Node.class).error("the database ended with code {}; the node ends too", code);
                exitCode.set(ExitCode.FAILED);
                end.countDown();
            }
        });
        return postgres.uri();
    }

    /** Meets the others while the database and the dictionary are opened. */
    private CompletableFuture<Cluster> joining(NodeConfig config, ClusterKeys keys) {
        CompletableFuture<Cluster> joining = CompletableFuture.supplyAsync(
                () -> Cluster.join(
                        config.cluster(),
                        keys,
                        new NodeNumber(config.node().number()),
                        Instant.now().getEpochSecond(),
                        House.release()),
                task -> new Thread(task, "skynet-join").start());
        opened.push(() -> await(joining.thenAccept(Cluster::close).exceptionally(failed -> null), JOINING_MAX));
        return joining;
    }

    private Cluster joined(CompletableFuture<Cluster> joining) {
        try {
            Cluster cluster = joining.join();
            step("cluster: " + cluster.name() + ", " + cluster.others().size() + " other members");
            return cluster;
        } catch (CompletionException e) {
            if (e.getCause() instanceof StartFailure known) {
                throw known;
            }
            throw e;
        }
    }

    /** Not ready from now on, then the end, as soon as the thread that runs the node comes to it. */
    private void end() {
        vitals.drain();
        end.countDown();
    }

    /** Ctrl-C or SIGTERM, also while starting: the end; waits until all is given back. */
    private void drain() {
        end();
        try {
            if (!closed.await(CLOSING_MAX.toSeconds() * 3, TimeUnit.SECONDS)) {
                LoggerFactory.getLogger(Node.class).warn("not all was given back in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void close() {
        vitals.drain();
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                LoggerFactory.getLogger(Node.class).warn("while closing: {}", e.toString());
            }
        }
    }

    /** Remembers what to give back; when the end was asked for meanwhile, that is now. */
    private <T extends AutoCloseable> T keep(T resource) {
        opened.push(resource);
        if (end.getCount() == 0) {
            throw new StartFailure(ExitCode.INTERRUPTED, "start: interrupted", "start again");
        }
        return resource;
    }

    private static <T> T await(java.util.concurrent.Future<T> future, Duration patience) {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(new IOException("not done within " + patience.toSeconds() + " s"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void setLevel(String level) {
        ((Logger) LoggerFactory.getLogger("skynet")).setLevel(Level.toLevel(level));
    }

    private void welcome(NodeConfig config, URI address, String grpc, long millis) {
        String facts = config.pg().uri().map(PgUri::toString).orElse("the embedded PostgreSQL below it");
        out.printf(
                Locale.ROOT,
                "%nSKYNET NOD%d is ready after %.1f s.%n",
                config.node().number(),
                millis / 1e3);
        out.println("  chat     " + address + "/chat");
        out.println("  API      " + address + "/docs");
        out.println("  gRPC     " + grpc);
        out.println("  data     " + config.dataDir());
        out.println("  facts    " + facts);
        String others = config.cascade().upstreams().stream()
                .map(UpstreamConfig::toString)
                .collect(Collectors.joining("; "));
        String model = config.cascade()
                .localModel()
                .map(local -> " (with the model in " + local.place() + ", once it is loaded)")
                .orElse("");
        out.println("  answers  "
                + (others.isEmpty()
                        ? "on this machine only, at the levels L0 to L2" + model
                                + "; no upstream is configured for L3 to L5"
                        : "on this machine first" + model + ", then by " + others));
        out.println("  stop     Ctrl-C");
        out.flush();
    }

    private void step(String what) {
        line("· " + what);
    }

    /** A plain line for whoever starts the node, whatever the form of the log. */
    private void line(String what) {
        out.println(what);
        out.flush();
    }
}
