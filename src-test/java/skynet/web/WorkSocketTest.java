package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Bus;
import skynet.bus.NodeId;
import skynet.bus.Principal;

/** The socket of a light node that does not take what is written to it. */
class WorkSocketTest {
    private final Vertx vertx = Vertx.vertx();
    private final List<Integer> closed = new CopyOnWriteArrayList<>();
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final Promise<Void> taken = Promise.promise();
    private boolean full;

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
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

    private WorkSocket line() {
        return new WorkSocket(
                vertx,
                stub(),
                new Bus(vertx, InstantSource.system()),
                NodeId.read("NOD100").orElseThrow(),
                "request",
                Principal.GUEST,
                () -> Future.failedFuture("nobody"),
                new HashMap<>());
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
