package skynet.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import skynet.bus.codec.FrameCodec;

/**
 * The only door to the event bus: ask and serve, publish and listen, tell and hear, watch.
 *
 * <p>A room listens on a local and on a clustered address of different names; an ask goes to this node when somebody
 * here serves it and is not busy, and to another node otherwise. Every ask has a deadline, which travels with it, and a
 * bounded number of them is in flight per word and node, and a bounded number is worked on, also when their askers no
 * longer wait: a successful send proves nothing, so the sender must be told to wait before the receiver drowns. A time-out means unknown, never "not done".
 *
 * <p>The clustered addresses are a fixed set: one per word that is served, one per event, one per node. Nothing is
 * registered per answer, per socket or per user.
 */
public final class Bus {
    /** Asks in flight per word and node. */
    public static final int IN_FLIGHT_MAX = 512;

    /** How long an answer may take. */
    public static final Duration DEADLINE = Duration.ofSeconds(15);

    private static final String HERE = "here.";
    private static final String ANYWHERE = "any.";
    private static final String NODE = "node.";

    /** Slots of what is being worked on here, also for askers who no longer wait. */
    private static final String WORK = "work.";

    private static final String DEADLINE_HEADER = "deadline";
    private static final long DRAIN_CHECK_MILLIS = 20;

    private final Vertx vertx;
    private final EventBus eventBus;
    private final Catalog catalog = new Catalog();
    private final FrameCodec codec = new FrameCodec(catalog);
    private final Replies replies = new Replies(catalog);
    private final InFlight inFlight = new InFlight(IN_FLIGHT_MAX);
    private final InstantSource clock;
    private final Peers peers;
    private final ShortWay shortWay;
    private final Map<Class<?>, Served> servedHere = new ConcurrentHashMap<>();
    private final Set<Class<?>> heardHere = ConcurrentHashMap.newKeySet();
    private final Queue<MessageConsumer<?>> clustered = new ConcurrentLinkedQueue<>();
    private volatile NodeNumber self = new NodeNumber(1);

    /** The bus of a node that is alone. */
    public Bus(Vertx vertx, InstantSource clock) {
        this(vertx, clock, Peers.NONE);
    }

    public Bus(Vertx vertx, InstantSource clock, Peers peers) {
        this.vertx = vertx;
        this.eventBus = vertx.eventBus();
        this.clock = clock;
        this.peers = peers;
        this.shortWay = new ShortWay(vertx, clock, inFlight, replies);
        eventBus.registerCodec(codec);
    }

    /** Asks whoever serves this word, with the usual deadline. Fails with a {@link Fault}. */
    public <R extends BusMessage> Future<R> ask(Request<R> request) {
        return ask(request, DEADLINE);
    }

    /** Asks whoever serves this word. Fails with a {@link Fault}: BUSY before anything was sent, LATE at the deadline. */
    public <R extends BusMessage> Future<R> ask(Request<R> request, Duration deadline) {
        Class<?> type = request.getClass();
        Served served = servedHere.get(type);
        if (served != null) {
            if (!served.asked().free() && served.reach() == Reach.ANY_NODE) {
                return elsewhere(served.name(), request, deadline);
            }
            return shortWay.leadsTo(served)
                    ? shortWay.ask(served, request, deadline)
                    : send(HERE + served.name(), request, deadline, true);
        }
        String name = catalog.nameOf(type);
        Reach reach = catalog.reachOf(type);
        if (reach != Reach.ANY_NODE) {
            return Future.failedFuture(new Fault(
                    Fault.Kind.UNAVAILABLE,
                    name + ": not served here (expected: "
                            + (reach == Reach.THIS_NODE ? "a room of this node)" : "a node to be named)")));
        }
        return send(ANYWHERE + name, request, deadline, false);
    }

    /** Asks one node, which may be this one; fails before anything is sent when that node does not know the word. */
    public <R extends BusMessage> Future<R> ask(Request<R> request, NodeNumber node, Duration deadline) {
        String name = catalog.nameOf(request.getClass());
        if (node.equals(self)) {
            Served served = servedHere.get(request.getClass());
            return served != null && shortWay.leadsTo(served)
                    ? shortWay.ask(served, request, deadline)
                    : send(HERE + name, request, deadline, true);
        }
        Set<String> known = peers.words().get(node);
        if (known == null) {
            return Future.failedFuture(new Fault(Fault.Kind.UNAVAILABLE, node + ": not in the cluster now"));
        }
        if (!known.contains(name)) {
            return Future.failedFuture(
                    new Fault(Fault.Kind.UNAVAILABLE, name + ": unknown to the release that " + node + " runs"));
        }
        return send(NODE + node.value(), request, deadline, false);
    }

    /** Serves a word on this node. A thrown or failed {@link Fault} reaches the asker; all else is BROKEN and logged. */
    public <R extends BusMessage, Q extends Record & Request<R>> Future<Void> serve(
            Class<Q> type, Function<Q, Future<R>> handler) {
        String name = catalog.nameOf(type);
        Served served = servedHere.compute(type, (word, other) -> {
            if (other != null) {
                throw new IllegalStateException(name + ": served twice (expected: exactly one server)");
            }
            return new Served(
                    type,
                    name,
                    catalog.reachOf(type),
                    request -> handler.apply(type.cast(request)),
                    shortWay.here(),
                    eventBus.localConsumer(
                            HERE + name, message -> answer(replies.read(type, message), message, false, false)),
                    inFlight.slot(HERE + name),
                    inFlight.slot(WORK + name));
        });
        return served.reach() == Reach.ANY_NODE
                ? clustered(eventBus.consumer(
                        ANYWHERE + name, message -> answer(replies.read(type, message), message, true, false)))
                : Future.succeededFuture();
    }

    /** From now on other nodes can ask this one by its number, and tell it events. */
    public Future<Void> join(NodeNumber number) {
        self = number;
        return clustered(eventBus.consumer(NODE + number.value(), this::receive));
    }

    /** The number of this node: 1 until it has joined under another. */
    public NodeNumber self() {
        return self;
    }

    /** From now on no other node asks this one; done when what they had asked is answered, or the patience ends. */
    public Future<Void> leave(Duration patience) {
        List<Future<Void>> gone = new ArrayList<>();
        for (MessageConsumer<?> consumer = clustered.poll(); consumer != null; consumer = clustered.poll()) {
            gone.add(consumer.unregister());
        }
        long end = clock.millis() + patience.toMillis();
        return Future.join(gone)
                .transform(unregistered -> vertx.timer(DRAIN_CHECK_MILLIS).compose(later -> drained(end)));
    }

    /** Tells everybody. Nothing is promised about who hears it. */
    public <E extends Record & Event> void publish(E event) {
        eventBus.publish(catalog.nameOf(event.getClass()), event, new DeliveryOptions().setCodecName(FrameCodec.NAME));
    }

    /** Hears all events of a kind, from all nodes. */
    public <E extends Record & Event> Future<Void> listen(Class<E> type, Consumer<E> listener) {
        return eventBus.consumer(catalog.nameOf(type), message -> replies.read(type, message)
                        .ifPresent(listener))
                .completion();
    }

    /**
     * Tells one node, which may be this one. Events of one kind from one node arrive in order or not at all; nothing is sent
     * to a node that is not there or does not know the word.
     */
    public <E extends Record & Event> void tell(E event, NodeNumber node) {
        String name = catalog.nameOf(event.getClass());
        if (node.equals(self)) {
            hand(name, event);
        } else if (peers.words().getOrDefault(node, Set.of()).contains(name)) {
            eventBus.send(NODE + node.value(), event, new DeliveryOptions().setCodecName(FrameCodec.NAME));
        }
    }

    /** Hears all events of a kind that this node is told, by {@link #tell}. They come later, never from within the telling. */
    public <E extends Record & Event> Future<Void> hear(Class<E> type, Consumer<E> listener) {
        heardHere.add(type);
        return eventBus.localConsumer(HERE + catalog.nameOf(type), message -> replies.read(type, message)
                        .ifPresent(listener))
                .completion();
    }

    /** Sees every message that this node sends, before it goes; the watcher must neither wait nor throw. */
    public void watch(Consumer<Object> watcher) {
        shortWay.watch(watcher);
        eventBus.addOutboundInterceptor(delivery -> {
            watcher.accept(FrameCodec.messageOf(delivery.body()));
            delivery.next();
        });
    }

    /** Every wire name that this node knows. */
    public static Set<String> words() {
        return new Catalog().types().keySet();
    }

    /** How many asks one event loop of this node answered another without the event bus. */
    public long asksIndoors() {
        return shortWay.asks();
    }

    /** How many frames from other nodes were none: forged, cut or of another word than their address. */
    public long framesRefused() {
        return replies.refused();
    }

    private <R extends BusMessage> Future<R> elsewhere(String name, Request<R> request, Duration deadline) {
        for (Map.Entry<NodeNumber, Set<String>> peer : peers.words().entrySet()) {
            String address = NODE + peer.getKey().value();
            if (peer.getValue().contains(name)
                    && inFlight.slot(address + ' ' + name).free()) {
                return send(address, request, deadline, false);
            }
        }
        return Future.failedFuture(inFlight.busy(name));
    }

    @SuppressWarnings("unchecked")
    private <R extends BusMessage> Future<R> send(
            String address, Request<R> request, Duration deadline, boolean local) {
        Class<?> type = request.getClass();
        String name = catalog.nameOf(type);
        Object body = request;
        if (!local && !peers.words().isEmpty()) {
            try {
                body = codec.framed((BusMessage) request);
            } catch (IllegalArgumentException e) {
                return Future.failedFuture(new Fault(Fault.Kind.TOO_LARGE, e.getMessage()));
            }
        }
        InFlight.Slot slot = inFlight.slot(address.endsWith(name) ? address : address + ' ' + name);
        if (!slot.take()) {
            return Future.failedFuture(inFlight.busy(name));
        }
        DeliveryOptions options = new DeliveryOptions()
                .setCodecName(FrameCodec.NAME)
                .setLocalOnly(local)
                .setSendTimeout(deadline.toMillis())
                .addHeader(DEADLINE_HEADER, Long.toString(clock.millis() + deadline.toMillis()));
        return eventBus.<R>request(address, body, options)
                .map(answer -> (R) replies.body(answer))
                .recover(failure -> Future.failedFuture(replies.fault(type, failure)))
                .eventually(() -> {
                    slot.give();
                    return Future.succeededFuture();
                });
    }

    /** What came for this node: an event goes to whoever hears it here, a request home to the room that serves it. */
    private void receive(Message<?> message) {
        Optional<Record> word = replies.read(Record.class, message);
        if (word.filter(Event.class::isInstance)
                .map(Object::getClass)
                .filter(heardHere::contains)
                .isPresent()) {
            hand(catalog.nameOf(word.get().getClass()), word.get());
        } else {
            answer(word, message, true, true);
        }
    }

    private void hand(String name, Record event) {
        DeliveryOptions options =
                new DeliveryOptions().setCodecName(FrameCodec.NAME).setLocalOnly(true);
        eventBus.send(HERE + name, event, options);
    }

    /** Answers what arrived; from another node it may be anything, so it was read with suspicion. */
    private void answer(Optional<? extends Record> read, Message<?> message, boolean wire, boolean elsewhere) {
        Record request = read.orElse(null);
        Served served = request == null ? null : servedHere.get(request.getClass());
        if (served == null || (wire && served.reach() == Reach.THIS_NODE)) {
            replies.refuse(message, request);
            return;
        }
        if (replies.late(message, DEADLINE_HEADER, clock.millis())) {
            replies.refuse(served.type(), message, replies.tooLate(served.name()));
            return;
        }
        if (!served.work().take()) {
            replies.refuse(served.type(), message, inFlight.busy(served.name()));
            return;
        }
        inFlight.enter(wire);
        (elsewhere ? served.answerAtHome(request) : served.answer(request))
                .map(body -> wire ? bounded(body) : body)
                .onSuccess(body -> message.reply(body, new DeliveryOptions().setCodecName(FrameCodec.NAME)))
                .onFailure(failure -> replies.refuse(served.type(), message, failure))
                .onComplete(done -> {
                    inFlight.exit(wire);
                    served.work().give();
                });
    }

    /** An answer that does not fit into a frame would never leave, and leave its asker waiting. */
    private Object bounded(Object body) {
        try {
            return codec.framed((BusMessage) body);
        } catch (IllegalArgumentException e) {
            throw new Fault(Fault.Kind.TOO_LARGE, e.getMessage());
        }
    }

    private Future<Void> clustered(MessageConsumer<?> consumer) {
        clustered.add(consumer);
        return consumer.completion();
    }

    private Future<Void> drained(long end) {
        return inFlight.inHand() == 0 || clock.millis() > end
                ? Future.succeededFuture()
                : vertx.timer(DRAIN_CHECK_MILLIS).compose(later -> drained(end));
    }
}
