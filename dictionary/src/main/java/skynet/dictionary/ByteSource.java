package skynet.dictionary;

/** Reads one stream of a pack as {@link ByteSink} wrote it. */
final class ByteSource {
    private final byte[] bytes;
    private final int end;
    private int at;

    ByteSource(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    int next() throws DictionaryFormatException {
        if (at == end) {
            throw new DictionaryFormatException("stream: ended at byte " + at + " (expected: more)");
        }
        return bytes[at++] & 0xFF;
    }

    int number() throws DictionaryFormatException {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int part = next();
            value |= (part & 0x7F) << shift;
            if (part < 128) {
                return value;
            }
        }
        throw new DictionaryFormatException("number: longer than 5 bytes at byte " + at + " (expected: 32 bits)");
    }

    int difference() throws DictionaryFormatException {
        int coded = number();
        return coded >>> 1 ^ -(coded & 1);
    }

    int number(int limit, String thing) throws DictionaryFormatException {
        int value = number();
        if (value < 0 || value >= limit) {
            throw new DictionaryFormatException(thing + ": " + value + " (expected: 0 to " + (limit - 1) + ")");
        }
        return value;
    }
}
