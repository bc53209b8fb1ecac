package skynet.cascade;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import skynet.bus.Cascade.Answer;
import skynet.bus.Cascade.Level;

/**
 * Level 0: the answers given before, each tenant's on a shelf of its own. An answer is found by the text of its question, or
 * by its {@link Wording}. At most {@value #ENTRIES_MAX} answers and {@value #CHARS_MAX} characters; the least recently used
 * of the fullest shelf leaves first, so that nobody pays for another. Not safe for several threads: it lives on one event loop.
 *
 * <p>An answer goes when a document that it cites changes, and when a document has been learned that holds half of the words
 * of its question and so may answer it better. The epoch tells an answer that was computed before a change from one after it.
 */
final class AnswerCache {
    static final int ENTRIES_MAX = 10_000;

    /** Characters of questions, answers and passages; two bytes each. */
    static final int CHARS_MAX = 32 << 20;

    /** Longer answers are not kept. */
    static final int ANSWER_CHARS_MAX = 64 << 10;

    /** An answer in the documents' own words is as good as they are. */
    static final Duration CITED_FOR = Duration.ofDays(1);

    /** What a model said without a document may be out of date, and nobody tells. */
    static final Duration UNCITED_FOR = Duration.ofHours(1);

    private static final int CHANGES_MAX = 1_000;

    private final Map<String, Shelf> shelves = new HashMap<>();
    /** When a document changed here, until this node's index has taken the change over. */
    private final Map<String, Long> changes = new HashMap<>();

    private long epoch;
    private long chars;
    private int size;

    /** What is kept of one tenant. */
    private static final class Shelf {
        private final Map<String, Kept> byText = new LinkedHashMap<>(16, 0.75f, true);
        private final Map<String, Kept> bySense = new HashMap<>();
    }

    /**
     * One answer.
     *
     * @param question as it was asked
     * @param key its text without what makes no difference, and what was said before it
     * @param sense the same by its {@link Wording}; empty when it has none
     * @param words what the question is about
     * @param message the one that was answered; empty when it had no id
     */
    record Kept(
            String question,
            String key,
            String sense,
            Set<String> words,
            Answer answer,
            Set<String> documents,
            long sinceMillis,
            long untilMillis,
            String message) {
        int chars() {
            return question.length()
                    + 2 * key.length()
                    + answer.text().length()
                    + answer.citations().stream()
                            .mapToInt(citation -> citation.text().length()
                                    + citation.document().length()
                                    + citation.title().length())
                            .sum();
        }
    }

    /** The answer to the very question, or to one that differs in case, spacing and closing marks. */
    Optional<Kept> find(String tenant, String question, String before, Level least, long nowMillis) {
        return find(tenant, shelf -> shelf.byText.get(key(question, before)), least, nowMillis);
    }

    /** The answer to a question that means the same by its wording. */
    Optional<Kept> findAlike(String tenant, String question, String before, Level least, long nowMillis) {
        String sense = sense(Wording.of(question), before);
        return sense.isEmpty() ? Optional.empty() : find(tenant, shelf -> shelf.bySense.get(sense), least, nowMillis);
    }

    long epoch() {
        return epoch;
    }

    /**
     * Keeps an answer, unless a document has changed since the epoch in which it was looked for.
     *
     * @param given documents with which it goes, beside those that it cites
     */
    void keep(
            String tenant,
            String question,
            String before,
            String message,
            Answer answer,
            Set<String> given,
            long since,
            long nowMillis) {
        if (since != epoch || answer.text().length() > ANSWER_CHARS_MAX) {
            return;
        }
        Wording wording = Wording.of(question);
        Set<String> documents = new HashSet<>(given);
        answer.citations().forEach(citation -> documents.add(citation.document()));
        Duration lives = answer.citations().isEmpty() ? UNCITED_FOR : CITED_FOR;
        Kept kept = new Kept(
                question,
                key(question, before),
                sense(wording, before),
                wording.words(),
                answer,
                Set.copyOf(documents),
                nowMillis,
                nowMillis + lives.toMillis(),
                message);
        Shelf shelf = shelves.computeIfAbsent(tenant, name -> new Shelf());
        Optional.ofNullable(shelf.byText.get(kept.key())).ifPresent(former -> remove(shelf, former));
        shelf.byText.put(kept.key(), kept);
        if (!kept.sense().isEmpty()) {
            shelf.bySense.put(kept.sense(), kept);
        }
        chars += kept.chars();
        size++;
        while (size > ENTRIES_MAX || chars > CHARS_MAX) {
            dropEldest();
        }
    }

    /** A document has changed, or is gone: what cites it goes. The empty tenant's documents are everybody's. */
    void changed(String document, String tenant, long nowMillis) {
        epoch++;
        removeIf(tenant, kept -> kept.documents().contains(document));
        if (changes.size() == CHANGES_MAX) {
            removeIf("", kept -> !kept.documents().isEmpty());
            changes.clear();
        }
        changes.put(document, nowMillis);
    }

    /** This node's index has taken a change over: what was found in it meanwhile goes. */
    void followed(String document) {
        epoch++;
        Long since = changes.remove(document);
        long from = since == null ? Long.MIN_VALUE : since;
        removeIf("", kept -> !kept.documents().isEmpty() && kept.sinceMillis() >= from);
    }

    /** A text that was learned may answer a question better of whose words it holds half or more. */
    void learned(String text, String tenant) {
        epoch++;
        Set<String> words = Wording.words(text);
        removeIf(tenant, kept -> {
            long held = kept.words().stream().filter(words::contains).count();
            return 2 * held >= kept.words().size();
        });
    }

    /** Messages are gone: what was said to them goes, whoever else has heard it since. */
    void forget(String tenant, Set<String> messages) {
        removeIf(tenant, kept -> messages.contains(kept.message()));
    }

    /** Lets go of all that a tenant's documents may have changed; of everybody's for the empty tenant. */
    void clear(String tenant) {
        epoch++;
        removeIf(tenant, kept -> true);
    }

    int size() {
        return size;
    }

    long chars() {
        return chars;
    }

    private Optional<Kept> find(String tenant, Function<Shelf, Kept> look, Level least, long nowMillis) {
        Shelf shelf = shelves.get(tenant);
        Kept kept = shelf == null ? null : look.apply(shelf);
        if (kept == null) {
            return Optional.empty();
        }
        if (kept.untilMillis() <= nowMillis) {
            remove(shelf, kept);
            return Optional.empty();
        }
        return kept.answer().level().ordinal() < least.ordinal() ? Optional.empty() : Optional.of(kept);
    }

    private void removeIf(String tenant, Predicate<Kept> isOld) {
        List<Shelf> those = tenant.isEmpty()
                ? new ArrayList<>(shelves.values())
                : Optional.ofNullable(shelves.get(tenant)).map(List::of).orElse(List.of());
        for (Shelf shelf : those) {
            for (Kept kept : new ArrayList<>(shelf.byText.values())) {
                if (isOld.test(kept)) {
                    remove(shelf, kept);
                }
            }
        }
        shelves.values().removeIf(shelf -> shelf.byText.isEmpty());
    }

    private void remove(Shelf shelf, Kept kept) {
        if (shelf.byText.remove(kept.key(), kept)) {
            shelf.bySense.remove(kept.sense(), kept);
            chars -= kept.chars();
            size--;
        }
    }

    private void dropEldest() {
        Shelf fullest = null;
        for (Shelf shelf : shelves.values()) {
            if (fullest == null || shelf.byText.size() > fullest.byText.size()) {
                fullest = shelf;
            }
        }
        if (fullest != null) {
            Iterator<Kept> eldest = fullest.byText.values().iterator();
            remove(fullest, eldest.next());
        }
    }

    /** Questions that differ only in case, spacing or closing punctuation are the same question. */
    private static String key(String question, String before) {
        String plain = question.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
        int end = plain.length();
        while (end > 0 && "?!. ".indexOf(plain.charAt(end - 1)) >= 0 && !isFactorial(plain, end - 1)) {
            end--;
        }
        return plain.substring(0, end) + '\0' + before;
    }

    private static String sense(Wording wording, String before) {
        return wording.sense().isEmpty() ? "" : wording.sense() + '\0' + before;
    }

    private static boolean isFactorial(String text, int at) {
        return text.charAt(at) == '!'
                && at > 0
                && (Character.isDigit(text.charAt(at - 1)) || text.charAt(at - 1) == ')');
    }
}
