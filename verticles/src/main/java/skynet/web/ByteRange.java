package skynet.web;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of some bytes, from the first to before the last, as one Range header asks for it (RFC 9110, 14.2). Several
 * ranges at once and units other than bytes are ignored, as the standard allows: the answer is then the whole.
 */
record ByteRange(int from, int to, boolean partial) {
    private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,10})-(\\d{0,10})");

    static ByteRange whole(int length) {
        return new ByteRange(0, length, false);
    }

    /** What a header asks of {@code length} bytes; empty when it asks for what is not there. */
    static ByteRange parse(String header, int length) {
        Matcher asked = ONE.matcher(header.strip());
        if (!asked.matches() || (asked.group(1).isEmpty() && asked.group(2).isEmpty())) {
            return whole(length);
        }
        if (asked.group(1).isEmpty()) {
            long suffix = Math.min(length, Long.parseLong(asked.group(2)));
            return new ByteRange((int) (length - suffix), length, true);
        }
        long first = Long.parseLong(asked.group(1));
        long last = asked.group(2).isEmpty() ? length - 1 : Math.min(length - 1, Long.parseLong(asked.group(2)));
        if (!asked.group(2).isEmpty() && Long.parseLong(asked.group(2)) < first) {
            return whole(length);
        }
        return first > last ? new ByteRange(0, 0, true) : new ByteRange((int) first, (int) last + 1, true);
    }

    boolean isEmpty() {
        return from == to;
    }
}
