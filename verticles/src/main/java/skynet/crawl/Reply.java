package skynet.crawl;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.Locale;
import java.util.Optional;

/**
 * What a host answered.
 *
 * @param body as it came, packed or not; at most as long as was asked for
 * @param cut whether more would have come
 */
record Reply(WebAddress address, int status, MultiMap headers, Buffer body, boolean cut) {
    private static final int VALIDATOR_CHARS_MAX = 300;

    /** Whether it says to look elsewhere. */
    boolean isRedirect() {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    /** A header, empty when it was not sent. */
    String header(String name) {
        String value = headers.get(name);
        return value == null ? "" : value.strip();
    }

    /** What makes the next request conditional; empty when it is too long to be kept. */
    String validator(String name) {
        String value = header(name);
        return value.length() <= VALIDATOR_CHARS_MAX && value.chars().noneMatch(Character::isISOControl) ? value : "";
    }

    /** The media type in small letters, without parameters. */
    String mediaType() {
        return header("Content-Type").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** The encoding of characters that was told. */
    Optional<String> charset() {
        for (String parameter : header("Content-Type").split(";")) {
            String[] pair = parameter.split("=", 2);
            if (pair.length == 2 && pair[0].strip().equalsIgnoreCase("charset")) {
                return Optional.of(pair[1].strip().replaceAll("^[\"']|[\"']$", ""));
            }
        }
        return Optional.empty();
    }

    /** For how many seconds to stay away, as it was told in seconds; 0 when it was not. */
    int retryAfterSeconds() {
        String after = header("Retry-After");
        return after.matches("[0-9]{1,6}") ? Integer.parseInt(after) : 0;
    }

    @Override
    public String toString() {
        return address + " " + status;
    }
}
