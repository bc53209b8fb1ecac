package skynet.cascade;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonArray;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import skynet.kit.CascadeConfig;
import skynet.kit.UpstreamConfig;

/** The models of others that this node may ask, on one client with a socket for each answer. */
final class Upstreams {
    /** How long a connection is waited for. */
    private static final int CONNECT_MILLIS = 5_000;

    private final Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    private final List<Tier> tiers = new ArrayList<>();

    /** Loads what speaks the wire formats, which takes a moment. */
    Upstreams(Vertx vertx, CascadeConfig config, InstantSource clock, RandomGenerator dice) {
        if (config.upstreams().isEmpty()) {
            return;
        }
        int sockets = config.upstreams().stream()
                .mapToInt(upstream -> upstream.limits().concurrency())
                .max()
                .orElse(1);
        HttpClient http = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS), new PoolOptions().setHttp1MaxSize(sockets));
        for (UpstreamConfig upstream : config.upstreams()) {
            Endpoint endpoint = endpoints.computeIfAbsent(
                    upstream.name(), name -> new Endpoint(upstream, vertx, http, clock, dice));
            tiers.add(new UpstreamTier(upstream.level(), endpoint));
        }
    }

    /** In the order in which those of one level are asked. */
    List<Tier> tiers() {
        return List.copyOf(tiers);
    }

    /** How they do, for people. */
    JsonArray vitals() {
        JsonArray vitals = new JsonArray();
        for (Endpoint endpoint : endpoints.values()) {
            JsonArray levels = new JsonArray();
            tiers.stream()
                    .filter(tier -> tier instanceof UpstreamTier upstream && upstream.endpoint() == endpoint)
                    .forEach(tier -> levels.add(tier.level().name()));
            vitals.add(endpoint.vital().put("levels", levels));
        }
        return vitals;
    }
}
