package skynet.dictionary;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The million-token coordinate table, mapped read-only.
 *
 * <p>Immutable once opened and safe for any thread; finding and decoding allocate nothing. Ids run from 0 to
 * {@code count() - 1}; an id outside throws {@link IndexOutOfBoundsException}. The mapping itself goes when the table
 * is garbage, for the JDK offers no safe way to take it from under a reader.
 */
public final class CoordinateTable implements AutoCloseable {
    /** More neighbours than this are refused by {@link #nearest}. */
    public static final int NEAREST_MAX = 4096;

    /** Readable bytes that must follow a word given to {@link #find} or {@link #findBatch}. */
    public static final int PADDING_BYTES = 24;

    /** Words longer than this are in no table. */
    public static final int WORD_BYTES_MAX = TokenLayout.WORD_BYTES_MAX;

    private static final int ANY = -1;

    private final int count;
    private final String packHex;
    private final WordIndex words;
    private final PlaneIndex plane;
    private final ByteBuffer text;
    private final ByteBuffer records;
    private final ByteBuffer pairs;
    private final int pairBits;
    private final ByteBuffer linkStarts;
    private final ByteBuffer linkTargets;
    private final ByteBuffer counts;
    private final Lexicon.Names names;

    private CoordinateTable(TableHeader header, ByteBuffer file) {
        this.count = header.count();
        this.packHex = header.packHex();
        this.text = header.slice(file, Section.TEXT);
        this.words = new WordIndex(header.slice(file, Section.PILOTS), header.slice(file, Section.ENTRIES), text);
        this.plane = new PlaneIndex(header.slice(file, Section.PLANE_BLOCKS), header.slice(file, Section.PLANE_IDS));
        this.records = header.slice(file, Section.RECORDS);
        this.pairs = header.slice(file, Section.PAIRS);
        this.pairBits = 8 * pairs.capacity();
        this.linkStarts = header.slice(file, Section.LINK_STARTS);
        this.linkTargets = header.slice(file, Section.LINK_TARGETS);
        this.counts = header.slice(file, Section.COUNTS);
        this.names = Lexicon.Names.parse(
                StandardCharsets.UTF_8.decode(header.slice(file, Section.NAMES)).toString());
    }

    /** Maps a table file after checking every byte of it. */
    public static CoordinateTable open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long length = channel.size();
            if (length > Integer.MAX_VALUE) {
                throw new DictionaryFormatException(
                        file + ": " + length + " bytes (expected: at most " + Integer.MAX_VALUE + ")");
            }
            return over(channel.map(FileChannel.MapMode.READ_ONLY, 0, length));
        } catch (DictionaryFormatException refused) {
            throw new DictionaryFormatException(file + ": " + refused.getMessage());
        }
    }

    /** Opens the table of the pack on the class path, making its file in {@code directory} when there is none yet. */
    public static CoordinateTable openBundled(Path directory) throws IOException {
        return BundledPack.open(directory);
    }

    static CoordinateTable over(ByteBuffer file) throws IOException {
        return new CoordinateTable(TableHeader.verified(file), file);
    }

    public int count() {
        return count;
    }

    /** The first 16 hexadecimal digits of the pack's SHA-256: tables of one version agree in everything. */
    public String version() {
        return packHex.substring(0, 16);
    }

    /** Id of a word given as exact canonical bytes, -1 when absent. {@value #PADDING_BYTES} readable bytes must follow. */
    public int find(byte[] utf8, int offset, int length) {
        return words.find(utf8, offset, length);
    }

    /** Id of a word in any case and normal form, -1 when absent. */
    public int findWord(String word) {
        String canonical = Normalizer.normalize(word.toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
        byte[] utf8 = canonical.getBytes(StandardCharsets.UTF_8);
        return words.find(Arrays.copyOf(utf8, utf8.length + PADDING_BYTES), 0, utf8.length);
    }

    /** Finds {@code count} words at once, which is faster than one by one; padding as for {@link #find}. */
    public void findBatch(byte[] utf8, int[] offsets, int[] lengths, int count, int[] ids) {
        words.findBatch(utf8, offsets, lengths, count, ids);
    }

    public String canonical(int id) {
        long place = place(id);
        byte[] bytes = new byte[TokenLayout.length(place)];
        text.get(TokenLayout.offset(place), bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Reads where the words of many ids stand, all together so that their cache misses overlap, for {@link #copyPlace}.
     * Of each of the {@code count} numbers from {@code from} on only the low 20 bits count; one that is no id gives the
     * place of another.
     */
    public void placesOf(int[] ids, int from, int count, long[] places) {
        for (int i = 0; i < count; i++) {
            places[i] = place(Math.min(ids[from + i] & TokenLayout.ID_MASK, this.count - 1));
        }
        long folded = 0;
        for (int i = 0; i < count; i++) {
            folded ^= text.getLong(TokenLayout.offset(places[i]));
        }
        words.keep(folded);
    }

    /**
     * Copies the word at a place and returns its length. May write up to 16 bytes beyond, which the target must have to
     * spare.
     */
    public int copyPlace(long place, byte[] target, int offset) {
        int from = TokenLayout.offset(place);
        int length = TokenLayout.length(place);
        WordHash.write(target, offset, text.getLong(from));
        WordHash.write(target, offset + 8, text.getLong(from + 8));
        for (int i = 16; i < length; i += 8) {
            WordHash.write(target, offset + i, text.getLong(from + i));
        }
        return length;
    }

    public double r(int id) {
        return Plane.radius(TokenLayout.ring(place(id)));
    }

    public double theta(int id) {
        return Plane.theta(TokenLayout.slot(place(id)));
    }

    /** Ring and slot as one number, {@code ring << 15 | slot}. */
    public int code(int id) {
        long place = place(id);
        return TokenLayout.ring(place) << Plane.SLOT_BITS | TokenLayout.slot(place);
    }

    /** The token nearest to a point when the point lies in its cell, else -1; so too for what is not a finite number. */
    public int idAt(double r, double theta) {
        return plane.idAt(r, theta);
    }

    public Sector sector(int id) {
        return Sector.of(TokenLayout.sector(meaning(id)));
    }

    public Quadrant quadrant(int id) {
        return sector(id).quadrant();
    }

    public String partOfSpeech(int id) {
        return names.partsOfSpeech().get(TokenLayout.partOfSpeech(meaning(id)));
    }

    /** Code of the primary language, such as {@code en}. */
    public String language(int id) {
        return names.languages().get(TokenLayout.language(place(id)));
    }

    /** One bit per language in which the word occurs, in the order of {@link #languages()}. */
    public int languageMask(int id) {
        return TokenLayout.languageMask(meaning(id));
    }

    public List<String> languages() {
        return names.languages();
    }

    /** Id of the lemma, or the id itself. */
    public int lemma(int id) {
        return TokenLayout.lemma(meaning(id));
    }

    /** Whether some token of several words begins with this one. */
    public boolean startsPhrase(int id) {
        return TokenLayout.startsPhrase(place(id));
    }

    /** Sets {@code may[i]} to 0 where surely no phrase begins with the ids {@code i} and {@code i + 1}, else to 1. */
    public void mayContinueBatch(int[] ids, int count, byte[] may) {
        for (int i = 0; i < count - 1; i++) {
            int bit = WordHash.pair(ids[i], ids[i + 1], pairBits);
            may[i] = (byte) (pairs.get(bit >>> 3) >>> (bit & 7) & 1);
        }
    }

    /** Ids of the translations of a token into whatever language, ascending, each once. */
    public int[] links(int id) {
        return linked(id, ANY, ANY);
    }

    /**
     * Ids of the words of one language that translate a token, ascending. The language is a position in
     * {@link #languages()}. Spelling alone would mislead: {@code a} is written in every language, but translates
     * {@code the} into Portuguese only.
     */
    public int[] translations(int id, int language) {
        return linked(id, ANY, language);
    }

    /** As {@link #translations(int, int)}, with the token taken as a word of the language {@code from}. */
    public int[] translations(int id, int from, int language) {
        return linked(id, from, language);
    }

    private int[] linked(int id, int from, int to) {
        int first = linkStarts.getInt(4 * id);
        int[] found = new int[linkStarts.getInt(4 * id + 4) - first];
        int size = 0;
        for (int i = 0; i < found.length; i++) {
            int link = linkTargets.getInt(4 * (first + i));
            int target = TokenLayout.linkTarget(link);
            boolean asked = (to == ANY || TokenLayout.linkTargetLanguage(link) == to)
                    && (from == ANY || TokenLayout.linkOwnLanguage(link) == from);
            if (asked && (size == 0 || found[size - 1] != target)) {
                found[size++] = target;
            }
        }
        return Arrays.copyOf(found, size);
    }

    /**
     * Up to {@code limit} tokens by angular distance, but those within {@value Neighbours#BAND_SLOTS} slots, which is a
     * hundredth of a radian and less than a crowded ring may push a token aside, by how near their senses are, common
     * words first.
     */
    public int[] nearest(int id, int limit) {
        if (limit < 0 || limit > NEAREST_MAX) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: 0 to " + NEAREST_MAX + ")");
        }
        return Neighbours.of(this, plane, id, Math.min(limit, count - 1));
    }

    /** Place of the token's sense in the tree of meanings; {@link TokenLayout#SENSE_UNKNOWN} when it has none. */
    int sense(int id) {
        return TokenLayout.sense(meaning(id));
    }

    public int count(Sector sector) {
        return counts.getInt(4 * sector.ordinal());
    }

    public int count(Quadrant quadrant) {
        int sum = 0;
        for (Sector sector : Sector.values()) {
            sum += sector.quadrant() == quadrant ? count(sector) : 0;
        }
        return sum;
    }

    /** Tokens whose primary language this is; 0 for a language the table does not know. */
    public int countLanguage(String language) {
        int index = names.languages().indexOf(language);
        return index < 0 ? 0 : counts.getInt(4 * (Sector.values().length + index));
    }

    private long place(int id) {
        return records.getLong(id << TokenLayout.RECORD_SHIFT);
    }

    private long meaning(int id) {
        return records.getLong((id << TokenLayout.RECORD_SHIFT) + TokenLayout.MEANING);
    }

    /** Nothing to give back early; present so that a later layout may own more than a mapping. */
    @Override
    public void close() {}
}
