package skynet.cascade.model;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files of a language model as the common exporters lay them out: a folder with the graph, perhaps in a folder
 * {@code onnx} of its own, and beside it {@code tokenizer.json}, {@code config.json} and what describes them further.
 *
 * @param name what people call the model: its folder
 * @param generation how its makers would have it write; empty when they do not say
 * @param template how its makers lay a conversation out, in a language that is only looked at for its marks; may be empty
 */
public record ModelFiles(
        String name, Path graph, BytePairs tokenizer, JsonObject config, JsonObject generation, String template) {
    private static final List<String> GRAPHS =
            List.of("model.onnx", "decoder_model_merged.onnx", "onnx/model.onnx", "onnx/decoder_model_merged.onnx");

    private static final int NAME_CHARS_MAX = 80;

    /** Where the positions of a model that can be read are found, by the kind of the model. */
    private static final List<String> CONTEXTS =
            List.of("max_position_embeddings", "n_positions", "n_ctx", "max_seq_len");

    /** Reads all but the graph. Throws IOException that names the file and what was expected. */
    public static ModelFiles read(Path place) throws IOException {
        Path graph = Files.isRegularFile(place) ? place : graph(place);
        Path folder = graph.toAbsolutePath().normalize().getParent();
        if (!Files.exists(folder.resolve("config.json")) && folder.endsWith("onnx")) {
            folder = folder.getParent();
        }
        JsonObject tokenizerConfig = JsonFile.optional(folder.resolve("tokenizer_config.json"));
        BytePairs tokenizer;
        try {
            tokenizer = BytePairs.of(JsonFile.required(folder.resolve("tokenizer.json")));
        } catch (ClassCastException | NullPointerException | IllegalArgumentException e) {
            String why = e instanceof IllegalArgumentException
                    ? e.getMessage()
                    : "another shape (expected: that of the tokenizers library)";
            throw new IOException("tokenizer.json: " + why, e);
        }
        String name = String.valueOf(folder.getFileName()).replaceAll("\\p{Cntrl}", "");
        return new ModelFiles(
                name.substring(0, Math.min(name.length(), NAME_CHARS_MAX)),
                graph,
                tokenizer,
                JsonFile.required(folder.resolve("config.json")),
                JsonFile.optional(folder.resolve("generation_config.json")),
                JsonFile.text(folder.resolve("chat_template.jinja")) + tokenizerConfig.getValue("chat_template", ""));
    }

    /** How many tokens the model can look back on; 0 when its files do not say. */
    int context() {
        return CONTEXTS.stream()
                .filter(key -> config.getValue(key) instanceof Number)
                .mapToInt(config::getInteger)
                .filter(tokens -> tokens > 0)
                .findFirst()
                .orElse(0);
    }

    /** The tokens with which the model says that it has said everything, as its files have them. */
    Set<Integer> ends() {
        Set<Integer> ends = new TreeSet<>();
        for (JsonObject told : List.of(config, generation)) {
            Object end = told.getValue("eos_token_id");
            for (Object id : end instanceof JsonArray all ? all : new JsonArray().add(end)) {
                if (id instanceof Number number) {
                    ends.add(number.intValue());
                }
            }
        }
        return ends;
    }

    private static Path graph(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(
                    folder + ": no such folder (expected: one with model.onnx, tokenizer.json, config.json)");
        }
        for (String name : GRAPHS) {
            if (Files.isRegularFile(folder.resolve(name))) {
                return folder.resolve(name);
            }
        }
        throw new IOException(folder + ": no model (expected: one of " + String.join(", ", GRAPHS) + ")");
    }
}
