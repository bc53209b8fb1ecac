package skynet.cascade;

import dev.langchain4j.http.client.sse.ServerSentEvent;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The bytes of a stream as its events: server-sent events, or one JSON object a line. A line is at most
 * {@value #LINE_BYTES_MAX} bytes.
 */
final class EventLines {
    static final int LINE_BYTES_MAX = 1 << 20;

    private final boolean plain;
    private final Deque<ServerSentEvent> events = new ArrayDeque<>();
    private Buffer begun = Buffer.buffer();
    private String name;
    private StringBuilder data;

    /**
     * An empty stream.
     *
     * @param plain whether each line is an event
     */
    EventLines(boolean plain) {
        this.plain = plain;
    }

    /** Takes the next bytes; throws IllegalArgumentException when they are no lines. */
    void add(Buffer bytes) {
        int start = 0;
        for (int at = 0; at < bytes.length(); at++) {
            if (bytes.getByte(at) == '\n') {
                if (begun.length() > 0) {
                    begun.appendBuffer(bytes, start, at - start);
                    line(begun.toString(StandardCharsets.UTF_8));
                    begun = Buffer.buffer();
                } else {
                    line(bytes.getString(start, at, StandardCharsets.UTF_8.name()));
                }
                start = at + 1;
            }
        }
        if (begun.length() + bytes.length() - start > LINE_BYTES_MAX) {
            throw new IllegalArgumentException("line: more than " + LINE_BYTES_MAX + " bytes");
        }
        begun.appendBuffer(bytes, start, bytes.length() - start);
    }

    /** No more bytes come: a last line may have no end. */
    void end() {
        if (begun.length() > 0) {
            line(begun.toString(StandardCharsets.UTF_8));
            begun = Buffer.buffer();
        }
        line("");
    }

    /** The next event; null when there is none. */
    ServerSentEvent poll() {
        return events.poll();
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    private void line(String text) {
        String line = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        if (plain) {
            if (!line.isBlank()) {
                events.add(new ServerSentEvent(null, line));
            }
        } else if (line.isEmpty()) {
            if (data != null) {
                events.add(new ServerSentEvent(name, data.toString()));
            }
            name = null;
            data = null;
        } else if (line.startsWith("data:")) {
            data(value(line, 5));
        } else if (line.startsWith("event:")) {
            name = value(line, 6);
        } else if (line.charAt(0) != ':' && !line.startsWith("id:") && !line.startsWith("retry:")) {
            throw new IllegalArgumentException("line: no server-sent event");
        }
    }

    private void data(String text) {
        if (data == null) {
            data = new StringBuilder(text);
        } else {
            data.append('\n').append(text);
        }
        if (data.length() > LINE_BYTES_MAX) {
            throw new IllegalArgumentException("event: more than " + LINE_BYTES_MAX + " characters");
        }
    }

    private static String value(String line, int from) {
        return line.substring(line.length() > from && line.charAt(from) == ' ' ? from + 1 : from);
    }
}
