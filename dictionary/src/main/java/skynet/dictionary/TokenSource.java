package skynet.dictionary;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads what the generator chose, as tab-separated UTF-8 text.
 *
 * <pre>
 * tokens, one line each in order of rank:
 *   canonical  primary language  language mask  sector  position of the sense  lemma  part of speech
 *   surface case  source of the sector
 * links: id  id  languages of both, such as encs
 * </pre>
 */
final class TokenSource {
    private static final int FIELDS = 9;

    private final List<String[]> rows = new ArrayList<>();

    private TokenSource() {}

    static Lexicon read(Path tokens, Path links) throws IOException {
        TokenSource source = new TokenSource();
        source.readRows(tokens);
        Lexicon lexicon = source.lexicon();
        source.attributes(lexicon);
        lexicon.links = links(links, lexicon);
        return lexicon;
    }

    private void readRows(Path tokens) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(tokens)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] row = line.split("\t", -1);
                refuse(row.length == FIELDS, "fields", row.length, "" + FIELDS);
                rows.add(row);
            }
        }
        refuse(!rows.isEmpty() && rows.size() <= TokenLayout.COUNT_MAX, "tokens", rows.size(), "1 to 1048576");
    }

    private void refuse(boolean right, String thing, Object value, String expected) {
        if (!right) {
            throw new IllegalArgumentException(
                    "token " + rows.size() + ", " + thing + ": " + value + " (expected: " + expected + ")");
        }
    }

    private Lexicon lexicon() {
        ByteArrayOutputStream text = new ByteArrayOutputStream(1 << 24);
        int[] start = new int[rows.size() + 1];
        byte[][] words = new byte[rows.size()][];
        for (int id = 0; id < words.length; id++) {
            words[id] = rows.get(id)[0].getBytes(StandardCharsets.UTF_8);
            int length = words[id].length;
            refuse(length >= 1 && length <= TokenLayout.WORD_BYTES_MAX, rows.get(id)[0], length, "1 to 64 bytes");
            text.writeBytes(words[id]);
            start[id + 1] = text.size();
        }
        refuse(text.size() <= TokenLayout.TEXT_BYTES_MAX, "text", text.size(), "at most 16 MiB");
        Integer[] sorted = new Integer[words.length];
        Arrays.setAll(sorted, id -> id);
        Arrays.parallelSort(sorted, (a, b) -> Arrays.compareUnsigned(words[a], words[b]));
        int[] byAlphabet = new int[words.length];
        for (int i = 0; i < byAlphabet.length; i++) {
            byAlphabet[i] = sorted[i];
            refuse(
                    i == 0 || !Arrays.equals(words[sorted[i]], words[sorted[i - 1]]),
                    "word",
                    rows.get(sorted[i])[0],
                    "only once");
        }
        return new Lexicon(
                text.toByteArray(),
                start,
                byAlphabet,
                new Lexicon.Names(languages(), distinct(6), distinct(7), distinct(8)));
    }

    private List<String> distinct(int field) {
        return rows.stream().map(row -> nameOf(row[field])).collect(Collectors.toCollection(TreeSet::new)).stream()
                .toList();
    }

    private static String nameOf(String field) {
        return field.isBlank() ? "-" : field.strip().replace(' ', '-');
    }

    /** Learns which bit of the mask is which language from the tokens that have one language only. */
    private List<String> languages() {
        String[] byBit = new String[TokenLayout.LANGUAGES_MAX];
        Arrays.fill(byBit, "-");
        int used = 0;
        for (String[] row : rows) {
            int mask = Integer.decode(row[2]);
            if (Integer.bitCount(mask) == 1) {
                int bit = Integer.numberOfTrailingZeros(mask);
                refuse(byBit[bit].equals("-") || byBit[bit].equals(row[1]), "language bit " + bit, row[1], byBit[bit]);
                byBit[bit] = row[1];
                used = Math.max(used, bit + 1);
            }
        }
        return List.of(byBit).subList(0, used);
    }

    private void attributes(Lexicon lexicon) {
        Map<String, Integer> ids = new HashMap<>(rows.size() * 2);
        for (int id = 0; id < rows.size(); id++) {
            ids.put(rows.get(id)[0], id);
        }
        for (int id = 0; id < rows.size(); id++) {
            String[] row = rows.get(id);
            lexicon.language[id] = (byte) lexicon.names.languages().indexOf(row[1]);
            refuse(lexicon.language[id] >= 0, row[0], row[1], "one of " + lexicon.names.languages());
            lexicon.languageMask[id] = (short) (Integer.decode(row[2]) | 1 << lexicon.language[id]);
            lexicon.sector[id] = (byte) Sector.parse(row[3]).ordinal();
            lexicon.order[id] = order(row[4]);
            lexicon.lemma[id] = ids.getOrDefault(row[5], id);
            lexicon.partOfSpeech[id] = (byte) lexicon.names.partsOfSpeech().indexOf(nameOf(row[6]));
            lexicon.surfaceCase[id] = (byte) lexicon.names.surfaceCases().indexOf(nameOf(row[7]));
            lexicon.sectorSource[id] = (byte) lexicon.names.sectorSources().indexOf(nameOf(row[8]));
        }
    }

    /** Position of the sense; the generator's largest number stands for words without one, which come last. */
    private int order(String field) {
        int order = Integer.parseInt(field);
        boolean unknown = order == Integer.MAX_VALUE;
        refuse(unknown || order >= 0 && order < PackStream.ORDER_MAX, "sense", field, "0 to 16777214 or 2147483647");
        return unknown ? PackStream.ORDER_MAX : order;
    }

    private static long[] links(Path links, Lexicon lexicon) throws IOException {
        try (var lines = Files.lines(links)) {
            return lines.mapToLong(line -> link(line, lexicon))
                    .sorted()
                    .distinct()
                    .toArray();
        }
    }

    private static long link(String line, Lexicon lexicon) {
        String[] field = line.split("\t", -1);
        int one = Integer.parseInt(field[0]);
        int other = Integer.parseInt(field[1]);
        if (one == other || Math.min(one, other) < 0 || Math.max(one, other) >= lexicon.count) {
            throw new IllegalArgumentException(
                    "link: " + line + " (expected: two different ids below " + lexicon.count + ")");
        }
        int oneLanguage = lexicon.names.languages().indexOf(field[2].substring(0, 2));
        int otherLanguage = lexicon.names.languages().indexOf(field[2].substring(2));
        if (!speaks(lexicon, one, oneLanguage) || !speaks(lexicon, other, otherLanguage)) {
            throw new IllegalArgumentException("link: " + line + " (expected: languages of the two words, as in encs)");
        }
        return Link.of(one, oneLanguage, other, otherLanguage);
    }

    private static boolean speaks(Lexicon lexicon, int id, int language) {
        return language >= 0 && (lexicon.languageMask[id] >>> language & 1) != 0;
    }
}
