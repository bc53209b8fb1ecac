package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;
import static skynet.testkit.Wait.until;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Chat;
import skynet.bus.Principal;
import skynet.bus.stream.StreamSink;
import skynet.bus.stream.StreamSource;
import skynet.cascade.StreamNode;
import skynet.testkit.TestDatabase;

/** A thousand readers who take nothing out of their sockets, each before an answer that comes as fast as it is heard. */
@Timeout(300)
class SlowReadersTest {
    private static final int READERS = 1_000;
    private static final int BLOCKS = 128;
    private static final int TEXT_CHARS = BLOCKS * 2_000;
    private static final int AT_ONCE = 16;

    @TempDir
    Path home;

    private final Vertx vertx = Vertx.vertx();
    private TestDatabase postgres;
    private StreamNode node;
    private Context door;
    private Readings readings;

    @BeforeEach
    void open() throws Exception {
        postgres = TestDatabase.start(home);
        node = StreamNode.alone(vertx, postgres.uri());
        door = vertx.getOrCreateContext();
        readings = new Readings(vertx, node.bus());
        atDoor(readings::open);
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
        postgres.close();
    }

    @Test
    void readersWhoDoNotReadHoldNoMoreThanTheirBoundsAndTheirAnswersAreKept() throws Exception {
        long heapBefore = heap();
        List<Stuck> readers = new CopyOnWriteArrayList<>();
        for (int first = 0; first < READERS; first += AT_ONCE) {
            List<Future<Stuck>> opened = new ArrayList<>();
            for (int i = first; i < Math.min(READERS, first + AT_ONCE); i++) {
                String question = "flood " + BLOCKS + " " + i;
                opened.add(Future.future(
                        begun -> door.runOnContext(turn -> read(question).onComplete(begun))));
            }
            for (Future<Stuck> reader : opened) {
                readers.add(await(reader));
            }
        }
        until(() -> readers.stream().allMatch(reader -> reader.bytes > 0));
        long heapMax = heap();
        long held = node.heldBytes();
        assertTrue(held <= (long) READERS * StreamSource.RING_BYTES, "held " + held);
        for (Stuck reader : readers) {
            assertTrue(reader.bytes <= StreamSink.WINDOW_BYTES, "in a socket: " + reader.bytes);
        }
        long bound = (long) READERS * (StreamSource.RING_BYTES + 2 * StreamSink.WINDOW_BYTES);
        assertTrue(heapMax - heapBefore < bound, "heap grew by " + (heapMax - heapBefore) + " (bound " + bound + ")");

        until(() -> node.computing() == 0);
        long boundAfter = (long) READERS * 3 * StreamSink.WINDOW_BYTES;
        long heapAfter = heapBelow(heapBefore + boundAfter);
        System.out.printf(
                "%d slow readers: held %d MiB, heap +%d MiB, when all is kept +%d MiB%n",
                READERS, held >> 20, (heapMax - heapBefore) >> 20, (heapAfter - heapBefore) >> 20);
        assertTrue(heapAfter - heapBefore < boundAfter, "heap stays grown by " + (heapAfter - heapBefore));

        Stuck awake = readers.get(0);
        door.runOnContext(turn -> awake.read());
        until(() -> awake.ended);
        assertEquals(TEXT_CHARS, awake.chars);
        assertEquals("0123456789".repeat(TEXT_CHARS / 10), awake.text.toString());
    }

    private Future<Stuck> read(String question) {
        Stuck outlet = new Stuck(question.endsWith(" 0"));
        return node.bus()
                .ask(new Chat.Begin("", "", question, Principal.GUEST), Duration.ofSeconds(60))
                .map(begun -> {
                    readings.reading(Principal.GUEST, begun.message(), Place.START, outlet)
                            .readFrom(begun.owner());
                    return outlet;
                });
    }

    /** A socket that takes nothing until somebody reads. */
    private static final class Stuck implements Outlet {
        private final List<Promise<Void>> waiting = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private final boolean keepsText;
        private volatile int bytes;
        private volatile int chars;
        private volatile boolean ended;
        private boolean reads;

        Stuck(boolean keepsText) {
            this.keepsText = keepsText;
        }

        void read() {
            reads = true;
            List.copyOf(waiting).forEach(Promise::tryComplete);
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // One event loop writes.
        public Future<Void> tell(Event event) {
            if (event.name().equals("delta")) {
                String piece = event.data().getString("text");
                bytes += piece.length();
                chars += piece.length();
                if (keepsText) {
                    text.append(piece);
                }
            }
            Promise<Void> taken = Promise.promise();
            if (reads) {
                taken.complete();
            } else {
                waiting.add(taken);
            }
            return taken.future();
        }

        @Override
        public void beat() {
            // Nobody listens.
        }

        @Override
        public void onGone(Runnable work) {
            // It stays.
        }

        @Override
        public void end() {
            ended = true;
        }

        @Override
        public JsonObject problem(Throwable failure) {
            return new JsonObject().put("detail", String.valueOf(failure.getMessage()));
        }
    }

    /** What is in use as soon as it is below a limit, or at the end of a long wait: what was let go is not collected at once. */
    private static long heapBelow(long limit) throws InterruptedException {
        long heap = heap();
        for (int i = 0; i < 40 && heap >= limit; i++) {
            Thread.sleep(500);
            heap = heap();
        }
        return heap;
    }

    private static long heap() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    private void atDoor(Supplier<Future<?>> work) throws Exception {
        await(Future.future(
                done -> door.runOnContext(turn -> work.get().<Void>mapEmpty().onComplete(done))));
    }
}
