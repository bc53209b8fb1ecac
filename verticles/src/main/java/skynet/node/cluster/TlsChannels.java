package skynet.node.cluster;

import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.networking.ChannelInitializer;
import com.hazelcast.internal.server.ServerContext;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hazelcast's node with TLS on every channel. The open-source edition lets members meet in plain text and lets in whoever
 * knows a name; its channels are pipelines, though, and here the first step inward and the last step outward is TLS, in
 * which both sides must show a certificate of the cluster's authority. Before that not one byte reaches Hazelcast.
 */
final class TlsChannels extends DefaultNodeContext implements AutoCloseable {
    /** A stranger who says nothing is shown out after this time. */
    static final int HANDSHAKE_SECONDS_MAX = 10;

    /** Connections that have not proved themselves yet. */
    static final int UNPROVEN_MAX = 128;

    private static final Logger LOG = LoggerFactory.getLogger(TlsChannels.class);

    private final SSLContext context;
    private final AtomicInteger unproven = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "skynet-handshakes");
        thread.setDaemon(true);
        return thread;
    });

    TlsChannels(SSLContext context) {
        this.context = context;
    }

    @Override
    public NodeExtension createNodeExtension(Node node) {
        return new DefaultNodeExtension(node) {
            @Override
            public Function<EndpointQualifier, ChannelInitializer> createChannelInitializerFn(ServerContext server) {
                Function<EndpointQualifier, ChannelInitializer> plain = super.createChannelInitializerFn(server);
                return endpoint -> channel -> secure(channel, plain.apply(endpoint));
            }
        };
    }

    /** How many connections were closed because the other side could not prove that it belongs here. */
    long refused() {
        return refused.sum();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private void secure(Channel channel, ChannelInitializer plain) throws Exception {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(channel.isClientMode());
        engine.setEnabledProtocols(new String[] {ClusterKeys.PROTOCOL});
        engine.setNeedClientAuth(true);
        Handshake handshake = channel.isClientMode() ? new Handshake(() -> {}, () -> {}) : awaited(channel);
        channel.inboundPipeline().addLast(new TlsInbound(engine, handshake));
        plain.initChannel(channel);
        channel.outboundPipeline().addLast(new TlsOutbound(engine, handshake));
    }

    private Handshake awaited(Channel channel) throws IOException {
        if (unproven.incrementAndGet() > UNPROVEN_MAX) {
            unproven.decrementAndGet();
            refused.increment();
            throw new IOException("connections that have not proved themselves: " + UNPROVEN_MAX + " (at most)");
        }
        ScheduledFuture<?> end = clock.schedule(() -> showOut(channel), HANDSHAKE_SECONDS_MAX, TimeUnit.SECONDS);
        Handshake handshake = new Handshake(() -> end.cancel(false), refused::increment);
        handshake.onEnd(unproven::decrementAndGet);
        channel.addCloseListener(closed -> handshake.end(false));
        return handshake;
    }

    private static void showOut(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing {}: {}", channel, e.toString());
        }
    }

    /** The moment at which a channel is proved or given up; it comes once. */
    static final class Handshake {
        private final Runnable proved;
        private final Runnable failed;
        private Runnable ended = () -> {};
        private boolean over;

        Handshake(Runnable proved, Runnable failed) {
            this.proved = proved;
            this.failed = failed;
        }

        synchronized void onEnd(Runnable ended) {
            this.ended = ended;
        }

        void end(boolean good) {
            synchronized (this) {
                if (over) {
                    return;
                }
                over = true;
            }
            proved.run();
            if (!good) {
                failed.run();
            }
            ended.run();
        }
    }
}
