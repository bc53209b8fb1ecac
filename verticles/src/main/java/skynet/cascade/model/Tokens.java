package skynet.cascade.model;

import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** A growing list of tokens, as long as there is room and somebody waits for it. */
final class Tokens {
    private final int most;
    private final BooleanSupplier stopped;
    private int[] ids = new int[64];
    int count;

    /** As many as come. */
    Tokens() {
        this(Integer.MAX_VALUE, () -> false);
    }

    /** At most so many, until nobody waits any longer: then {@link Enough} ends the adding, however deep in a text. */
    Tokens(int most, BooleanSupplier stopped) {
        this.most = most;
        this.stopped = stopped;
    }

    void add(int id) {
        requireRoom(1);
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, 2 * count);
        }
        ids[count++] = id;
    }

    void addAll(int[] more) {
        for (int id : more) {
            add(id);
        }
    }

    /** That so many more may come. */
    void requireRoom(int more) {
        if (more > most - count || stopped.getAsBoolean()) {
            throw new Enough();
        }
    }

    int[] ids() {
        return Arrays.copyOf(ids, count);
    }

    /** No more are wanted. Without a trace: it is no failure. */
    static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Enough() {
            super("tokens: enough", null, false, false);
        }
    }
}
