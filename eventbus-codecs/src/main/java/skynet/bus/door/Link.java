package skynet.bus.door;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslHandler;

/**
 * Makes of what one turn of the event loop sends over TLS one record and one write to the system, instead of one for each
 * message. It looks when the first bytes come: the other side's greeting, before which nothing is sent.
 */
final class Link extends ChannelInboundHandlerAdapter {
    private static final int MESSAGES_TOGETHER = 256;

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        ChannelHandlerContext tls = context.pipeline().context(SslHandler.class);
        if (tls != null) {
            context.pipeline().addAfter(tls.name(), "together", new FlushConsolidationHandler(MESSAGES_TOGETHER, true));
        }
        context.fireChannelRead(bytes);
        context.pipeline().remove(this);
    }
}
