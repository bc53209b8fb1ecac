package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import skynet.bus.Bus;
import skynet.bus.Chat;
import skynet.bus.Principal;
import skynet.bus.Stream;
import skynet.kit.Alarm;

/**
 * Everybody who reads an answer through this node, one sink for each, and one timer for all. At most {@value #READINGS_MAX}
 * at once, each with at most a window of {@link skynet.bus.stream.StreamSink#WINDOW_BYTES} in its socket. Lives on the event
 * loop of the front door.
 */
final class Readings {
    /** Readers at once. */
    static final int READINGS_MAX = 10_000;

    private static final long BEAT_MILLIS = Duration.ofSeconds(15).toMillis();

    private final Vertx vertx;
    private final Bus bus;
    private final Alarm alarm;
    private final Map<String, List<Reading>> byAnswer = new HashMap<>();
    private final Map<Integer, Reading> byReader = new HashMap<>();
    private int lastNumber;

    Readings(Vertx vertx, Bus bus) {
        this.vertx = vertx;
        this.bus = bus;
        this.alarm = new Alarm(vertx, InstantSource.system(), this::ring);
    }

    /** Hears what owners tell this node from now on. */
    Future<?> open() {
        vertx.setPeriodic(BEAT_MILLIS, beat -> byReader.values().forEach(Reading::beat));
        return Future.all(
                bus.hear(Stream.Frame.class, frame -> each(frame.id(), reading -> reading.frame(frame))),
                bus.hear(Stream.Started.class, started -> each(started.id(), reading -> reading.told(started))));
    }

    /** Refuses one more reader when there are too many; asked before anything is written. */
    void requireRoom() {
        if (byReader.size() >= READINGS_MAX) {
            throw new Refusal(503, "busy", "readers: too many at once", "Try again shortly.");
        }
    }

    /** A reader of an answer, after the piece that it has; it reads when it is told where. */
    Reading reading(Principal by, String id, Place place, Outlet outlet) {
        return reading(
                by, id, place, outlet, () -> bus.ask(new Chat.Recall(id, by)).map(AnswerJson::json));
    }

    /** The same of an answer to no message, whose end is told as {@code whole} tells it. */
    Reading reading(Principal by, String id, Place place, Outlet outlet, Supplier<Future<JsonObject>> whole) {
        do {
            lastNumber = lastNumber % (Stream.READINGS_PER_NODE - 1) + 1;
        } while (byReader.containsKey(Stream.reader(bus.self(), lastNumber)));
        int reader = Stream.reader(bus.self(), lastNumber);
        Reading reading = new Reading(this, by.tenant(), id, reader, place, outlet, whole);
        byReader.put(reader, reading);
        byAnswer.computeIfAbsent(id, first -> new ArrayList<>()).add(reading);
        return reading;
    }

    int count() {
        return byReader.size();
    }

    void forget(Reading reading) {
        byReader.remove(reading.reader());
        byAnswer.computeIfPresent(reading.id(), (id, all) -> {
            all.remove(reading);
            return all.isEmpty() ? null : all;
        });
    }

    Bus bus() {
        return bus;
    }

    Alarm alarm() {
        return alarm;
    }

    /** Does something later, never from within what is being done. */
    void later(Runnable work) {
        vertx.runOnContext(then -> work.run());
    }

    /** Does something after a while. */
    void after(Duration wait, Runnable work) {
        vertx.setTimer(wait.toMillis(), then -> work.run());
    }

    private void each(String id, Consumer<Reading> work) {
        List.copyOf(byAnswer.getOrDefault(id, List.of())).forEach(work);
    }

    private long ring(long now) {
        long next = Long.MAX_VALUE;
        for (Reading reading : List.copyOf(byReader.values())) {
            if (reading.due() <= now) {
                reading.tick(now);
            }
            next = Math.min(next, reading.due());
        }
        return next;
    }
}
