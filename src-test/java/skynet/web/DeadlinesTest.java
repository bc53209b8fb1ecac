package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void endWhatIsNotTakenBackEachOnceAndNeverEarly() throws Exception {
        List<Integer> ended = new ArrayList<>();
        Promise<Long> last = Promise.promise();
        long start = System.nanoTime();
        vertx.runOnContext(run -> {
            Deadlines deadlines = new Deadlines(vertx);
            List<Deadlines.Deadline> all = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                int number = i;
                all.add(deadlines.after(Duration.ofMillis(i == 8 ? 250 : 10), () -> {
                    ended.add(number);
                    all.get(8).takeBack();
                }));
            }
            for (int i : new int[] {0, 9, 4, 4, 5}) {
                all.get(i).takeBack();
            }
            deadlines.after(Duration.ofMillis(300), () -> last.complete(System.nanoTime() - start));
        });
        long nanos = last.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertEquals(5, ended.stream().distinct().count());
        assertEquals(List.of(1, 2, 3, 6, 7), ended.stream().sorted().toList());
        assertTrue(nanos >= 300_000_000L);
    }
}
