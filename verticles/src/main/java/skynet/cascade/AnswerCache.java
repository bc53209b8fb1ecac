package skynet.cascade;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import skynet.bus.Cascade.Answer;

/**
 * Level 0: the answers given before, exact and per tenant. At most {@value #ENTRIES_MAX} entries; the least recently used
 * leaves first. Not safe for several threads: it lives on one event loop.
 *
 * <p>Any change of the documents empties it, for a new document may hold a better answer than the old ones. The epoch
 * tells an answer that was computed before such a change from one after it.
 */
final class AnswerCache {
    static final int ENTRIES_MAX = 10_000;

    private final Map<Key, Answer> answers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Answer> eldest) {
            return size() > ENTRIES_MAX;
        }
    };
    private long epoch;

    Optional<Answer> find(String tenant, String question) {
        return Optional.ofNullable(answers.get(Key.of(tenant, question)));
    }

    long epoch() {
        return epoch;
    }

    /** Keeps an answer, unless the documents have changed since the epoch in which it was looked for. */
    void keep(String tenant, String question, Answer answer, long since) {
        if (since == epoch) {
            answers.put(Key.of(tenant, question), answer);
        }
    }

    void clear() {
        epoch++;
        answers.clear();
    }

    int size() {
        return answers.size();
    }

    /** Questions that differ only in case, spacing or closing punctuation are the same question. */
    private record Key(String tenant, String question) {
        private static final String CLOSING_MARKS = "?!. ";

        static Key of(String tenant, String question) {
            String plain = question.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
            int end = plain.length();
            while (end > 0 && CLOSING_MARKS.indexOf(plain.charAt(end - 1)) >= 0) {
                end--;
            }
            return new Key(tenant, plain.substring(0, end));
        }
    }
}
