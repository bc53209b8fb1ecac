package skynet.dictionary;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** Reads a pack back into the lexicon from which {@link PackWriter} made it. */
final class PackReader {
    /** No pack unpacks to more, so a forged length cannot ask for all the memory there is. */
    private static final int STREAM_BYTES_MAX = 64 << 20;

    private final byte[][] streams;
    private int count;
    private int linkCount;
    private Lexicon.Names names;
    private byte[] words;
    private int[] wordStart;

    private PackReader(byte[][] streams) {
        this.streams = streams;
    }

    static Lexicon read(byte[] pack) throws IOException {
        try {
            return new PackReader(unzipped(pack)).lexicon();
        } catch (EOFException cut) {
            throw new DictionaryFormatException("pack: " + pack.length + " bytes (expected: more, it is cut off)");
        } catch (IllegalArgumentException | IndexOutOfBoundsException wrong) {
            throw new DictionaryFormatException("pack: " + wrong.getMessage() + " (expected: a consistent pack)");
        }
    }

    private static byte[][] unzipped(byte[] pack) throws IOException {
        byte[][] streams = new byte[PackStream.ALL.length][];
        try (DataInputStream in = new DataInputStream(new GZIPInputStream(new ByteArrayInputStream(pack), 1 << 16))) {
            byte[] magic = in.readNBytes(PackStream.MAGIC.length);
            if (!Arrays.equals(magic, PackStream.MAGIC)) {
                throw new DictionaryFormatException("magic: not that of a pack (expected: SKYPACK2)");
            }
            for (int i = 0; i < streams.length; i++) {
                int length = in.readInt();
                if (length < 0 || length > STREAM_BYTES_MAX) {
                    throw new DictionaryFormatException("length of " + PackStream.ALL[i] + ": " + length
                            + " (expected: 0 to " + STREAM_BYTES_MAX + ")");
                }
                streams[i] = in.readNBytes(length);
                if (streams[i].length != length) {
                    throw new EOFException();
                }
            }
            if (in.read() != -1) {
                throw new DictionaryFormatException("pack: more after the last stream (expected: its end)");
            }
        }
        return streams;
    }

    private ByteSource source(PackStream stream) {
        byte[] bytes = streams[stream.ordinal()];
        return new ByteSource(bytes, 0, bytes.length);
    }

    private Lexicon lexicon() throws IOException {
        summary();
        words();
        Lexicon lexicon = ranked(byRank());
        attributes(lexicon);
        orders(lexicon);
        links(lexicon);
        return lexicon;
    }

    private void summary() throws IOException {
        ByteSource source = source(PackStream.SUMMARY);
        count = source.number(TokenLayout.COUNT_MAX + 1, "count");
        linkCount = source.number(TokenLayout.COUNT_MAX * 16, "links");
        byte[] bytes = streams[PackStream.SUMMARY.ordinal()];
        int numbers = numberBytes(count) + numberBytes(linkCount);
        names = Lexicon.Names.parse(new String(bytes, numbers, bytes.length - numbers, StandardCharsets.UTF_8));
    }

    private static int numberBytes(int value) {
        return Math.max(1, (38 - Integer.numberOfLeadingZeros(value)) / 7);
    }

    /** Unfolds the words in alphabetical order. */
    private void words() throws IOException {
        byte[] shared = streams[PackStream.SHARED.ordinal()];
        byte[] suffix = streams[PackStream.SUFFIX.ordinal()];
        wordStart = new int[count + 1];
        words = new byte[TokenLayout.TEXT_BYTES_MAX];
        int read = 0;
        int written = 0;
        for (int i = 0; i < count; i++) {
            wordStart[i] = written;
            int kept = shared[i] & 0xFF;
            if (kept > 0) {
                System.arraycopy(words, wordStart[i - 1], words, written, kept);
                written += kept;
            }
            while (suffix[read] != PackStream.SUFFIX_END) {
                words[written++] = suffix[read++];
            }
            read++;
        }
        wordStart[count] = written;
    }

    /** Places in the alphabet in order of rank: by tie group, then letters, then alphabet. */
    private int[] byRank() {
        byte[] group = streams[PackStream.RANK.ordinal()];
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            long letters = Lexicon.letters(words, wordStart[i], wordStart[i + 1]);
            keys[i] = (long) plane24(group, i, count) << 28 | letters << 20 | i;
        }
        Arrays.parallelSort(keys);
        int[] byRank = new int[count];
        for (int id = 0; id < count; id++) {
            byRank[id] = (int) keys[id] & TokenLayout.ID_MASK;
        }
        return byRank;
    }

    private static int plane24(byte[] planes, int index, int size) {
        return (planes[index] & 0xFF) << 16 | (planes[size + index] & 0xFF) << 8 | planes[2 * size + index] & 0xFF;
    }

    private Lexicon ranked(int[] alphabetByRank) {
        byte[] text = new byte[wordStart[count]];
        int[] start = new int[count + 1];
        for (int id = 0; id < count; id++) {
            int place = alphabetByRank[id];
            int length = wordStart[place + 1] - wordStart[place];
            System.arraycopy(words, wordStart[place], text, start[id], length);
            start[id + 1] = start[id] + length;
        }
        words = null;
        return new Lexicon(text, start, Lexicon.inverse(alphabetByRank), names);
    }

    private void attributes(Lexicon lexicon) throws IOException {
        ByteSource lemma = source(PackStream.LEMMA);
        byte[] languages = streams[PackStream.LANGUAGES.ordinal()];
        for (int i = 0; i < count; i++) {
            int id = lexicon.byAlphabet[i];
            lexicon.sector[id] = streams[PackStream.SECTOR.ordinal()][i];
            lexicon.language[id] = streams[PackStream.LANGUAGE.ordinal()][i];
            lexicon.partOfSpeech[id] = streams[PackStream.PART_OF_SPEECH.ordinal()][i];
            int surface = streams[PackStream.SURFACE.ordinal()][i];
            lexicon.surfaceCase[id] = (byte) (surface & 3);
            lexicon.sectorSource[id] = (byte) (surface >>> 2);
            int others = (languages[i] & 0xFF) << 8 | languages[count + i] & 0xFF;
            lexicon.languageMask[id] = (short) (others ^ 1 << lexicon.language[id]);
            lexicon.lemma[id] = lexicon.byAlphabet[i + lemma.difference()];
        }
    }

    private void orders(Lexicon lexicon) throws IOException {
        byte[] planes = streams[PackStream.ORDER.ordinal()];
        int size = planes.length / 3;
        int next = 0;
        for (int id : lexicon.byAlphabet) {
            if (!PackWriter.followsLemma(lexicon, id)) {
                lexicon.order[id] = plane24(planes, next++, size);
            }
        }
        ByteSource forms = source(PackStream.ORDER_OF_FORMS);
        for (int id : lexicon.byAlphabet) {
            if (PackWriter.followsLemma(lexicon, id)) {
                lexicon.order[id] = lexicon.order[lexicon.lemma[id]] + forms.difference();
            }
        }
    }

    private void links(Lexicon lexicon) throws IOException {
        int[] byMeaning = MeaningOrder.of(lexicon);
        ByteSource counts = source(PackStream.LINK_COUNTS);
        ByteSource steps = source(PackStream.LINK_STEPS);
        byte[] languages = streams[PackStream.LINK_LANGUAGES.ordinal()];
        long[] links = new long[linkCount];
        int next = 0;
        for (int from = 0; from < count; from++) {
            int to = from;
            for (int left = counts.number(); left > 0; left--) {
                to += steps.number();
                int both = languages[next] & 0xFF;
                links[next++] = Link.of(byMeaning[from], both >>> 4, byMeaning[to], both & 15);
            }
        }
        Arrays.parallelSort(links);
        lexicon.links = links;
    }
}
