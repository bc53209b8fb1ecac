package skynet.cluster;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * People who say something to one node, one thing after the other, and remember what was acknowledged and when. Each thing is
 * said by another guest, for one alone would soon have asked often enough.
 */
final class Load implements AutoCloseable {
    private static final int WRITERS = 2;
    private static final long PAUSE_MILLIS = 50;

    private final MemberProcess node;
    private final ConcurrentLinkedQueue<UUID> acknowledged = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Long> moments = new ConcurrentLinkedQueue<>();
    private final Map<Integer, LongAdder> refused = new ConcurrentSkipListMap<>();
    private final List<Thread> writers = new ArrayList<>();
    private volatile boolean end;

    private Load(MemberProcess node) {
        this.node = node;
    }

    static Load on(MemberProcess node) {
        Load load = new Load(node);
        for (int writer = 0; writer < WRITERS; writer++) {
            Thread thread = new Thread(load::write, "load");
            thread.setDaemon(true);
            thread.start();
            load.writers.add(thread);
        }
        return load;
    }

    /** What was answered with 200, in no order. */
    List<UUID> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** How often each other status came; 0 is no answer at all. */
    Map<Integer, Long> refused() {
        Map<Integer, Long> counts = new TreeMap<>();
        refused.forEach((status, count) -> counts.put(status, count.sum()));
        return counts;
    }

    int acknowledgedSince(long nanos) {
        return (int) moments.stream().filter(moment -> moment > nanos).count();
    }

    /** The longest time without an acknowledgement between two moments, in milliseconds. */
    long gapMillis(long from, long to) {
        List<Long> within = new ArrayList<>(
                moments.stream().filter(moment -> moment > from && moment < to).toList());
        within.add(to);
        Collections.sort(within);
        long before = from;
        long longest = 0;
        for (long moment : within) {
            longest = Math.max(longest, moment - before);
            before = moment;
        }
        return longest / 1_000_000;
    }

    @Override
    public void close() throws InterruptedException {
        end = true;
        for (Thread writer : writers) {
            writer.join(30_000);
        }
    }

    private void write() {
        while (!end) {
            UUID id = UUID.randomUUID();
            try {
                HttpResponse<String> answer = node.postFor(
                        guest(),
                        "/api/chat/message",
                        new JsonObject().put("message", "What does NOD7 do?").put("message_id", id.toString()));
                if (answer.statusCode() == 200) {
                    acknowledged.add(id);
                    moments.add(System.nanoTime());
                } else {
                    count(answer.statusCode());
                }
                Thread.sleep(PAUSE_MILLIS);
            } catch (java.io.IOException e) {
                count(0);
                pause();
            } catch (Exception e) {
                return;
            }
        }
    }

    private static String guest() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "198.18." + random.nextInt(256) + "." + random.nextInt(256);
    }

    private void count(int status) {
        refused.computeIfAbsent(status, none -> new LongAdder()).increment();
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
