package skynet.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Asks from one event loop to another, and from a loop to itself: they keep what the event bus promises. */
class ShortWayTest {
    private static final Genom.Decode ASK = new Genom.Decode("frame");
    private static final Genom.Decoded ANSWER = new Genom.Decoded("hello");

    private Vertx vertx;
    private Bus bus;
    private Room asker;

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theAnswerIsTheVeryRecordAndArrivesOnTheContextOfTheAsker(int loops) throws Exception {
        begin(loops, ask -> Future.succeededFuture(ANSWER));
        List<Object> seen = new ArrayList<>();
        assertSame(ANSWER, await(asker.does(() -> bus.ask(ASK).map(answer -> {
            seen.add(Vertx.currentContext());
            return answer;
        }))));
        assertEquals(List.of(asker.home()), seen);
        assertEquals(1, bus.asksIndoors());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aHandlerRunsAtHomeAndNeverInsideTheAsk(int loops) throws Exception {
        ConcurrentLinkedQueue<Object> seen = new ConcurrentLinkedQueue<>();
        Room server = begin(loops, ask -> {
            seen.add(Vertx.currentContext());
            return Future.succeededFuture(ANSWER);
        });
        Promise<Void> asked = Promise.promise();
        await(asker.does(() -> {
            Future<Genom.Decoded> answer = bus.ask(ASK);
            assertTrue(loops == 2 || seen.isEmpty());
            assertFalse(answer.isComplete());
            asked.complete();
            return answer;
        }));
        assertTrue(asked.future().isComplete());
        assertSame(server.home(), seen.poll());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anAnswerDoesNotInterruptTheRoomThatGivesIt(int loops) throws Exception {
        Promise<Genom.Decoded> held = Promise.promise();
        Room server = begin(loops, ask -> held.future());
        List<String> order = new ArrayList<>();
        Future<String> answered = asker.does(() -> bus.ask(ASK).map(answer -> {
            order.add("asker goes on");
            return "";
        }));
        await(asker.does(Future::succeededFuture));
        await(server.does(() -> {
            held.complete(ANSWER);
            order.add("room is done");
            return Future.succeededFuture();
        }));
        await(answered);
        assertEquals(loops == 1 ? List.of("room is done", "asker goes on") : order, order);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void faultsKeepTheirKindAndWhatBreaksStaysInTheLog(int loops) throws Exception {
        begin(loops, ask -> switch (ask.frame()) {
            case "absent" -> Future.failedFuture(Fault.absent("frame: none"));
            case "invalid" -> throw new IllegalArgumentException("frame: odd");
            case "nothing" -> null;
            case "null" -> Future.succeededFuture(null);
            default -> throw new IllegalStateException("password=secret");
        });
        assertEquals("ABSENT frame: none", faultOf("absent"));
        assertEquals("INVALID frame: odd", faultOf("invalid"));
        assertEquals("BROKEN genom.decode: failed; the node's log says why", faultOf("nothing"));
        assertEquals("BROKEN answer: no frame of this bus", faultOf("null"));
        assertEquals("BROKEN genom.decode: failed; the node's log says why", faultOf("broken"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anAskEndsSoonAfterItsDeadlineAndALaterAnswerIsForgotten(int loops) throws Exception {
        Promise<Genom.Decoded> held = Promise.promise();
        AtomicInteger ends = new AtomicInteger();
        begin(loops, ask -> held.future());
        long start = System.nanoTime();
        Fault fault = faultOf(
                asker.does(() -> bus.ask(ASK, Duration.ofMillis(50)).onComplete(end -> ends.incrementAndGet())));
        assertEquals(Fault.Kind.LATE, fault.kind());
        assertEquals("genom.decode: no answer in time; whether it was done is unknown", fault.getMessage());
        assertTrue(System.nanoTime() - start >= 49_000_000);
        held.complete(ANSWER);
        assertSame(ANSWER, await(asker.does(() -> bus.ask(ASK))));
        assertEquals(1, ends.get());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void manyDeadlinesEndInTheirOrderWhileOthersAreAnswered(int loops) throws Exception {
        begin(
                loops,
                ask -> ask.frame().equals("never")
                        ? Promise.<Genom.Decoded>promise().future()
                        : Future.succeededFuture(ANSWER));
        List<Integer> late = new ArrayList<>();
        await(asker.does(() -> {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int number = i;
                ends.add(bus.ask(new Genom.Decode("never"), Duration.ofMillis(50 + 100 * i))
                        .recover(fault -> {
                            late.add(number);
                            return Future.succeededFuture(ANSWER);
                        }));
                ends.add(bus.ask(ASK));
            }
            return Future.all(ends);
        }));
        assertEquals(List.of(0, 1, 2, 3, 4), late);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void asksAreBoundedAndWorkThatNobodyWaitsForCountsUntilItIsDone(int loops) throws Exception {
        Promise<Genom.Decoded> held = Promise.promise();
        AtomicInteger begun = new AtomicInteger();
        begin(loops, ask -> {
            begun.incrementAndGet();
            return held.future();
        });
        for (Fault.Kind expected : List.of(Fault.Kind.LATE, Fault.Kind.BUSY)) {
            List<Future<Genom.Decoded>> asked = new ArrayList<>();
            await(asker.does(() -> {
                for (int i = 0; i < Bus.IN_FLIGHT_MAX; i++) {
                    asked.add(bus.ask(ASK, Duration.ofMillis(300)));
                }
                assertEquals(Fault.Kind.BUSY, ((Fault) bus.ask(ASK).cause()).kind());
                return Future.succeededFuture();
            }));
            for (Future<Genom.Decoded> answer : asked) {
                assertEquals(expected, faultOf(answer).kind());
            }
        }
        assertEquals(Bus.IN_FLIGHT_MAX, begun.get());
        held.complete(ANSWER);
        assertSame(ANSWER, await(asker.does(() -> bus.ask(ASK))));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void watchersSeeEveryAskAnswerAndRefusal(int loops) throws Exception {
        Fault refusal = Fault.absent("frame: none");
        begin(loops, ask -> ask.frame().isEmpty() ? Future.failedFuture(refusal) : Future.succeededFuture(ANSWER));
        ConcurrentLinkedQueue<Object> seen = new ConcurrentLinkedQueue<>();
        bus.watch(seen::add);
        await(asker.does(() -> bus.ask(ASK)));
        assertEquals("ABSENT frame: none", faultOf(""));
        assertEquals(List.of(ASK, ANSWER, new Genom.Decode(""), refusal), List.copyOf(seen));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatAClosedRoomServedIsUnavailable(int loops) throws Exception {
        Room server = begin(loops, ask -> Future.succeededFuture(ANSWER));
        assertSame(ANSWER, await(asker.does(() -> bus.ask(ASK))));
        await(vertx.undeploy(server.deploymentID()));
        assertEquals("UNAVAILABLE genom.decode: nobody serves this now", faultOf("frame"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anAskOfARoomThatIsClosedMeanwhileEndsAllTheSame(int loops) throws Exception {
        begin(loops, ask -> Promise.<Genom.Decoded>promise().future());
        Future<Genom.Decoded> asked = asker.does(() -> bus.ask(ASK, Duration.ofMillis(200)));
        await(asker.does(Future::succeededFuture));
        await(vertx.undeploy(asker.deploymentID()));
        assertEquals(Fault.Kind.LATE, faultOf(asked).kind());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void threadsOfAnotherKindTakeTheEventBus(int loops) throws Exception {
        begin(loops, ask -> Future.succeededFuture(ANSWER));
        assertSame(ANSWER, await(bus.ask(ASK)));
        assertSame(ANSWER, await(await(asker.does(() -> vertx.executeBlocking(() -> bus.ask(ASK))))));
        assertEquals(0, bus.asksIndoors());
    }

    /** A room that serves on one event loop and a room that asks, on the same or on another. */
    private Room begin(int loops, Function<Genom.Decode, Future<Genom.Decoded>> handler) throws Exception {
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops));
        bus = new Bus(vertx, InstantSource.system());
        Room server = new Room(() -> bus.serve(Genom.Decode.class, handler));
        asker = new Room(Future::succeededFuture);
        await(vertx.deployVerticle(server));
        await(vertx.deployVerticle(asker));
        if (loops == 1) {
            assertSame(server.thread(), asker.thread());
        } else {
            assertNotSame(server.thread(), asker.thread());
        }
        return server;
    }

    private String faultOf(String frame) throws Exception {
        Fault fault = faultOf(asker.does(() -> bus.ask(new Genom.Decode(frame))));
        return fault.kind() + " " + fault.getMessage();
    }

    private static Fault faultOf(Future<?> future) {
        ExecutionException failure = assertThrows(
                ExecutionException.class,
                () -> future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS));
        return (Fault) failure.getCause();
    }

    /** Does on its own context what a test tells it. */
    private static final class Room extends VerticleBase {
        private final Supplier<Future<?>> first;

        Room(Supplier<Future<?>> first) {
            this.first = first;
        }

        @Override
        public Future<?> start() {
            return first.get();
        }

        Context home() {
            return context;
        }

        Thread thread() throws Exception {
            return await(does(() -> Future.succeededFuture(Thread.currentThread())));
        }

        <T> Future<T> does(Supplier<Future<T>> work) {
            Promise<T> done = Promise.promise();
            context.runOnContext(run -> {
                try {
                    work.get().onComplete(done);
                } catch (RuntimeException | AssertionError e) {
                    done.fail(e);
                }
            });
            return done.future();
        }
    }
}
