package skynet.node.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import skynet.kit.ExitCode;
import skynet.kit.StartFailure;

/**
 * A file with a JSON object on each line, read one line at a time, however long the file is. What is wrong is named with the
 * file and the number of its line. Empty lines are passed over.
 */
final class JsonLines implements AutoCloseable {
    /** Longest line. */
    static final int LINE_BYTES_MAX = 8 << 20;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final String name;
    private final InputStream bytes;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long number;

    JsonLines(String name, InputStream bytes) {
        this.name = name;
        this.bytes = new BufferedInputStream(bytes, 1 << 16);
    }

    /** The object of the next line that has one; empty at the end. */
    Optional<JsonObject> next() throws IOException {
        while (true) {
            Optional<String> text = line();
            if (text.isEmpty() || !text.get().isBlank()) {
                return text.map(this::object);
            }
        }
    }

    /** A text of an object that must have it; numbers are taken as they are written. */
    String text(JsonObject object, String field) {
        Object value = object.getValue(field);
        if (value instanceof String || value instanceof Number) {
            return value.toString();
        }
        throw wrong(field + ": " + (value == null ? "missing" : "no text")
                + " (expected: {\"id\":\"…\",\"prompt\":\"…\"})");
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }

    private JsonObject object(String text) {
        try {
            return new JsonObject(text);
        } catch (DecodeException e) {
            throw wrong("no JSON object (expected: {\"id\":\"…\",\"prompt\":\"…\"} on one line)");
        }
    }

    private Optional<String> line() throws IOException {
        line.reset();
        int next = bytes.read();
        if (next < 0) {
            return Optional.empty();
        }
        number++;
        for (; next >= 0 && next != '\n'; next = bytes.read()) {
            if (line.size() == LINE_BYTES_MAX) {
                throw wrong("more than " + LINE_BYTES_MAX + " bytes (expected: at most 8 MiB)");
            }
            line.write(next);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
            return Optional.of(number == 1 && text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            throw wrong("not UTF-8 (expected: UTF-8)");
        }
    }

    private StartFailure wrong(String what) {
        return new StartFailure(ExitCode.BAD_DATA, name + ":" + number + ": " + what, "correct that line");
    }
}
