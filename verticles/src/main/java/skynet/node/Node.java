package skynet.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import io.vertx.micrometer.VertxPrometheusOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
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
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import skynet.auth.MachineToken;
import skynet.auth.SigningSecret;
import skynet.bus.NodeNumber;
import skynet.crypto.IdentityFile;
import skynet.crypto.NodeIdentity;
import skynet.dictionary.CoordinateTable;
import skynet.dictionary.DictionaryFormatException;
import skynet.kit.Database;
import skynet.kit.ExitCode;
import skynet.kit.PgUri;
import skynet.kit.Settings;
import skynet.kit.StartFailure;
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
        requireFree(config);
        DataDirectory directory = keep(DataDirectory.open(config.dataDir()));
        NodeIdentity identity = IdentityFile.open(directory.secrets(), new SecureRandom());
        System.setProperty("java.io.tmpdir", directory.sub("tmp").toString());
        Opening knowledge = keep(Opening.begin(directory.root().resolve("knowledge")));
        CompletableFuture<CoordinateTable> opening = CompletableFuture.supplyAsync(() -> dictionary(directory));
        Optional<ClusterKeys> keys = keys(config, directory);
        Optional<CompletableFuture<Cluster>> joining = keys.map(own -> joining(config, own));
        PgUri facts = config.pg().uri().orElseGet(() -> embedded(directory));
        step("database: up to date, " + migrated(facts) + " migrations applied");
        CoordinateTable table = keep(opened(opening));
        step("dictionary: " + String.format(Locale.ROOT, "%,d", table.count()) + " tokens, version " + table.version());
        Optional<Cluster> cluster = joining.map(this::joined);
        Vertx vertx = vertx(directory, cluster);
        opened.push(() -> await(vertx.close().toCompletionStage().toCompletableFuture(), CLOSING_MAX));
        Database database = Database.open(vertx, facts);
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
                knowledge,
                vitals,
                meters,
                cluster);
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
                requireFree(config);
            }
            throw new StartFailure(
                    ExitCode.FAILED,
                    "rooms: " + e.getCause(),
                    "look at the lines above; `skynet doctor` checks the rest",
                    e);
        }
    }

    /** Looks at the ports before anything is unpacked: the commonest mistake should cost no wait. */
    private static void requireFree(NodeConfig config) throws IOException {
        requireFree(config, "http", config.http().port());
        requireFree(config, "grpc", config.grpc().port());
    }

    private static void requireFree(NodeConfig config, String door, int port) throws IOException {
        try {
            PortProbe.bind(config.http().host(), port);
        } catch (BindException e) {
            throw taken(config, door, port, e);
        } catch (SocketException e) {
            throw new StartFailure(
                    ExitCode.BAD_SETTINGS,
                    "http.host: " + config.http().host() + " is no address of this machine",
                    "set --http-host or SKYNET_HTTP_HOST, for example to 127.0.0.1",
                    e);
        }
    }

    private static StartFailure taken(NodeConfig config, String door, int port, Exception cause) {
        return new StartFailure(
                ExitCode.FAILED,
                "port: " + port + " on " + config.http().host() + " is taken or not ours",
                "stop what listens there, or choose another with --" + door + "-port or SKYNET_"
                        + door.toUpperCase(Locale.ROOT) + "_PORT",
                cause);
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

    private static int migrated(PgUri facts) {
        try {
            Database.requireDurable(facts);
            return Database.migrate(facts);
        } catch (StartFailure e) {
            throw e;
        } catch (SQLException | RuntimeException e) {
            throw new StartFailure(
                    ExitCode.BAD_SETTINGS,
                    "database: " + facts + " cannot be used: " + firstLine(e),
                    "check SKYNET_PG_URI, the server and the user's rights; without SKYNET_PG_URI the node brings its own",
                    e);
        }
    }

    private static CoordinateTable opened(CompletableFuture<CoordinateTable> opening) throws IOException {
        try {
            return opening.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StartFailure known) {
                throw known;
            }
            if (e.getCause() instanceof UncheckedIOException unreadable) {
                throw unreadable.getCause();
            }
            throw e;
        }
    }

    private static CoordinateTable dictionary(DataDirectory directory) {
        try {
            return CoordinateTable.openBundled(directory.dictionary());
        } catch (DictionaryFormatException e) {
            throw new StartFailure(
                    ExitCode.FAILED,
                    "dictionary: " + e.getMessage(),
                    "remove " + directory.dictionary() + " and start again: the node unpacks a fresh one",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Vertx vertx(DataDirectory directory, Optional<Cluster> cluster) {
        VertxOptions options = new VertxOptions()
                .setFileSystemOptions(new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)
                        .setFileCacheDir(directory.sub("tmp").toString()))
                .setMetricsOptions(new MicrometerMetricsOptions()
                        .setEnabled(true)
                        .setJvmMetricsEnabled(true)
                        .setPrometheusOptions(new VertxPrometheusOptions().setEnabled(true)));
        VertxBuilder builder = Vertx.builder().with(options).withMetrics(new MicrometerMetricsFactory(meters));
        return cluster.map(member ->
                        await(member.vertx(builder, options).toCompletionStage().toCompletableFuture(), JOINING_MAX))
                .orElseGet(builder::build);
    }

    /** The keys of the cluster, read before anything is started: without them, or without one database, none is joined. */
    private static Optional<ClusterKeys> keys(NodeConfig config, DataDirectory directory) {
        if (!config.cluster().enabled()) {
            return Optional.empty();
        }
        if (config.pg().uri().isEmpty()) {
            throw new StartFailure(
                    ExitCode.BAD_SETTINGS,
                    "cluster: no shared database (expected: one SKYNET_PG_URI for all members)",
                    "set SKYNET_PG_URI to the PostgreSQL that all members use, or start without --cluster");
        }
        return Optional.of(
                ClusterKeys.read(config.cluster().keys().map(Settings::path).orElseGet(() -> directory
                        .root()
                        .resolve("cluster"))));
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

    /** Ctrl-C or SIGTERM, also while starting: not ready from now on, then the end; waits until all is given back. */
    private void drain() {
        vitals.drain();
        end.countDown();
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
        out.println("  answers  L0 cache and L1 documents, all on this machine");
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

    private static String firstLine(Throwable failure) {
        String text = String.valueOf(failure.getMessage()).strip();
        return text.lines()
                .findFirst()
                .orElse(failure.getClass().getSimpleName())
                .replaceAll("://[^@ ]*@", "://…@");
    }
}
