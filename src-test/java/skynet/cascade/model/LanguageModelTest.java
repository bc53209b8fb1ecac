package skynet.cascade.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.kit.CascadeConfig;

/** A file that is not a model is refused by name, and a folder with one is found in each of its usual shapes. */
@Timeout(60)
class LanguageModelTest {
    @TempDir
    static Path home;

    @Test
    void tellsWhatAModelIs() throws Exception {
        Path copy = TestModel.copy(home);
        assertEquals(copy.getFileName() + ", 256 tokens, layout chatml", examined(copy));
        assertEquals(
                copy.getFileName() + ", 256 tokens, layout plain",
                Generator.examine(TestModel.config(copy, home), "plain"));
        Files.createDirectory(copy.resolve("onnx"));
        Files.move(copy.resolve("model.onnx"), copy.resolve("onnx/model_other.onnx"));
        assertEquals(
                copy.getFileName() + ", 256 tokens, layout chatml", examined(copy.resolve("onnx/model_other.onnx")));
        Files.move(copy.resolve("onnx/model_other.onnx"), copy.resolve("onnx/model.onnx"));
        assertEquals(copy.getFileName() + ", 256 tokens, layout chatml", examined(copy));
    }

    @Test
    void refusesWhatIsNoModel() throws Exception {
        Path copy = TestModel.copy(home);
        byte[] garbage = new byte[50_000];
        new Random(1).nextBytes(garbage);
        byte[] model = Files.readAllBytes(copy.resolve("model.onnx"));
        Files.write(copy.resolve("model.onnx"), garbage);
        refused(copy, "model.onnx: ");
        Files.write(copy.resolve("model.onnx"), new byte[0]);
        refused(copy, "model.onnx: ");
        Files.write(copy.resolve("model.onnx"), Arrays.copyOf(model, model.length / 2));
        refused(copy, "model.onnx: ");
        try (InputStream embedding = LanguageModelTest.class.getResourceAsStream("/all-minilm-l6-v2-q.onnx")) {
            Files.write(copy.resolve("model.onnx"), embedding.readAllBytes());
        }
        refused(copy, "a causal language model exported with past key values");
        Files.delete(copy.resolve("model.onnx"));
        refused(copy, ": no model (expected: one of model.onnx, ");
        refused(copy.resolve("nowhere"), ": no such folder");
    }

    @Test
    void refusesAModelWithTheFilesOfAnother() throws Exception {
        Path copy = TestModel.copy(home);
        JsonObject tokenizer = TestModel.json("tokenizer.json");
        tokenizer
                .getJsonArray("added_tokens")
                .add(new JsonObject().put("id", 500).put("content", "<more>"));
        Files.writeString(copy.resolve("tokenizer.json"), tokenizer.encode());
        refused(copy, "model: scores for 384 tokens, and a tokenizer with 501");
        tokenizer.getJsonObject("model").put("type", "Unigram");
        Files.writeString(copy.resolve("tokenizer.json"), tokenizer.encode());
        refused(copy, "tokenizer.json: model: Unigram (expected: BPE");
        Files.writeString(copy.resolve("tokenizer.json"), "{\"model\": 3}");
        refused(copy, "tokenizer.json: ");
        Files.writeString(copy.resolve("tokenizer.json"), "{");
        refused(copy, "tokenizer.json: not JSON");
        Files.delete(copy.resolve("tokenizer.json"));
        refused(copy, "tokenizer.json: none in ");
    }

    @Test
    void refusesALayoutWhoseMarksTheTokenizerLacks() throws Exception {
        String said = assertThrows(
                        IOException.class, () -> Generator.examine(TestModel.config(TestModel.PLACE, home), "llama3"))
                .getMessage();
        assertTrue(said.startsWith("cascade.local-template: llama3, without <|start_header_id|>"), said);
    }

    @Test
    void everyTemplateOfTheSettingsIsALayout() {
        assertEquals(
                CascadeConfig.TEMPLATES.subList(1, CascadeConfig.TEMPLATES.size()),
                Arrays.stream(Layout.values())
                        .map(layout -> layout.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    @Test
    void aGeneratorWithoutAModelSaysWhyAndEndsAlready() throws Exception {
        Generator generator = Generator.begin(TestModel.config(home.resolve("nowhere"), home), "auto");
        TestModel.await(() -> !generator.refusal().orElse("").equals("is being loaded"));
        assertTrue(generator.refusal().orElseThrow().contains("no such folder"));
        generator.close();
        assertEquals("is closed", generator.refusal().orElseThrow());
    }

    private static String examined(Path place) throws IOException {
        return Generator.examine(TestModel.config(place, home), "auto");
    }

    private static void refused(Path place, String why) {
        String said = assertThrows(IOException.class, () -> examined(place)).getMessage();
        assertTrue(said.contains(why) && said.contains("(expected: "), said);
    }
}
