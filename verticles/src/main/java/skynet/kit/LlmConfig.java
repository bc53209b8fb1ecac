package skynet.kit;

import java.net.URI;
import java.util.Optional;
import skynet.bus.Cascade.Level;
import skynet.kit.UpstreamConfig.Kind;
import skynet.kit.UpstreamConfig.Limits;

/**
 * The first upstream, in the few settings that most nodes need.
 *
 * @param baseUrl where it is; empty when there is none
 * @param kind which wire format it speaks; empty: what its address says
 */
public record LlmConfig(
        Optional<String> baseUrl, Optional<String> apiKey, Optional<String> model, Optional<String> kind) {
    /** What the node calls it. */
    static final String NAME = "llm";

    public LlmConfig {
        if (baseUrl.isPresent() && model.isEmpty()) {
            throw new IllegalArgumentException("llm.model: none (expected: the name of a model at llm.base-url)");
        }
        if (baseUrl.isEmpty() && model.isPresent()) {
            throw new IllegalArgumentException("llm.base-url: none (expected: where llm.model answers)");
        }
    }

    /** The upstream, when there is one. */
    Optional<UpstreamConfig> upstream() {
        try {
            return baseUrl.map(text -> {
                Optional<Kind> given = kind.map(Kind::named);
                URI url = UpstreamConfig.url(text, given);
                return new UpstreamConfig(
                        NAME,
                        given.orElse(Kind.of(url)),
                        url,
                        apiKey,
                        model.orElseThrow(),
                        Level.L3,
                        0,
                        0,
                        Limits.STANDARD);
            });
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("llm." + e.getMessage(), e);
        }
    }

    /** The key stays out of what is printed. */
    @Override
    public String toString() {
        return "LlmConfig[baseUrl=" + baseUrl + ", model=" + model + ", kind=" + kind + "]";
    }
}
