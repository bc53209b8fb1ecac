package skynet.genom;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import skynet.bus.Genom;
import skynet.bus.TooLarge;
import skynet.dictionary.CoordinateTable;

/**
 * Turns {@link Codes} back into the bytes they came from: the exact inverse of {@link Encoder}.
 *
 * <p>One instance serves one thread and reuses its buffer, which grows up to {@link Genom#TEXT_BYTES_MAX}.
 */
public final class Decoder {
    /** Room that one token may take: a space, the longest token and the slack of its copy. */
    private static final int TOKEN_ROOM = 128;

    /** Codes whose words are fetched together: enough to overlap the misses, few enough to stay in the first cache. */
    private static final int BLOCK = 64;

    private static final int SINGLE_BYTE = Codes.BYTE_RUN << Codes.KIND_SHIFT - 8;
    private static final long ONES = 0x0101010101010101L;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final CoordinateTable table;
    private final long[] places = new long[BLOCK];
    private final int count;
    private byte[] target = new byte[4 * BLOCK * TOKEN_ROOM];
    private int size;

    /** A decoder over an open table. */
    public Decoder(CoordinateTable table) {
        this.table = table;
        this.count = table.count();
    }

    /**
     * Decodes into the buffer of this instance and returns the number of bytes; {@link #bytes()} is the buffer.
     *
     * @throws TooLarge when the text grows beyond {@link Genom#TEXT_BYTES_MAX} bytes
     * @throws IllegalArgumentException when a code is malformed or names no token
     */
    public int decode(int[] codes, int length) {
        if (length < 0 || length > codes.length) {
            throw new IllegalArgumentException("codes: " + length + " (expected: 0 to " + codes.length + ")");
        }
        size = 0;
        for (int at = 0; at < length; ) {
            int stop = Math.min(length, at + BLOCK);
            table.placesOf(codes, at, stop - at, places);
            at = block(codes, at, stop, length);
        }
        if (size > Genom.TEXT_BYTES_MAX) {
            throw tooLong();
        }
        return size;
    }

    /** The buffer that the last {@link #decode} filled; valid until the next one. */
    public byte[] bytes() {
        return target;
    }

    /** Decodes to a string; bytes that are no UTF-8 become U+FFFD. */
    public String text(int[] codes, int length) {
        int bytes = decode(codes, length);
        return new String(target, 0, bytes, StandardCharsets.UTF_8);
    }

    /** Decodes the codes from {@code start} to {@code stop}, whose places are known; returns the next one. */
    private int block(int[] codes, int start, int stop, int length) {
        grow(BLOCK * TOKEN_ROOM);
        byte[] bytes = target;
        int next = size;
        int at = start;
        for (; at < stop; at++) {
            int code = codes[at];
            bytes[next] = ' ';
            next += at == 0 ? 0 : ~code >>> Codes.JOIN_SHIFT & 1;
            if (code >>> Codes.KIND_SHIFT == Codes.TOKEN) {
                if ((code & Codes.VALUE_MAX) >= count) {
                    throw new IllegalArgumentException("code at " + at + ": token " + (code & Codes.VALUE_MAX)
                            + " (expected: below " + count + ")");
                }
                int wordBytes = table.copyPlace(places[at - start], bytes, next);
                int letterCase = code >>> Codes.CASE_SHIFT;
                if (letterCase != LetterCase.LOWER) {
                    LetterCase.apply(bytes, next, wordBytes, letterCase);
                }
                next += wordBytes;
            } else if ((code & ~Codes.JOIN) >>> 8 == SINGLE_BYTE) {
                bytes[next++] = (byte) code;
            } else {
                size = next;
                at = literal(codes, at, length);
                grow(BLOCK * TOKEN_ROOM);
                bytes = target;
                next = size;
            }
        }
        size = next;
        return at;
    }

    private int literal(int[] codes, int at, int length) {
        int code = codes[at];
        if (Codes.isByteRun(code)) {
            int repeats = Codes.repeats(code);
            grow(repeats);
            long pattern = (code & 0xFF) * ONES;
            for (int offset = 0; offset < repeats; offset += 8) {
                LONGS.set(target, size + offset, pattern);
            }
            size += repeats;
            return at;
        }
        if (!Codes.isRaw(code) || at + Codes.words(code) > length) {
            throw new IllegalArgumentException("code at " + at + ": 0x" + Integer.toHexString(code)
                    + " (expected: token, byte run or complete raw span)");
        }
        int bytes = Codes.rawLength(code);
        grow(bytes);
        for (int offset = 0; offset < bytes; offset += 4) {
            INTS.set(target, size + offset, codes[at + 1 + (offset >> 2)]);
        }
        size += bytes;
        return at + Codes.words(code) - 1;
    }

    private void grow(int more) {
        int needed = size + more + TOKEN_ROOM;
        if (needed > target.length) {
            if (size > Genom.TEXT_BYTES_MAX) {
                throw tooLong();
            }
            target = Arrays.copyOf(
                    target, Math.max(needed, Math.min(2 * target.length, Genom.TEXT_BYTES_MAX + 2 * TOKEN_ROOM)));
        }
    }

    private static TooLarge tooLong() {
        return new TooLarge("text: longer (expected: at most " + Genom.TEXT_BYTES_MAX + " bytes)");
    }
}
