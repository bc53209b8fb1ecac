package skynet.cascade.model;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import skynet.kit.LocalModelConfig;

/** The small model of the tests, which {@code src-test/python/make_model.py} has made, and what the reference says of it. */
public final class TestModel {
    public static final Path PLACE = Path.of(System.getProperty("skynet.root", ".."))
            .toAbsolutePath()
            .normalize()
            .resolve("src-test/resources/skynet/cascade/model");

    private TestModel() {}

    static JsonObject json(String name) throws IOException {
        return new JsonObject(Buffer.buffer(Files.readAllBytes(PLACE.resolve(name))));
    }

    /** A folder of its own with the same files, to be spoiled. */
    public static Path copy(Path home) throws IOException {
        Path copy = Files.createTempDirectory(home, "model");
        try (Stream<Path> files = Files.list(PLACE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    public static LocalModelConfig config(Path place, Path home) {
        return new LocalModelConfig(place, home.resolve("native"));
    }

    /** A generator that has loaded its model. */
    public static Generator ready(Path home) throws InterruptedException {
        Generator generator = Generator.begin(config(PLACE, home), "auto");
        await(() -> generator.refusal().isEmpty());
        return generator;
    }

    /** Waits for a state. */
    public static void await(BooleanSupplier state) throws InterruptedException {
        Instant late = Instant.now().plus(Duration.ofSeconds(30));
        while (!state.getAsBoolean()) {
            if (Instant.now().isAfter(late)) {
                throw new AssertionError("not within 30 s");
            }
            Thread.sleep(2);
        }
    }
}
