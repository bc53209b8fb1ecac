package skynet.cascade;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.LongStream;
import skynet.bus.Cascade.Segment;
import skynet.bus.Cascade.Step;

/** The figures of the cascade: what came of each level that was asked, and how long its part of an answer took. */
final class Figures implements Diary {
    private static final Duration[] BOUNDS = LongStream.of(
                    5, 10, 25, 50, 100, 200, 300, 500, 1_000, 1_500, 2_000, 5_000, 10_000, 30_000, 60_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;

    Figures(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void note(Entry entry) {
        entry.route().forEach(this::count);
        entry.segments().forEach(this::time);
    }

    private void count(Step step) {
        Counter.builder("skynet_cascade_requests")
                .description("Questions that a level was asked, by what came of it.")
                .tags(
                        "level",
                        step.level().name(),
                        "outcome",
                        step.outcome().name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
    }

    private void time(Segment segment) {
        Timer.builder("skynet_cascade_duration")
                .description("How long a level took for its part of an answer.")
                .tags("level", segment.level().name())
                .serviceLevelObjectives(BOUNDS)
                .register(registry)
                .record(Duration.ofMillis(segment.millis()));
    }
}
