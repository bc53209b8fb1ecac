package skynet.bus.door;

import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * Where the bus of a cluster's member listens, and whom it lets in: only who proves over TLS 1.3 to belong here, and then
 * only whole frames of a bounded size.
 */
public final class BusDoor {
    private static final int CONNECT_MILLIS = 2_000;

    /**
     * A link on which nothing comes back is given up after five seconds, like the member behind it, and opened anew. Left
     * to TCP it would be tried again in steps that double, and stay silent for as long after a cut as the cut was long.
     */
    private static final int PING_MILLIS = 2_000;

    private static final int PONG_MILLIS_MAX = 3_000;

    private final String host;
    private final int port;
    private final KeyCertOptions own;
    private final TrustOptions authority;
    private final LongAdder refused = new LongAdder();

    public BusDoor(String host, int port, KeyCertOptions own, TrustOptions authority) {
        this.host = host;
        this.port = port;
        this.own = own;
        this.authority = authority;
    }

    /** Gives the node that is being built this door. */
    public VertxBuilder into(VertxBuilder builder, VertxOptions options) {
        EventBusOptions door = new EventBusOptions();
        door.setHost(host).setPort(port);
        door.setSsl(true).setKeyCertOptions(own).setTrustOptions(authority);
        door.setClientAuth(ClientAuth.REQUIRED).setTrustAll(false);
        door.setEnabledSecureTransportProtocols(Set.of("TLSv1.3"));
        door.setConnectTimeout(CONNECT_MILLIS);
        door.setClusterPingInterval(PING_MILLIS).setClusterPingReplyInterval(PONG_MILLIS_MAX);
        return builder.with(options.setEventBusOptions(door)).withTransport(new GuardedTransport(port, refused));
    }

    /** How many connections were closed because of who or what came over them. */
    public long refused() {
        return refused.sum();
    }
}
