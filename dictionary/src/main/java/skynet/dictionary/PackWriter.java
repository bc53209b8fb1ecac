package skynet.dictionary;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a lexicon as a pack, small because each stream holds numbers of one kind that resemble their neighbours.
 *
 * <p>Ids are not stored. Tokens of equal rank were put in order of length and then alphabet, so the pack keeps only
 * which group of such ties a token belongs to. Coordinates are not stored either: they follow from sector and sense.
 */
final class PackWriter {
    private final Lexicon lexicon;
    private final Map<PackStream, ByteSink> streams = new EnumMap<>(PackStream.class);

    private PackWriter(Lexicon lexicon) {
        this.lexicon = lexicon;
        for (PackStream stream : PackStream.ALL) {
            streams.put(stream, new ByteSink());
        }
    }

    static byte[] write(Lexicon lexicon) {
        PackWriter writer = new PackWriter(lexicon);
        writer.summary();
        writer.words();
        writer.ranks();
        writer.attributes();
        writer.orders();
        writer.links();
        return writer.zipped();
    }

    private void summary() {
        ByteSink sink = streams.get(PackStream.SUMMARY);
        sink.number(lexicon.count);
        sink.number(lexicon.links.length);
        sink.writeBytes(lexicon.names.lines().getBytes(StandardCharsets.UTF_8));
    }

    private void words() {
        int previous = -1;
        for (int id : lexicon.byAlphabet) {
            int shared = previous < 0 ? 0 : sharedBytes(previous, id);
            streams.get(PackStream.SHARED).write(shared);
            ByteSink suffix = streams.get(PackStream.SUFFIX);
            suffix.write(lexicon.text, lexicon.start[id] + shared, lexicon.length(id) - shared);
            suffix.write(PackStream.SUFFIX_END);
            previous = id;
        }
    }

    private int sharedBytes(int one, int other) {
        int mismatch = Arrays.mismatch(
                lexicon.text,
                lexicon.start[one],
                lexicon.start[one + 1],
                lexicon.text,
                lexicon.start[other],
                lexicon.start[other + 1]);
        return mismatch < 0 ? lexicon.length(one) : mismatch;
    }

    private void ranks() {
        int[] group = new int[lexicon.count];
        for (int id = 1; id < lexicon.count; id++) {
            group[id] = group[id - 1] + (inTieOrder(id - 1, id) ? 0 : 1);
        }
        planes(
                PackStream.RANK,
                Arrays.stream(lexicon.byAlphabet).map(id -> group[id]).toArray());
    }

    private boolean inTieOrder(int one, int other) {
        int compared = Integer.compare(letters(one), letters(other));
        return compared != 0 ? compared < 0 : lexicon.alphabet[one] < lexicon.alphabet[other];
    }

    private int letters(int id) {
        return Lexicon.letters(lexicon.text, lexicon.start[id], lexicon.start[id + 1]);
    }

    private void planes(PackStream stream, int[] values) {
        for (int shift = 16; shift >= 0; shift -= 8) {
            for (int value : values) {
                streams.get(stream).write(value >>> shift);
            }
        }
    }

    private void attributes() {
        for (int id : lexicon.byAlphabet) {
            streams.get(PackStream.SECTOR).write(lexicon.sector[id]);
            streams.get(PackStream.LANGUAGE).write(lexicon.language[id]);
            streams.get(PackStream.PART_OF_SPEECH).write(lexicon.partOfSpeech[id]);
            streams.get(PackStream.SURFACE).write(lexicon.surfaceCase[id] | lexicon.sectorSource[id] << 2);
            streams.get(PackStream.LANGUAGES).write(otherLanguages(id) >>> 8);
            int lemma = lexicon.lemma[id];
            streams.get(PackStream.LEMMA).difference(lexicon.alphabet[lemma] - lexicon.alphabet[id]);
        }
        for (int id : lexicon.byAlphabet) {
            streams.get(PackStream.LANGUAGES).write(otherLanguages(id));
        }
    }

    private int otherLanguages(int id) {
        return lexicon.languageMask[id] & 0xFFFF ^ 1 << lexicon.language[id];
    }

    private void orders() {
        int[] own = Arrays.stream(lexicon.byAlphabet)
                .filter(id -> !followsLemma(lexicon, id))
                .toArray();
        planes(PackStream.ORDER, Arrays.stream(own).map(id -> lexicon.order[id]).toArray());
        for (int id : lexicon.byAlphabet) {
            if (followsLemma(lexicon, id)) {
                streams.get(PackStream.ORDER_OF_FORMS).difference(lexicon.order[id] - lexicon.order[lexicon.lemma[id]]);
            }
        }
    }

    /** Whether a token's sense is told by its lemma's; a lemma that has another lemma itself cannot tell. */
    static boolean followsLemma(Lexicon lexicon, int id) {
        int lemma = lexicon.lemma[id];
        return lemma != id && lexicon.lemma[lemma] == lemma && lexicon.sector[lemma] == lexicon.sector[id];
    }

    private void links() {
        int[] place = Lexicon.inverse(MeaningOrder.of(lexicon));
        long[] links = new long[lexicon.links.length];
        for (int i = 0; i < links.length; i++) {
            long link = lexicon.links[i];
            links[i] = Link.of(
                    place[Link.low(link)], Link.lowLanguage(link), place[Link.high(link)], Link.highLanguage(link));
        }
        Arrays.sort(links);
        int next = 0;
        for (int from = 0; from < lexicon.count; from++) {
            int first = next;
            int previous = from;
            while (next < links.length && Link.low(links[next]) == from) {
                streams.get(PackStream.LINK_STEPS).number(Link.high(links[next]) - previous);
                streams.get(PackStream.LINK_LANGUAGES).write((int) links[next] & 0xFF);
                previous = Link.high(links[next++]);
            }
            streams.get(PackStream.LINK_COUNTS).number(next - first);
        }
    }

    private byte[] zipped() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new DensestGzip(bytes))) {
            out.write(PackStream.MAGIC);
            for (PackStream stream : PackStream.ALL) {
                out.writeInt(streams.get(stream).size());
                streams.get(stream).writeTo(out);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static final class DensestGzip extends GZIPOutputStream {
        DensestGzip(ByteArrayOutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
