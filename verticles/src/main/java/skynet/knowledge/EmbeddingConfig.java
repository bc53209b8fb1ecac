package skynet.knowledge;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import skynet.kit.Settings;
import skynet.kit.UpstreamConfig;

/**
 * By which model passages are found: that of the JAR when nothing is set, else one of a folder or one at an address.
 *
 * @param folder where a model lies
 * @param baseUrl where one answers, with {@code /v1} where it has that
 * @param apiKey what it is shown there; empty where none is asked for
 * @param model its name there
 * @param dimensions how many it is asked for; 0 leaves it to the model
 */
public record EmbeddingConfig(
        Optional<String> folder,
        Optional<String> baseUrl,
        Optional<String> apiKey,
        Optional<String> model,
        int dimensions) {
    private static final int MODEL_CHARS_MAX = 200;

    /** The model of the JAR. */
    public static final EmbeddingConfig OF_THE_JAR =
            new EmbeddingConfig(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 0);

    public EmbeddingConfig {
        if (folder.isPresent() && baseUrl.isPresent()) {
            throw new IllegalArgumentException(
                    "embedding.folder: set beside embedding.base-url (expected: one of them or none)");
        }
        if (baseUrl.isPresent() && model.isEmpty()) {
            throw new IllegalArgumentException(
                    "embedding.model: none (expected: the name of a model at embedding.base-url)");
        }
        if (baseUrl.isEmpty() && model.isPresent()) {
            throw new IllegalArgumentException("embedding.base-url: none (expected: where embedding.model answers)");
        }
        if (model.filter(name -> name.length() > MODEL_CHARS_MAX || name.chars().anyMatch(Character::isISOControl))
                .isPresent()) {
            throw new IllegalArgumentException("embedding.model: no name (expected: at most " + MODEL_CHARS_MAX
                    + " characters, no control characters)");
        }
        if (dimensions != 0 && (dimensions < 2 || dimensions > Embedder.DIMENSIONS_MAX)) {
            throw new IllegalArgumentException(
                    "embedding.dimensions: " + dimensions + " (expected: 0 or 2 to " + Embedder.DIMENSIONS_MAX + ")");
        }
        if (apiKey.filter(key -> key.chars().anyMatch(c -> c <= ' ' || c > '~')).isPresent()) {
            throw new IllegalArgumentException(
                    "embedding.api-key: holds what no header can (expected: printable ASCII, one line)");
        }
        baseUrl.ifPresent(EmbeddingConfig::address);
    }

    private static URI address(String text) {
        try {
            return UpstreamConfig.url(text, Optional.of(UpstreamConfig.Kind.OPENAI));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("embedding." + e.getMessage(), e);
        }
    }

    /** Whether the model of the JAR is all that is wanted. */
    public boolean isOfTheJar() {
        return folder.isEmpty() && baseUrl.isEmpty();
    }

    /** Where {@code /embeddings} is. */
    public URI url() {
        return address(baseUrl.orElseThrow());
    }

    /** The folder as a path. */
    public Path path() {
        return Settings.path(folder.orElseThrow());
    }

    /** The key stays out of what is printed. */
    @Override
    public String toString() {
        return "EmbeddingConfig[folder=" + folder + ", baseUrl=" + baseUrl + ", model=" + model + ", dimensions="
                + dimensions + "]";
    }
}
