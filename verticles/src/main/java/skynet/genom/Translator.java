package skynet.genom;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import skynet.bus.Genom;
import skynet.dictionary.CoordinateTable;

/**
 * Finds ranked word candidates in another language. It translates words, not sentences.
 *
 * <p>A candidate is reached over a link of the word itself ({@code direct}), of its lemma ({@code lemma}), or over a
 * word of a third language ({@code pivot:de}), each less trusted than the one before. Pivots are tried only where the
 * shorter ways lead to nothing that is likely, and gain trust from every further path.
 *
 * <p>One spelling may be a word of several languages (a, die, chat); a link says for which of them it was made, so
 * {@code chat} translates {@code cat} into French and nothing into German. Within a way, words come first that share links with the
 * source (both know the same third word), are the same part of speech, about as frequent, and lie in the same sector.
 * Not safe for several threads at once.
 */
public final class Translator {
    /** Most candidates of one word. */
    public static final int CANDIDATES_MAX = 8;

    /** Most links followed from one word, so that no word costs much more than others. */
    private static final int LINKS_MAX = 48;

    private static final double DIRECT = 0.9;
    private static final double LEMMA = 0.75;
    private static final double PIVOT = 0.45;
    private static final double PATH_GAIN = 0.08;
    private static final double OTHER_SECTOR = 0.9;
    private static final double OTHER_LANGUAGE = 0.7;
    private static final double LIKELY = 0.5;
    private static final double OTHER_PART_OF_SPEECH = 0.75;
    private static final double PER_DOUBLING = 0.03;
    private static final double DOUBLINGS_MAX = 8;
    private static final int RANK_FLOOR = 64;
    private static final double PIVOT_MAX = 0.8;
    private static final double NO_SHARED_LINK = 0.7;
    private static final double SHARED_LINKS_ENOUGH = 4;
    private static final double OTHER_SHAPE = 0.8;
    private static final double LATER = 0.06;

    private final CoordinateTable table;
    private final Encoder encoder;

    /** A translator over an open table. */
    public Translator(CoordinateTable table) {
        this.table = table;
        this.encoder = new Encoder(table);
    }

    /**
     * Every word of a text with its candidates; none means untranslated. Marks and spaces are left out.
     *
     * @throws IllegalArgumentException when the target is no language of the dictionary
     */
    public List<Genom.Word> translate(String text, String target) {
        int bit = table.languages().indexOf(target);
        if (bit < 0) {
            throw new IllegalArgumentException("target: " + target + " (expected: one of " + table.languages() + ")");
        }
        int[] codes = encoder.encode(text);
        List<Genom.Word> words = new ArrayList<>();
        for (int at = 0; at < codes.length; at += Codes.words(codes[at])) {
            if (Codes.isToken(codes[at])) {
                token(codes[at], bit, words);
            } else if (Codes.isRaw(codes[at])) {
                String raw = new String(Tokens.bytes(codes, at), StandardCharsets.UTF_8);
                if (raw.codePoints().anyMatch(Character::isLetter)) {
                    words.add(new Genom.Word(raw, List.of()));
                }
            }
        }
        return words;
    }

    private void token(int code, int bit, List<Genom.Word> words) {
        int id = Codes.id(code);
        List<Genom.Candidate> found = candidates(id, bit);
        String canonical = table.canonical(id);
        if (found.isEmpty() && canonical.indexOf(' ') > 0) {
            for (String part : canonical.split(" ")) {
                int partId = table.findWord(part);
                words.add(new Genom.Word(part, partId < 0 ? List.of() : candidates(partId, bit)));
            }
            return;
        }
        words.add(new Genom.Word(canonical, found));
    }

    private List<Genom.Candidate> candidates(int id, int bit) {
        Map<Integer, Scored> found = new HashMap<>();
        int lemma = table.lemma(id);
        linked(id, id, bit, DIRECT, "direct", found);
        if (lemma != id) {
            linked(lemma, id, bit, LEMMA, "lemma", found);
        }
        if (found.values().stream().noneMatch(scored -> scored.trust >= LIKELY)) {
            pivot(id, id, bit, found);
            if (lemma != id) {
                pivot(lemma, id, bit, found);
            }
        }
        return ranked(found);
    }

    private void linked(int from, int origin, int bit, double trust, String via, Map<Integer, Scored> found) {
        int[] ends = table.translations(from, bit);
        for (int index = 0; index < Math.min(ends.length, LINKS_MAX); index++) {
            if (ends[index] != origin) {
                offer(found, ends[index], trust * trust(origin, ends[index], bit), via);
            }
        }
    }

    private void pivot(int from, int origin, int bit, Map<Integer, Scored> found) {
        for (int third = 0; third < table.languages().size(); third++) {
            if (third != bit) {
                pivot(from, origin, third, bit, found);
            }
        }
    }

    private void pivot(int from, int origin, int third, int bit, Map<Integer, Scored> found) {
        int[] middles = table.translations(from, third);
        for (int index = 0; index < Math.min(middles.length, LINKS_MAX); index++) {
            int[] ends = table.translations(middles[index], third, bit);
            for (int end = 0; end < Math.min(ends.length, LINKS_MAX); end++) {
                if (ends[end] != origin) {
                    Scored before = found.get(ends[end]);
                    double trust = PIVOT * trust(origin, ends[end], bit);
                    found.put(
                            ends[end],
                            before == null
                                    ? new Scored(
                                            ends[end],
                                            trust,
                                            "pivot:" + table.languages().get(third))
                                    : new Scored(ends[end], before.trust + PATH_GAIN, before.via));
                }
            }
        }
    }

    private static void offer(Map<Integer, Scored> found, int id, double trust, String via) {
        Scored before = found.get(id);
        if (before == null || before.trust < trust) {
            found.put(id, new Scored(id, trust, via));
        }
    }

    private double trust(int from, int to, int bit) {
        double sector = table.sector(from) == table.sector(to) ? 1 : OTHER_SECTOR;
        double language = table.language(to).equals(table.languages().get(bit)) ? 1 : OTHER_LANGUAGE;
        double shape =
                table.canonical(from).indexOf(' ') < 0 == table.canonical(to).indexOf(' ') < 0 ? 1 : OTHER_SHAPE;
        double shared = Math.min(1, shared(table.links(from), table.links(to)) / SHARED_LINKS_ENOUGH);
        double kind = table.partOfSpeech(from).equals(table.partOfSpeech(to)) ? 1 : OTHER_PART_OF_SPEECH;
        double doublings = Math.abs(Math.log((from + RANK_FLOOR) / (double) (to + RANK_FLOOR))) / Math.log(2);
        double frequency = 1 - PER_DOUBLING * Math.min(DOUBLINGS_MAX, doublings);
        return sector * language * shape * kind * frequency * (NO_SHARED_LINK + (1 - NO_SHARED_LINK) * shared);
    }

    /** How many ids two ascending lists have in common. */
    private static int shared(int[] first, int[] second) {
        int shared = 0;
        for (int left = 0, right = 0; left < first.length && right < second.length; ) {
            int order = Integer.compare(first[left], second[right]);
            shared += order == 0 ? 1 : 0;
            left += order <= 0 ? 1 : 0;
            right += order >= 0 ? 1 : 0;
        }
        return shared;
    }

    private List<Genom.Candidate> ranked(Map<Integer, Scored> found) {
        List<Scored> best = found.values().stream()
                .sorted(Comparator.comparingDouble((Scored scored) -> -scored.trust)
                        .thenComparingInt(Scored::id))
                .limit(CANDIDATES_MAX)
                .toList();
        List<Genom.Candidate> candidates = new ArrayList<>();
        for (Scored scored : best) {
            double trust = scored.via.startsWith("pivot") ? Math.min(PIVOT_MAX, scored.trust) : scored.trust;
            double confidence = Math.round(100 * trust / (1 + LATER * candidates.size())) / 100.0;
            candidates.add(new Genom.Candidate(table.canonical(scored.id), scored.via, confidence));
        }
        return candidates;
    }

    private record Scored(int id, double trust, String via) {}
}
