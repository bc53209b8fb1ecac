package skynet.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Fault;
import skynet.bus.Genom;
import skynet.grpc.v1.EncodeRequest;
import skynet.grpc.v1.EncodeResponse;

/** Texts and answers flow both ways, in order, and no faster than the slower side wants. */
class EncodeStreamTest {
    private static final String STREAM = "skynet.v1.Encoder/EncodeStream";

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();
    private final ConcurrentLinkedQueue<Promise<Genom.Encoded>> held = new ConcurrentLinkedQueue<>();
    private Doors doors;

    @BeforeEach
    void open() throws Exception {
        doors = Doors.withoutGenom();
        Doors.await(doors.bus.serve(Genom.Encode.class, this::encode));
    }

    @AfterEach
    void close() throws Exception {
        doors.close();
    }

    @Test
    void tenThousandTextsAreAnsweredInTheirOrder() throws Exception {
        Answers answers = new Answers();
        call(
                answers,
                IntStream.range(0, 10_000).mapToObj(number -> "text " + number).iterator());
        assertEquals(Status.Code.OK, answers.end());
        assertEquals(10_000, answers.frames.size());
        for (int number = 0; number < 10_000; number++) {
            assertEquals("<text " + number + ">", answers.frames.get(number));
        }
    }

    @Test
    void onlyAWindowOfTextsIsInFlight() throws Exception {
        Answers answers = new Answers();
        call(answers, Stream.generate(() -> "hold").limit(1_000).iterator());
        waitUntil(() -> held.size() == EncodeStream.WINDOW_TEXTS);
        settle();
        assertEquals(EncodeStream.WINDOW_TEXTS, asked.get());
        while (answers.frames.size() < 1_000) {
            Promise<Genom.Encoded> next = held.poll();
            if (next == null) {
                Thread.onSpinWait();
            } else {
                next.complete(encoded("<held>"));
            }
        }
        assertEquals(Status.Code.OK, answers.end());
    }

    @Test
    void longTextsAreCountedByTheirBytes() throws Exception {
        Answers answers = new Answers();
        call(
                answers,
                Stream.generate(() -> "hold" + "x".repeat(40_000)).limit(10).iterator());
        waitUntil(() -> held.size() == 2);
        settle();
        assertEquals(2, asked.get());
    }

    @Test
    void aCallerThatDoesNotReadIsNotReadFrom() throws Exception {
        Answers answers = new Answers();
        answers.reads = false;
        call(answers, Stream.generate(() -> "long").limit(100_000).iterator());
        waitUntil(() -> asked.get() >= 8);
        waitUntilStill();
        assertTrue(asked.get() < 500, asked + " texts encoded for a caller that takes no answer");
        assertFalse(answers.over.isDone());
    }

    @Test
    void manySlowReadersDoNotGrowTheHeap() throws Exception {
        long before = heapBytes();
        List<RawHttp2> slow = new ArrayList<>();
        byte[] text = RawHttp2.framed(
                EncodeRequest.newBuilder().setText("long").build().toByteArray());
        try {
            for (int caller = 0; caller < Calls.STREAMS_MAX; caller++) {
                RawHttp2 raw = new RawHttp2(doors.grpcPort).withoutReading();
                slow.add(raw);
                int stream = raw.call("/" + STREAM, false);
                for (int count = 0; count < 200; count++) {
                    raw.data(stream, text, false);
                }
            }
            waitUntil(() -> doors.room.openCalls() == Calls.STREAMS_MAX);
            waitUntilStill();
            long grownMiB = (heapBytes() - before) >> 20;
            assertTrue(grownMiB < 128, grownMiB + " MiB for " + slow.size() + " readers that do not read");
            assertTrue(asked.get() < 40 * Calls.STREAMS_MAX, asked.get() + " texts encoded for them");
            RawHttp2 next = new RawHttp2(doors.grpcPort);
            slow.add(next);
            assertEquals("14", next.reply(next.call("/" + STREAM, false)).status());
            assertEquals("<well>", doors.encode("well").getGenomMessage());
        } finally {
            for (RawHttp2 raw : slow) {
                raw.close();
            }
        }
        waitUntil(() -> doors.room.openCalls() == 0);
    }

    @Test
    void theFirstTextThatCannotBeEncodedEndsTheStreamAndIsCounted() throws Exception {
        Answers answers = new Answers();
        call(answers, List.of("one", "two", "bad", "four").iterator());
        assertEquals(Status.Code.INVALID_ARGUMENT, answers.end());
        assertEquals(List.of("<one>", "<two>"), answers.frames);
        assertEquals("message 3: text: bad (expected: good)", answers.status.getDescription());
    }

    @Test
    void aBusyHouseMakesAStreamWait() throws Exception {
        busy.set(5);
        Answers answers = new Answers();
        call(answers, List.of("one", "two").iterator());
        assertEquals(Status.Code.OK, answers.end());
        assertEquals(List.of("<one>", "<two>"), answers.frames);
    }

    @Test
    void anEmptyStreamEndsWell() throws Exception {
        Answers answers = new Answers();
        call(answers, List.<String>of().iterator());
        assertEquals(Status.Code.OK, answers.end());
        assertEquals(0, asked.get());
    }

    @Test
    void aCallerThatGoesLeavesNothingBehind() throws Exception {
        Answers answers = new Answers();
        call(answers, Stream.generate(() -> "hold").limit(1_000).iterator());
        waitUntil(() -> held.size() == EncodeStream.WINDOW_TEXTS);
        answers.stream.cancel("enough", null);
        waitUntil(() -> doors.room.openCalls() == 0);
        held.forEach(promise -> promise.complete(encoded("late")));
        settle();
        assertEquals(EncodeStream.WINDOW_TEXTS, asked.get());
        assertEquals("<well>", doors.encode("well").getGenomMessage());
    }

    @Test
    void aDeadlineEndsAStreamInTheMidst() throws Exception {
        Answers answers = new Answers();
        call(answers, List.of("one", "hold").iterator(), 400);
        assertEquals(Status.Code.DEADLINE_EXCEEDED, answers.end());
        waitUntil(() -> doors.room.openCalls() == 0);
    }

    /** What came in on the connection before these calls has been dealt with when they are answered. */
    private void settle() {
        for (int call = 0; call < 20; call++) {
            assertEquals("<well>", doors.encode("well").getGenomMessage());
        }
    }

    /** Waits until nothing more is asked, however many calls of another connection are answered meanwhile. */
    private void waitUntilStill() {
        ManagedChannel another = Doors.channel(doors.grpcPort);
        try {
            for (int before = -1; before != asked.get(); ) {
                before = asked.get();
                for (int call = 0; call < 50; call++) {
                    ClientCalls.blockingUnaryCall(
                            another,
                            Doors.method(
                                    "skynet.v1.Encoder/Encode",
                                    false,
                                    false,
                                    EncodeRequest.getDefaultInstance(),
                                    EncodeResponse.getDefaultInstance()),
                            CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                            EncodeRequest.newBuilder().setText("well").build());
                }
            }
        } finally {
            another.shutdownNow();
        }
    }

    private Future<Genom.Encoded> encode(Genom.Encode ask) {
        if (busy.getAndDecrement() > 0) {
            return Future.failedFuture(new Fault(Fault.Kind.BUSY, "busy"));
        }
        if (ask.text().equals("well")) {
            return Future.succeededFuture(encoded("<well>"));
        }
        asked.incrementAndGet();
        if (ask.text().startsWith("hold")) {
            Promise<Genom.Encoded> later = Promise.promise();
            held.add(later);
            return later.future();
        }
        return switch (ask.text()) {
            case "bad" -> Future.failedFuture(Fault.invalid("text: bad (expected: good)"));
            case "long" -> Future.succeededFuture(encoded("x".repeat(50_000)));
            default -> Future.succeededFuture(encoded("<" + ask.text() + ">"));
        };
    }

    private static Genom.Encoded encoded(String frame) {
        return new Genom.Encoded(frame, new Genom.Intent("?", "unknown", 0), List.of(), 1, 1, 1);
    }

    private void call(Answers answers, Iterator<String> texts) {
        call(answers, texts, 60_000);
    }

    private void call(Answers answers, Iterator<String> texts, long deadlineMillis) {
        answers.texts = texts;
        ClientCalls.asyncBidiStreamingCall(
                doors.channel.newCall(
                        Doors.method(
                                STREAM,
                                true,
                                true,
                                EncodeRequest.getDefaultInstance(),
                                EncodeResponse.getDefaultInstance()),
                        CallOptions.DEFAULT.withDeadlineAfter(deadlineMillis, TimeUnit.MILLISECONDS)),
                answers);
    }

    private static long heapBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void waitUntil(java.util.function.BooleanSupplier state) throws Exception {
        for (int tries = 0; !state.getAsBoolean(); tries++) {
            assertTrue(tries < 2_000, "the awaited state did not come within 20 s");
            Thread.sleep(10);
        }
    }

    /** A grpc-java caller that sends while the channel is ready, and reads or does not. */
    private static final class Answers implements ClientResponseObserver<EncodeRequest, EncodeResponse> {
        private final List<String> frames = java.util.Collections.synchronizedList(new ArrayList<>());
        private final CompletableFuture<Status> over = new CompletableFuture<>();
        private boolean reads = true;
        private Iterator<String> texts;
        private ClientCallStreamObserver<EncodeRequest> stream;
        private boolean completed;
        private Status status;

        @Override
        public void beforeStart(ClientCallStreamObserver<EncodeRequest> requests) {
            stream = requests;
            if (!reads) {
                requests.disableAutoRequestWithInitial(0);
            }
            requests.setOnReadyHandler(this::send);
        }

        private void send() {
            while (stream.isReady() && !completed) {
                if (texts.hasNext()) {
                    stream.onNext(
                            EncodeRequest.newBuilder().setText(texts.next()).build());
                } else {
                    completed = true;
                    stream.onCompleted();
                }
            }
        }

        @Override
        public void onNext(EncodeResponse answer) {
            frames.add(answer.getGenomMessage());
        }

        @Override
        public void onError(Throwable failure) {
            over.complete(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            over.complete(Status.OK);
        }

        Status.Code end() throws Exception {
            status = over.get(60, TimeUnit.SECONDS);
            return status.getCode();
        }
    }
}
