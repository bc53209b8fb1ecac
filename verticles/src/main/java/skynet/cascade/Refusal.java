package skynet.cascade;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import skynet.bus.Fault;

/**
 * What it means that an upstream answers with another status than 200.
 *
 * @param why for people; never the upstream's own words, which may hold a key
 * @param again whether asking again may help
 * @param waitMillis how long it asks to be left alone; 0 when it does not say
 * @param restMillis how long it is left alone by everybody; 0 when it is not the upstream's state
 */
record Refusal(Fault.Kind kind, String why, boolean again, long waitMillis, long restMillis) {
    private static final long REST_MILLIS = 60_000;
    private static final Pattern CODE = Pattern.compile("\"(?:code|type)\"\\s*:\\s*\"([a-z_]{3,40})\"");

    static Refusal of(int status, String retryAfter, String type, String body, Instant now) {
        long wait = wait(retryAfter, now).orElse(0);
        if (status == 401 || status == 403) {
            return failed(status + ", it refuses our key (expected: an api-key that it knows)", REST_MILLIS);
        }
        if (status == 404) {
            return failed("404, it has no such model or path (expected: its base-url and model)", REST_MILLIS);
        }
        if (status == 413) {
            return new Refusal(Fault.Kind.TOO_LARGE, "413, the prompt is too large for it", false, 0, 0);
        }
        if (status >= 300 && status < 400) {
            return failed(
                    status + ", it sends us elsewhere, which is not followed (expected: its base-url)", REST_MILLIS);
        }
        if (status == 200) {
            return failed("answers " + type(type) + " (expected: a stream of events)", 0);
        }
        if (status == 402 || (status == 429 && body.contains("insufficient_quota"))) {
            return failed(status + ", our quota there is used up", REST_MILLIS);
        }
        if (status == 429) {
            return new Refusal(Fault.Kind.UNAVAILABLE, "429, too many requests for it", true, wait, wait);
        }
        if (status == 408 || status == 409 || status >= 500) {
            return new Refusal(Fault.Kind.UNAVAILABLE, status + code(body), true, wait, wait);
        }
        return new Refusal(Fault.Kind.INVALID, status + ", it does not take this request" + code(body), false, 0, 0);
    }

    private static Refusal failed(String why, long restMillis) {
        return new Refusal(Fault.Kind.UNAVAILABLE, why, false, 0, restMillis);
    }

    /** A word of the upstream that can be no secret. */
    static String code(String body) {
        Matcher code = CODE.matcher(body);
        while (code.find()) {
            if (!code.group(1).equals("error")) {
                return " (" + code.group(1) + ")";
            }
        }
        return "";
    }

    private static String type(String type) {
        return type.matches("[a-z]+/[a-z0-9.+-]{1,60}.*") ? type.replaceAll("[;\\s].*", "") : "no known type";
    }

    /** Seconds, or a date. */
    private static OptionalLong wait(String retryAfter, Instant now) {
        try {
            if (retryAfter.matches("\\d{1,9}")) {
                return OptionalLong.of(Long.parseLong(retryAfter) * 1_000);
            }
            Instant then = ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return OptionalLong.of(Math.max(0, then.toEpochMilli() - now.toEpochMilli()));
        } catch (DateTimeParseException e) {
            return OptionalLong.empty();
        }
    }
}
