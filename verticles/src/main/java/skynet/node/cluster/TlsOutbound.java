package skynet.node.cluster;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.OutboundHandler;
import com.hazelcast.internal.nio.IOUtil;
import java.io.EOFException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** The last step outward of a channel: plain bytes in, records of TLS out. It runs on the channel's output thread. */
final class TlsOutbound extends OutboundHandler<ByteBuffer, ByteBuffer> {
    private final SSLEngine engine;
    private final TlsChannels.Handshake handshake;

    TlsOutbound(SSLEngine engine, TlsChannels.Handshake handshake) {
        this.engine = engine;
        this.handshake = handshake;
    }

    @Override
    public void handlerAdded() {
        initDstBuffer(2 * engine.getSession().getPacketBufferSize());
    }

    @Override
    public HandlerStatus onWrite() throws Exception {
        IOUtil.compactOrClear(dst);
        try {
            return seal();
        } catch (SSLException e) {
            handshake.end(false);
            throw e;
        } finally {
            dst.flip();
        }
    }

    private HandlerStatus seal() throws Exception {
        while (true) {
            HandshakeStatus before = engine.getHandshakeStatus();
            switch (before) {
                case NEED_TASK -> {
                    runTasks(engine);
                    continue;
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    channel.inboundPipeline().wakeup();
                    return HandlerStatus.BLOCKED;
                }
                case NOT_HANDSHAKING, FINISHED -> {
                    if (!src.hasRemaining()) {
                        return HandlerStatus.CLEAN;
                    }
                }
                case NEED_WRAP -> {
                    // Falls through to the wrapping below.
                }
            }
            SSLEngineResult result = engine.wrap(src, dst);
            if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
                handshake.end(true);
            }
            if (before == HandshakeStatus.NEED_WRAP && engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
                channel.inboundPipeline().wakeup();
            }
            switch (result.getStatus()) {
                case OK -> {
                    // Goes on.
                }
                case BUFFER_OVERFLOW -> {
                    return HandlerStatus.DIRTY;
                }
                case BUFFER_UNDERFLOW -> {
                    return HandlerStatus.CLEAN;
                }
                case CLOSED -> throw new EOFException("TLS has ended");
            }
        }
    }

    /** The work of a handshake takes a few milliseconds and happens once per link. */
    static void runTasks(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }
}
