package skynet.dictionary;

import java.util.Arrays;
import java.util.List;

/** What is known about every token before it gets its place in a table: plain arrays, indexed by id, filled once. */
final class Lexicon {
    final int count;

    /** All words in UTF-8, in order of ids; word {@code id} lies from {@code start[id]} to {@code start[id + 1]}. */
    final byte[] text;

    final int[] start;

    /** Place of each word in the alphabet of unsigned bytes, and the words in that order. */
    final int[] alphabet;

    final int[] byAlphabet;

    final byte[] sector;
    final int[] order;
    final int[] lemma;
    final byte[] language;
    final short[] languageMask;
    final byte[] partOfSpeech;
    final byte[] surfaceCase;
    final byte[] sectorSource;
    final Names names;

    /** Each link once, as {@link Link} packs it, ascending. */
    long[] links = {};

    Lexicon(byte[] text, int[] start, int[] byAlphabet, Names names) {
        this.count = start.length - 1;
        this.text = text;
        this.start = start;
        this.byAlphabet = byAlphabet;
        this.alphabet = inverse(byAlphabet);
        this.sector = new byte[count];
        this.order = new int[count];
        this.lemma = new int[count];
        this.language = new byte[count];
        this.languageMask = new short[count];
        this.partOfSpeech = new byte[count];
        this.surfaceCase = new byte[count];
        this.sectorSource = new byte[count];
        this.names = names;
    }

    /** Names behind the small numbers: the position in a list is the number. A language's position is its mask bit. */
    record Names(
            List<String> languages, List<String> partsOfSpeech, List<String> surfaceCases, List<String> sectorSources) {
        Names {
            languages = bounded("languages", languages, TokenLayout.LANGUAGES_MAX);
            partsOfSpeech = bounded("parts of speech", partsOfSpeech, TokenLayout.PARTS_OF_SPEECH_MAX);
            surfaceCases = bounded("surface cases", surfaceCases, TokenLayout.SURFACE_CASES_MAX);
            sectorSources = bounded("sector sources", sectorSources, TokenLayout.SECTOR_SOURCES_MAX);
        }

        private static List<String> bounded(String thing, List<String> names, int most) {
            if (names.size() > most) {
                throw new IllegalArgumentException(thing + ": " + names + " (expected: at most " + most + ")");
            }
            return List.copyOf(names);
        }

        String lines() {
            return String.join(" ", languages)
                    + "\n"
                    + String.join(" ", partsOfSpeech)
                    + "\n"
                    + String.join(" ", surfaceCases)
                    + "\n"
                    + String.join(" ", sectorSources);
        }

        static Names parse(String lines) {
            String[] line = lines.split("\n", -1);
            if (line.length != 4) {
                throw new IllegalArgumentException("names: " + line.length + " lines (expected: 4)");
            }
            return new Names(words(line[0]), words(line[1]), words(line[2]), words(line[3]));
        }

        private static List<String> words(String line) {
            return line.isEmpty() ? List.of() : List.of(line.split(" "));
        }
    }

    int length(int id) {
        return start[id + 1] - start[id];
    }

    /** Number of code points in a stretch of UTF-8: of bytes that do not continue a character. */
    static int letters(byte[] utf8, int from, int to) {
        int letters = 0;
        for (int i = from; i < to; i++) {
            letters += (utf8[i] & 0xC0) == 0x80 ? 0 : 1;
        }
        return letters;
    }

    /** Finds a word by halving the alphabet. */
    int find(byte[] word, int from, int to) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int id = byAlphabet[middle];
            int compared = Arrays.compareUnsigned(text, start[id], start[id + 1], word, from, to);
            if (compared == 0) {
                return id;
            }
            if (compared < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    static int[] inverse(int[] permutation) {
        int[] inverse = new int[permutation.length];
        for (int i = 0; i < permutation.length; i++) {
            inverse[permutation[i]] = i;
        }
        return inverse;
    }
}
