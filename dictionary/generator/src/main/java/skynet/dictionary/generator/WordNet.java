package skynet.dictionary.generator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Princeton WordNet: which senses a word has, to which sector each belongs and where it stands in the tree of
 * meanings. The position is the rank in a depth-first walk down the hyponyms, so near numbers mean near things.
 */
final class WordNet {

    private static final String FOLDER = "/net/sf/extjwnl/data/wordnet/wn31/";
    private static final int UNPLACED = -1;
    private static final long NONE = -1;

    private enum Part {
        NOUN("noun", PartOfSpeech.NOUN, "1"),
        VERB("verb", PartOfSpeech.VERB, "2"),
        ADJECTIVE("adj", PartOfSpeech.ADJECTIVE, "35"),
        ADVERB("adv", PartOfSpeech.ADVERB, "4");

        private final String file;
        private final PartOfSpeech partOfSpeech;
        private final String senseDigits;

        Part(String file, PartOfSpeech partOfSpeech, String senseDigits) {
            this.file = file;
            this.partOfSpeech = partOfSpeech;
            this.senseDigits = senseDigits;
        }

        long key(String offset) {
            return (long) ordinal() << 32 | Long.parseLong(offset);
        }
    }

    /** One sense of a word: its part of speech, sector and place in the tree. */
    record Sense(PartOfSpeech partOfSpeech, Sector sector, int order) {}

    /** The senses of a word within one part of speech, most frequent first, and how often a corpus tagged them. */
    record Entry(PartOfSpeech partOfSpeech, List<Sense> senses, int tagged) {}

    private static final class Synset {
        private final Part part;
        private final Sector sector;
        private final List<Long> narrower = new ArrayList<>();
        private boolean top = true;
        private long pertainsTo = NONE;
        private int order = UNPLACED;

        Synset(Part part, Sector sector) {
            this.part = part;
            this.sector = sector;
        }
    }

    private final TreeMap<Long, Synset> synsets = new TreeMap<>();
    private final Map<String, List<Entry>> entries = new HashMap<>(1 << 18);
    private int placed;

    static WordNet read() throws IOException {
        WordNet wordNet = new WordNet();
        wordNet.readSynsets();
        wordNet.place();
        wordNet.readIndex(tagCounts());
        return wordNet;
    }

    boolean knows(String lemma) {
        return entries.containsKey(lemma);
    }

    Set<String> lemmas() {
        return new TreeSet<>(entries.keySet());
    }

    List<Entry> entries(String lemma) {
        return entries.getOrDefault(lemma, List.of());
    }

    Optional<Entry> entry(String lemma, PartOfSpeech partOfSpeech) {
        return entries(lemma).stream()
                .filter(entry -> entry.partOfSpeech() == partOfSpeech)
                .findFirst();
    }

    /** The part of speech a reader most likely means: most tagged, then most senses, then nouns first. */
    Optional<Entry> likeliest(String lemma) {
        return entries(lemma).stream()
                .max(Comparator.comparingInt((Entry entry) ->
                                entry.tagged() * 8 + entry.senses().size() * 2)
                        .thenComparing(entry -> -entry.partOfSpeech().ordinal()));
    }

    private void readSynsets() throws IOException {
        List<long[]> broader = new ArrayList<>();
        for (Part part : Part.values()) {
            for (String line : new Resource(FOLDER + "data." + part.file).lines(StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("  ")) {
                    continue;
                }
                String[] fields = line.substring(0, line.indexOf('|')).split(" ");
                long key = part.key(fields[0]);
                Synset synset = new Synset(part, Sector.ofLexicographerFile(Integer.parseInt(fields[1])));
                synsets.put(key, synset);
                int field = 4 + 2 * Integer.parseInt(fields[3], 16);
                int pointers = Integer.parseInt(fields[field++]);
                for (int i = 0; i < pointers; i++, field += 4) {
                    String kind = fields[field];
                    if (kind.equals("@") || kind.equals("@i")) {
                        synset.top = false;
                        broader.add(new long[] {part.key(fields[field + 1]), key});
                    } else if (part == Part.ADVERB && kind.equals("\\")) {
                        synset.pertainsTo = Part.ADJECTIVE.key(fields[field + 1]);
                    }
                }
            }
        }
        for (long[] pair : broader) {
            synsets.get(pair[0]).narrower.add(pair[1]);
        }
    }

    private void place() {
        for (Map.Entry<Long, Synset> each : synsets.entrySet()) {
            if (each.getValue().top && each.getValue().part != Part.ADVERB) {
                placeTree(each.getKey());
            }
        }
        for (Synset synset : synsets.values()) {
            if (synset.order == UNPLACED) {
                Synset adjective = synsets.get(synset.pertainsTo);
                synset.order = adjective == null ? placed++ : adjective.order;
            }
        }
    }

    private void placeTree(long root) {
        Deque<Long> open = new ArrayDeque<>();
        open.push(root);
        while (!open.isEmpty()) {
            Synset synset = synsets.get(open.pop());
            if (synset.order == UNPLACED) {
                synset.order = placed++;
                for (int i = synset.narrower.size() - 1; i >= 0; i--) {
                    open.push(synset.narrower.get(i));
                }
            }
        }
    }

    private static Map<String, Integer> tagCounts() throws IOException {
        Map<String, Integer> counts = new HashMap<>();
        for (String line : new Resource(FOLDER + "cntlist").lines(StandardCharsets.ISO_8859_1)) {
            String[] fields = line.split(" ");
            if (fields.length >= 3) {
                int percent = fields[1].indexOf('%');
                counts.merge(fields[1].substring(0, percent + 2), Integer.parseInt(fields[0]), Integer::sum);
            }
        }
        return counts;
    }

    private void readIndex(Map<String, Integer> tagCounts) throws IOException {
        for (Part part : Part.values()) {
            for (String line : new Resource(FOLDER + "index." + part.file).lines(StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("  ")) {
                    continue;
                }
                String[] fields = line.strip().split(" ");
                int senseCount = Integer.parseInt(fields[2]);
                int first = 6 + Integer.parseInt(fields[3]);
                List<Sense> senses = new ArrayList<>(senseCount);
                for (int i = 0; i < senseCount; i++) {
                    Synset synset = synsets.get(part.key(fields[first + i]));
                    senses.add(new Sense(part.partOfSpeech, synset.sector, synset.order));
                }
                int tagged = part.senseDigits
                        .chars()
                        .map(digit -> tagCounts.getOrDefault(fields[0] + "%" + (char) digit, 0))
                        .sum();
                entries.computeIfAbsent(fields[0].replace('_', ' '), lemma -> new ArrayList<>(2))
                        .add(new Entry(part.partOfSpeech, List.copyOf(senses), tagged));
            }
        }
    }
}
