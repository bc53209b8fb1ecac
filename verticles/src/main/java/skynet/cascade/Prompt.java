package skynet.cascade;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import skynet.bus.Cascade.Turn;
import skynet.bus.Cascade.Wish;
import skynet.kit.UpstreamConfig;
import skynet.kit.UpstreamConfig.Kind;

/**
 * A question as the library's request. Tools and options come in OpenAI's form: an upstream of that kind gets them as they
 * are, others what their own form has a place for.
 */
final class Prompt {
    /** Said to a model that is to go on with an answer that broke off. */
    static final String GO_ON =
            "Your answer broke off there. Continue it from exactly that point, without repeating anything and without a preface.";

    private static final Set<String> OPTIONS = Set.of(
            "temperature",
            "top_p",
            "stop",
            "seed",
            "frequency_penalty",
            "presence_penalty",
            "logit_bias",
            "response_format",
            "tool_choice",
            "parallel_tool_calls",
            "reasoning_effort",
            "user");

    private final Map<String, String> toolOfCall = new HashMap<>();
    private final List<ChatMessage> messages = new ArrayList<>();

    private Prompt() {}

    /** Throws IllegalArgumentException on tools, calls or options that are none. */
    static ChatRequest of(Question question, UpstreamConfig upstream) {
        try {
            Prompt prompt = new Prompt();
            Wish wish = question.wish();
            wish.before().forEach(prompt::add);
            prompt.messages.add(UserMessage.from(question.text()));
            wish.after().forEach(prompt::add);
            if (!question.said().isEmpty()) {
                prompt.messages.add(AiMessage.from(question.said()));
                prompt.messages.add(UserMessage.from(GO_ON));
            }
            return ChatRequest.builder()
                    .messages(prompt.messages)
                    .parameters(parameters(wish, upstream))
                    .build();
        } catch (DecodeException | ClassCastException | NullPointerException e) {
            throw new IllegalArgumentException(
                    "prompt: tools, calls or options that are none (expected: OpenAI's form)", e);
        }
    }

    private void add(Turn turn) {
        switch (turn.speaker()) {
            case SYSTEM -> {
                if (!turn.text().isBlank()) {
                    messages.add(SystemMessage.from(turn.text()));
                }
            }
            case USER -> {
                if (!turn.text().isBlank()) {
                    messages.add(UserMessage.from(turn.text()));
                }
            }
            case ASSISTANT -> assistant(turn);
            case TOOL ->
                messages.add(ToolExecutionResultMessage.from(
                        turn.calls(),
                        toolOfCall.getOrDefault(turn.calls(), "tool"),
                        turn.text().isBlank() ? "(nothing)" : turn.text()));
        }
    }

    private void assistant(Turn turn) {
        List<ToolExecutionRequest> calls = new ArrayList<>();
        if (!turn.calls().isEmpty()) {
            for (Object call : new JsonArray(turn.calls())) {
                JsonObject json = (JsonObject) call;
                JsonObject function = json.getJsonObject("function");
                toolOfCall.put(json.getString("id"), function.getString("name"));
                calls.add(ToolExecutionRequest.builder()
                        .id(json.getString("id"))
                        .name(function.getString("name"))
                        .arguments(function.getString("arguments", "{}"))
                        .build());
            }
        }
        if (!calls.isEmpty()) {
            messages.add(turn.text().isBlank() ? AiMessage.from(calls) : AiMessage.from(turn.text(), calls));
        } else if (!turn.text().isBlank()) {
            messages.add(AiMessage.from(turn.text()));
        }
    }

    private static ChatRequestParameters parameters(Wish wish, UpstreamConfig upstream) {
        JsonObject options = wish.options().isEmpty() ? new JsonObject() : new JsonObject(wish.options());
        int most = most(wish.tokensMax(), upstream.limits().tokensMax());
        if (upstream.kind() == Kind.OPENAI) {
            Map<String, Object> raw = new LinkedHashMap<>();
            options.getMap().forEach((name, value) -> {
                if (OPTIONS.contains(name) && value != null) {
                    raw.put(name, value);
                }
            });
            if (!wish.tools().isEmpty()) {
                raw.put("tools", new JsonArray(wish.tools()).getList());
            }
            boolean newer = String.valueOf(upstream.baseUrl().getHost()).endsWith("api.openai.com");
            if (most > 0) {
                raw.put(newer ? "max_completion_tokens" : "max_tokens", most);
            }
            return OpenAiChatRequestParameters.builder().customParameters(raw).build();
        }
        DefaultChatRequestParameters.Builder<?> typed = ChatRequestParameters.builder();
        if (most > 0) {
            typed.maxOutputTokens(most);
        }
        typed.temperature(options.getDouble("temperature"));
        typed.topP(options.getDouble("top_p"));
        Object stop = options.getValue("stop");
        if (stop != null) {
            typed.stopSequences(
                    stop instanceof JsonArray all
                            ? all.stream().map(String::valueOf).toList()
                            : List.of(String.valueOf(stop)));
        }
        format(options.getValue("response_format"), upstream.kind()).ifPresent(typed::responseFormat);
        chooseTool(typed, wish, options.getValue("tool_choice"), upstream.kind());
        return typed.build();
    }

    /** What has no place in an upstream's own form is refused, so that one is asked that knows it. */
    private static Optional<ResponseFormat> format(Object wished, Kind kind) {
        JsonObject format = wished instanceof JsonObject json ? json : new JsonObject();
        return switch (format.getString("type", "text")) {
            case "text" -> Optional.empty();
            case "json_schema" -> Optional.of(schemaOf(format.getJsonObject("json_schema")));
            default -> {
                if (kind == Kind.ANTHROPIC) {
                    throw new IllegalArgumentException("response_format: " + format.getString("type")
                            + " is unknown to Anthropic's models (expected: json_schema)");
                }
                yield Optional.of(ResponseFormat.JSON);
            }
        };
    }

    private static ResponseFormat schemaOf(JsonObject json) {
        return ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder()
                        .name(json.getString("name", "answer"))
                        .rootElement(
                                JsonRawSchema.from(json.getJsonObject("schema").encode()))
                        .build())
                .build();
    }

    /** One named tool is the same as having to call one of a single one. */
    private static void chooseTool(DefaultChatRequestParameters.Builder<?> typed, Wish wish, Object choice, Kind kind) {
        if (wish.tools().isEmpty() || "none".equals(choice)) {
            return;
        }
        boolean forced = "required".equals(choice) || choice instanceof JsonObject;
        if (forced && kind == Kind.OLLAMA) {
            throw new IllegalArgumentException(
                    "tool_choice: nothing that Ollama can be told to (expected: auto or none)");
        }
        List<ToolSpecification> tools = tools(new JsonArray(wish.tools()));
        if (choice instanceof JsonObject one) {
            String name = one.getJsonObject("function").getString("name");
            tools.removeIf(tool -> !tool.name().equals(name));
        }
        typed.toolSpecifications(tools);
        if (forced) {
            typed.toolChoice(ToolChoice.REQUIRED);
        }
    }

    private static List<ToolSpecification> tools(JsonArray all) {
        List<ToolSpecification> tools = new ArrayList<>();
        for (Object one : all) {
            JsonObject function = ((JsonObject) one).getJsonObject("function");
            tools.add(ToolSpecification.builder()
                    .name(function.getString("name"))
                    .description(function.getString("description"))
                    .parameters(schema(function.getJsonObject("parameters", new JsonObject())))
                    .build());
        }
        return tools;
    }

    /** The library types the outermost object only; what is in it passes as it is. */
    private static JsonObjectSchema schema(JsonObject json) {
        JsonObjectSchema.Builder schema = JsonObjectSchema.builder();
        for (Map.Entry<String, Object> property : json.getJsonObject("properties", new JsonObject())) {
            schema.addProperty(property.getKey(), JsonRawSchema.from(((JsonObject) property.getValue()).encode()));
        }
        return schema.required(json.getJsonArray("required", new JsonArray()).stream()
                        .map(String::valueOf)
                        .toList())
                .build();
    }

    private static int most(int wished, int allowed) {
        return wished == 0 ? allowed : allowed == 0 ? wished : Math.min(wished, allowed);
    }
}
