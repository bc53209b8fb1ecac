package skynet.node.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import skynet.cascade.model.Generator;
import skynet.cascade.model.LanguageModel;
import skynet.kit.LocalModelConfig;

/** Whether the model that the owner gives the node can be used: it is loaded, reads one token, and is let go. */
final class ModelExamination {
    private static final String NAME = "local model";

    private final LocalModelConfig config;
    private final String template;

    ModelExamination(LocalModelConfig config, String template) {
        this.config = config;
        this.template = template;
    }

    Check check() {
        CompletableFuture<String> examined = new CompletableFuture<>();
        Thread thread = new Thread(null, () -> examine(examined), "model-examination", LanguageModel.STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        try {
            return Check.good(NAME, examined.join());
        } catch (CompletionException e) {
            return Check.bad(
                    NAME,
                    config.place() + ": " + e.getCause().getMessage(),
                    "correct cascade.local-model; the node goes on without it");
        }
    }

    /** The native code goes to a place of its own, for a running node uses the other. */
    private void examine(CompletableFuture<String> examined) {
        try {
            Path natives = Files.createTempDirectory("skynet-model");
            try {
                examined.complete(Generator.examine(new LocalModelConfig(config.place(), natives), template));
            } finally {
                remove(natives);
            }
        } catch (IOException | RuntimeException | Error e) {
            examined.completeExceptionally(e);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
