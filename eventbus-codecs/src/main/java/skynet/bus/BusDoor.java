package skynet.bus;

import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.util.Set;

/** Where the bus of a cluster's member listens, and whom it lets in: only who proves to belong here, over TLS 1.3. */
public final class BusDoor {
    private static final int CONNECT_MILLIS = 2_000;

    private BusDoor() {}

    /** Adds the door to the options of the node. */
    public static VertxOptions at(
            VertxOptions options, String host, int port, KeyCertOptions own, TrustOptions authority) {
        EventBusOptions door = new EventBusOptions();
        door.setHost(host).setPort(port);
        door.setSsl(true).setKeyCertOptions(own).setTrustOptions(authority);
        door.setClientAuth(ClientAuth.REQUIRED).setTrustAll(false);
        door.setEnabledSecureTransportProtocols(Set.of("TLSv1.3"));
        door.setConnectTimeout(CONNECT_MILLIS);
        return options.setEventBusOptions(door);
    }
}
