package skynet.knowledge;

import java.time.Duration;

/**
 * How quickly models change.
 *
 * @param busy how often it is looked while a model reads
 * @param idle how often it is looked otherwise
 * @param following after what time every node has followed a switch; old vectors go no sooner
 * @param turn how long one node reads before another one may; it says again that it does
 * @param again after what time a model that failed is tried again
 */
public record Rhythm(Duration busy, Duration idle, Duration following, Duration turn, Duration again) {
    static final Rhythm STANDARD = new Rhythm(
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(20),
            Duration.ofSeconds(15));
}
