package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Knowledge;
import skynet.bus.TooLarge;
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
        JsonObject vital = await(vitals.examine()).checks().get("cascade").getJsonObject("data");
        String stopsAt = vital.getString("stops_at");
        assertEquals("available", vital.getJsonObject("levels").getString("L1"));
        for (String level : List.of("L3", "L4", "L5")) {
            assertEquals("no upstream configured", vital.getJsonObject("levels").getString(level));
        }
        Cascade.Answer refusal = await(bus.ask(new Cascade.Ask("guests", "What is it?")));
        assertEquals(stopsAt, refusal.level().name());
        assertEquals(
                stopsAt, refusal.route().get(refusal.route().size() - 1).level().name());
        assertTrue(collection("the-skyai-cascade.md").contains("Answers on this node stop at " + stopsAt));
    }

    @Test
    void whatIsTooLongIsRefusedByItsSize() {
        Cascade.Wish none = Cascade.Wish.NONE;
        String longest = "x".repeat(Cascade.QUESTION_CHARS_MAX);
        String id = UUID.randomUUID().toString();
        assertEquals(longest, new Cascade.Begin("t", id, longest, none).question());
        assertThrows(TooLarge.class, () -> new Cascade.Begin("t", id, longest + "x", none));
        assertThrows(TooLarge.class, () -> new Cascade.Ask("t", longest + "x", none));
        Cascade.Wish talkative = new Cascade.Wish(
                Cascade.Band.ANY,
                Cascade.Policy.NODE,
                0,
                false,
                List.of(new Cascade.Turn(Cascade.Speaker.USER, longest), new Cascade.Turn(Cascade.Speaker.USER, "x")),
                "");
        assertThrows(TooLarge.class, () -> new Cascade.Ask("t", longest, talkative));
    }

    @Test
    void whatLevelsDoIsCountedAndTimed() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Cascade.Segment segment = new Cascade.Segment(Cascade.Level.L3, "a", "m", 1, 2, 250, false);
        new Figures(registry)
                .note(new Diary.Entry(
                        "t",
                        "",
                        Cascade.Wish.NONE,
                        List.of(
                                new Cascade.Step(Cascade.Level.L1, Cascade.Outcome.MISS, 3, ""),
                                new Cascade.Step(Cascade.Level.L3, Cascade.Outcome.HIT, 9, "")),
                        List.of(segment),
                        Diary.Outcome.HIT,
                        4,
                        9,
                        250,
                        "",
                        "stop"));
        assertEquals(
                1,
                registry.get("skynet_cascade_requests")
                        .tags("level", "L1", "outcome", "miss")
                        .counter()
                        .count());
        assertEquals(
                250,
                registry.get("skynet_cascade_duration")
                        .tags("level", "L3")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS));
    }

    private static String collection(String name) throws Exception {
        try (InputStream in = Knowledge.class.getResourceAsStream("/skynet/knowledge/collection/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
