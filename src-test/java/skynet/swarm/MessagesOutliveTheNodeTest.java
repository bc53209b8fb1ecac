package skynet.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.NodeClass;
import skynet.testkit.RunningNode;

/**
 * A node is killed again and again while several send and one receives: whatever was answered as kept arrives, in the order
 * of its sender, and whatever was answered as acknowledged never arrives again.
 */
class MessagesOutliveTheNodeTest {
    private static final int KILLS = Integer.getInteger("messages.kills", 3);
    private static final int SENDERS = 4;
    private static final int STARTS_MAX = 3;
    private static final long ROUND_MILLIS_MAX = 60_000;

    @TempDir
    Path home;

    private volatile RunningNode node;
    private final Map<String, List<String>> kept = new ConcurrentHashMap<>();
    private final AtomicInteger keptCount = new AtomicInteger();
    private final Set<String> acknowledged = Collections.synchronizedSet(new HashSet<>());
    private final Map<String, List<String>> received = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private final List<String> delivered = new ArrayList<>();

    @Test
    @Timeout(600)
    void nothingThatWasAnsweredIsLostOrComesBack() throws Exception {
        node = RunningNode.start(home.resolve("data"));
        JsonObject receiver = SwarmDoorTest.register(node, new Applicant(false), NodeClass.D);
        List<JsonObject> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            senders.add(SwarmDoorTest.register(node, new Applicant(false), NodeClass.D));
        }
        for (int kill = 0; kill <= KILLS; kill++) {
            AtomicBoolean stop = new AtomicBoolean();
            List<Thread> threads = new ArrayList<>();
            for (JsonObject sender : senders) {
                threads.add(thread(() -> send(sender, receiver.getString("node"), stop)));
            }
            threads.add(thread(() -> receive(receiver, stop)));
            awaitKept(SENDERS * 5);
            if (kill < KILLS) {
                node.kill();
            }
            stop.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            if (kill < KILLS) {
                node = restarted();
            }
        }
        while (take(receiver, true) > 0) {
            // Until nothing waits any more.
        }
        int sent = keptCount.get();
        System.out.printf(
                "messages: %d kept, %d delivered, %d acknowledged, %d kills%n",
                sent, delivered.size(), acknowledged.size(), KILLS);
        for (JsonObject sender : senders) {
            String name = sender.getString("node");
            List<String> arrived = received.getOrDefault(name, List.of());
            assertEquals(
                    kept.get(name),
                    arrived.stream().filter(kept.get(name)::contains).toList(),
                    "of " + name);
        }
        node.close();
    }

    /** A node that finds its database too slow at the start gives up; whoever keeps it running starts it again. */
    private RunningNode restarted() throws Exception {
        for (int attempt = 1; ; attempt++) {
            try {
                return RunningNode.start(home.resolve("data"));
            } catch (IOException refused) {
                if (attempt == STARTS_MAX) {
                    throw refused;
                }
            }
        }
    }

    /** Each round keeps some more messages, however slow the machine is. */
    private void awaitKept(int least) throws Exception {
        int before = keptCount.get();
        long end = System.currentTimeMillis() + ROUND_MILLIS_MAX;
        while (keptCount.get() < before + least) {
            assertTrue(System.currentTimeMillis() < end, "fewer than " + least + " were kept in time");
            Thread.sleep(10);
        }
    }

    /** One after the other; one that was not answered is sent again under its id before the next. */
    private void send(JsonObject sender, String to, AtomicBoolean stop) {
        List<String> own = kept.computeIfAbsent(sender.getString("node"), name -> new ArrayList<>());
        while (!stop.get()) {
            JsonObject letter = new JsonObject()
                    .put("to", to)
                    .put("id", UUID.randomUUID().toString())
                    .put("body", "c2VhbGVk");
            try {
                HttpResponse<String> answer = node.send(request(sender, "/v1/messages")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(letter.encode())));
                if (answer.statusCode() == 200) {
                    own.add(letter.getString("id"));
                    keptCount.incrementAndGet();
                } else {
                    Thread.sleep(20);
                }
            } catch (IOException killed) {
                return;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void receive(JsonObject receiver, AtomicBoolean stop) {
        try {
            while (!stop.get()) {
                take(receiver, false);
            }
        } catch (IOException killed) {
            return;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes a page and acknowledges it; what was acknowledged before must not be in it. */
    private int take(JsonObject receiver, boolean whole) throws Exception {
        HttpResponse<String> answer = node.send(request(receiver, "/v1/messages/inbox?limit=" + (whole ? 50 : 7))
                .GET());
        if (answer.statusCode() != 200) {
            return 1;
        }
        JsonArray page = new JsonObject(answer.body()).getJsonArray("messages");
        for (int i = 0; i < page.size(); i++) {
            JsonObject message = page.getJsonObject(i);
            String id = message.getString("message");
            assertTrue(!acknowledged.contains(id), "came back: " + id);
            delivered.add(id);
            if (known.add(id)) {
                received.computeIfAbsent(message.getString("from"), name -> new ArrayList<>())
                        .add(message.getString("id"));
            }
            HttpResponse<String> ack = node.send(
                    request(receiver, "/v1/messages/" + id + "/ack").POST(HttpRequest.BodyPublishers.noBody()));
            if (ack.statusCode() == 200) {
                acknowledged.add(id);
            }
        }
        return page.size();
    }

    private HttpRequest.Builder request(JsonObject who, String path) {
        return HttpRequest.newBuilder(node.address().resolve(path))
                .header("Authorization", "Bearer " + who.getString("token"));
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work);
        thread.start();
        return thread;
    }
}
