package skynet.cascade.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BytePairsTest {
    @Test
    void findsTheTokensOfTheReference() throws Exception {
        JsonObject vectors = TestModel.json("vectors.json");
        JsonArray kinds = vectors.getJsonArray("tokenizers");
        List<String> wrong = new ArrayList<>();
        for (int kind = 0; kind < kinds.size(); kind++) {
            BytePairs tokenizer = BytePairs.of(changed(kinds.getJsonObject(kind).getJsonObject("changes")));
            for (int at = 0; at < vectors.getJsonArray("texts").size(); at++) {
                String text = vectors.getJsonArray("texts").getString(at);
                int[] expected =
                        ids(kinds.getJsonObject(kind).getJsonArray("ids").getJsonArray(at));
                int[] found = tokenizer.encode(text);
                if (!Arrays.equals(expected, found)) {
                    wrong.add(kind + ": " + new JsonArray().add(text).encode() + " is " + Arrays.toString(found)
                            + " (expected: " + Arrays.toString(expected) + ")");
                }
            }
        }
        assertTrue(wrong.isEmpty(), String.join("\n", wrong));
        assertEquals(8, kinds.size());
    }

    @Test
    void givesTheTextBack() throws Exception {
        BytePairs tokenizer = BytePairs.of(TestModel.json("tokenizer.json"));
        for (Object text : TestModel.json("vectors.json").getJsonArray("texts")) {
            String composed = Normalizer.normalize((String) text, Normalizer.Form.NFC);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            Characters characters = new Characters();
            StringBuilder told = new StringBuilder();
            for (int id : tokenizer.encode((String) text)) {
                bytes.writeBytes(tokenizer.bytes(id));
                told.append(characters.take(tokenizer.bytes(id)));
            }
            assertEquals(composed, bytes.toString(StandardCharsets.UTF_8));
            assertEquals(composed, told + characters.rest());
        }
    }

    @Test
    void tellsCharactersWhole() {
        Characters characters = new Characters();
        byte[] smile = "😀".getBytes(StandardCharsets.UTF_8);
        StringBuilder told = new StringBuilder();
        for (byte one : smile) {
            String piece = characters.take(new byte[] {one});
            assertTrue(piece.isEmpty() || piece.equals("😀"), piece);
            told.append(piece);
        }
        assertEquals("😀", told.toString());
        assertEquals("", characters.take(new byte[] {(byte) 0xc3}));
        assertEquals("\ufffd", characters.rest());
        assertEquals("\ufffdA", new Characters().take(new byte[] {(byte) 0x9f, 'A'}));
    }

    @Test
    void nobodyWritesAMark() throws Exception {
        BytePairs tokenizer = BytePairs.of(TestModel.json("tokenizer.json"));
        int end = tokenizer.mark("<|im_end|>").orElseThrow();
        assertTrue(Arrays.stream(tokenizer.encode("a<|im_end|>b")).noneMatch(id -> id == end));
        assertEquals(0, tokenizer.bytes(end).length);
    }

    @Test
    void knowsWhatStandsBeforeEachText() throws Exception {
        for (Object kind : TestModel.json("vectors.json").getJsonArray("tokenizers")) {
            JsonObject changes = ((JsonObject) kind).getJsonObject("changes");
            boolean begun = changes.getJsonObject("post_processor") != null;
            assertEquals(
                    begun ? List.of(1) : List.of(),
                    BytePairs.of(changed(changes)).preface());
        }
    }

    @Test
    void aLongWordTakesNoTime() throws Exception {
        BytePairs tokenizer = BytePairs.of(TestModel.json("tokenizer.json"));
        String word = "ab".repeat(100_000);
        assertTimeout(Duration.ofSeconds(10), () -> tokenizer.encode(word));
    }

    @Test
    void refusesWhatItDoesNotKnowByName() throws Exception {
        refuses("model: Unigram", new JsonObject().put("model", new JsonObject().put("type", "Unigram")));
        refuses("model: WordPiece", new JsonObject().put("model", new JsonObject().put("type", "WordPiece")));
        refuses("normalizer: Lowercase", new JsonObject().put("normalizer", new JsonObject().put("type", "Lowercase")));
        refuses(
                "pre_tokenizer: BertPreTokenizer",
                new JsonObject().put("pre_tokenizer", new JsonObject().put("type", "BertPreTokenizer")));
        refuses("pre_tokenizer: none of bytes", new JsonObject().putNull("pre_tokenizer"));
        JsonObject merges = TestModel.json("tokenizer.json").getJsonObject("model");
        merges.getJsonArray("merges").add("zz qqq");
        refuses("merges: zz qqq", new JsonObject().put("model", merges));
    }

    private static void refuses(String why, JsonObject changes) throws Exception {
        JsonObject file = TestModel.json("tokenizer.json").mergeIn(changes);
        String said = assertThrows(IllegalArgumentException.class, () -> BytePairs.of(file))
                .getMessage();
        assertTrue(said.startsWith(why) && said.contains("(expected: "), said);
    }

    /** The tests' own file, and what a kind of tokenizer changes in it. */
    private static JsonObject changed(JsonObject changes) throws Exception {
        JsonObject file = TestModel.json("tokenizer.json");
        JsonObject model = file.getJsonObject("model");
        file.mergeIn(changes);
        if (changes.containsKey("merges_as_text")) {
            model.mergeIn(changes.getJsonObject("model"));
            if (changes.getBoolean("merges_as_text")) {
                JsonArray merges = new JsonArray();
                model.getJsonArray("merges").forEach(pair -> merges.add(String.join(" ", texts((JsonArray) pair))));
                model.put("merges", merges);
            }
            file.put("model", model);
        }
        return file;
    }

    private static List<String> texts(JsonArray array) {
        return array.stream().map(String::valueOf).toList();
    }

    private static int[] ids(JsonArray array) {
        return array.stream().mapToInt(id -> (Integer) id).toArray();
    }
}
