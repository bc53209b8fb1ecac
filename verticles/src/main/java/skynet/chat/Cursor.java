package skynet.chat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;

/** A place in a list that is ordered by time and then by id: what comes next begins behind it. As text it is opaque. */
record Cursor(OffsetDateTime at, UUID id) {
    private static final int CHARS_MAX = 100;

    /** Before everything that was ever said. */
    static final Cursor EARLIEST = new Cursor(OffsetDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC), new UUID(0, 0));

    /** Behind everything that will be said. */
    static final Cursor LATEST =
            new Cursor(OffsetDateTime.of(9999, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC), new UUID(-1, -1));

    /** Reads what {@link #text} wrote; an empty text is the place given for it. */
    static Cursor of(String text, Cursor first) {
        if (text.isEmpty()) {
            return first;
        }
        try {
            String[] parts = new String(
                            Base64.getUrlDecoder().decode(text.substring(0, Math.min(text.length(), CHARS_MAX))),
                            StandardCharsets.US_ASCII)
                    .split(" ");
            Instant at = Instant.EPOCH.plus(Long.parseLong(parts[0]), ChronoUnit.MICROS);
            return new Cursor(at.atOffset(ZoneOffset.UTC), UUID.fromString(parts[1]));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("cursor: none (expected: next of the answer before)");
        }
    }

    String text() {
        String plain = ChronoUnit.MICROS.between(Instant.EPOCH, at.toInstant()) + " " + id;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.US_ASCII));
    }
}
