package skynet.bus.door;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.util.concurrent.atomic.LongAdder;
import skynet.bus.codec.FrameCodec;

/**
 * Lets whole frames of the bus through and closes the connection at anything else. A frame as Vert.x lays it out:
 *
 * <pre>
 * int32 length | int8 version | int8 codec | [int32 length | codec name]   codec -1 has a name
 * int8 publish | address | reply address | sender   each int32 length and UTF-8
 * int32 headers length, counted from itself | headers | body
 * </pre>
 */
final class Frames extends LengthFieldBasedFrameDecoder {
    /** Beside the body: addresses, ids and headers, each of which we choose ourselves. */
    static final int ENVELOPE_BYTES_MAX = 2 << 10;

    static final int BYTES_MAX = FrameCodec.FRAME_BYTES_MAX + ENVELOPE_BYTES_MAX;
    private static final byte NAMED_CODEC = -1;

    private final LongAdder refused;

    Frames(LongAdder refused) {
        super(BYTES_MAX, 0, Integer.BYTES);
        this.refused = refused;
    }

    @Override
    protected Object decode(ChannelHandlerContext context, ByteBuf in) throws Exception {
        ByteBuf frame = (ByteBuf) super.decode(context, in);
        if (frame == null) {
            return null;
        }
        try {
            walk(frame, Integer.BYTES);
            return frame;
        } catch (IndexOutOfBoundsException e) {
            frame.release();
            throw new CorruptedFrameException("frame: its lengths do not add up");
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for the end of a connection that is refused.
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        if (cause instanceof DecoderException && context.channel().isOpen()) {
            refused.increment();
            System.getLogger(BusDoor.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "bus: {0} refused: {1}",
                            context.channel().remoteAddress(),
                            cause.getMessage());
            context.close();
        } else {
            super.exceptionCaught(context, cause);
        }
    }

    private static void walk(ByteBuf frame, int start) {
        int at = start + 1;
        at += frame.getByte(at) == NAMED_CODEC ? 1 + text(frame, at + 1) : 1;
        at += 1;
        for (int texts = 0; texts < 3; texts++) {
            at += text(frame, at);
        }
        int headers = frame.getInt(at);
        if (headers < Integer.BYTES || headers > frame.writerIndex() - at) {
            throw new IndexOutOfBoundsException();
        }
    }

    /** How many bytes a text takes with its length. */
    private static int text(ByteBuf frame, int at) {
        int length = frame.getInt(at);
        if (length < 0 || length > frame.writerIndex() - at - Integer.BYTES) {
            throw new IndexOutOfBoundsException();
        }
        return Integer.BYTES + length;
    }
}
