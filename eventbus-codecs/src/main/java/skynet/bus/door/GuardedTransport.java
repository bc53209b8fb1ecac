package skynet.bus.door;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.util.concurrent.atomic.LongAdder;

/**
 * The plain transport, with a gate behind the bus's port and a {@link Link} on what leads out. The bus opens its server and
 * its links itself and offers no other way to look at what comes in before it is put together in memory, nor to send
 * together what is sent at once.
 */
final class GuardedTransport implements io.vertx.core.transport.Transport, Transport {
    private final Transport plain = io.vertx.core.transport.Transport.NIO.implementation();
    private final int port;
    private final LongAdder refused;

    GuardedTransport(int port, LongAdder refused) {
        this.port = port;
        this.refused = refused;
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        plain.configure(options, domainSocket, bootstrap);
        if (options.getPort() == port && options.isSsl()) {
            bootstrap.handler(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object accepted) {
                    ((Channel) accepted).pipeline().addLast(new Gate(refused));
                    context.fireChannelRead(accepted);
                }
            });
        }
    }

    @Override
    public String name() {
        return "nio, guarded";
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public Throwable unavailabilityCause() {
        return null;
    }

    @Override
    public Transport implementation() {
        return this;
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return plain.ioHandlerFactory();
    }

    @Override
    public DatagramChannel datagramChannel() {
        return plain.datagramChannel();
    }

    @Override
    @SuppressWarnings("deprecation") // The interface still asks for it.
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return plain.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        ChannelFactory<? extends Channel> channels = plain.channelFactory(domainSocket);
        return () -> {
            Channel channel = channels.newChannel();
            channel.pipeline().addLast(new Link());
            return channel;
        };
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return plain.serverChannelFactory(domainSocket);
    }
}
