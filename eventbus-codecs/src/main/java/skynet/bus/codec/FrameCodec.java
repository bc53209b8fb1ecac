package skynet.bus.codec;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.nio.charset.StandardCharsets;
import skynet.bus.BusMessage;
import skynet.bus.Catalog;

/**
 * The one codec of the bus. A frame is the wire name and the record:
 *
 * <pre>
 * int8 name length | name in ASCII | record (see {@link RecordCodec})
 * </pre>
 *
 * Local delivery passes the immutable record itself. On the wire a frame is at most {@value #FRAME_BYTES_MAX} bytes: the
 * bus carries commands and small answers and is no data plane.
 */
public final class FrameCodec implements MessageCodec<Object, BusMessage> {
    /** Largest frame on the wire. */
    public static final int FRAME_BYTES_MAX = 64 << 10;

    /** Name under which Vert.x knows this codec. */
    public static final String NAME = "skynet";

    private final Catalog catalog;

    /** A message with its frame, so that one whose size was looked at is not written a second time. */
    private record Framed(BusMessage message, Buffer frame) {}

    public FrameCodec(Catalog catalog) {
        this.catalog = catalog;
    }

    /** One message as a frame; throws IllegalArgumentException when it is larger than a frame may be. */
    public Buffer encode(BusMessage message) {
        byte[] name = catalog.nameOf(message.getClass()).getBytes(StandardCharsets.US_ASCII);
        Buffer frame = Buffer.buffer(256).appendByte((byte) name.length).appendBytes(name);
        RecordCodec.write(frame, (Record) message);
        if (frame.length() > FRAME_BYTES_MAX) {
            throw new IllegalArgumentException(catalog.nameOf(message.getClass()) + ": " + frame.length()
                    + " bytes (expected: at most " + FRAME_BYTES_MAX + ")");
        }
        return frame;
    }

    /** The message of a frame that begins at {@code position}; throws IllegalArgumentException when it is none. */
    public BusMessage decode(int position, Buffer frame) {
        if (position >= frame.length()) {
            throw new IllegalArgumentException("frame: empty");
        }
        if (frame.length() - position > FRAME_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "frame: " + (frame.length() - position) + " bytes (expected: at most " + FRAME_BYTES_MAX + ")");
        }
        int length = frame.getByte(position);
        if (length <= 0 || length >= frame.length() - position) {
            throw new IllegalArgumentException(
                    "wire name length: " + length + " (expected: 1 to 127, within the frame)");
        }
        String name = frame.getString(position + 1, position + 1 + length, "US-ASCII");
        return (BusMessage) RecordCodec.read(frame, position + 1 + length, catalog.typeOf(name));
    }

    /** What to send for a message to another node; throws IllegalArgumentException when it is larger than a frame may be. */
    public Object framed(BusMessage message) {
        return new Framed(message, encode(message));
    }

    /** The message in what was sent, whether framed or not. */
    public static Object messageOf(Object sent) {
        return sent instanceof Framed framed ? framed.message() : sent;
    }

    @Override
    public void encodeToWire(Buffer buffer, Object sent) {
        buffer.appendBuffer(sent instanceof Framed framed ? framed.frame() : encode((BusMessage) sent));
    }

    @Override
    public BusMessage decodeFromWire(int position, Buffer buffer) {
        return decode(position, buffer);
    }

    @Override
    public BusMessage transform(Object sent) {
        return (BusMessage) messageOf(sent);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
