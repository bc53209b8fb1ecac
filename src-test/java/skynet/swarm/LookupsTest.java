package skynet.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static skynet.testkit.Wait.await;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Nodes;

/** What becomes of an answer of the store that was overtaken by news. */
class LookupsTest {
    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<Promise<Map<Integer, NodeStore.Hash>>> asked = new LinkedBlockingQueue<>();
    private final Lookups lookups = new Lookups(vertx, numbers -> {
        Promise<Map<Integer, NodeStore.Hash>> answer = Promise.promise();
        asked.add(answer);
        return answer.future();
    });

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void aNodeForgottenWhileTheStoreIsAskedIsAskedForAgain() throws Exception {
        NodeStore.Hash old = new NodeStore.Hash(Nodes.Mode.RELAY, Buffer.buffer("old"));
        Promise<Optional<NodeStore.Hash>> gone = Promise.promise();
        Promise<Optional<NodeStore.Hash>> stays = Promise.promise();
        vertx.runOnContext(now -> {
            lookups.hash(100).onComplete(gone);
            lookups.hash(101).onComplete(stays);
        });
        Promise<Map<Integer, NodeStore.Hash>> first = next();
        vertx.runOnContext(now -> {
            lookups.forget(100);
            first.complete(Map.of(100, old, 101, old));
        });
        assertEquals(Optional.of(old), await(stays.future()));
        Promise<Map<Integer, NodeStore.Hash>> second = next();
        vertx.runOnContext(now -> second.complete(Map.of()));
        assertEquals(Optional.empty(), await(gone.future()));
    }

    private Promise<Map<Integer, NodeStore.Hash>> next() throws InterruptedException {
        Promise<Map<Integer, NodeStore.Hash>> one = asked.poll(10, TimeUnit.SECONDS);
        assertNotNull(one, "the store was not asked within 10 s");
        return one;
    }
}
