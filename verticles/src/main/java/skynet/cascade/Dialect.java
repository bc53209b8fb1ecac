package skynet.cascade;

import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.Map;
import skynet.kit.UpstreamConfig;
import skynet.kit.UpstreamConfig.Kind;

/** The library's model for each wire format, on a network of ours. */
final class Dialect {
    /** Anthropic's interface asks for a longest answer. */
    private static final int ANTHROPIC_TOKENS = 4_096;

    private Dialect() {}

    /** Whether a stream of this kind is one JSON object a line. */
    static boolean isPlain(Kind kind) {
        return kind == Kind.OLLAMA;
    }

    static StreamingChatModel model(UpstreamConfig config, Courier courier) {
        String url = config.baseUrl().toString();
        return switch (config.kind()) {
            case OPENAI ->
                OpenAiStreamingChatModel.builder()
                        .httpClientBuilder(courier)
                        .baseUrl(url)
                        .apiKey(config.apiKey().orElse(null))
                        .modelName(config.model())
                        .build();
            case ANTHROPIC ->
                AnthropicStreamingChatModel.builder()
                        .httpClientBuilder(courier)
                        .baseUrl(url)
                        .apiKey(config.apiKey().orElseThrow())
                        .modelName(config.model())
                        .maxTokens(ANTHROPIC_TOKENS)
                        .build();
            case OLLAMA ->
                OllamaStreamingChatModel.builder()
                        .httpClientBuilder(courier)
                        .baseUrl(url)
                        .customHeaders(config.apiKey()
                                .map(key -> Map.of("Authorization", "Bearer " + key))
                                .orElse(Map.of()))
                        .modelName(config.model())
                        .build();
        };
    }
}
