package skynet.cascade.tools;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** Tells the time of this node's clock in a zone. */
final class CurrentTime implements Tool {
    private static final Parameter ZONE = Parameter.text(
                    "zone", "a time zone such as Europe/Prague, UTC or +02:00; UTC when left out", 64)
            .optional();

    private final InstantSource clock;

    CurrentTime(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return "current_time";
    }

    @Override
    public String title() {
        return "Current time";
    }

    @Override
    public String description() {
        return "Tells the date and the time now, in a time zone.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(ZONE);
    }

    @Override
    public Future<Finding> use(Arguments arguments, Asked asked) {
        ZoneId zone;
        try {
            zone = ZoneId.of(arguments.optional("zone").orElse("UTC"));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("zone: unknown (expected: such as Europe/Prague, UTC or +02:00)", e);
        }
        ZonedDateTime now = clock.instant().truncatedTo(ChronoUnit.SECONDS).atZone(zone);
        return Future.succeededFuture(Finding.ownWork(new JsonObject()
                .put("time", now.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME))
                .put("zone", zone.getId())
                .put("weekday", now.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH))
                .put("unix_seconds", now.toEpochSecond())));
    }
}
