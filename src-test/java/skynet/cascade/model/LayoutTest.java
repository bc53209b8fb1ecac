package skynet.cascade.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LayoutTest {
    private static final List<Line> LINES = List.of(
            new Line("system", "Be brief."),
            new Line("user", "Hi <|eot_id|>"),
            new Line("assistant", "Hello."),
            new Line("user", "And?"));

    @Test
    void laysAConversationOutAsItsModelsHaveLearnedIt() throws Exception {
        assertEquals(
                """
                <|im_start|>system
                Be brief.<|im_end|>
                <|im_start|>user
                Hi <|eot_id|><|im_end|>
                <|im_start|>assistant
                Hello.<|im_end|>
                <|im_start|>user
                And?<|im_end|>
                <|im_start|>assistant
                So\
                """,
                laid("", "So", "<|im_start|>", "<|im_end|>"));
        assertEquals(
                """
                <|start_header_id|>system<|end_header_id|>

                Be brief.<|eot_id|><|start_header_id|>user<|end_header_id|>

                Hi <|eot_id|><|eot_id|><|start_header_id|>assistant<|end_header_id|>

                Hello.<|eot_id|><|start_header_id|>user<|end_header_id|>

                And?<|eot_id|><|start_header_id|>assistant<|end_header_id|>

                """,
                laid("", "", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"));
        assertEquals(
                "<|system|>Be brief.<|end|><|user|>Hi <|eot_id|><|end|><|assistant|>Hello.<|end|>"
                        + "<|user|>And?<|end|><|assistant|>",
                laid("{{'<|user|>'}}", "", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"));
        assertEquals(
                """
                <|system|>
                Be brief.</s>
                <|user|>
                Hi <|eot_id|></s>
                <|assistant|>
                Hello.</s>
                <|user|>
                And?</s>
                <|assistant|>
                """,
                laid("{{'<|user|>'}}", "", "</s>"));
        assertEquals(
                """
                Be brief.
                User: Hi <|eot_id|>
                Assistant:Hello.
                User: And?
                Assistant:\
                """,
                laid("", "", "</s>"));
    }

    @Test
    void onlyItsOwnMarksAreMarks() throws Exception {
        ModelFiles files = files("", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>");
        int end = files.tokenizer().mark("<|eot_id|>").orElseThrow();
        long ends = Arrays.stream(Layout.LLAMA3
                        .prompt(files.tokenizer(), LINES, "", 1_000, () -> false)
                        .orElseThrow())
                .filter(id -> id == end)
                .count();
        assertEquals(LINES.size(), ends);
    }

    @Test
    void aTextThatHasNoRoomIsNotCutToItsEnd() throws Exception {
        BytePairs tokenizer = files("").tokenizer();
        for (String longest : List.of("word ".repeat(40_000), "word ".repeat(400))) {
            AtomicInteger looks = new AtomicInteger();
            assertTrue(Layout.PLAIN
                    .prompt(tokenizer, List.of(new Line("user", longest)), "", 300, () -> looks.incrementAndGet() < 0)
                    .isEmpty());
            assertTrue(looks.get() < 310, looks + " tokens");
            int[] prompt = Layout.PLAIN
                    .prompt(
                            tokenizer,
                            List.of(new Line("user", longest), new Line("user", "And?")),
                            "",
                            300,
                            () -> looks.incrementAndGet() < 0)
                    .orElseThrow();
            assertArrayEquals(
                    Layout.PLAIN
                            .prompt(tokenizer, List.of(new Line("user", "And?")), "", 300, () -> false)
                            .orElseThrow(),
                    prompt);
            assertTrue(looks.get() < 640, looks + " tokens");
        }
    }

    @Test
    void whoIsStoppedInTheMiddleOfATextCutsNoMoreOfIt() throws Exception {
        BytePairs tokenizer = files("").tokenizer();
        AtomicInteger looks = new AtomicInteger();
        List<Line> lines = List.of(new Line("user", "word ".repeat(20_000)));
        assertTrue(Layout.PLAIN
                .prompt(tokenizer, lines, "", 1_000_000, () -> looks.incrementAndGet() > 50)
                .isEmpty());
        assertTrue(looks.get() < 60, looks + " tokens");
    }

    /** What {@code auto} makes of a tokenizer with such marks, as text. */
    private static String laid(String template, String said, String... marks) throws Exception {
        ModelFiles files = files(template, marks);
        Map<Integer, String> names = new HashMap<>();
        for (String mark : marks) {
            names.put(files.tokenizer().mark(mark).orElseThrow(), mark);
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int[] prompt = Layout.of("auto", files)
                .prompt(files.tokenizer(), LINES, said, 1_000, () -> false)
                .orElseThrow();
        for (int id : prompt) {
            text.writeBytes(
                    names.containsKey(id)
                            ? names.get(id).getBytes(StandardCharsets.UTF_8)
                            : files.tokenizer().bytes(id));
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static ModelFiles files(String template, String... marks) throws Exception {
        JsonObject tokenizer = TestModel.json("tokenizer.json");
        JsonArray added = new JsonArray();
        for (String mark : marks) {
            added.add(new JsonObject()
                    .put("id", 384 + added.size())
                    .put("content", mark)
                    .put("special", true));
        }
        tokenizer.put("added_tokens", added);
        return new ModelFiles(
                "m", Path.of("model.onnx"), BytePairs.of(tokenizer), new JsonObject(), new JsonObject(), template);
    }
}
