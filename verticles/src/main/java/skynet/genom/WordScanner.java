package skynet.genom;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Finds the words of a UTF-8 text and folds them to lower case, 64 bytes at a time.
 *
 * <p>Eight bytes are classified together in one long (letters, capitals, digits, bytes above 127, joiners) and each
 * class is kept as one bit per byte. A word is a run of letters, digits and bytes above 127; an apostrophe or hyphen
 * between two of them belongs to it, and so does a dot that has a single one at one of its sides (a.m, vert.x). The
 * edges of the runs are then read off the bits, so that a word of plain ASCII costs no branch per byte, nor do the
 * parts of one in mixed case. All other runs are cut byte by byte: at letters that are not Latin, at capitals in mixed
 * case, and at {@value #WORD_BYTES_MAX} bytes.
 */
final class WordScanner {
    /** Longest word that is looked up; it exceeds the longest token. */
    static final int WORD_BYTES_MAX = 64;

    /** Words held at a time. */
    static final int CAPACITY = 512;

    /** Readable bytes that lookups want beyond the text. */
    static final int PADDING = 64;

    /** The case of a run that no token can spell. */
    static final int LITERAL = -2;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;
    private static final long GATHER = 0x0102040810204080L;

    final int[] starts = new int[CAPACITY];
    final int[] ends = new int[CAPACITY];

    /** Bytes to look up; none for a literal, so that no token is found for it. */
    final int[] lengths = new int[CAPACITY];

    final int[] cases = new int[CAPACITY];
    int count;

    /** The text with its words in lower case, padded for lookups. */
    byte[] folded = new byte[4096 + PADDING];

    private byte[] text;
    private int textBytes;
    private long[] words = new long[66];
    private long[] capitals = new long[66];
    private long[] letters = new long[66];
    private long[] highs = new long[66];
    private long[] joiners = new long[66];
    private long[] dots = new long[66];
    private int blocks;
    private int block;
    private long edges;
    private int open;
    private int cutAt;
    private int cutEnd;

    /** Takes a new text. */
    void begin(byte[] source, int length) {
        text = source;
        textBytes = length;
        count = 0;
        block = -1;
        edges = 0;
        open = -1;
        cutAt = 0;
        cutEnd = 0;
        blocks = (length >> 6) + 1;
        if (folded.length < (blocks << 6) + PADDING) {
            folded = new byte[(blocks << 6) + PADDING];
            words = new long[blocks + 2];
            capitals = new long[blocks + 2];
            letters = new long[blocks + 2];
            highs = new long[blocks + 2];
            joiners = new long[blocks + 2];
            dots = new long[blocks + 2];
        }
        classify();
        join();
    }

    /** Keeps the words from {@code kept} on, moves them to the front and adds the next ones. True when it is full. */
    boolean fill(int kept) {
        int carried = count - kept;
        System.arraycopy(starts, kept, starts, 0, carried);
        System.arraycopy(ends, kept, ends, 0, carried);
        System.arraycopy(lengths, kept, lengths, 0, carried);
        System.arraycopy(cases, kept, cases, 0, carried);
        count = carried;
        while (count < CAPACITY) {
            if (cutAt < cutEnd) {
                cut();
            } else if (!next()) {
                break;
            }
        }
        return count == CAPACITY;
    }

    /** The end of the run of one byte that begins at {@code start}, at most {@code end}; for bytes between words. */
    int runEnd(int start, int end) {
        long pattern = (folded[start] & 0xFF) * ONES;
        for (int at = start; at < end; at += 8) {
            long other = (long) LONGS.get(folded, at) ^ pattern;
            if (other != 0) {
                return Math.min(end, at + (Long.numberOfTrailingZeros(other) >>> 3));
            }
        }
        return end;
    }

    private boolean next() {
        while (edges == 0) {
            if (++block >= blocks) {
                return false;
            }
            long run = words[block];
            edges = run ^ (run << 1 | (block == 0 ? 0 : words[block - 1] >>> 63));
        }
        int at = (block << 6) + Long.numberOfTrailingZeros(edges);
        edges &= edges - 1;
        if (open < 0) {
            open = at;
            return true;
        }
        add(open, at);
        open = -1;
        return true;
    }

    private void add(int start, int end) {
        int length = end - start;
        if (length > WORD_BYTES_MAX) {
            cutAt = start;
            cutEnd = end;
            return;
        }
        long mask = -1L >>> -length;
        long upper = window(capitals, start) & mask;
        if ((window(highs, start) & mask) == 0 && upper >>> 1 == 0) {
            put(start, length, (int) upper);
        } else {
            cutAt = start;
            cutEnd = end;
        }
    }

    private void put(int start, int length, int letterCase) {
        starts[count] = start;
        ends[count] = start + length;
        lengths[count] = letterCase == LITERAL ? 0 : length;
        cases[count++] = letterCase;
    }

    /** Cuts the next piece off a run whose next bytes are plain ASCII. */
    private void cutAscii(int start, long mask) {
        long upper = window(capitals, start) & mask;
        long letter = window(letters, start) & mask;
        int length = Long.bitCount(mask);
        int letterCase = letterCase(start, mask, upper, letter);
        if (letterCase == LetterCase.NONE) {
            long turns = upper & (~(upper << 1) | (letter & ~upper) >>> 1) & ~1L;
            if (turns != 0) {
                length = Long.numberOfTrailingZeros(turns);
                long piece = -1L >>> -length;
                letterCase = letterCase(start, piece, upper & piece, letter & piece);
            }
        }
        cutAt = start + length;
        put(start, length, letterCase == LetterCase.NONE ? LITERAL : letterCase);
    }

    private int letterCase(int start, long mask, long upper, long letter) {
        if (upper >>> 1 == 0) {
            return (int) upper;
        }
        if (upper == letter) {
            return LetterCase.UPPER;
        }
        long wordStarts = 1;
        for (long left = window(joiners, start) & mask; left != 0; left &= left - 1) {
            if (text[start + Long.numberOfTrailingZeros(left)] == '-') {
                wordStarts |= (left & -left) << 1;
            }
        }
        return upper == (wordStarts & letter) ? LetterCase.WORDS : LetterCase.NONE;
    }

    private static long window(long[] bits, int start) {
        int shift = start & 63;
        return bits[start >> 6] >>> shift | bits[(start >> 6) + 1] << 1 << (63 - shift);
    }

    /** Cuts the next piece off a run that is no plain word of one case. */
    private void cut() {
        int start = cutAt;
        int limit = Math.min(cutEnd, start + WORD_BYTES_MAX);
        long mask = -1L >>> (start - limit);
        if ((window(highs, start) & mask) == 0) {
            cutAscii(start, mask);
            return;
        }
        int end = latinEnd(start, limit);
        if (end == start) {
            end = otherEnd(start);
            cutAt = end;
            put(start, end - start, LITERAL);
            return;
        }
        LetterCase.fold(folded, start, end);
        int letterCase = LetterCase.between(text, folded, start, end - start);
        if (letterCase == LetterCase.NONE) {
            end = caseEnd(start, end);
            letterCase = LetterCase.between(text, folded, start, end - start);
        }
        cutAt = end;
        put(start, end - start, letterCase == LetterCase.NONE ? LITERAL : letterCase);
    }

    private int latinEnd(int start, int limit) {
        int at = start;
        while (at < limit) {
            byte lead = text[at];
            if (lead >= 0) {
                at++;
            } else if (at + 1 < limit && LetterCase.isLatinPair(lead, text[at + 1])) {
                at += 2;
            } else {
                break;
            }
        }
        return at;
    }

    private int otherEnd(int start) {
        int at = start + 1;
        while (at < cutEnd && text[at] < 0 && !(at + 1 < cutEnd && LetterCase.isLatinPair(text[at], text[at + 1]))) {
            at++;
        }
        return at;
    }

    /** The end of the first piece of one case: before a capital that follows a small letter or precedes one. */
    private int caseEnd(int start, int end) {
        int at = start + (text[start] < 0 ? 2 : 1);
        boolean afterUpper = LetterCase.isUpper(text, start, end);
        while (at < end) {
            int width = text[at] < 0 ? 2 : 1;
            boolean upper = LetterCase.isUpper(text, at, end);
            if (upper && (!afterUpper || at + width < end && LetterCase.isLower(text, at + width, end))) {
                return at;
            }
            afterUpper = upper;
            at += width;
        }
        return end;
    }

    private void classify() {
        int whole = textBytes >> 6;
        for (int index = 0; index < whole; index++) {
            classify(text, index << 6, index);
        }
        int tail = whole << 6;
        System.arraycopy(text, tail, folded, tail, textBytes - tail);
        Arrays.fill(folded, textBytes, tail + 64 + PADDING, (byte) 0);
        classify(folded, tail, whole);
        words[whole + 1] = capitals[whole + 1] = letters[whole + 1] = highs[whole + 1] = 0;
    }

    private void classify(byte[] source, int offset, int index) {
        long word = 0;
        long capital = 0;
        long letter = 0;
        long high = 0;
        long joiner = 0;
        long dot = 0;
        for (int at = 0; at < 64; at += 8) {
            long bytes = (long) LONGS.get(source, offset + at);
            long top = bytes & TOPS;
            long low = bytes & ~TOPS;
            long upper = atLeast(low, 'A') & ~atLeast(low, 'Z' + 1) & ~top;
            long small = low | upper >>> 2;
            long alpha = atLeast(small, 'a') & ~atLeast(small, 'z' + 1) & ~top;
            long digit = atLeast(low, '0') & ~atLeast(low, '9' + 1) & ~top;
            LONGS.set(folded, offset + at, bytes | upper >>> 2);
            word |= gather(alpha | digit | top) << at;
            capital |= gather(upper) << at;
            letter |= gather(alpha) << at;
            high |= gather(top) << at;
            joiner |= gather((atLeast(low, '-') & ~atLeast(low, '.') | atLeast(low, '\'') & ~atLeast(low, '(')) & ~top)
                    << at;
            dot |= gather(atLeast(low, '.') & ~atLeast(low, '/') & ~top) << at;
        }
        words[index] = word;
        capitals[index] = capital;
        letters[index] = letter;
        highs[index] = high;
        joiners[index] = joiner;
        dots[index] = dot;
    }

    /** Adds the joiners that stand between two word bytes. */
    private void join() {
        long before = 0;
        for (int index = 0; index < blocks; index++) {
            long word = words[index];
            long after = words[index + 1];
            long alone = ~((word << 2 | before >>> 62) & (word >>> 2 | after << 62));
            words[index] |=
                    (joiners[index] | dots[index] & alone) & (word << 1 | before >>> 63) & (word >>> 1 | after << 63);
            before = word;
        }
    }

    private static long atLeast(long low, int bound) {
        return low + (0x80 - bound) * ONES & TOPS;
    }

    private static long gather(long tops) {
        return (tops >>> 7) * GATHER >>> 56;
    }
}
