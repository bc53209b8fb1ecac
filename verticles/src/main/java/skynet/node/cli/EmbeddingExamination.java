package skynet.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import skynet.knowledge.EmbeddingConfig;
import skynet.knowledge.ModelFolder;

/** Whether the model by which passages are to be found is there: its files are read, or it is asked for one short vector. */
final class EmbeddingExamination {
    private static final String NAME = "embedding";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final EmbeddingConfig config;

    EmbeddingExamination(EmbeddingConfig config) {
        this.config = config;
    }

    Check check() {
        if (config.isOfTheJar()) {
            return Check.good(NAME, "by the model in the JAR");
        }
        return config.folder().isPresent() ? folder() : address();
    }

    private Check folder() {
        try {
            return Check.good(NAME, ModelFolder.read(config.path()).name() + " in " + config.path());
        } catch (IOException e) {
            return Check.bad(NAME, e.getMessage(), "put the model's files there, or correct embedding.folder");
        }
    }

    private Check address() {
        String where = config.model().orElse("") + " at " + config.url();
        HttpClient http = HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        try {
            HttpResponse<String> response = http.send(request(), HttpResponse.BodyHandlers.ofString());
            int status = response.statusCode();
            if (status == 401 || status == 403) {
                return Check.bad(NAME, where + " refuses the key (" + status + ")", "give it an api-key that it knows");
            }
            int dimensions = status == 200 ? dimensions(response.body()) : 0;
            boolean asked = config.dimensions() == 0 || config.dimensions() == dimensions;
            return dimensions >= 2 && asked
                    ? Check.good(NAME, where + " answers with " + dimensions + " dimensions")
                    : Check.bad(
                            NAME,
                            where + " answers " + status + " and " + dimensions + " dimensions",
                            "check embedding.base-url, embedding.model and embedding.dimensions");
        } catch (IOException e) {
            return Check.bad(
                    NAME,
                    where + " cannot be reached (" + e.getClass().getSimpleName() + ")",
                    "start it, or correct embedding.base-url");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Check.doubtful(NAME, where + ": not looked at", "ask again");
        }
    }

    private static int dimensions(String body) throws IOException {
        JsonNode data = new ObjectMapper().readTree(body).path("data");
        return data.path(0).path("embedding").size();
    }

    private HttpRequest request() throws IOException {
        Map<String, Object> asked = new LinkedHashMap<>();
        asked.put("model", config.model().orElseThrow());
        asked.put("input", List.of("a lighthouse"));
        asked.put("encoding_format", "float");
        if (config.dimensions() > 0) {
            asked.put("dimensions", config.dimensions());
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(config.url() + "/embeddings"))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(new ObjectMapper().writeValueAsString(asked)));
        config.apiKey().ifPresent(key -> request.header("Authorization", "Bearer " + key));
        return request.build();
    }
}
