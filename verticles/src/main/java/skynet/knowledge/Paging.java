package skynet.knowledge;

import java.util.List;

/**
 * On which pages a passage stands.
 *
 * @param first the page on which it begins, from 1; 0 in a document without pages
 * @param turns where in the document each further page begins, as far as it begins within the passage
 */
record Paging(int first, List<Integer> turns) {

    /** Of a document without pages. */
    static final Paging NONE = new Paging(0, List.of());

    Paging {
        turns = List.copyOf(turns);
        if (first < 0 || (first == 0 && !turns.isEmpty())) {
            throw new IllegalArgumentException("page: " + first + " (expected: 1 or more, or 0 and no turns)");
        }
    }

    /** The part that concerns a chunk, of all places where pages of a document begin. */
    static Paging of(List<Integer> starts, Chunk chunk) {
        if (starts.isEmpty()) return NONE;
        int first = 1;
        while (first < starts.size() && starts.get(first) <= chunk.start()) first++;
        int end = first;
        while (end < starts.size() && starts.get(end) < chunk.end()) end++;
        return new Paging(first, starts.subList(first, end));
    }

    /** The page of a place in the document that lies within the passage. */
    int at(int place) {
        if (first == 0) return 0;
        int page = first;
        for (int turn : turns) {
            if (turn <= place) page++;
        }
        return page;
    }
}
