package skynet.dictionary;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Hashes words and turns a hash into a place in the index.
 *
 * <p>The index is a perfect hash in the manner of CHD: the hash picks a bucket of about four words, the bucket's pilot
 * (a number found when the table was built) is mixed into the hash, and the mix picks an entry that no other word has.
 * Products are folded from 64 x 64 bits. The constants are part of the file format.
 */
final class WordHash {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long K0 = 0xa0761d6478bd642fL;
    private static final long K1 = 0xe7037ed1a0b428dbL;
    private static final long K2 = 0x8ebc6af09c88c6e3L;

    /** HEAD[n] keeps the first n of bytes 0..7 of a word of length n, TAIL[n] those of bytes 8..15. */
    private static final long[] HEAD = masks(0);

    private static final long[] TAIL = masks(8);

    private WordHash() {}

    private static long[] masks(int skip) {
        long[] masks = new long[TokenLayout.WORD_BYTES_MAX + 1];
        for (int length = 0; length < masks.length; length++) {
            int bytes = Math.max(0, Math.min(8, length - skip));
            masks[length] = bytes == 0 ? 0 : -1L >>> (64 - 8 * bytes);
        }
        return masks;
    }

    static long read(byte[] bytes, int offset) {
        return (long) LONG.get(bytes, offset);
    }

    static void write(byte[] bytes, int offset, long value) {
        LONG.set(bytes, offset, value);
    }

    static long head(byte[] utf8, int offset, int length) {
        return read(utf8, offset) & HEAD[length];
    }

    /** Bytes 8 to 15; reads them even when the word is shorter, for a masked read costs less than a wrong guess. */
    static long tail(byte[] utf8, int offset, int length) {
        return read(utf8, offset + 8) & TAIL[length];
    }

    /** Keeps as many low bytes of {@code value} as are left of a word. */
    static long keep(long value, int bytesLeft) {
        return value & HEAD[Math.min(8, bytesLeft)];
    }

    static long hash(byte[] utf8, int offset, int length, long head, long tail) {
        long hash = fold(head ^ K0, tail ^ K1 ^ length * K2);
        return length <= 16 ? hash : rest(utf8, offset, length, hash);
    }

    private static long rest(byte[] utf8, int offset, int length, long start) {
        long hash = start;
        for (int at = 16; at < length; at += 8) {
            hash = fold(hash ^ keep(read(utf8, offset + at), length - at), K1);
        }
        return hash;
    }

    static int bucket(long hash, int buckets) {
        return (int) (((hash >>> 33) * buckets) >>> 31);
    }

    static int entry(long hash, int pilot, int entries) {
        long mixed = (hash ^ pilot * K2) * K0;
        return (int) (((mixed >>> 33) * entries) >>> 31);
    }

    static int pair(int first, int second, int bits) {
        return (int) ((first * K0 + second * K1) >>> 32) >>> 1 & (bits - 1);
    }

    private static long fold(long a, long b) {
        return (a * b) ^ Math.multiplyHigh(a, b);
    }
}
