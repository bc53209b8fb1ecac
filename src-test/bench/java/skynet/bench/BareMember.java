package skynet.bench;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PfxOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;

/**
 * A member of a cluster as Vert.x and Hazelcast ship it, on two ports of loopback, with nothing of ours: the peer of our bus.
 * Its links are in the open, or under the same mutual TLS 1.3 as ours.
 */
record BareMember(HazelcastInstance hazelcast, Vertx vertx) implements AutoCloseable {
    private static final String ADDRESS = "json";

    static BareMember join(Path keys, boolean tls, int port, int other) throws Exception {
        HazelcastInstance hazelcast = Hazelcast.newHazelcastInstance(config(tls, port, other));
        EventBusOptions links = new EventBusOptions();
        links.setHost("127.0.0.1").setPort(port + 1);
        if (tls) {
            String password = Files.readString(keys.resolve("password")).strip();
            links.setSsl(true)
                    .setKeyCertOptions(store(keys.resolve("member.p12"), password))
                    .setTrustOptions(store(keys.resolve("trust.p12"), password))
                    .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"));
            links.setClientAuth(ClientAuth.REQUIRED);
        }
        Vertx vertx = Load.await(Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(links))
                .withClusterManager(new HazelcastClusterManager(hazelcast))
                .buildClustered());
        return new BareMember(hazelcast, vertx);
    }

    /** Answers what the other member asks. */
    void serve() throws Exception {
        Load.await(Load.on(vertx.getOrCreateContext(), () -> vertx.eventBus()
                .consumer(ADDRESS, message -> message.reply(Sample.JSON))
                .completion()));
    }

    Future<Boolean> ask(JsonObject question) {
        return vertx.eventBus()
                .<JsonObject>request(ADDRESS, question)
                .map(answer -> answer.body().getJsonArray("items").size() == Sample.TOKENS);
    }

    void sees(int members) throws InterruptedException {
        while (hazelcast.getCluster().getMembers().size() < members) {
            Thread.sleep(20);
        }
    }

    @Override
    public void close() throws Exception {
        Load.await(vertx.close());
        hazelcast.shutdown();
    }

    private static PfxOptions store(Path file, String password) {
        return new PfxOptions().setPath(file.toString()).setPassword(password);
    }

    private static Config config(boolean tls, int port, int other) {
        Config config = new Config("bare-" + tls + "-" + port).setClusterName("bare-" + tls);
        config.setProperty("hazelcast.logging.type", "slf4j")
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.socket.bind.any", "false");
        config.getNetworkConfig().setPort(port).setPortAutoIncrement(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getMemberAttributeConfig()
                .setAttribute("__vertx.nodeId", UUID.randomUUID().toString());
        JoinConfig join = config.getNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).addMember("127.0.0.1:" + port).addMember("127.0.0.1:" + other);
        return config;
    }
}
