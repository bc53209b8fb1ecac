package skynet.bus.stream;

import skynet.bus.Stream;

/**
 * Gathers text until it is worth a frame, and cuts it where no character breaks. Half a surrogate pair waits for its other
 * half; one that never comes becomes U+FFFD, for it has no form in UTF-8.
 */
final class Coalescer {
    private final StringBuilder text = new StringBuilder();
    private int bytes;
    private char half;
    private long since;

    void add(long now, String chunk) {
        if (isEmpty()) {
            since = now;
        }
        for (int i = 0; i < chunk.length(); i++) {
            addUnit(chunk.charAt(i));
        }
    }

    /** Whether there is nothing to take; half a pair counts as nothing. */
    boolean isEmpty() {
        return bytes == 0;
    }

    int bytes() {
        return bytes;
    }

    /** Characters that wait, half a pair among them. */
    int chars() {
        return text.length() + (half == 0 ? 0 : 1);
    }

    /** Whether there is a full frame. */
    boolean isFull() {
        return bytes >= Stream.FRAME_BYTES_MAX;
    }

    /** When the oldest character came. */
    long since() {
        return since;
    }

    /** Nothing follows: half a pair that is here will not become whole. */
    void finish() {
        if (half != 0) {
            half = 0;
            append('\uFFFD');
        }
    }

    /** Takes out as much as fits into one frame. */
    String take(long now) {
        int end = 0;
        int taken = 0;
        while (end < text.length()) {
            int point = text.codePointAt(end);
            int width = utf8Width(point);
            if (taken + width > Stream.FRAME_BYTES_MAX) {
                break;
            }
            taken += width;
            end += Character.charCount(point);
        }
        String piece = text.substring(0, end);
        text.delete(0, end);
        bytes -= taken;
        since = now;
        return piece;
    }

    private void addUnit(char unit) {
        if (half != 0 && Character.isLowSurrogate(unit)) {
            text.append(half).append(unit);
            bytes += 4;
            half = 0;
            return;
        }
        finish();
        if (Character.isHighSurrogate(unit)) {
            half = unit;
        } else {
            append(Character.isLowSurrogate(unit) ? '\uFFFD' : unit);
        }
    }

    private void append(char unit) {
        text.append(unit);
        bytes += utf8Width(unit);
    }

    private static int utf8Width(int point) {
        if (point < 0x80) {
            return 1;
        }
        if (point < 0x800) {
            return 2;
        }
        return point < 0x10000 ? 3 : 4;
    }
}
