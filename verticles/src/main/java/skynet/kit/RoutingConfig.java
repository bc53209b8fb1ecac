package skynet.kit;

import java.util.Locale;
import java.util.stream.Stream;
import skynet.bus.Cascade.Policy;

/**
 * How levels are chosen, and how long it is known what came of it.
 *
 * @param telemetryDays so many days are kept request by request; their sums stay
 */
public record RoutingConfig(Policy policy, int telemetryDays) {
    /** What holds unless settings say otherwise. */
    public static final RoutingConfig STANDARD = new RoutingConfig(Policy.COST, 90);

    private static final int DAYS_MAX = 3_650;

    public RoutingConfig {
        if (policy == Policy.NODE) {
            throw new IllegalArgumentException("cascade.policy: node (expected: cost, speed or quality)");
        }
        if (telemetryDays < 1 || telemetryDays > DAYS_MAX) {
            throw new IllegalArgumentException(
                    "cascade.telemetry-days: " + telemetryDays + " (expected: 1 to " + DAYS_MAX + ")");
        }
    }

    /** Reads the name of a policy as the settings have it. */
    public static Policy policy(String name) {
        return Stream.of(Policy.COST, Policy.SPEED, Policy.QUALITY)
                .filter(policy -> policy.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "cascade.policy: " + name + " (expected: cost, speed or quality)"));
    }
}
