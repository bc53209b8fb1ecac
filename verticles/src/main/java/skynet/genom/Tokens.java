package skynet.genom;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import skynet.bus.Genom;
import skynet.dictionary.CoordinateTable;
import skynet.dictionary.TokenId;

/**
 * Shows codes as the tokens that people read.
 *
 * <p>A byte run is {@code B-195} and a raw span {@code RAW}: they stand on a ring of their own, beyond the million, at
 * the angle of their (first) byte. Their hexadecimal form is the whole code, so it never equals that of a token.
 */
public final class Tokens {
    /** The ring of the 256 bytes. */
    public static final int LITERAL_RING = 124;

    /** The sector of bytes and raw spans. */
    public static final String LITERAL_SECTOR = "raw";

    private static final int SLOTS = 32_768;
    private static final int SLOTS_PER_BYTE = 128;

    /** Every door tells angles in four decimals; in full they are in the plane's file. */
    private static final int THETA_PARTS = 10_000;

    private final CoordinateTable table;

    /** Shows tokens of an open table. */
    public Tokens(CoordinateTable table) {
        this.table = table;
    }

    /** One token of the dictionary. */
    public Genom.Token of(int id) {
        return new Genom.Token(
                TokenId.label(id),
                TokenId.hex(id),
                table.canonical(id),
                table.sector(id).wireName(),
                table.language(id),
                rounded(table.r(id), 10),
                rounded(table.theta(id), THETA_PARTS));
    }

    /** The first {@code limit} tokens of some codes. */
    public List<Genom.Token> of(int[] codes, int count, int limit) {
        List<Genom.Token> tokens = new ArrayList<>(Math.min(count, limit));
        for (int at = 0; at < count && tokens.size() < limit; at += Codes.words(codes[at])) {
            tokens.add(Codes.isToken(codes[at]) ? of(Codes.id(codes[at])) : literal(codes, at));
        }
        return tokens;
    }

    private static Genom.Token literal(int[] codes, int at) {
        int code = codes[at];
        byte[] bytes = bytes(codes, at);
        String label = Codes.isByteRun(code) ? String.format("B-%03d", Codes.byteOf(code)) : "RAW";
        return new Genom.Token(
                label,
                String.format("0x%08X", code),
                new String(bytes, StandardCharsets.UTF_8),
                LITERAL_SECTOR,
                "",
                1.0 + 0.1 * LITERAL_RING,
                rounded(2 * Math.PI * SLOTS_PER_BYTE * (bytes[0] & 0xFF) / SLOTS, THETA_PARTS));
    }

    /** The nearest decimal number of as many parts of one; halves go up. */
    private static double rounded(double value, int parts) {
        return Math.round(value * parts) / (double) parts;
    }

    /** The bytes of a byte run or raw span. */
    static byte[] bytes(int[] codes, int at) {
        int code = codes[at];
        byte[] bytes = new byte[Codes.isByteRun(code) ? Codes.repeats(code) : Codes.rawLength(code)];
        for (int index = 0; index < bytes.length; index++) {
            bytes[index] = (byte) (Codes.isByteRun(code) ? code : codes[at + 1 + (index >> 2)] >>> 8 * (index & 3));
        }
        return bytes;
    }
}
