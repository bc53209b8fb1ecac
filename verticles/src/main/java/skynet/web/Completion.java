package skynet.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import skynet.bus.Cascade.Band;
import skynet.bus.Cascade.Policy;
import skynet.bus.Cascade.Speaker;
import skynet.bus.Cascade.Turn;
import skynet.bus.Cascade.Wish;

/**
 * What a client of OpenAI's interface asks for. Fields that it does not know are passed over, as that interface does; fields
 * that it knows are checked. The last message of the user is the question, all others are what was said before and after it.
 *
 * @param json whether the answer must be JSON, which only models write
 * @param chars all that is to be read for it, in characters
 */
record Completion(
        Models model,
        String question,
        Wish wish,
        boolean stream,
        boolean usageAtTheEnd,
        List<String> stops,
        boolean json,
        int chars) {
    /** Longest body: the longest prompt, of which each character may be an escape of six bytes, and what is around it. */
    static final int BYTES_MAX = 2 << 20;

    /** Most messages of a history; together they are bounded by {@link skynet.bus.Cascade#PROMPT_CHARS_MAX}. */
    static final int MESSAGES_MAX = 2_000;

    static final int TOOLS_MAX = 128;
    static final int STOPS_MAX = 4;
    static final int STOP_CHARS_MAX = 200;
    static final int TOKENS_MAX = 1_000_000;

    /** Schemas of tools nest deeper than what the node itself is asked. */
    private static final int DEPTH_MAX = 100;

    /** What steers a model and is handed on to it as it came. */
    private static final List<String> OPTIONS = List.of(
            "temperature",
            "top_p",
            "seed",
            "stop",
            "presence_penalty",
            "frequency_penalty",
            "response_format",
            "tool_choice",
            "parallel_tool_calls");

    private static final ObjectMapper MAPPER = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxStringLength(BYTES_MAX)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    Completion {
        stops = List.copyOf(stops);
    }

    static Completion of(Buffer body) {
        JsonNode json = object(body);
        Models model = Models.answering(text(json, "model"));
        List<Turn> turns = turns(json.get("messages"));
        int asked = lastOfUser(turns);
        requireOne(json.get("n"));
        String tools = tools(json.get("tools"));
        boolean written = isJson(json, model);
        Wish wish = new Wish(
                written && model == Models.AUTO ? Band.ADVANCED : model.band(),
                policy(json),
                Math.max(number(json, "max_completion_tokens"), number(json, "max_tokens")),
                json.path("skynet").path("explain").asBoolean(false),
                turns.subList(0, asked),
                tools,
                options(json),
                turns.subList(asked + 1, turns.size()));
        String question = turns.get(asked).text();
        return new Completion(
                model,
                question,
                wish,
                flag(json, "stream"),
                json.path("stream_options").path("include_usage").asBoolean(false),
                stops(json.get("stop")),
                written,
                question.length() + wish.chars());
    }

    /** An object whose fields are not all known. */
    static JsonNode object(Buffer body) {
        JsonNode json;
        try {
            json = MAPPER.readTree(JsonBody.utf8(body));
        } catch (JsonProcessingException e) {
            throw new Refusal(400, "json", "body: not valid JSON", "Send one JSON object in UTF-8.");
        }
        if (json == null || !json.isObject()) {
            throw new Refusal(400, "json", "body: not a JSON object", "Send one JSON object in UTF-8.");
        }
        return json;
    }

    /** A text that must be there. */
    static String text(JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value == null || !value.isTextual() || value.textValue().isBlank()) {
            throw new IllegalArgumentException(name + ": missing or no text (expected: a string)");
        }
        return value.textValue();
    }

    private static List<Turn> turns(JsonNode messages) {
        if (messages == null || !messages.isArray() || messages.isEmpty() || messages.size() > MESSAGES_MAX) {
            throw new IllegalArgumentException(
                    "messages: missing, or not so many (expected: a list of 1 to " + MESSAGES_MAX + ")");
        }
        List<Turn> turns = new ArrayList<>(messages.size());
        for (int at = 0; at < messages.size(); at++) {
            turns.add(turn("messages[" + at + "]", messages.get(at)));
        }
        return turns;
    }

    private static Turn turn(String name, JsonNode message) {
        if (!message.isObject()) {
            throw new IllegalArgumentException(name + ": no object (expected: role and content)");
        }
        String role = message.path("role").asText();
        JsonNode calls = message.path("tool_calls");
        boolean calling = role.equals("assistant") && calls.isArray() && !calls.isEmpty();
        String text = content(name + ".content", message.get("content"), calling);
        return switch (role) {
            case "system", "developer" -> new Turn(Speaker.SYSTEM, text);
            case "user" -> new Turn(Speaker.USER, text);
            case "assistant" -> new Turn(Speaker.ASSISTANT, text, calling ? calls.toString() : "");
            case "tool" -> {
                if (!message.path("tool_call_id").isTextual()) {
                    throw new IllegalArgumentException(
                            name + ".tool_call_id: missing (expected: the id of the call that this answers)");
                }
                yield new Turn(Speaker.TOOL, text, message.get("tool_call_id").textValue());
            }
            default ->
                throw new IllegalArgumentException(
                        name + ".role: unknown (expected: system, developer, user, assistant or tool)");
        };
    }

    private static String content(String name, JsonNode content, boolean mayBeMissing) {
        if (content == null || content.isNull()) {
            if (mayBeMissing) {
                return "";
            }
            throw new IllegalArgumentException(name + ": missing (expected: text)");
        }
        if (content.isTextual()) {
            return wellFormed(name, content.textValue());
        }
        if (!content.isArray()) {
            throw new IllegalArgumentException(name + ": neither text nor a list (expected: text, or parts of text)");
        }
        StringBuilder all = new StringBuilder();
        for (int at = 0; at < content.size(); at++) {
            JsonNode part = content.get(at);
            String kind = part.path("type").asText();
            JsonNode text = part.path(kind.equals("refusal") ? "refusal" : "text");
            if (!kind.equals("text") && !kind.equals("refusal") || !text.isTextual()) {
                throw new IllegalArgumentException(name + "[" + at
                        + "]: no part of text (expected: {\"type\":\"text\",\"text\":…}, nothing else is read)");
            }
            all.append(all.length() > 0 ? "\n" : "").append(wellFormed(name, text.textValue()));
        }
        return all.toString();
    }

    /** The message that is the question: the last of the user, or the last of all when the user said nothing. */
    private static int lastOfUser(List<Turn> turns) {
        int asked = turns.size() - 1;
        for (int at = asked; at >= 0; at--) {
            if (turns.get(at).speaker() == Speaker.USER) {
                asked = at;
                break;
            }
        }
        if (turns.get(asked).text().isBlank()) {
            throw new IllegalArgumentException("messages[" + asked + "].content: blank (expected: text)");
        }
        return asked;
    }

    private static void requireOne(JsonNode n) {
        if (n != null && !n.isNull() && !(n.isInt() && n.intValue() == 1)) {
            throw new IllegalArgumentException("n: not 1 (expected: 1, there is one answer)");
        }
    }

    private static String tools(JsonNode tools) {
        if (tools == null || tools.isNull() || tools.isArray() && tools.isEmpty()) {
            return "";
        }
        if (!tools.isArray() || tools.size() > TOOLS_MAX) {
            throw new IllegalArgumentException("tools: no list (expected: at most " + TOOLS_MAX + " functions)");
        }
        for (int at = 0; at < tools.size(); at++) {
            JsonNode tool = tools.get(at);
            boolean named = tool.path("function").path("name").asText().matches("[A-Za-z0-9_-]{1,64}");
            if (!tool.path("type").asText().equals("function") || !named) {
                throw new IllegalArgumentException(
                        "tools[" + at + "]: no function (expected: type function, and function with a name)");
            }
        }
        return tools.toString();
    }

    /** The levels of the node itself answer in the words of documents. */
    private static boolean isJson(JsonNode json, Models model) {
        JsonNode form = json.path("response_format");
        if (!form.isMissingNode() && !form.isNull() && !form.path("type").isTextual()) {
            throw new IllegalArgumentException(
                    "response_format: without a type (expected: {\"type\":\"json_object\"})");
        }
        boolean written = form.path("type").asText("text").startsWith("json");
        if (written && model == Models.STANDARD) {
            throw new IllegalArgumentException("response_format: " + model.id()
                    + " writes no JSON (expected: skyai-auto, skyai-advanced or skyai-pro, and an upstream)");
        }
        return written;
    }

    /** How much effort is wished for tells what the choice of a level is to save. */
    private static Policy policy(JsonNode json) {
        String wished = json.path("skynet").path("policy").asText("");
        String effort = json.path("reasoning_effort").asText("");
        return switch (wished.isEmpty() ? effort : wished) {
            case "cost" -> Policy.COST;
            case "speed", "none", "minimal", "low" -> Policy.SPEED;
            case "quality", "high", "xhigh" -> Policy.QUALITY;
            case "", "medium" -> Policy.NODE;
            default ->
                throw new IllegalArgumentException((wished.isEmpty() ? "reasoning_effort" : "skynet.policy")
                        + ": unknown (expected: cost, speed or quality; low, medium or high)");
        };
    }

    private static String options(JsonNode json) {
        within(json, "temperature", 0, 2);
        within(json, "top_p", 0, 1);
        within(json, "presence_penalty", -2, 2);
        within(json, "frequency_penalty", -2, 2);
        JsonNode seed = json.path("seed");
        if (!seed.isMissingNode() && !seed.isNull() && !seed.isIntegralNumber()) {
            throw new IllegalArgumentException("seed: no whole number (expected: an integer)");
        }
        ObjectNode options = MAPPER.createObjectNode();
        for (String name : OPTIONS) {
            JsonNode value = json.get(name);
            if (value != null && !value.isNull()) {
                options.set(name, value);
            }
        }
        return options.isEmpty() ? "" : options.toString();
    }

    private static void within(JsonNode json, String name, double min, double max) {
        JsonNode value = json.get(name);
        if (value == null || value.isNull()) {
            return;
        }
        if (!value.isNumber() || value.doubleValue() < min || value.doubleValue() > max) {
            throw new IllegalArgumentException(
                    name + ": out of bounds (expected: a number from " + min + " to " + max + ")");
        }
    }

    private static int number(JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value == null || value.isNull()) {
            return 0;
        }
        if (!value.isInt() || value.intValue() < 1 || value.intValue() > TOKENS_MAX) {
            throw new IllegalArgumentException(
                    name + ": out of bounds (expected: a whole number from 1 to " + TOKENS_MAX + ")");
        }
        return value.intValue();
    }

    private static boolean flag(JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value != null && !value.isNull() && !value.isBoolean()) {
            throw new IllegalArgumentException(name + ": neither true nor false");
        }
        return value != null && value.booleanValue();
    }

    private static List<String> stops(JsonNode stop) {
        if (stop == null || stop.isNull()) {
            return List.of();
        }
        List<String> stops = new ArrayList<>();
        if (stop.isTextual()) {
            stops.add(stop.textValue());
        } else {
            stop.forEach(one -> stops.add(one.isTextual() ? one.textValue() : ""));
        }
        boolean good = stops.size() <= STOPS_MAX
                && (stop.isTextual() || stop.isArray())
                && stops.stream().allMatch(one -> !one.isEmpty() && one.length() <= STOP_CHARS_MAX);
        if (!good) {
            throw new IllegalArgumentException("stop: not so (expected: a string, or a list of at most " + STOPS_MAX
                    + ", each of 1 to " + STOP_CHARS_MAX + " characters)");
        }
        return stops;
    }

    /** A database keeps no U+0000, and half a character is none. */
    static String wellFormed(String name, String text) {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            boolean pair = Character.isHighSurrogate(c)
                    && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1));
            if (c == '\0' || Character.isSurrogate(c) && !pair) {
                throw new IllegalArgumentException(
                        name + ": no text at character " + at + " (expected: Unicode without U+0000)");
            }
            at += pair ? 1 : 0;
        }
        return text;
    }
}
