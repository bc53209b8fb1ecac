package skynet.cascade;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import skynet.bus.Bus;
import skynet.bus.Cascade.Level;
import skynet.chat.ChatVerticle;
import skynet.chat.PostgresChatStore;
import skynet.kit.Asset;
import skynet.kit.CascadeConfig;
import skynet.kit.Database;
import skynet.kit.HttpConfig;
import skynet.kit.Identity;
import skynet.kit.PgUri;
import skynet.kit.UpstreamConfig;
import skynet.kit.Vitals;
import skynet.testkit.Known;
import skynet.web.WebVerticle;

/** A node of which only the way from its door to an upstream and back is there, for load: no level before it answers. */
public final class GatewayNode {
    private GatewayNode() {}

    /** Starts one and answers its port. */
    public static int start(Vertx vertx, PgUri pg, String upstream) throws Exception {
        Bus bus = new Bus(vertx, InstantSource.system());
        StreamNode.get(Known.on(bus));
        Database database = Database.open(vertx, pg);
        UpstreamConfig config = new UpstreamConfig(
                "bench",
                UpstreamConfig.Kind.OPENAI,
                URI.create(upstream),
                Optional.of("sk-bench"),
                "bench",
                Level.L3,
                0,
                0,
                new UpstreamConfig.Limits(2_000, 60, 60, 600, 0));
        StreamNode.get(vertx.deployVerticle(new CascadeVerticle(
                bus,
                InstantSource.system(),
                new Vitals(),
                new PostgresAnswerStore(database),
                List.of(),
                new CascadeConfig(List.of(config)))));
        StreamNode.get(vertx.deployVerticle(new ChatVerticle(bus, new PostgresChatStore(database), UUID::randomUUID)));
        WebVerticle web = new WebVerticle(
                bus,
                new HttpConfig("127.0.0.1", 0, List.of()),
                new Identity(bus, true),
                new Vitals(),
                Optional.empty(),
                new Asset("none", Buffer::buffer));
        StreamNode.get(vertx.deployVerticle(web));
        return web.port();
    }
}
