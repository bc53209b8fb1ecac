package skynet.node;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import io.vertx.micrometer.VertxPrometheusOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.SocketException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import skynet.dictionary.CoordinateTable;
import skynet.dictionary.DictionaryFormatException;
import skynet.kit.Database;
import skynet.kit.ExitCode;
import skynet.kit.PgUri;
import skynet.kit.Settings;
import skynet.kit.StartFailure;
import skynet.node.cluster.Cluster;
import skynet.node.cluster.ClusterKeys;

/**
 * Opens the single parts of a node. Of each that cannot be had it says why, and what to do, as a {@link StartFailure}; in
 * which order they are opened and given back is the {@link Node}'s business.
 */
final class Parts {
    private Parts() {}

    /** Looks at the ports before anything is unpacked: the commonest mistake should cost no wait. */
    static void requireFree(NodeConfig config) throws IOException {
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

    /** Brings the schemas up to date and tells how many migrations that took. */
    static int migrated(PgUri facts) {
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

    /** The dictionary when it is open. */
    static CoordinateTable opened(CompletableFuture<CoordinateTable> opening) throws IOException {
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

    /** Unpacks the dictionary where that was not done yet, and opens it. */
    static CoordinateTable dictionary(DataDirectory directory) {
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

    /** The event loops, of which a member's speak to those of the others. */
    static Future<Vertx> vertx(
            DataDirectory directory,
            PrometheusMeterRegistry meters,
            Optional<Cluster> cluster,
            Optional<Tracing> tracing) {
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
        tracing.ifPresent(told -> told.into(builder));
        return cluster.map(member -> member.vertx(builder, options))
                .orElseGet(() -> Future.succeededFuture(builder.build()));
    }

    /** The keys of the cluster, read before anything is started: without them, or without one database, none is joined. */
    static Optional<ClusterKeys> keys(NodeConfig config, DataDirectory directory) {
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

    private static String firstLine(Throwable failure) {
        String text = String.valueOf(failure.getMessage()).strip();
        return text.lines()
                .findFirst()
                .orElse(failure.getClass().getSimpleName())
                .replaceAll("://[^@ ]*@", "://…@");
    }
}
