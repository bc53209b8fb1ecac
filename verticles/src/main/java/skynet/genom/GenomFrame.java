package skynet.genom;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The textual form of a {@link Frame}, one line of ASCII:
 *
 * <pre>
 *  GENOM|NOD5|3|42|MSG|payload|crc32c
 *        node e seq type
 *
 *  node     NOD1 to NOD9999999
 *  e, seq   epoch and sequence, decimal without sign or leading zeros, at most 2^63 - 1
 *  type     a name of {@link FrameType}
 *  payload  base64url, unpadded, of the byte form of the codes
 *  crc32c   8 lower-case hexadecimal digits over everything before them
 * </pre>
 *
 * A frame has exactly one spelling; every other is refused.
 */
public final class GenomFrame {
    /** Longest frame in characters: the longest binary frame in base64, with room for the other parts. */
    public static final int FRAME_CHARS_MAX = BinaryFrame.FRAME_BYTES_MAX / 3 * 4 + 64;

    private static final String HEAD = "GENOM|";
    private static final int CHECKSUM_CHARS = 8;
    private static final Base64.Encoder PAYLOAD = Base64.getUrlEncoder().withoutPadding();

    private final String line;
    private int at;

    private GenomFrame(String line) {
        this.line = line;
    }

    /** Writes a frame as a line. */
    public static String format(Frame frame) {
        String payload = PAYLOAD.encodeToString(CodeStream.write(frame.codes()));
        String guarded = HEAD + "NOD" + frame.node() + '|' + frame.epoch() + '|' + frame.sequence() + '|' + frame.type()
                + '|' + payload + '|';
        return guarded + checksum(guarded);
    }

    /** Reads a line; anything that {@link #format} would not write is refused. */
    public static Frame parse(String line) throws FrameException {
        if (line.length() > FRAME_CHARS_MAX) {
            throw new FrameException(
                    FRAME_CHARS_MAX, line.length() + " characters (expected: at most " + FRAME_CHARS_MAX + ")");
        }
        return new GenomFrame(line).parse();
    }

    private Frame parse() throws FrameException {
        expect(HEAD);
        expect("NOD");
        int nodeAt = at;
        long node = number("node");
        if (node < 1 || node > Frame.NODE_MAX) {
            throw new FrameException(nodeAt, "node (expected: 1 to " + Frame.NODE_MAX + ")");
        }
        long epoch = number("epoch");
        long sequence = number("sequence");
        int typeAt = at;
        FrameType type = FrameType.named(part("type"));
        if (type == null) {
            throw new FrameException(typeAt, "type (expected: one of MSG, REQ, RES, EVT, ACK, ERR)");
        }
        int payloadAt = at;
        String payload = part("payload");
        String checksum = line.substring(at);
        if (checksum.length() != CHECKSUM_CHARS || !checksum.equals(checksum(line.substring(0, at)))) {
            throw new FrameException(at, "checksum (expected: 8 hexadecimal digits of CRC32C over all before)");
        }
        return new Frame((int) node, epoch, sequence, type, codes(payload, payloadAt));
    }

    private static CodeRun codes(String payload, int payloadAt) throws FrameException {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(payload);
        } catch (IllegalArgumentException notBase64) {
            throw new FrameException(payloadAt, "payload (expected: base64url)");
        }
        if (!PAYLOAD.encodeToString(bytes).equals(payload)) {
            throw new FrameException(payloadAt, "payload (expected: base64url without padding)");
        }
        try {
            return CodeStream.read(bytes, 0, bytes.length);
        } catch (FrameException malformed) {
            throw new FrameException(payloadAt + malformed.position() * 4 / 3, malformed.getMessage());
        }
    }

    private void expect(String word) throws FrameException {
        if (!line.startsWith(word, at)) {
            throw new FrameException(at, "head (expected: " + word + ")");
        }
        at += word.length();
    }

    private String part(String name) throws FrameException {
        int bar = line.indexOf('|', at);
        if (bar < 0) {
            throw new FrameException(line.length(), name + " (expected: a bar after it)");
        }
        String part = line.substring(at, bar);
        at = bar + 1;
        return part;
    }

    private long number(String name) throws FrameException {
        int start = at;
        String digits = part(name);
        boolean plain = !digits.isEmpty()
                && digits.length() <= 19
                && digits.chars().allMatch(digit -> digit >= '0' && digit <= '9')
                && (digits.length() == 1 || digits.charAt(0) != '0');
        if (plain) {
            try {
                return Long.parseLong(digits);
            } catch (NumberFormatException tooLarge) {
                // refused below, like all that is no number
            }
        }
        throw new FrameException(
                start, name + " (expected: decimal, at most " + Long.MAX_VALUE + ", no leading zeros)");
    }

    private static String checksum(String guarded) {
        CRC32C crc = new CRC32C();
        crc.update(guarded.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
