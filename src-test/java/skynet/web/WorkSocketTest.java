package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static skynet.testkit.Wait.await;
import static skynet.testkit.Wait.until;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Bus;
import skynet.bus.NodeId;
import skynet.bus.Principal;
import skynet.bus.Work;

/** The socket of a light node that does not take what is written to it. */
class WorkSocketTest {
    private static final NodeId NODE = NodeId.read("NOD100").orElseThrow();

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, InstantSource.system());
    private final WorkLines lines = new WorkLines(bus);
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private final List<Integer> closed = new CopyOnWriteArrayList<>();
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final Promise<Void> taken = Promise.promise();
    private boolean full;

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void isClosedWhenItIsAnsweredAndDoesNotRead() {
        WorkSocket line = line();
        line.receive("{\"type\":\"ping\"}");
        assertEquals(List.of("{\"type\":\"pong\"}"), written);
        full = true;
        line.receive("nonsense");
        line.receive("{\"type\":\"ping\"}");
        assertEquals(List.of(1008), closed);
        assertEquals(1, written.size());
    }

    @Test
    void isClosedSoonWhenItDoesNotTakeItsRefusal() throws Exception {
        line().refuse("not granted");
        assertEquals(1, written.size());
        assertEquals(List.of(), closed);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WorkSocket.REFUSAL_MILLIS_MAX + 5_000);
        while (closed.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        taken.complete();
        assertEquals(List.of(1008), closed);
    }

    @Test
    void isLetGoWhenItEndsWhileItIsBeingAttached() throws Exception {
        Promise<Work.Attached> attaching = room();
        WorkSocket line = line();
        line.receive("{\"type\":\"ready\"}");
        assertEquals("attach", heard());
        line.gone();
        attaching.complete(new Work.Attached(NODE, 7));
        assertEquals("detach 7", heard());
        assertEquals(List.of(), written);
    }

    @Test
    void hearsWhatTheRoomSaysBeforeItsAnswerIsHeard() throws Exception {
        Promise<Work.Attached> attaching = room();
        line().receive("{\"type\":\"ready\"}");
        assertEquals("attach", heard());
        taken.complete();
        lines.give(new Work.Job(NODE, 7, "1", "Why?", List.of(new Work.Passage("t", "x", 1)), 100));
        lines.letGo(new Work.Dismissed(NODE, 7, "not granted"));
        assertEquals(List.of(), written);
        attaching.complete(new Work.Attached(NODE, 7));
        until(() -> !closed.isEmpty());
        assertEquals(List.of("attached", "job", "refused"), types());
    }

    @Test
    void isLetGoAlsoWhenItsNodeIsAttachedAnewAlready() throws Exception {
        Promise<Work.Attached> attaching = room();
        line().receive("{\"type\":\"ready\"}");
        attaching.complete(new Work.Attached(NODE, 7));
        until(() -> written.size() == 1);
        lines.attached(line(), 8);
        lines.letGo(new Work.Dismissed(NODE, 7, "it came again"));
        assertEquals(List.of("attached", "refused"), types());
    }

    @Test
    void aSessionWithoutASocketEndsWithItsFirstJob() throws Exception {
        room();
        lines.give(new Work.Job(NODE, 9, "1", "Why?", List.of(new Work.Passage("t", "x", 1)), 100));
        assertEquals("not connected 9", heard());
        assertEquals("detach 9", heard());
    }

    /** A room that attaches when it is told to. */
    private Promise<Work.Attached> room() throws Exception {
        Promise<Work.Attached> attaching = Promise.promise();
        await(Future.all(List.of(
                bus.serve(Work.Attach.class, asked -> {
                    said.add("attach");
                    return attaching.future();
                }),
                bus.serve(Work.Detach.class, asked -> {
                    said.add("detach " + asked.session());
                    return Future.succeededFuture(new Work.Noted());
                }),
                bus.serve(Work.Deliver.class, asked -> {
                    said.add(asked.failure() + ' ' + asked.session());
                    return Future.succeededFuture(new Work.Noted());
                }))));
        return attaching;
    }

    private String heard() throws Exception {
        return String.valueOf(said.poll(10, TimeUnit.SECONDS));
    }

    private List<String> types() {
        return written.stream()
                .map(frame -> new JsonObject(frame).getString("type"))
                .toList();
    }

    private WorkSocket line() {
        return new WorkSocket(
                vertx, stub(), bus, NODE, "request", Principal.GUEST, () -> Future.failedFuture("nobody"), lines);
    }

    private ServerWebSocket stub() {
        return (ServerWebSocket) Proxy.newProxyInstance(
                ServerWebSocket.class.getClassLoader(),
                new Class<?>[] {ServerWebSocket.class},
                (self, method, given) -> switch (method.getName()) {
                    case "isClosed" -> !closed.isEmpty();
                    case "writeQueueFull" -> full;
                    case "close" -> {
                        closed.add(((Short) given[0]).intValue());
                        yield Future.succeededFuture();
                    }
                    case "writeTextMessage" -> {
                        written.add((String) given[0]);
                        yield taken.future();
                    }
                    default -> self;
                });
    }
}
