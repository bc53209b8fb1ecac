package skynet.status;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import skynet.bus.Bus;
import skynet.bus.Status;
import skynet.kit.Room;
import skynet.kit.Vitals;

/**
 * Looks at the node's vital signs every {@value #LOOK_MILLIS} ms and keeps a diary of them, which is written down once a
 * minute. It tells the diary from memory, so that it can also tell that the database does not answer.
 */
public final class StatusVerticle extends Room {
    static final long LOOK_MILLIS = 15_000;

    private static final int LOOKS_PER_SAVING = 4;

    private final StatusStore store;
    private final Vitals vitals;
    private final InstantSource clock;
    private final int node;
    private final String release;
    private final Diary diary = new Diary();
    private final Paces paces = new Paces();
    private Instant since;
    private int looks;
    private boolean looking;

    public StatusVerticle(Bus bus, StatusStore store, Vitals vitals, InstantSource clock, int node, String release) {
        super(bus);
        this.store = store;
        this.vitals = vitals;
        this.clock = clock;
        this.node = node;
        this.release = release;
    }

    @Override
    public Future<?> start() {
        since = clock.instant();
        vertx.setPeriodic(LOOK_MILLIS, LOOK_MILLIS, timer -> watch());
        return store.letGo(today())
                .compose(gone -> store.days(today()))
                .onSuccess(days -> days.forEach((part, list) -> list.forEach(day -> diary.recall(part, day))))
                .compose(recalled -> examine())
                .compose(noted -> bus.serve(Status.Look.class, look -> look()));
    }

    @Override
    public Future<?> stop() {
        return save();
    }

    private void watch() {
        if (looking) {
            return;
        }
        looking = true;
        examine().onComplete(done -> {
            looking = false;
            if (++looks % LOOKS_PER_SAVING == 0) {
                save();
            }
        });
    }

    private Future<Map<String, JsonObject>> examine() {
        return vitals.examine().map(report -> {
            Map<String, Boolean> seen = report.checks().entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, check -> up(check.getValue())));
            Instant now = clock.instant();
            diary.note(now, seen);
            report.checks().forEach((part, check) -> paces.note(now, part, micros(check)));
            return report.checks();
        });
    }

    private Future<Void> save() {
        Map<String, List<Status.Day>> changed = diary.changed();
        return changed.isEmpty()
                ? Future.succeededFuture()
                : store.keep(changed).recover(failure -> {
                    diary.unsaved(changed);
                    System.getLogger("skynet.status")
                            .log(System.Logger.Level.WARNING, "diary: not written down now: {0}", failure.getMessage());
                    return Future.succeededFuture();
                });
    }

    private Future<Status.Seen> look() {
        return examine()
                .map(checks -> new Status.Seen(
                        node,
                        release,
                        since.getEpochSecond(),
                        clock.instant().getEpochSecond(),
                        vitals.draining(),
                        new TreeMap<>(checks)
                                .entrySet().stream()
                                        .map(check -> part(check.getKey(), check.getValue()))
                                        .toList()));
    }

    private Status.Part part(String name, JsonObject check) {
        String cause =
                up(check) ? "" : check.getJsonObject("data", new JsonObject()).getString("cause", "");
        return new Status.Part(
                name, up(check), cause, diary.days(name), micros(check), paces.of(clock.instant(), name));
    }

    private int today() {
        return (int) Math.floorDiv(clock.instant().getEpochSecond(), (long) Diary.DAY_SECONDS);
    }

    private static int micros(JsonObject check) {
        return (int) Math.round(check.getDouble("ms") * 1_000);
    }

    private static boolean up(JsonObject check) {
        return "UP".equals(check.getString("status"));
    }
}
