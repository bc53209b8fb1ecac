package skynet.web;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to end when its time is over. Every {@value #LOOK_MILLIS} ms somebody looks whose time that is: every request has
 * two of these and nearly all are taken back at once, which costs less than a timer for each. Belongs to one event loop.
 */
final class Deadlines {
    static final long LOOK_MILLIS = 100;

    private final List<Deadline> open = new ArrayList<>();

    Deadlines(Vertx vertx) {
        vertx.setPeriodic(LOOK_MILLIS, tick -> look());
    }

    /** Something that ends after this time, a little later rather than earlier, unless it is taken back. */
    Deadline after(Duration time, Runnable end) {
        Deadline deadline = new Deadline(System.nanoTime() + time.toNanos(), end);
        deadline.place = open.size();
        open.add(deadline);
        return deadline;
    }

    private void look() {
        long now = System.nanoTime();
        List<Deadline> over =
                open.stream().filter(deadline -> deadline.dueNanos - now <= 0).toList();
        over.forEach(Deadline::end);
    }

    /** One of them. */
    final class Deadline {
        private static final int TAKEN_BACK = -1;

        private final long dueNanos;
        private final Runnable end;
        private int place;

        private Deadline(long dueNanos, Runnable end) {
            this.dueNanos = dueNanos;
            this.end = end;
        }

        /** From now on it ends nothing; the last one takes its place. */
        void takeBack() {
            if (place == TAKEN_BACK) {
                return;
            }
            Deadline last = open.remove(open.size() - 1);
            if (last != this) {
                open.set(place, last);
                last.place = place;
            }
            place = TAKEN_BACK;
        }

        private void end() {
            if (place != TAKEN_BACK) {
                takeBack();
                end.run();
            }
        }
    }
}
