package skynet.dictionary;

import java.io.ByteArrayOutputStream;

/** Collects one stream of a pack: bytes, and numbers of seven bits a byte, low bits first, the last byte below 128. */
final class ByteSink extends ByteArrayOutputStream {
    void number(int value) {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            write(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        write(rest);
    }

    /** A number that may be negative: 0, -1, 1, -2 become 0, 1, 2, 3. */
    void difference(int value) {
        number(value << 1 ^ value >> 31);
    }
}
