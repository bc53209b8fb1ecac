package skynet.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * The short way from one event loop of this node to another, or to itself: an ask without address, headers, message and
 * timer of its own. It keeps what the event bus promises: the handler runs later and at home, never inside {@code ask};
 * the answer arrives on the asker's context; bounds, deadline, faults and watchers are the same. A traced node takes the
 * long way, where its spans are.
 *
 * <p>An ask belongs to its asker's event loop, which alone decides how it ends: answered, refused or late, whichever is
 * first. Every {@value #LOOK_MILLIS} ms a loop on which somebody waits looks who is late.
 */
final class ShortWay {
    /** An ask ends at most so long after its deadline. */
    static final long LOOK_MILLIS = 20;

    private final Vertx vertx;
    private final InstantSource clock;
    private final InFlight inFlight;
    private final Replies replies;
    private final List<Consumer<Object>> watchers = new CopyOnWriteArrayList<>();
    private final ThreadLocal<Waiting> waiting = ThreadLocal.withInitial(Waiting::new);
    private final LongAdder asks = new LongAdder();

    ShortWay(Vertx vertx, InstantSource clock, InFlight inFlight, Replies replies) {
        this.vertx = vertx;
        this.clock = clock;
        this.inFlight = inFlight;
        this.replies = replies;
    }

    void watch(Consumer<Object> watcher) {
        watchers.add(watcher);
    }

    /** How many asks went this way. */
    long asks() {
        return asks.sum();
    }

    /** The event loop on which this is called, as a home of words or of asks; null on any other thread, such as a worker's. */
    ContextInternal here() {
        ContextInternal current = ContextInternal.current();
        boolean loop = current != null && current.isEventLoopContext() && current.inThread();
        return loop && current.owner() == vertx ? current : null;
    }

    /** Whether it leads from here to those who serve a word. */
    boolean leadsTo(Served served) {
        ContextInternal here = here();
        return here != null && here.tracer() == null && served.home() != null && served.isOpen();
    }

    <R extends BusMessage> Future<R> ask(Served served, Request<R> request, Duration deadline) {
        if (!served.asked().take()) {
            return Future.failedFuture(inFlight.busy(served.name()));
        }
        asks.increment();
        Ask<R> ask = new Ask<>(served, request, here(), waiting.get(), clock.millis() + deadline.toMillis());
        ask.waiting.add(ask);
        tell(request);
        served.home().runOnContext(ask::serve);
        return ask.promise.future();
    }

    private void tell(Object message) {
        for (Consumer<Object> watcher : watchers) {
            watcher.accept(message);
        }
    }

    /** One ask on its way. */
    private final class Ask<R extends BusMessage> {
        private final Served served;
        private final Request<R> request;
        private final ContextInternal asker;
        private final Waiting waiting;
        private final long dueMillis;
        private final PromiseInternal<R> promise;
        private int place;
        private boolean over;

        Ask(Served served, Request<R> request, ContextInternal asker, Waiting waiting, long dueMillis) {
            this.served = served;
            this.request = request;
            this.asker = asker;
            this.waiting = waiting;
            this.dueMillis = dueMillis;
            this.promise = asker.promise();
        }

        /** At home, in a turn of its own. */
        void serve(Void turn) {
            if (clock.millis() > dueMillis) {
                answered(null, replies.tooLate(served.name()), true);
            } else if (!served.isOpen()) {
                answered(null, replies.nobody(served.name()), true);
            } else if (!served.work().take()) {
                answered(null, inFlight.busy(served.name()), true);
            } else {
                Future<?> answer = served.answer(request);
                boolean atOnce = answer.isComplete();
                answer.onComplete((body, failure) -> {
                    served.work().give();
                    answered(body, failure, atOnce);
                });
            }
        }

        /** A room that answers in the middle of its own doings is not interrupted by what the asker does next. */
        private void answered(Object body, Throwable failure, boolean atOnce) {
            Fault fault =
                    failure != null ? replies.refusal(served.type(), failure) : body == null ? replies.noWord() : null;
            tell(fault == null ? body : fault);
            if (atOnce && asker.inThread()) {
                end(body, fault);
            } else {
                asker.runOnContext(turn -> end(body, fault));
            }
        }

        @SuppressWarnings("unchecked") // whoever serves a word answers with the word that it awaits
        void end(Object body, Fault fault) {
            if (over) {
                return;
            }
            over = true;
            waiting.remove(this);
            served.asked().give();
            if (fault == null) {
                promise.complete((R) body);
            } else {
                promise.fail(fault);
            }
        }
    }

    /** The asks of one event loop that have no answer yet, in no order; at most as many as may be in flight. */
    private final class Waiting {
        private final List<Ask<?>> asks = new ArrayList<>();
        private boolean looking;

        void add(Ask<?> ask) {
            ask.place = asks.size();
            asks.add(ask);
            if (!looking) {
                lookLater(ask.asker);
            }
        }

        void remove(Ask<?> ask) {
            Ask<?> last = asks.remove(asks.size() - 1);
            if (last != ask) {
                asks.set(ask.place, last);
                last.place = ask.place;
            }
        }

        /** By the loop itself: a timer of Vert.x would end with the room that happened to ask first. */
        @SuppressWarnings("FutureReturnValueIgnored") // It looks once and is never called off.
        private void lookLater(ContextInternal loop) {
            looking = true;
            loop.nettyEventLoop().schedule(() -> look(loop), LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }

        private void look(ContextInternal loop) {
            looking = false;
            long now = clock.millis();
            List<Ask<?>> late =
                    asks.stream().filter(ask -> ask.dueMillis <= now).toList();
            late.forEach(ask -> ask.end(null, replies.late(ask.served.name())));
            if (!asks.isEmpty() && !looking) {
                lookLater(loop);
            }
        }
    }
}
