package skynet.node.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import skynet.kit.CascadeConfig;
import skynet.kit.UpstreamConfig;
import skynet.kit.UpstreamConfig.Kind;

/** Whether each upstream can be reached and takes its key: it is asked for its models, which costs nothing. */
final class UpstreamExamination {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CascadeConfig config;

    UpstreamExamination(CascadeConfig config) {
        this.config = config;
    }

    List<Check> checks() {
        if (config.upstreams().isEmpty()) {
            return List.of(Check.good("upstreams", "none: the node answers by itself, at the levels L0 to L2"));
        }
        HttpClient http = HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        List<Check> checks = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (UpstreamConfig upstream : config.upstreams()) {
            if (seen.add(upstream.name())) {
                checks.add(check(http, upstream));
            }
        }
        return checks;
    }

    private static Check check(HttpClient http, UpstreamConfig upstream) {
        String name = "upstream " + upstream.name();
        String where = upstream.model() + " at " + upstream.baseUrl();
        try {
            int status = http.send(request(upstream), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            if (status == 401 || status == 403) {
                return Check.bad(name, where + " refuses the key (" + status + ")", "give it an api-key that it knows");
            }
            return status == 200
                    ? Check.good(name, where + " answers")
                    : Check.doubtful(name, where + " answers " + status, "check its base-url and kind");
        } catch (IOException e) {
            return Check.bad(
                    name,
                    where + " cannot be reached (" + e.getClass().getSimpleName() + ")",
                    "start it, or correct its base-url");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Check.doubtful(name, where + ": not looked at", "ask again");
        }
    }

    private static HttpRequest request(UpstreamConfig upstream) {
        boolean ollama = upstream.kind() == Kind.OLLAMA;
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(upstream.baseUrl() + (ollama ? "/api/tags" : "/models")))
                .timeout(PATIENCE);
        upstream.apiKey().ifPresent(key -> {
            if (upstream.kind() == Kind.ANTHROPIC) {
                request.header("x-api-key", key).header("anthropic-version", "2023-06-01");
            } else {
                request.header("Authorization", "Bearer " + key);
            }
        });
        return request.build();
    }
}
