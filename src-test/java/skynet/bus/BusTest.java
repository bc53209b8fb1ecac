package skynet.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, InstantSource.system());

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void anAnswerOfThisNodeIsTheVeryRecordThatWasGiven() throws Exception {
        Genom.Decoded given = new Genom.Decoded("hello");
        await(bus.serve(Genom.Decode.class, ask -> Future.succeededFuture(given)));
        assertSame(given, await(bus.ask(new Genom.Decode("frame"))));
    }

    @Test
    void whatANodeIsToldIsHeardInOrderAndLater() throws Exception {
        List<Long> heard = new ArrayList<>();
        Promise<Void> all = Promise.promise();
        await(bus.join(new NodeNumber(7)));
        await(bus.hear(Stream.Grant.class, grant -> {
            heard.add(grant.ackSeq());
            if (heard.size() == 3) {
                all.complete();
            }
        }));
        for (long seq = 1; seq <= 3; seq++) {
            bus.tell(new Stream.Grant("a", 1, 7, seq, seq), bus.self());
        }
        bus.tell(new Stream.Grant("a", 1, 7, 9, 9), new NodeNumber(8));
        await(all.future());
        assertEquals(List.of(1L, 2L, 3L), heard);
        assertEquals(new NodeNumber(7), bus.self());
    }

    @Test
    void aNodeMayBeItselfTheOneThatIsNamed() throws Exception {
        await(bus.join(new NodeNumber(7)));
        await(bus.serve(Genom.Decode.class, ask -> Future.succeededFuture(new Genom.Decoded("here"))));
        assertEquals(
                "here",
                await(bus.ask(new Genom.Decode("x"), new NodeNumber(7), Duration.ofSeconds(5)))
                        .text());
        assertEquals(
                Fault.Kind.UNAVAILABLE,
                faultOf(bus.ask(new Genom.Decode("x"), new NodeNumber(8), Duration.ofSeconds(5)))
                        .kind());
    }

    @Test
    void whatNobodyServesIsUnavailable() {
        assertEquals(Fault.Kind.UNAVAILABLE, faultOf(bus.ask(new Genom.Count())).kind());
    }

    @Test
    void aFaultReachesTheAskerWithItsKind() throws Exception {
        await(bus.serve(Genom.Decode.class, ask -> Future.failedFuture(Fault.absent("frame: none"))));
        Fault fault = faultOf(bus.ask(new Genom.Decode("x")));
        assertEquals(Fault.Kind.ABSENT, fault.kind());
        assertEquals("frame: none", fault.getMessage());
    }

    @Test
    void whatABrokenRoomSaysStaysInTheLog() throws Exception {
        await(bus.serve(Genom.Decode.class, ask -> {
            throw new IllegalStateException("password=secret");
        }));
        Fault fault = faultOf(bus.ask(new Genom.Decode("x")));
        assertEquals(Fault.Kind.BROKEN, fault.kind());
        assertEquals("genom.decode: failed; the node's log says why", fault.getMessage());
    }

    @Test
    void aWordHasExactlyOneServer() throws Exception {
        await(bus.serve(Genom.Decode.class, ask -> Future.succeededFuture(new Genom.Decoded(""))));
        assertThrows(
                IllegalStateException.class,
                () -> bus.serve(Genom.Decode.class, ask -> Future.succeededFuture(new Genom.Decoded(""))));
    }

    @Test
    void anAskWithoutAnswerIsLateAndUnknown() throws Exception {
        await(bus.serve(
                Genom.Decode.class, ask -> Promise.<Genom.Decoded>promise().future()));
        assertEquals(
                Fault.Kind.LATE,
                faultOf(bus.ask(new Genom.Decode("x"), Duration.ofMillis(50))).kind());
    }

    @Test
    void moreAsksThanAreBoundedAreRefusedBeforeTheyAreSent() throws Exception {
        Promise<Genom.Decoded> held = Promise.promise();
        await(bus.serve(Genom.Decode.class, ask -> held.future()));
        List<Future<Genom.Decoded>> asked = new ArrayList<>();
        for (int i = 0; i < Bus.IN_FLIGHT_MAX; i++) {
            asked.add(bus.ask(new Genom.Decode("x")));
        }
        assertEquals(Fault.Kind.BUSY, faultOf(bus.ask(new Genom.Decode("x"))).kind());
        held.complete(new Genom.Decoded("y"));
        for (Future<Genom.Decoded> answer : asked) {
            assertEquals("y", await(answer).text());
        }
        assertEquals("y", await(bus.ask(new Genom.Decode("x"))).text());
    }

    @Test
    void aWordThatTheOthersReleaseDoesNotKnowIsNotSent() throws Exception {
        NodeNumber older = new NodeNumber(9);
        Vertx other = Vertx.vertx();
        try {
            Bus clustered = new Bus(other, InstantSource.system(), () -> Map.of(older, Set.of("genom.decode")));
            Fault fault = faultOf(clustered.ask(new Genom.Count(), older, Duration.ofSeconds(1)));
            assertEquals(Fault.Kind.UNAVAILABLE, fault.kind());
            assertEquals("genom.count: unknown to the release that NOD9 runs", fault.getMessage());
        } finally {
            await(other.close());
        }
    }

    @Test
    void aRequestToANodeThatIsToBeNamedIsNotSentToAny() {
        Fault fault = faultOf(bus.ask(new Swarm.Greet(new NodeNumber(1), Swarm.State.READY, false)));
        assertEquals("swarm.greet: not served here (expected: a node to be named)", fault.getMessage());
    }

    @Test
    void workThatNobodyWaitsForCountsUntilItIsDone() throws Exception {
        Promise<Genom.Decoded> held = Promise.promise();
        AtomicInteger begun = new AtomicInteger();
        await(bus.serve(Genom.Decode.class, ask -> {
            begun.incrementAndGet();
            return held.future();
        }));
        for (int round = 0; round < 2; round++) {
            List<Future<Genom.Decoded>> asked = new ArrayList<>();
            for (int i = 0; i < Bus.IN_FLIGHT_MAX; i++) {
                asked.add(bus.ask(new Genom.Decode("x"), Duration.ofMillis(300)));
            }
            Fault.Kind expected = round == 0 ? Fault.Kind.LATE : Fault.Kind.BUSY;
            for (Future<Genom.Decoded> answer : asked) {
                assertEquals(expected, faultOf(answer).kind());
            }
        }
        assertEquals(Bus.IN_FLIGHT_MAX, begun.get());
        held.complete(new Genom.Decoded("y"));
        assertEquals("y", await(bus.ask(new Genom.Decode("x"))).text());
    }

    private static Fault faultOf(Future<?> future) {
        ExecutionException failure = assertThrows(
                ExecutionException.class,
                () -> future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS));
        return (Fault) failure.getCause();
    }
}
