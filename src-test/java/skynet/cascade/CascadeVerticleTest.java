package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Knowledge;
import skynet.kit.Vitals;

class CascadeVerticleTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, InstantSource.system());
    private final Vitals vitals = new Vitals();

    @AfterEach
    void end() throws Exception {
        await(vertx.close());
    }

    @Test
    void whereAnswersStopIsSaidOnceAndIsTheLastLevelOfARefusal() throws Exception {
        await(bus.serve(
                Knowledge.Consult.class,
                consult -> Future.succeededFuture(new Knowledge.Consulted(false, "", List.of(), "nothing"))));
        await(vertx.deployVerticle(new CascadeVerticle(bus, InstantSource.system(), vitals, null)));
        String stopsAt = await(vitals.examine())
                .checks()
                .get("cascade")
                .getJsonObject("data")
                .getString("stops_at");
        Cascade.Answer refusal = await(bus.ask(new Cascade.Ask("guests", "What is it?")));
        assertEquals(stopsAt, refusal.level().name());
        assertEquals(
                stopsAt, refusal.route().get(refusal.route().size() - 1).level().name());
        assertTrue(collection("the-skyai-cascade.md").contains("Answers on this node stop at " + stopsAt));
    }

    private static String collection(String name) throws Exception {
        try (InputStream in = Knowledge.class.getResourceAsStream("/skynet/knowledge/collection/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
