package skynet.sim;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.streams.ReadStream;

/** Somebody who hears an address on one node. */
final class SimConsumer<T> implements MessageConsumer<T> {
    private final SimBus cluster;
    private final SimEventBus eventBus;
    private final String address;
    private final boolean local;
    private final Handler<Message<T>> handler;
    private boolean registered = true;

    SimConsumer(SimBus cluster, SimEventBus eventBus, String address, boolean local, Handler<Message<T>> handler) {
        this.cluster = cluster;
        this.eventBus = eventBus;
        this.address = address;
        this.local = local;
        this.handler = handler;
    }

    SimEventBus eventBus() {
        return eventBus;
    }

    int node() {
        return eventBus.node();
    }

    boolean isLocal() {
        return local;
    }

    @SuppressWarnings("unchecked") // what is said at an address is what its consumers expect, as on the real bus
    void hear(Message<?> message) {
        if (registered) {
            handler.handle((Message<T>) message);
        }
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public boolean isRegistered() {
        return registered;
    }

    @Override
    public Future<Void> completion() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> unregister() {
        registered = false;
        cluster.unregister(this);
        return Future.succeededFuture();
    }

    @Override
    public MessageConsumer<T> handler(Handler<Message<T>> later) {
        throw SimEventBus.notSimulated();
    }

    @Override
    public MessageConsumer<T> exceptionHandler(Handler<Throwable> listener) {
        return this;
    }

    @Override
    public MessageConsumer<T> pause() {
        throw SimEventBus.notSimulated();
    }

    @Override
    public MessageConsumer<T> resume() {
        throw SimEventBus.notSimulated();
    }

    @Override
    public MessageConsumer<T> fetch(long amount) {
        throw SimEventBus.notSimulated();
    }

    @Override
    public MessageConsumer<T> endHandler(Handler<Void> listener) {
        return this;
    }

    @Override
    public ReadStream<T> bodyStream() {
        throw SimEventBus.notSimulated();
    }
}
