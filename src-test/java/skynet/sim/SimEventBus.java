package skynet.sim;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageConsumerOptions;
import io.vertx.core.eventbus.MessageProducer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** One node's event bus: what {@code skynet.bus.Bus} uses of it, in virtual time. The rest says that it is not simulated. */
final class SimEventBus implements EventBus {
    private final SimWorld world;
    private final SimBus cluster;
    private final int node;
    private final Map<String, MessageCodec<Object, Object>> codecs = new HashMap<>();

    SimEventBus(SimWorld world, SimBus cluster, int node) {
        this.world = world;
        this.cluster = cluster;
        this.node = node;
    }

    static UnsupportedOperationException notSimulated() {
        return new UnsupportedOperationException("event bus: this is not simulated (expected: what Bus uses)");
    }

    int node() {
        return node;
    }

    @Override
    public <T> Future<Message<T>> request(String address, Object body, DeliveryOptions options) {
        List<SimConsumer<?>> hearers = cluster.at(address, node);
        world.trace().note(world.now(), "ask " + address, node, hearers.size());
        if (hearers.isEmpty()) {
            return Future.failedFuture(new ReplyException(ReplyFailure.NO_HANDLERS, "nobody at " + address));
        }
        Promise<Message<T>> answer = Promise.promise();
        world.after(node, options.getSendTimeout(), () -> answer.tryFail(new ReplyException(ReplyFailure.TIMEOUT)));
        SimConsumer<?> hearer = hearers.get(cluster.nextTurn() % hearers.size());
        deliver(hearer, address, body, options, true, reply -> answered(hearer.node(), address, reply, answer));
        return answer.future();
    }

    @Override
    public EventBus send(String address, Object body, DeliveryOptions options) {
        List<SimConsumer<?>> hearers = cluster.at(address, node);
        if (!hearers.isEmpty()) {
            SimConsumer<?> hearer = hearers.get(cluster.nextTurn() % hearers.size());
            deliver(hearer, address, body, options, true, reply -> {});
        }
        return this;
    }

    @Override
    public EventBus publish(String address, Object body, DeliveryOptions options) {
        world.trace().note(world.now(), "tell " + address, node);
        cluster.at(address, node).forEach(hearer -> deliver(hearer, address, body, options, false, reply -> {}));
        return this;
    }

    @Override
    public <T> MessageConsumer<T> consumer(String address, Handler<Message<T>> handler) {
        return register(address, false, handler);
    }

    @Override
    public <T> MessageConsumer<T> localConsumer(String address, Handler<Message<T>> handler) {
        return register(address, true, handler);
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // a codec meets only the bodies that were sent under its name
    public EventBus registerCodec(MessageCodec codec) {
        codecs.put(codec.name(), codec);
        return this;
    }

    @Override
    public <T> EventBus addOutboundInterceptor(Handler<DeliveryContext<T>> interceptor) {
        return this;
    }

    private <T> SimConsumer<T> register(String address, boolean local, Handler<Message<T>> handler) {
        SimConsumer<T> consumer = new SimConsumer<>(cluster, this, address, local, handler);
        cluster.register(consumer);
        return consumer;
    }

    private void deliver(
            SimConsumer<?> hearer,
            String address,
            Object body,
            DeliveryOptions options,
            boolean isSend,
            Consumer<Object> replying) {
        Supplier<Object> arrival = crossing(hearer.node(), body, options);
        MultiMap headers = options.getHeaders() == null ? MultiMap.caseInsensitiveMultiMap() : options.getHeaders();
        BiConsumer<Object, DeliveryOptions> fromThere =
                (reply, how) -> hearer.eventBus().sendBack(node, reply, how, replying);
        world.send(node, hearer.node(), () -> {
            world.trace().note(world.now(), "hear " + address, hearer.node(), node);
            hearer.hear(new SimMessage<>(address, headers, arrival.get(), "reply", isSend, fromThere));
        });
    }

    /** A reply on its way from here; a refusal has no body that would need bytes. */
    private void sendBack(int asker, Object reply, DeliveryOptions options, Consumer<Object> replying) {
        Supplier<Object> arrival = reply instanceof ReplyException ? () -> reply : crossing(asker, reply, options);
        world.send(node, asker, () -> replying.accept(arrival.get()));
    }

    private <T> void answered(int from, String address, Object reply, Promise<Message<T>> answer) {
        world.trace().note(world.now(), "answer " + address, from, reply instanceof ReplyException ? 1 : 0);
        if (reply instanceof ReplyException refused) {
            answer.tryFail(refused);
            return;
        }
        @SuppressWarnings("unchecked") // the asker knows what it asked for
        T body = (T) reply;
        answer.tryComplete(new SimMessage<>(address, MultiMap.caseInsensitiveMultiMap(), body, null, true, (r, o) -> {
            throw notSimulated();
        }));
    }

    /** The body as it arrives: itself on this node, made anew from its bytes on another. */
    private Supplier<Object> crossing(int to, Object body, DeliveryOptions options) {
        MessageCodec<Object, Object> codec = codecs.get(options.getCodecName());
        if (to == node) {
            return () -> codec.transform(body);
        }
        Buffer bytes = Buffer.buffer();
        codec.encodeToWire(bytes, body);
        return () -> codec.decodeFromWire(0, bytes);
    }

    @Override
    public EventBus send(String address, Object message) {
        throw notSimulated();
    }

    @Override
    public EventBus publish(String address, Object message) {
        throw notSimulated();
    }

    @Override
    public <T> MessageConsumer<T> consumer(MessageConsumerOptions options) {
        throw notSimulated();
    }

    @Override
    public <T> MessageConsumer<T> consumer(MessageConsumerOptions options, Handler<Message<T>> handler) {
        throw notSimulated();
    }

    @Override
    public <T> MessageConsumer<T> consumer(String address) {
        throw notSimulated();
    }

    @Override
    public <T> MessageConsumer<T> localConsumer(String address) {
        throw notSimulated();
    }

    @Override
    public <T> MessageProducer<T> sender(String address) {
        throw notSimulated();
    }

    @Override
    public <T> MessageProducer<T> sender(String address, DeliveryOptions options) {
        throw notSimulated();
    }

    @Override
    public <T> MessageProducer<T> publisher(String address) {
        throw notSimulated();
    }

    @Override
    public <T> MessageProducer<T> publisher(String address, DeliveryOptions options) {
        throw notSimulated();
    }

    @Override
    public EventBus unregisterCodec(String name) {
        throw notSimulated();
    }

    @Override
    public <T> EventBus registerDefaultCodec(Class<T> type, MessageCodec<T, ?> codec) {
        throw notSimulated();
    }

    @Override
    @SuppressWarnings("rawtypes") // as the interface has it
    public EventBus unregisterDefaultCodec(Class type) {
        throw notSimulated();
    }

    @Override
    public EventBus codecSelector(Function<Object, String> selector) {
        throw notSimulated();
    }

    @Override
    public <T> EventBus removeOutboundInterceptor(Handler<DeliveryContext<T>> interceptor) {
        throw notSimulated();
    }

    @Override
    public <T> EventBus addInboundInterceptor(Handler<DeliveryContext<T>> interceptor) {
        throw notSimulated();
    }

    @Override
    public <T> EventBus removeInboundInterceptor(Handler<DeliveryContext<T>> interceptor) {
        throw notSimulated();
    }

    @Override
    public EventBus clusterSerializableChecker(Function<String, Boolean> checker) {
        throw notSimulated();
    }

    @Override
    public EventBus serializableChecker(Function<String, Boolean> checker) {
        throw notSimulated();
    }

    @Override
    public boolean isMetricsEnabled() {
        return false;
    }
}
