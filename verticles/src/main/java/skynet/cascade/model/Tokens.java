package skynet.cascade.model;

import java.util.Arrays;

/** A growing list of tokens. */
final class Tokens {
    private int[] ids = new int[64];
    int count;

    void add(int id) {
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

    int[] ids() {
        return Arrays.copyOf(ids, count);
    }
}
