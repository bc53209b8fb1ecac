package skynet.dictionary;

import java.nio.ByteBuffer;

/**
 * Finds the id of a word in the off-heap index, exactly and without allocating.
 *
 * <p>A lookup costs one pilot (half a megabyte, stays in the second-level cache) and one index entry (one cache line,
 * usually the miss that the lookup waits for). Words of up to 13 bytes are verified inside the entry, longer ones
 * against the text. A batch hashes many words first, then touches all their entries so that the misses overlap, then
 * verifies.
 */
final class WordIndex {
    /** Words per round of a batch: enough to overlap the misses, few enough to stay in the first-level cache. */
    static final int ROUND = 64;

    /** A value no mixture of touched entries is expected to have; when it does occur nothing happens. */
    private static final long UNLIKELY = 0x5bd1e9955bd1e995L;

    private final ByteBuffer pilots;
    private final ByteBuffer entries;
    private final ByteBuffer text;
    private final int bucketCount;
    private final int entryCount;

    @SuppressWarnings("UnusedVariable") // Written so that the compiler keeps the reads before it.
    private long touched;

    WordIndex(ByteBuffer pilots, ByteBuffer entries, ByteBuffer text) {
        this.pilots = pilots;
        this.entries = entries;
        this.text = text;
        this.bucketCount = pilots.capacity() >>> 1;
        this.entryCount = entries.capacity() >>> TokenLayout.ENTRY_SHIFT;
    }

    int find(byte[] utf8, int offset, int length) {
        if (length - 1 >>> 6 != 0) {
            return -1;
        }
        long head = WordHash.head(utf8, offset, length);
        long tail = WordHash.tail(utf8, offset, length);
        int at = locate(WordHash.hash(utf8, offset, length, head, tail));
        return verify(utf8, offset, length, head, tail, at);
    }

    void findBatch(byte[] utf8, int[] offsets, int[] lengths, int count, int[] ids) {
        for (int start = 0; start < count; start += ROUND) {
            int end = Math.min(count, start + ROUND);
            locateRound(utf8, offsets, lengths, start, end, ids);
            touchRound(start, end, ids);
            verifyRound(utf8, offsets, lengths, start, end, ids);
        }
    }

    private void locateRound(byte[] utf8, int[] offsets, int[] lengths, int start, int end, int[] ids) {
        for (int i = start; i < end; i++) {
            int offset = offsets[i];
            int length = lengths[i];
            if (length - 1 >>> 6 != 0) {
                ids[i] = -1;
                continue;
            }
            long head = WordHash.head(utf8, offset, length);
            long tail = WordHash.tail(utf8, offset, length);
            ids[i] = locate(WordHash.hash(utf8, offset, length, head, tail));
        }
    }

    /** Reads one word of every entry; the results are folded so that the reads cannot be optimised away. */
    private void touchRound(int start, int end, int[] ids) {
        long folded = 0;
        for (int i = start; i < end; i++) {
            folded ^= entries.getLong(Math.max(0, ids[i]));
        }
        keep(folded);
    }

    /** Takes what was read only to be in the cache, so that the compiler does not leave the reading out. */
    void keep(long folded) {
        if (folded == UNLIKELY) {
            touched = folded;
        }
    }

    private void verifyRound(byte[] utf8, int[] offsets, int[] lengths, int start, int end, int[] ids) {
        for (int i = start; i < end; i++) {
            int at = ids[i];
            if (at >= 0) {
                int offset = offsets[i];
                int length = lengths[i];
                long head = WordHash.head(utf8, offset, length);
                long tail = WordHash.tail(utf8, offset, length);
                ids[i] = verify(utf8, offset, length, head, tail, at);
            }
        }
    }

    private int locate(long hash) {
        int pilot = pilots.getShort(WordHash.bucket(hash, bucketCount) << 1) & 0xFFFF;
        return WordHash.entry(hash, pilot, entryCount) << TokenLayout.ENTRY_SHIFT;
    }

    private int verify(byte[] utf8, int offset, int length, long head, long tail, int at) {
        long first = entries.getLong(at);
        long second = entries.getLong(at + 8);
        int id = (int) (second >>> TokenLayout.ENTRY_ID_SHIFT) & TokenLayout.ID_MASK;
        if (length <= TokenLayout.INLINE_BYTES_MAX) {
            long key = tail | (long) length << TokenLayout.ENTRY_LENGTH_SHIFT;
            return (first ^ head | second & TokenLayout.ENTRY_KEY_MASK ^ key) == 0 ? id : -1;
        }
        boolean candidate = first == head
                && second >>> TokenLayout.ENTRY_LENGTH_SHIFT == TokenLayout.ENTRY_LONG
                && TokenLayout.length(second) == length;
        return candidate && sameText(utf8, offset, length, TokenLayout.offset(second)) ? id : -1;
    }

    private boolean sameText(byte[] utf8, int offset, int length, int textOffset) {
        for (int i = 8; i < length; i += 8) {
            long difference = WordHash.read(utf8, offset + i) ^ text.getLong(textOffset + i);
            if (WordHash.keep(difference, length - i) != 0) {
                return false;
            }
        }
        return true;
    }
}
