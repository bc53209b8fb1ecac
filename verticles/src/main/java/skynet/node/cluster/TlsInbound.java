package skynet.node.cluster;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.InboundHandler;
import com.hazelcast.internal.nio.IOUtil;
import java.io.EOFException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** The first step inward of a channel: records of TLS in, plain bytes out. It runs on the channel's input thread. */
final class TlsInbound extends InboundHandler<ByteBuffer, ByteBuffer> {
    private final SSLEngine engine;
    private final TlsChannels.Handshake handshake;
    /** Opened bytes that the next step had no room for; always ready to be read. */
    private final ByteBuffer opened;

    TlsInbound(SSLEngine engine, TlsChannels.Handshake handshake) {
        this.engine = engine;
        this.handshake = handshake;
        this.opened = ByteBuffer.allocate(2 * engine.getSession().getApplicationBufferSize());
        this.opened.limit(0);
    }

    @Override
    public void handlerAdded() {
        initSrcBuffer(2 * engine.getSession().getPacketBufferSize());
    }

    @Override
    public HandlerStatus onRead() throws Exception {
        src.flip();
        try {
            return open();
        } catch (SSLException e) {
            handshake.end(false);
            channel.outboundPipeline().wakeup();
            throw e;
        } finally {
            IOUtil.compactOrClear(src);
        }
    }

    private HandlerStatus open() throws Exception {
        while (true) {
            give();
            if (opened.hasRemaining()) {
                return HandlerStatus.DIRTY;
            }
            opened.clear();
            SSLEngineResult result;
            try {
                result = engine.unwrap(src, opened);
            } finally {
                opened.flip();
            }
            if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
                handshake.end(true);
                channel.outboundPipeline().wakeup();
            }
            switch (result.getStatus()) {
                case CLOSED -> throw new EOFException("the other side ended TLS");
                case BUFFER_OVERFLOW -> throw new SSLException("record: larger than TLS allows");
                case OK, BUFFER_UNDERFLOW -> {
                    boolean moved = result.bytesConsumed() > 0 || result.bytesProduced() > 0;
                    if (!proceed(moved)) {
                        return HandlerStatus.CLEAN;
                    }
                }
            }
        }
    }

    /** Whether to go on at once; what the handshake needs from the other direction is started there. */
    private boolean proceed(boolean moved) {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                TlsOutbound.runTasks(engine);
                return true;
            }
            case NEED_WRAP -> channel.outboundPipeline().wakeup();
            default -> {
                // The bytes alone decide.
            }
        }
        return moved;
    }

    private void give() {
        if (dst == null || !opened.hasRemaining()) {
            return;
        }
        int bytes = Math.min(opened.remaining(), dst.remaining());
        int end = opened.limit();
        opened.limit(opened.position() + bytes);
        dst.put(opened);
        opened.limit(end);
    }
}
