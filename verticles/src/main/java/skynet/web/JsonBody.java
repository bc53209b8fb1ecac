package skynet.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A JSON object sent to us, read strictly: valid UTF-8, no duplicate or unknown field, no lone surrogate, no trailing
 * text, at most {@value #DEPTH_MAX} levels.
 */
final class JsonBody {
    static final int DEPTH_MAX = 16;

    /** A JSON document of one short request. */
    static final int BYTES_MAX = 64 << 10;

    /** A JSON document that holds a long text: escapes may make six bytes of one. */
    static final int TEXT_BYTES_MAX = 6 << 20;

    /** The end of the year 9999, in seconds since 1970: what is later was meant in milliseconds. */
    private static final long SECONDS_MAX = 253_402_300_799L;

    private static final ObjectMapper MAPPER = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxStringLength(16 << 20)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode object;

    private JsonBody(JsonNode object) {
        this.object = object;
    }

    /** Reads the whole body, or refuses it as soon as it is too long. */
    static Future<Buffer> receive(HttpServerRequest request, int bytesMax) {
        String announced = request.getHeader("Content-Length");
        if (announced != null && announced.length() > 10 || announced != null && Long.parseLong(announced) > bytesMax) {
            return Future.failedFuture(tooLarge(bytesMax));
        }
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        request.handler(part -> {
            if (whole.future().isComplete()) {
                return;
            }
            if (body.length() + part.length() > bytesMax) {
                whole.fail(tooLarge(bytesMax));
            } else {
                body.appendBuffer(part);
            }
        });
        request.exceptionHandler(whole::tryFail);
        request.endHandler(ended -> whole.tryComplete(body));
        return whole.future();
    }

    /** The object of a body with just these fields allowed. */
    static JsonBody parse(Buffer body, Set<String> allowed) {
        return parse(utf8(body), allowed);
    }

    /** An object within this one; when it is missing, an empty one. */
    JsonBody object(String name, Set<String> allowed) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return new JsonBody(MAPPER.createObjectNode());
        }
        return checked(value, allowed);
    }

    static JsonBody parse(String text, Set<String> allowed) {
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " at character " + e.getLocation().getCharOffset();
            throw new Refusal(400, "json", "body: not valid JSON" + where, "Send one JSON object in UTF-8.");
        }
        return checked(node, allowed);
    }

    private static JsonBody checked(JsonNode node, Set<String> allowed) {
        if (node == null || !node.isObject()) {
            throw new Refusal(400, "json", "body: not a JSON object", "Send one JSON object in UTF-8.");
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!allowed.contains(name)) {
                String shown = name.length() > 60 ? name.substring(0, 60) + "…" : name;
                throw new IllegalArgumentException("field: " + withoutLoneSurrogates(shown) + " is unknown (expected: "
                        + new TreeSet<>(allowed) + ")");
            }
        }
        return new JsonBody(node);
    }

    /** A text that must be there. */
    String text(String name) {
        JsonNode value = object.get(name);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException(
                    name + ": " + (value == null ? "missing" : "no text") + " (expected: text)");
        }
        return wellFormed(name, value.textValue());
    }

    /** A text that may be missing; then it is empty. */
    String textOrEmpty(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? "" : text(name);
    }

    /** Whether a field was sent. */
    boolean has(String name) {
        return object.has(name);
    }

    /** Yes or no; what is missing is no. */
    boolean flag(String name) {
        JsonNode value = object.get(name);
        if (value != null && !value.isNull() && !value.isBoolean()) {
            throw new IllegalArgumentException(name + ": neither true nor false");
        }
        return value != null && value.booleanValue();
    }

    /** A list of texts; what is missing is an empty one. */
    List<String> texts(String name, int countMax) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return List.of();
        }
        if (!value.isArray() || value.size() > countMax) {
            throw new IllegalArgumentException(name + ": not a list (expected: at most " + countMax + " texts)");
        }
        List<String> texts = new ArrayList<>(value.size());
        for (JsonNode element : value) {
            if (!element.isTextual()) {
                throw new IllegalArgumentException(name + ": holds what is no text (expected: texts)");
            }
            texts.add(wellFormed(name, element.textValue()));
        }
        return texts;
    }

    /** A list of whole numbers; what is missing is an empty one. */
    List<Integer> numbers(String name, int countMax) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return List.of();
        }
        if (!value.isArray() || value.size() > countMax) {
            throw new IllegalArgumentException(
                    name + ": not a list (expected: at most " + countMax + " whole numbers)");
        }
        List<Integer> numbers = new ArrayList<>(value.size());
        for (JsonNode element : value) {
            if (!element.isInt()) {
                throw new IllegalArgumentException(name + ": holds what is no whole number (expected: whole numbers)");
            }
            numbers.add(element.intValue());
        }
        return numbers;
    }

    /** A list of objects with just these fields allowed in each; what is missing is an empty one. */
    List<JsonBody> objects(String name, int countMax, Set<String> allowed) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return List.of();
        }
        if (!value.isArray() || value.size() > countMax) {
            throw new IllegalArgumentException(name + ": not a list (expected: at most " + countMax + " objects)");
        }
        List<JsonBody> objects = new ArrayList<>(value.size());
        value.forEach(element -> objects.add(checked(element, allowed)));
        return objects;
    }

    /** A number that must be there. */
    double decimal(String name) {
        JsonNode value = object.get(name);
        if (value == null || !value.isNumber()) {
            throw new IllegalArgumentException(
                    name + ": " + (value == null ? "missing" : "no number") + " (expected: a number)");
        }
        return value.doubleValue();
    }

    /** A time as seconds since 1970, written like 2027-01-31T12:00:00Z or as that number; 0 when it is missing. */
    long seconds(String name) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return 0;
        }
        long seconds = -1;
        try {
            if (value.isTextual()) {
                seconds = OffsetDateTime.parse(value.textValue()).toEpochSecond();
            } else if (value.isIntegralNumber() && value.canConvertToLong()) {
                seconds = value.longValue();
            }
        } catch (DateTimeParseException e) {
            // Refused below, like every other thing that is no time.
        }
        if (seconds <= 0 || seconds > SECONDS_MAX) {
            throw new IllegalArgumentException(name + ": not a time (expected: like 2027-01-31T12:00:00Z)");
        }
        return seconds;
    }

    /** A whole number that may be missing. */
    int number(String name, int otherwise) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        if (!value.isInt()) {
            throw new IllegalArgumentException(name + ": no number (expected: a whole number below 2147483648)");
        }
        return value.intValue();
    }

    /** A time that must be there, in whole seconds since 1970. */
    long timeSeconds(String name) {
        JsonNode value = object.get(name);
        if (value == null || !value.canConvertToLong() || !value.isIntegralNumber()) {
            throw new IllegalArgumentException(name + ": no time (expected: whole seconds since 1970)");
        }
        return value.longValue();
    }

    /** Refuses bytes that are no UTF-8, instead of reading something else into them. */
    static String utf8(Buffer body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body.getBytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Refusal(400, "utf-8", "body: not valid UTF-8", "Send text as UTF-8.");
        }
    }

    private static String wellFormed(String name, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new IllegalArgumentException(
                        name + ": lone surrogate at character " + i + " (expected: Unicode text)");
            }
        }
        return text;
    }

    private static String withoutLoneSurrogates(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static Refusal tooLarge(int bytesMax) {
        return new Refusal(413, "too-large", "body: more than " + bytesMax + " bytes", "Send less at once.");
    }
}
