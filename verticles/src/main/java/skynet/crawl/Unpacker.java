package skynet.crawl;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import skynet.bus.Fault;

/** Unpacks what a host sent packed, and stops at a bound: a small body can hold a large nothing. Blocks a little. */
final class Unpacker {
    private static final int STEP = 16 << 10;

    private Unpacker() {}

    /** The bytes of a reply, at most so many; of a reply that was cut, those that can be read. */
    static byte[] unpack(Reply reply, int bytesMax) {
        String encoding = reply.header("Content-Encoding").toLowerCase(Locale.ROOT);
        return switch (encoding) {
            case "", "identity" -> reply.body().getBytes();
            case "gzip", "x-gzip" -> gunzip(reply.address(), reply.body(), bytesMax, reply.cut());
            default ->
                throw new Fault(
                        Fault.Kind.INVALID, reply.address() + ": packed in another way (expected: gzip or not at all)");
        };
    }

    /** A file that is packed itself, as its first two bytes tell, is unpacked too. */
    static byte[] unpackFile(WebAddress address, byte[] file, int bytesMax) {
        boolean packed = file.length > 2 && (file[0] & 0xff) == 0x1f && (file[1] & 0xff) == 0x8b;
        return packed ? gunzip(address, Buffer.buffer(file), bytesMax, false) : file;
    }

    private static byte[] gunzip(WebAddress address, Buffer packed, int bytesMax, boolean cut) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(Math.min(bytesMax, 4 * packed.length()));
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.getBytes()))) {
            byte[] step = new byte[STEP];
            for (int read = in.read(step); read >= 0; read = in.read(step)) {
                if (out.size() + read > bytesMax) {
                    if (cut) {
                        return out.toByteArray();
                    }
                    throw new Fault(Fault.Kind.TOO_LARGE, address + ": more than " + bytesMax + " bytes when unpacked");
                }
                out.write(step, 0, read);
            }
        } catch (EOFException e) {
            if (!cut) {
                throw new Fault(Fault.Kind.INVALID, address + ": packed, and not whole");
            }
        } catch (IOException e) {
            throw new Fault(Fault.Kind.INVALID, address + ": says to be packed by gzip and is not");
        }
        return out.toByteArray();
    }
}
