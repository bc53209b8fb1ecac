package skynet.sim;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.util.function.BiConsumer;

/** A message as its hearer sees it; the reply goes back the way it came. */
record SimMessage<T>(
        String address,
        MultiMap headers,
        T body,
        String replyAddress,
        boolean isSend,
        BiConsumer<Object, DeliveryOptions> replying)
        implements Message<T> {
    @Override
    public void reply(Object message, DeliveryOptions options) {
        replying.accept(message, options);
    }

    @Override
    public <R> Future<Message<R>> replyAndRequest(Object message, DeliveryOptions options) {
        throw SimEventBus.notSimulated();
    }
}
