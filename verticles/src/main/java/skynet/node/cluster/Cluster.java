package skynet.node.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import skynet.bus.NodeNumber;
import skynet.bus.door.BusDoor;
import skynet.kit.ClusterConfig;
import skynet.kit.ExitCode;
import skynet.kit.StartFailure;

/**
 * The cluster as one member sees it. Hazelcast says who is there and which node listens to which address of the bus;
 * both are hints. Facts are in PostgreSQL, and no lock or map of Hazelcast is used for anything else.
 */
public final class Cluster implements Membership, AutoCloseable {
    private final ClusterConfig config;
    private final BusDoor door;
    private final TlsChannels channels;
    private final HazelcastInstance hazelcast;
    private final Peer self;
    private volatile Map<NodeNumber, Peer> others = Map.of();
    private volatile Map<NodeNumber, Set<String>> words = Map.of();

    private Cluster(ClusterConfig config, BusDoor door, TlsChannels channels, HazelcastInstance hazelcast, Peer self) {
        this.config = config;
        this.door = door;
        this.channels = channels;
        this.hazelcast = hazelcast;
        this.self = self;
    }

    /** Meets the other members. Blocks for some seconds; fails with a {@link StartFailure} that says what to do. */
    public static Cluster join(ClusterConfig config, ClusterKeys keys, NodeNumber number, long since, String release) {
        Meeting meeting = new Meeting(config);
        meeting.requireFree();
        new Knock(keys).at(meeting.others());
        Peer self = new Peer(number, meeting.address(), since, release, skynet.bus.Bus.words());
        TlsChannels channels = new TlsChannels(keys.context());
        HazelcastInstance hazelcast;
        try {
            hazelcast = HazelcastInstanceFactory.newHazelcastInstance(
                    meeting.config(self), "skynet-" + config.port(), channels);
        } catch (RuntimeException e) {
            channels.close();
            throw new StartFailure(
                    ExitCode.FAILED,
                    "cluster: cannot meet at " + meeting.address() + ": " + e.getMessage(),
                    "check that cluster.host is an address of this machine and that cluster.port is free",
                    e);
        }
        Cluster cluster = new Cluster(config, keys.door(config), channels, hazelcast, self);
        try {
            cluster.requireOwnNumber();
            cluster.watch();
            return cluster;
        } catch (StartFailure e) {
            cluster.close();
            throw e;
        }
    }

    /** The node's Vert.x, as a member. */
    public Future<Vertx> vertx(VertxBuilder builder, VertxOptions options) {
        return door.into(builder, options)
                .withClusterManager(new HazelcastClusterManager(hazelcast))
                .buildClustered();
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public Peer self() {
        return self;
    }

    @Override
    public boolean alive() {
        return hazelcast.getLifecycleService().isRunning();
    }

    @Override
    public Map<NodeNumber, Peer> others() {
        return others;
    }

    @Override
    public Map<NodeNumber, Set<String>> words() {
        return words;
    }

    /** How many connections were refused at the two doors: where members meet, and where the bus runs. */
    public long strangersRefused() {
        return channels.refused() + door.refused();
    }

    /** Leaves; the others hear of it at once. */
    @Override
    public void close() {
        hazelcast.shutdown();
        channels.close();
    }

    /** Members are listed in the order in which they joined: who comes second with a number has to choose another. */
    private void requireOwnNumber() {
        for (Member member : hazelcast.getCluster().getMembers()) {
            if (member.localMember()) {
                return;
            }
            Peer other = Meeting.peer(member);
            if (other.number().equals(self.number())) {
                throw new StartFailure(
                        ExitCode.BAD_SETTINGS,
                        "node.number: " + self.number().value() + " is the member at " + other.address()
                                + " (expected: a number of its own)",
                        "give this node another with --set node.number=… or SKYNET_NODE_NUMBER");
            }
        }
    }

    private void watch() {
        hazelcast.getCluster().addMembershipListener(new MembershipListener() {
            @Override
            public void memberAdded(MembershipEvent event) {
                look(event.getMembers());
            }

            @Override
            public void memberRemoved(MembershipEvent event) {
                look(event.getMembers());
            }
        });
        look(hazelcast.getCluster().getMembers());
    }

    private void look(Set<Member> members) {
        Map<NodeNumber, Peer> seen = new TreeMap<>();
        for (Member member : members) {
            if (!member.localMember()) {
                Peer peer = Meeting.peer(member);
                seen.putIfAbsent(peer.number(), peer);
            }
        }
        others = seen;
        words = Membership.super.words();
    }
}
