package skynet.cascade;

import java.util.Optional;

/**
 * Keeps an upstream from being asked while it cannot answer: after {@value #FAILURES_MAX} failures in a row it rests, twice as
 * long each time; then one question tries whether it is back. Lives on the room's event loop.
 */
final class Breaker {
    static final int FAILURES_MAX = 3;
    static final long REST_MILLIS = 5_000;
    static final long REST_MILLIS_MAX = 300_000;

    private int failures;
    private long restMillis = REST_MILLIS;
    private long restsUntil;
    private boolean trying;
    private String why = "";

    /** Why it must not be asked now; empty when it may. */
    Optional<String> refusal(long now) {
        if (now < restsUntil) {
            return Optional.of("resting for " + restSeconds(now) + " s more after: " + why);
        }
        return isBroken() && trying ? Optional.of("being tried again after: " + why) : Optional.empty();
    }

    /** How long it rests still; 0 when it does not. */
    int restSeconds(long now) {
        return now < restsUntil ? (int) ((restsUntil - now + 999) / 1_000) : 0;
    }

    /** It is asked. */
    void begun() {
        trying = isBroken();
    }

    /** Whoever asked it has heard enough: that says nothing about it. */
    void left() {
        trying = false;
    }

    /** It answers. */
    void well() {
        failures = 0;
        restMillis = REST_MILLIS;
        restsUntil = 0;
        trying = false;
        why = "";
    }

    void failed(long now, String reason) {
        why = reason;
        trying = false;
        failures++;
        if (isBroken()) {
            restsUntil = Math.max(restsUntil, now + restMillis);
            restMillis = Math.min(REST_MILLIS_MAX, 2 * restMillis);
        }
    }

    /** It said itself, or it is plain, that asking again so soon is no use. */
    void rest(long now, long millis, String reason) {
        why = reason;
        trying = false;
        failures = Math.max(failures + 1, FAILURES_MAX);
        restsUntil = Math.max(restsUntil, now + Math.min(millis, REST_MILLIS_MAX));
    }

    /** {@code well}, {@code failing}, {@code resting} or {@code trying}. */
    String state(long now) {
        return now < restsUntil ? "resting" : isBroken() ? "trying" : failures > 0 ? "failing" : "well";
    }

    String why() {
        return why;
    }

    private boolean isBroken() {
        return failures >= FAILURES_MAX;
    }
}
