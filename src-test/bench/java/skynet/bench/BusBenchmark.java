package skynet.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import skynet.bus.Bus;
import skynet.bus.Genom;
import skynet.bus.codec.FrameCodec;

/**
 * What does an ask cost within a node, beside the bare event bus with a JsonObject, with a String, and with our codec?
 *
 * <p>A question of a word and an answer of {@value Sample#TOKENS} tokens; one event loop asks, another answers, with 64 asks on
 * their way; the processor time of both is counted. The String holds the same as the JsonObject but is neither written nor read,
 * so it is the price of the event bus alone. Also with both on one loop.
 *
 * <p>Command, in the root: {@code java -cp <test class path of src-test> skynet.bench.BusBenchmark [rounds] [asks]}
 */
public final class BusBenchmark {
    private static final int AT_ONCE = 64;

    private BusBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9;
        int asks = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200_000;
        System.out.println(Rounds.load());
        for (int loops = 2; loops > 0; loops--) {
            System.out.println(loops == 2 ? "from one event loop to another" : "on one event loop");
            Turns.print(run(rounds, asks, loops));
        }
        System.out.println(Rounds.load());
        System.exit(0);
    }

    /** Figures of an ask and its answer on one event loop or between two. */
    static Map<String, Turns.Figures> run(int rounds, int asks, int loops) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops));
        try {
            Context asker = vertx.getOrCreateContext();
            Context server = loops == 1 ? asker : otherLoop(vertx, asker);
            long[] threads = loops == 1
                    ? new long[] {Load.threadOf(asker)}
                    : new long[] {Load.threadOf(asker), Load.threadOf(server)};
            Bus bus = new Bus(vertx, InstantSource.system());
            EventBus bare = vertx.eventBus();
            DeliveryOptions codec = new DeliveryOptions().setCodecName(FrameCodec.NAME);
            Load.await(Load.on(
                    server, () -> bus.serve(Genom.Nearest.class, ask -> Future.succeededFuture(Sample.ANSWER))));
            Load.await(Load.on(server, () -> {
                bare.localConsumer("json", message -> message.reply(Sample.JSON));
                bare.localConsumer("text", message -> message.reply(Sample.TEXT));
                bare.localConsumer("codec", message -> message.reply(Sample.ANSWER, codec));
                return Future.succeededFuture();
            }));
            JsonObject question = new JsonObject().put("word", "dog").put("limit", Sample.TOKENS);
            Map<String, Supplier<Future<Boolean>>> ways = new LinkedHashMap<>();
            ways.put("Bus, records", () -> bus.ask(new Genom.Nearest("dog", Sample.TOKENS))
                    .map(page -> page.items().size() == Sample.TOKENS));
            ways.put("event bus, JsonObject", () -> bare.<JsonObject>request("json", question)
                    .map(answer -> answer.body().getJsonArray("items").size() == Sample.TOKENS));
            ways.put("event bus, String", () -> bare.<String>request("text", "dog")
                    .map(answer -> answer.body().length() == Sample.TEXT.length()));
            ways.put("event bus, records by reference", () -> bare.<Genom.Page>request(
                            "codec", new Genom.Nearest("dog", Sample.TOKENS), codec)
                    .map(answer -> answer.body().items().size() == Sample.TOKENS));
            Turns turns = new Turns();
            ways.forEach((name, ask) -> turns.add(name, Load.turn(asker, AT_ONCE, asks, threads, ask)));
            return turns.run(2, rounds);
        } finally {
            Load.await(vertx.close());
        }
    }

    private static Context otherLoop(Vertx vertx, Context asker) throws Exception {
        Promise<Context> other = Promise.promise();
        vertx.deployVerticle(context -> {
            other.tryComplete(vertx.getOrCreateContext());
            return Future.succeededFuture();
        });
        Context context = Load.await(other.future());
        return Load.threadOf(context) == Load.threadOf(asker) ? otherLoop(vertx, asker) : context;
    }
}
