package skynet.cascade;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import skynet.kit.UpstreamConfig;

/** One upstream: the way to it, how it does, and how many answers it gives now. Lives on the room's event loop. */
final class Endpoint {
    private final UpstreamConfig config;
    private final Vertx vertx;
    private final HttpClient http;
    private final InstantSource clock;
    private final RandomGenerator dice;
    private final Courier courier = new Courier();
    private final StreamingChatModel model;
    private final Breaker breaker = new Breaker();
    private int answering;

    Endpoint(UpstreamConfig config, Vertx vertx, HttpClient http, InstantSource clock, RandomGenerator dice) {
        this.config = config;
        this.vertx = vertx;
        this.http = http;
        this.clock = clock;
        this.dice = dice;
        this.model = Dialect.model(config, courier);
        rehearse();
    }

    /** Asks nobody: what the first question needs is loaded before it comes. */
    private void rehearse() {
        courier.next((request, listener) -> {});
        model.chat(Prompt.of(new Question("", "ready?", ""), config), new StreamingChatResponseHandler() {
            @Override
            public void onCompleteResponse(ChatResponse response) {}

            @Override
            public void onError(Throwable cause) {}
        });
    }

    UpstreamConfig config() {
        return config;
    }

    Vertx vertx() {
        return vertx;
    }

    Breaker breaker() {
        return breaker;
    }

    RandomGenerator dice() {
        return dice;
    }

    long now() {
        return clock.millis();
    }

    /** Why it is not asked now; empty when it is. */
    Optional<String> refusal() {
        return answering >= config.limits().concurrency()
                ? Optional.of("gives " + answering + " answers already (concurrency)")
                : breaker.refusal(now());
    }

    void enter() {
        answering++;
    }

    void leave() {
        answering--;
    }

    /** Sends a request; events come to the library's handler, everything else to the watch. */
    Exchange ask(ChatRequest request, StreamingChatResponseHandler handler, Exchange.Watch watch) {
        Exchange exchange = new Exchange(http, Dialect.isPlain(config.kind()), watch);
        courier.next(exchange::send);
        model.chat(request, handler);
        return exchange;
    }

    /** How it does, for people. */
    JsonObject vital() {
        JsonObject vital = new JsonObject()
                .put("name", config.name())
                .put("kind", config.kind().name().toLowerCase(Locale.ROOT))
                .put("model", config.model())
                .put("state", breaker.state(now()))
                .put("answering", answering);
        return breaker.why().isEmpty() ? vital : vital.put("cause", breaker.why());
    }
}
