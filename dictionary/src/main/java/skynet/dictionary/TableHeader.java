package skynet.dictionary;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The first bytes of a table file: what it is, where its sections lie, and the digest that proves them.
 *
 * <pre>
 *   0  8  magic "SKYTABLE"
 *   8  4  format, {@value #FORMAT}
 *  12  4  count of tokens
 *  16  8  length of the file in bytes
 *  24  4  number of sections
 *  28  4  zero
 *  32 32  SHA-256 of the pack from which the table was made
 *  64 32  SHA-256 of the whole file without these 32 bytes
 *  96  .. offset and length of each section, 8 + 8 bytes
 * </pre>
 *
 * Everything is little-endian; what is left up to {@value #BYTES} is zero.
 */
final class TableHeader {
    static final int BYTES = 4096;
    static final int FORMAT = 2;
    static final int DIGEST_BYTES = 32;

    private static final byte[] MAGIC = "SKYTABLE".getBytes(StandardCharsets.US_ASCII);
    private static final int FORMAT_AT = 8;
    private static final int COUNT_AT = 12;
    private static final int LENGTH_AT = 16;
    private static final int SECTIONS_AT = 24;
    private static final int PACK_DIGEST_AT = 32;
    private static final int DIGEST_AT = 64;
    private static final int DIRECTORY_AT = 96;

    private final int count;
    private final byte[] packDigest;
    private final long[] offsets;
    private final long[] lengths;

    private TableHeader(int count, byte[] packDigest, long[] offsets, long[] lengths) {
        this.count = count;
        this.packDigest = packDigest;
        this.offsets = offsets;
        this.lengths = lengths;
    }

    /** Lays the sections out behind each other. */
    static TableHeader plan(int count, byte[] packDigest, long[] lengths) {
        long[] offsets = new long[lengths.length];
        long next = BYTES;
        for (int i = 0; i < lengths.length; i++) {
            offsets[i] = next;
            next = aligned(next + lengths[i]);
        }
        return new TableHeader(count, packDigest.clone(), offsets, lengths.clone());
    }

    /** Reads the header of a complete file and refuses what is not one, cheapest reason first. */
    static TableHeader verified(ByteBuffer file) throws IOException {
        TableHeader header = read(file.duplicate().order(ByteOrder.LITTLE_ENDIAN));
        byte[] stated = bytes(file, DIGEST_AT, DIGEST_BYTES);
        if (!Arrays.equals(stated, digest(file))) {
            throw new DictionaryFormatException(
                    "digest: " + HexFormat.of().formatHex(stated) + " is stated but the content differs (expected: an"
                            + " unaltered table file; delete it and it will be made again)");
        }
        return header;
    }

    private static TableHeader read(ByteBuffer file) throws IOException {
        refuseUnless(file.capacity() >= BYTES, "length", file.capacity(), "at least " + BYTES + " bytes");
        refuseUnless(
                Arrays.equals(bytes(file, 0, MAGIC.length), MAGIC),
                "magic",
                HexFormat.of().formatHex(bytes(file, 0, MAGIC.length)),
                "SKYTABLE");
        refuseUnless(file.getInt(FORMAT_AT) == FORMAT, "format", file.getInt(FORMAT_AT), "" + FORMAT);
        int count = file.getInt(COUNT_AT);
        refuseUnless(count >= 1 && count <= TokenLayout.COUNT_MAX, "count", count, "1 to " + TokenLayout.COUNT_MAX);
        long length = file.getLong(LENGTH_AT);
        refuseUnless(length == file.capacity(), "length", file.capacity(), length + " bytes as the header states");
        int sections = file.getInt(SECTIONS_AT);
        refuseUnless(sections == Section.ALL.length, "sections", sections, "" + Section.ALL.length);
        long[] lengths = new long[sections];
        for (int i = 0; i < sections; i++) {
            lengths[i] = file.getLong(DIRECTORY_AT + 16 * i + 8);
            refuseUnless(
                    lengths[i] >= 0 && lengths[i] <= length,
                    "length of " + Section.ALL[i],
                    lengths[i],
                    "0 to " + length);
        }
        TableHeader header = plan(count, bytes(file, PACK_DIGEST_AT, DIGEST_BYTES), lengths);
        for (int i = 0; i < sections; i++) {
            long offset = file.getLong(DIRECTORY_AT + 16 * i);
            refuseUnless(offset == header.offsets[i], "offset of " + Section.ALL[i], offset, "" + header.offsets[i]);
        }
        refuseUnless(header.fileBytes() == length, "end of sections", header.fileBytes(), "" + length);
        header.refuseWrongSizes();
        return header;
    }

    private void refuseWrongSizes() throws IOException {
        refuseSize(Section.ENTRIES, (long) TableLayout.entries(count) * TokenLayout.ENTRY_BYTES);
        refuseSize(Section.PILOTS, TableLayout.buckets(count) * 2L);
        refuseSize(Section.RECORDS, (long) count * TokenLayout.RECORD_BYTES);
        refuseSize(Section.PLANE_BLOCKS, PlaneIndex.blockBytes(count));
        refuseSize(Section.PLANE_IDS, count * 2L);
        refuseSize(Section.LINK_STARTS, (count + 1) * 4L);
        refuseSize(Section.COUNTS, TableLayout.countsBytes());
        refuseSize(Section.PAIRS, TableLayout.pairBits(count) / 8);
    }

    private void refuseSize(Section section, long expected) throws IOException {
        refuseUnless(length(section) == expected, "length of " + section, length(section), "" + expected);
    }

    private static void refuseUnless(boolean right, String thing, Object value, String expected)
            throws DictionaryFormatException {
        if (!right) {
            throw new DictionaryFormatException(thing + ": " + value + " (expected: " + expected + ")");
        }
    }

    /** Writes the header in front of finished sections and seals the whole. */
    void seal(ByteBuffer file) {
        file.put(0, MAGIC);
        file.putInt(FORMAT_AT, FORMAT);
        file.putInt(COUNT_AT, count);
        file.putLong(LENGTH_AT, fileBytes());
        file.putInt(SECTIONS_AT, offsets.length);
        file.put(PACK_DIGEST_AT, packDigest);
        for (int i = 0; i < offsets.length; i++) {
            file.putLong(DIRECTORY_AT + 16 * i, offsets[i]);
            file.putLong(DIRECTORY_AT + 16 * i + 8, lengths[i]);
        }
        file.put(DIGEST_AT, digest(file));
    }

    private static byte[] digest(ByteBuffer file) {
        MessageDigest sha = sha256();
        sha.update(file.slice(0, DIGEST_AT));
        sha.update(file.slice(DIGEST_AT + DIGEST_BYTES, file.capacity() - DIGEST_AT - DIGEST_BYTES));
        return sha.digest();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    private static byte[] bytes(ByteBuffer file, int offset, int length) {
        byte[] bytes = new byte[length];
        file.get(offset, bytes);
        return bytes;
    }

    private static long aligned(long offset) {
        return (offset + Section.ALIGNMENT - 1) / Section.ALIGNMENT * Section.ALIGNMENT;
    }

    int count() {
        return count;
    }

    long fileBytes() {
        int last = offsets.length - 1;
        return aligned(offsets[last] + lengths[last]);
    }

    long length(Section section) {
        return lengths[section.ordinal()];
    }

    String packHex() {
        return HexFormat.of().formatHex(packDigest);
    }

    /** A section as its own little-endian buffer. */
    ByteBuffer slice(ByteBuffer file, Section section) {
        return file.slice((int) offsets[section.ordinal()], (int) lengths[section.ordinal()])
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}
