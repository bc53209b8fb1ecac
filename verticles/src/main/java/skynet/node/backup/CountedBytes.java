package skynet.node.backup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A stream that knows how many bytes went through it. */
final class CountedBytes extends FilterOutputStream {
    private long bytes;

    CountedBytes(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int value) throws IOException {
        out.write(value);
        bytes++;
    }

    @Override
    public void write(byte[] source, int start, int length) throws IOException {
        out.write(source, start, length);
        bytes += length;
    }

    long bytes() {
        return bytes;
    }
}
