package skynet.bus.door;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.atomic.LongAdder;

/** Stands before TLS: counts who fails to prove himself, and puts {@link Frames} behind it. Without TLS nobody passes. */
final class Gate extends ChannelInboundHandlerAdapter {
    private final LongAdder refused;
    private boolean looked;

    Gate(LongAdder refused) {
        this.refused = refused;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for the end of a connection that is refused.
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        if (!looked) {
            looked = true;
            ChannelHandlerContext tls = context.pipeline().context(SslHandler.class);
            if (tls == null) {
                refused.increment();
                ReferenceCountUtil.release(bytes);
                context.close();
                return;
            }
            context.pipeline().addAfter(tls.name(), "frames", new Frames(refused));
            ((SslHandler) tls.handler()).handshakeFuture().addListener(shaken -> {
                if (!shaken.isSuccess()) {
                    refused.increment();
                    context.close();
                }
            });
        }
        context.fireChannelRead(bytes);
    }
}
