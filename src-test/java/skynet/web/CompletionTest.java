package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import skynet.bus.Cascade.Band;
import skynet.bus.Cascade.Policy;
import skynet.bus.Cascade.Speaker;
import skynet.bus.Cascade.Turn;

/** What a request of OpenAI's interface is read as. */
class CompletionTest {
    @Test
    void theLastMessageOfTheUserIsTheQuestionAndAllElseIsItsHistory() {
        Completion asked = read(
                """
                {"model":"skyai-pro","messages":[
                 {"role":"developer","content":"rules"},
                 {"role":"user","content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]},
                 {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},
                 {"role":"tool","tool_call_id":"c1","content":"42"}]}""");
        assertEquals("one\\ntwo".replace("\\n", "\n"), asked.question());
        assertEquals(Band.PRO, asked.wish().band());
        assertEquals(List.of(new Turn(Speaker.SYSTEM, "rules")), asked.wish().before());
        assertEquals(2, asked.wish().after().size());
        assertEquals(
                "c1",
                new JsonArray(asked.wish().after().get(0).calls())
                        .getJsonObject(0)
                        .getString("id"));
        assertEquals(new Turn(Speaker.TOOL, "42", "c1"), asked.wish().after().get(1));
    }

    @Test
    void unknownFieldsArePassedOverAndKnownOnesKept() {
        Completion asked = read(
                """
                {"model":"skyai-auto","messages":[{"role":"user","content":"x"}],"logprobs":true,"store":true,"metadata":{"a":1},
                 "temperature":0.5,"seed":9,"stop":"END","max_tokens":7,"reasoning_effort":"high","stream":true,
                 "stream_options":{"include_usage":true},"response_format":{"type":"json_object"},"user":"ann",
                 "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"tool_choice":"auto"}""");
        assertEquals(7, asked.wish().tokensMax());
        assertEquals(Policy.QUALITY, asked.wish().policy());
        assertEquals(List.of("END"), asked.stops());
        assertTrue(asked.stream() && asked.usageAtTheEnd());
        JsonObject options = new JsonObject(asked.wish().options());
        assertEquals(0.5, options.getDouble("temperature"));
        assertEquals("json_object", options.getJsonObject("response_format").getString("type"));
        assertEquals("auto", options.getString("tool_choice"));
        assertTrue(!options.containsKey("user") && !options.containsKey("metadata"), "who asks is nobody's business");
        assertEquals(1, new JsonArray(asked.wish().tools()).size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "messages | 7",
                "messages | []",
                "messages | [1]",
                "messages | [{\"role\":\"user\"}]",
                "messages | [{\"role\":\"user\",\"content\":\" \"}]",
                "messages | [{\"role\":\"king\",\"content\":\"x\"}]",
                "messages | [{\"role\":\"tool\",\"content\":\"x\"}]",
                "messages | [{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]}]",
                "messages | [{\"role\":\"user\",\"content\":\"a\\u0000b\"}]",
                "messages | [{\"role\":\"user\",\"content\":\"a\\ud800\"}]",
                "stream | \"yes\"",
                "n | 2",
                "n | \"1\"",
                "temperature | 2.1",
                "temperature | \"hot\"",
                "top_p | -1",
                "seed | 1.5",
                "max_tokens | 0",
                "max_tokens | \"many\"",
                "max_completion_tokens | -3",
                "stop | 7",
                "stop | [\"a\",\"b\",\"c\",\"d\",\"e\"]",
                "stop | [\"\"]",
                "tools | {}",
                "tools | [{\"type\":\"browser\"}]",
                "tools | [{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}]",
                "response_format | \"json\"",
                "reasoning_effort | \"enormous\"",
            })
    void aKnownFieldOfAWrongKindIsNamed(String field, String value) {
        JsonObject request =
                new JsonObject("{\"model\":\"skyai-auto\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
        String json = request.encode().replaceFirst("}$", "");
        String whole = field.equals("messages")
                ? "{\"model\":\"skyai-auto\",\"messages\":" + value + "}"
                : json + ",\"" + field + "\":" + value + "}";
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Completion.of(Buffer.buffer(whole)));
        assertTrue(refused.getMessage().startsWith(field), refused.getMessage());
        Refusal told = new Refusal(400, "invalid", refused.getMessage(), "");
        String param = OpenAiError.json(told).getJsonObject("error").getString("param");
        assertTrue(param != null && param.startsWith(field), param);
    }

    @Test
    void jsonIsWrittenByModelsOnly() {
        String rest =
                "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"response_format\":{\"type\":\"json_object\"}}";
        Completion asked = read("{\"model\":\"skyai-auto\"," + rest);
        assertTrue(asked.json());
        assertEquals(Band.ADVANCED, asked.wish().band());
        assertThrows(IllegalArgumentException.class, () -> read("{\"model\":\"skyai-standard\"," + rest));
        assertTrue(!read("{\"model\":\"skyai-auto\"," + rest.replace("json_object", "text"))
                .json());
    }

    @Test
    void nonsenseIsRefusedAsSuch() {
        for (String body :
                List.of("", "[]", "{", "null", "{\"model\":\"skyai-auto\"} x", "\u0000", "[".repeat(5_000))) {
            Refusal refused = assertThrows(Refusal.class, () -> read(body), body);
            assertEquals(400, refused.status());
        }
        assertEquals(
                404,
                assertThrows(Refusal.class, () -> read("{\"model\":\"gpt-9\"}")).status());
    }

    private static Completion read(String json) {
        return Completion.of(Buffer.buffer(json));
    }
}
