package skynet.dictionary.generator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Merges the languages and keeps the most frequent forms of each, in one order. A form of several languages adds up and
 * takes a place of the one in which it is most frequent. What running text attests comes before what only a dictionary
 * lists when places run out.
 */
final class Selection {

    /** Scores are compared in millionths so that rounding in the last bit cannot change the order between machines. */
    private static final double SCORE_STEPS = 1e6;

    private static final class Candidate {
        private Form form;
        private Language language;
        private double best = Double.NEGATIVE_INFINITY;
        private double sum;
        private int mask;
        private boolean attested;

        void add(Form next, Language nextLanguage) {
            double zipf = next.zipf() + nextLanguage.weight();
            sum += Math.pow(10, zipf);
            mask |= nextLanguage.bit();
            attested |= next.isAttested();
            if (zipf > best) {
                best = zipf;
                form = next;
                language = nextLanguage;
            }
        }

        long score() {
            return Math.round(Math.log10(sum) * SCORE_STEPS);
        }
    }

    private static final Comparator<Map.Entry<Candidate, Long>> ORDER = Comparator.comparing(
                    (Map.Entry<Candidate, Long> each) -> -each.getValue())
            .thenComparing(each -> each.getKey().form.canonical().length())
            .thenComparing(each -> each.getKey().form.canonical());

    private final List<Token> tokens = new ArrayList<>();
    private final Map<String, Token> byCanonical = new HashMap<>(1 << 21);
    private int candidateCount;

    static Selection of(Lexica lexica, int count) {
        Map<String, Candidate> candidates = new HashMap<>(1 << 22);
        for (Language language : Language.values()) {
            for (Form form : lexica.of(language).deserving()) {
                candidates
                        .computeIfAbsent(form.canonical(), key -> new Candidate())
                        .add(form, language);
            }
        }
        Map<Language, List<Map.Entry<Candidate, Long>>> scored = new EnumMap<>(Language.class);
        candidates.values().forEach(candidate -> scored.computeIfAbsent(candidate.language, key -> new ArrayList<>())
                .add(Map.entry(candidate, candidate.score())));
        List<Map.Entry<Candidate, Long>> kept = new ArrayList<>(count);
        scored.forEach((language, own) -> kept.addAll(best(language, own)));
        if (kept.size() != count) {
            throw new IllegalStateException("places of all languages: " + kept.size() + " (expected: " + count + ")");
        }
        kept.sort(ORDER);
        Selection selection = new Selection();
        selection.candidateCount = candidates.size();
        kept.forEach(each -> selection.keep(each.getKey()));
        return selection;
    }

    private static List<Map.Entry<Candidate, Long>> best(Language language, List<Map.Entry<Candidate, Long>> own) {
        if (own.size() < language.places()) {
            throw new IllegalStateException(
                    language + " candidates: " + own.size() + " (expected: at least " + language.places() + ")");
        }
        own.sort(Comparator.comparing((Map.Entry<Candidate, Long> each) -> !each.getKey().attested)
                .thenComparing(ORDER));
        return own.subList(0, language.places());
    }

    private void keep(Candidate chosen) {
        Token token = new Token(tokens.size(), chosen.form, chosen.language, chosen.mask, chosen.attested);
        tokens.add(token);
        byCanonical.put(token.canonical(), token);
    }

    List<Token> tokens() {
        return tokens;
    }

    Optional<Token> find(String canonical) {
        return Optional.ofNullable(byCanonical.get(canonical));
    }

    int candidateCount() {
        return candidateCount;
    }
}
