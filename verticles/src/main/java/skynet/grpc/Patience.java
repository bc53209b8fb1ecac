package skynet.grpc;

import io.vertx.grpc.common.GrpcStatus;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a caller waits for an answer, as its {@code grpc-timeout} header says. */
final class Patience {
    /** The header that says it. */
    static final String HEADER = "grpc-timeout";

    /** A longer time counts as this. */
    static final Duration MAX = Duration.ofDays(1);

    private static final Pattern TIMEOUT = Pattern.compile("([0-9]{1,8})([HMSmun])");

    private Patience() {}

    /** The time of a header, at most {@link #MAX}; that long also when the caller names none. */
    static Duration of(String header) {
        if (header == null) {
            return MAX;
        }
        Matcher matcher = TIMEOUT.matcher(header);
        if (!matcher.matches()) {
            throw new Refusal(
                    GrpcStatus.INVALID_ARGUMENT, HEADER + ": malformed (expected: up to 8 digits and one of HMSmun)");
        }
        TimeUnit unit =
                switch (matcher.group(2).charAt(0)) {
                    case 'H' -> TimeUnit.HOURS;
                    case 'M' -> TimeUnit.MINUTES;
                    case 'S' -> TimeUnit.SECONDS;
                    case 'm' -> TimeUnit.MILLISECONDS;
                    case 'u' -> TimeUnit.MICROSECONDS;
                    default -> TimeUnit.NANOSECONDS;
                };
        Duration time = Duration.of(Long.parseLong(matcher.group(1)), unit.toChronoUnit());
        return time.compareTo(MAX) < 0 ? time : MAX;
    }
}
