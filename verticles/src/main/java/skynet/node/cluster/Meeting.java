package skynet.node.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.NetworkConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import skynet.bus.NodeNumber;
import skynet.kit.ClusterConfig;
import skynet.kit.ExitCode;
import skynet.kit.StartFailure;

/** Where and how the members meet: one address each, known beforehand; nothing is searched for and nothing calls home. */
final class Meeting {
    private static final int CONNECT_SECONDS = 3;
    private static final String NUMBER = "skynet.number";
    private static final String SINCE = "skynet.since";
    private static final String RELEASE = "skynet.release";
    private static final String WORDS = "skynet.words";
    /** The name under which Vert.x looks for its own id of a member. */
    private static final String VERTX_ID = "__vertx.nodeId";

    private final ClusterConfig settings;
    private final String host;

    Meeting(ClusterConfig settings) {
        this.settings = settings;
        try {
            this.host = InetAddress.getByName(settings.host()).getHostAddress();
        } catch (UnknownHostException e) {
            throw new StartFailure(
                    ExitCode.BAD_SETTINGS,
                    "cluster.host: " + settings.host() + " is unknown (expected: an address of this machine)",
                    "set SKYNET_CLUSTER_HOST to the address that the other members reach",
                    e);
        }
    }

    String address() {
        return written(host, settings.port());
    }

    /** Looks at both ports before anything is opened there. */
    void requireFree() {
        for (int port : new int[] {settings.port(), settings.busPort()}) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(new InetSocketAddress(host, port));
            } catch (IOException e) {
                throw new StartFailure(
                        ExitCode.FAILED,
                        "cluster.port: " + port + " on " + host + " cannot be opened: " + e.getMessage()
                                + " (expected: two free ports in a row on an address of this machine)",
                        "choose another with SKYNET_CLUSTER_PORT, or correct SKYNET_CLUSTER_HOST",
                        e);
            }
        }
    }

    /** The members that were named, without this node itself. */
    List<InetSocketAddress> others() {
        return settings.members().stream()
                .map(Meeting::socket)
                .filter(other -> other.isUnresolved()
                        || other.getPort() != settings.port()
                        || !other.getAddress().getHostAddress().equals(host))
                .toList();
    }

    Config config(Peer self) {
        Config config = new Config();
        config.setClusterName(settings.name());
        config.setProperty("hazelcast.logging.type", "slf4j")
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.shutdownhook.enabled", "false")
                .setProperty("hazelcast.socket.bind.any", "false")
                .setProperty("hazelcast.wait.seconds.before.join", "0")
                .setProperty("hazelcast.heartbeat.interval.seconds", "1")
                .setProperty("hazelcast.max.no.heartbeat.seconds", "5")
                .setProperty("hazelcast.merge.first.run.delay.seconds", "2")
                .setProperty("hazelcast.merge.next.run.delay.seconds", "2")
                .setProperty("hazelcast.graceful.shutdown.max.wait", "5");
        config.getMetricsConfig().setEnabled(false);
        config.getJetConfig().setEnabled(false);
        config.getSerializationConfig().setJavaSerializationFilterConfig(new JavaSerializationFilterConfig());
        network(config.getNetworkConfig());
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(1)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
        config.getMemberAttributeConfig()
                .setAttribute(VERTX_ID, UUID.randomUUID().toString())
                .setAttribute(NUMBER, Integer.toString(self.number().value()))
                .setAttribute(SINCE, Long.toString(self.since()))
                .setAttribute(RELEASE, self.release())
                .setAttribute(WORDS, String.join(",", self.words()));
        return config;
    }

    /** What a member said about itself in the attributes that {@link #config} gave it. */
    static Peer peer(Member member) {
        return new Peer(
                new NodeNumber(Integer.parseInt(member.getAttribute(NUMBER))),
                written(member.getAddress().getHost(), member.getAddress().getPort()),
                Long.parseLong(member.getAttribute(SINCE)),
                member.getAttribute(RELEASE),
                Set.of(member.getAttribute(WORDS).split(",")));
    }

    private void network(NetworkConfig network) {
        network.setPort(settings.port()).setPortAutoIncrement(false).setReuseAddress(true);
        network.getInterfaces().setEnabled(true).addInterface(host);
        network.getRestApiConfig().setEnabled(false);
        network.getMemcacheProtocolConfig().setEnabled(false);
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setConnectionTimeoutSeconds(CONNECT_SECONDS);
        join.getTcpIpConfig().addMember(address());
        settings.members().forEach(join.getTcpIpConfig()::addMember);
    }

    private static String written(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static InetSocketAddress socket(String member) {
        int colon = member.lastIndexOf(':');
        return new InetSocketAddress(
                member.substring(0, colon).replaceAll("[\\[\\]]", ""), Integer.parseInt(member.substring(colon + 1)));
    }
}
