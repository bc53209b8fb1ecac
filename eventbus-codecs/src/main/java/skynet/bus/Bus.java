package skynet.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import skynet.bus.codec.FrameCodec;

/**
 * The only door to the event bus: ask and serve, publish and listen, watch.
 *
 * <p>A room listens on a local and on a clustered address of different names; an ask goes to this node when somebody
 * here serves it. Every ask has a deadline, which travels with it, and a bounded number of them is in flight per word: a
 * successful send proves nothing, so the sender must be told to wait before the receiver drowns. A time-out means
 * unknown, never "not done".
 */
public final class Bus {
    /** Asks in flight per word and node. */
    public static final int IN_FLIGHT_MAX = 512;

    /** How long an answer may take. */
    public static final Duration DEADLINE = Duration.ofSeconds(15);

    private static final String HERE = "here.";
    private static final String ANYWHERE = "any.";
    private static final String DEADLINE_HEADER = "deadline";

    private final EventBus eventBus;
    private final Catalog catalog;
    private final InstantSource clock;
    private final Map<Class<?>, AtomicInteger> inFlight = new ConcurrentHashMap<>();
    private final Map<Class<?>, Boolean> servedHere = new ConcurrentHashMap<>();

    public Bus(Vertx vertx, InstantSource clock) {
        this.eventBus = vertx.eventBus();
        this.catalog = new Catalog();
        this.clock = clock;
        eventBus.registerCodec(new FrameCodec(catalog));
    }

    /** Asks whoever serves this word, with the usual deadline. Fails with a {@link Fault}. */
    public <R extends BusMessage> Future<R> ask(Request<R> request) {
        return ask(request, DEADLINE);
    }

    /** Asks whoever serves this word. Fails with a {@link Fault}: BUSY before anything was sent, LATE at the deadline. */
    @SuppressWarnings("unchecked")
    public <R extends BusMessage> Future<R> ask(Request<R> request, Duration deadline) {
        Class<?> type = request.getClass();
        AtomicInteger waiting = inFlight.computeIfAbsent(type, t -> new AtomicInteger());
        if (waiting.incrementAndGet() > IN_FLIGHT_MAX) {
            waiting.decrementAndGet();
            return Future.failedFuture(new Fault(
                    Fault.Kind.BUSY,
                    catalog.nameOf(type) + ": " + IN_FLIGHT_MAX
                            + " requests are waiting (expected: fewer; try again)"));
        }
        String address = (servedHere.containsKey(type) ? HERE : ANYWHERE) + catalog.nameOf(type);
        return eventBus.<R>request(address, request, options(deadline))
                .map(Message::body)
                .recover(failure -> Future.failedFuture(asFault(type, failure)))
                .eventually(() -> {
                    waiting.decrementAndGet();
                    return Future.succeededFuture();
                });
    }

    /** Serves a word on this node. A thrown or failed {@link Fault} reaches the asker; all else is BROKEN and logged. */
    public <R extends BusMessage, Q extends Record & Request<R>> Future<Void> serve(
            Class<Q> type, Function<Q, Future<R>> handler) {
        if (servedHere.putIfAbsent(type, true) != null) {
            throw new IllegalStateException(catalog.nameOf(type) + ": served twice (expected: exactly one server)");
        }
        String name = catalog.nameOf(type);
        eventBus.<Q>localConsumer(HERE + name, message -> answer(type, message, handler));
        return eventBus.<Q>consumer(ANYWHERE + name, message -> answer(type, message, handler))
                .completion();
    }

    /** Tells everybody. Nothing is promised about who hears it. */
    public <E extends Record & Event> void publish(E event) {
        eventBus.publish(catalog.nameOf(event.getClass()), event, new DeliveryOptions().setCodecName(FrameCodec.NAME));
    }

    /** Hears all events of a kind. */
    public <E extends Record & Event> Future<Void> listen(Class<E> type, Consumer<E> listener) {
        return eventBus.<E>consumer(catalog.nameOf(type), message -> listener.accept(message.body()))
                .completion();
    }

    /** Sees every message that this node sends, before it goes; the watcher must neither wait nor throw. */
    public void watch(Consumer<Object> watcher) {
        eventBus.addOutboundInterceptor(delivery -> {
            watcher.accept(delivery.body());
            delivery.next();
        });
    }

    private DeliveryOptions options(Duration deadline) {
        return new DeliveryOptions()
                .setCodecName(FrameCodec.NAME)
                .setSendTimeout(deadline.toMillis())
                .addHeader(DEADLINE_HEADER, Long.toString(clock.millis() + deadline.toMillis()));
    }

    private <R extends BusMessage, Q extends Record & Request<R>> void answer(
            Class<Q> type, Message<Q> message, Function<Q, Future<R>> handler) {
        String deadline = message.headers().get(DEADLINE_HEADER);
        if (deadline != null && Long.parseLong(deadline) < clock.millis()) {
            message.fail(Fault.Kind.LATE.ordinal(), catalog.nameOf(type) + ": deadline passed before it was served");
            return;
        }
        Future<R> answer;
        try {
            answer = handler.apply(message.body());
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        answer.onSuccess(body -> message.reply(body, new DeliveryOptions().setCodecName(FrameCodec.NAME)))
                .onFailure(failure -> refuse(type, message, failure));
    }

    private void refuse(Class<?> type, Message<?> message, Throwable failure) {
        if (failure instanceof Fault fault) {
            message.fail(fault.kind().ordinal(), fault.getMessage());
        } else if (failure instanceof IllegalArgumentException) {
            message.fail(Fault.Kind.INVALID.ordinal(), failure.getMessage());
        } else {
            System.getLogger(Bus.class.getName())
                    .log(System.Logger.Level.ERROR, catalog.nameOf(type) + " broke", failure);
            message.fail(Fault.Kind.BROKEN.ordinal(), catalog.nameOf(type) + ": failed; the node's log says why");
        }
    }

    private Fault asFault(Class<?> type, Throwable failure) {
        if (!(failure instanceof ReplyException reply)) {
            return new Fault(Fault.Kind.BROKEN, catalog.nameOf(type) + ": " + failure.getMessage());
        }
        if (reply.failureType() == ReplyFailure.TIMEOUT) {
            return new Fault(
                    Fault.Kind.LATE, catalog.nameOf(type) + ": no answer in time; whether it was done is unknown");
        }
        if (reply.failureType() == ReplyFailure.NO_HANDLERS) {
            return new Fault(Fault.Kind.UNAVAILABLE, catalog.nameOf(type) + ": nobody serves this now");
        }
        Fault.Kind[] kinds = Fault.Kind.values();
        int code = reply.failureCode();
        return new Fault(code >= 0 && code < kinds.length ? kinds[code] : Fault.Kind.BROKEN, reply.getMessage());
    }
}
