package skynet.cascade.model;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Reads the files that describe a model. Their writers put {@code null} where others leave a key out; here it is left out. */
final class JsonFile {
    private static final long BYTES_MAX = 64L << 20;

    private JsonFile() {}

    static JsonObject required(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    file.getFileName() + ": none in " + file.getParent() + " (expected: beside the model)");
        }
        try {
            return withoutNulls(new JsonObject(Buffer.buffer(bytes(file))));
        } catch (DecodeException | ClassCastException e) {
            throw new IOException(file.getFileName() + ": not JSON (expected: an object)", e);
        }
    }

    static JsonObject optional(Path file) throws IOException {
        return Files.isRegularFile(file) ? required(file) : new JsonObject();
    }

    static String text(Path file) throws IOException {
        return Files.isRegularFile(file) ? Buffer.buffer(bytes(file)).toString() : "";
    }

    /** Takes them out of an object and of all that is in it. */
    static JsonObject withoutNulls(JsonObject object) {
        object.getMap().values().removeIf(Objects::isNull);
        object.forEach(entry -> clear(entry.getValue()));
        return object;
    }

    private static void clear(Object value) {
        if (value instanceof JsonObject object) {
            withoutNulls(object);
        } else if (value instanceof JsonArray array) {
            array.forEach(JsonFile::clear);
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        if (Files.size(file) > BYTES_MAX) {
            throw new IOException(
                    file.getFileName() + ": " + Files.size(file) + " bytes (expected: at most " + BYTES_MAX + ")");
        }
        return Files.readAllBytes(file);
    }
}
