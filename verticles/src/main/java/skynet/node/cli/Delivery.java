package skynet.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import skynet.bus.Knowledge;
import skynet.kit.ExitCode;
import skynet.kit.StartFailure;
import skynet.knowledge.Document;

/** Documents on their way to a node, many in one request, the next read while one is answered. What the node refuses of one keeps no other from being taken. */
final class Delivery implements AutoCloseable {
    /** About how many characters one request carries; a longer document goes alone. */
    private static final int CHARS_MAX = 1 << 20;

    /** Documents of one request, fewer than the node takes: a bar that moves seldom looks stuck. */
    private static final int DOCUMENTS_MAX = Math.min(64, Knowledge.DOCUMENTS_MAX);

    private static final int SKIPPED_MAX = 10_000;

    private final NodeClient node;
    private final String path;
    private final List<Document> waiting = new ArrayList<>();
    private final List<String> skipped = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService line = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "delivery");
        thread.setDaemon(true);
        return thread;
    });
    private CompletableFuture<Void> underWay = CompletableFuture.completedFuture(null);
    private long chars;
    private long taken;
    private long chunks;
    private long changed;

    Delivery(NodeClient node, String collection, boolean own) {
        this.node = node;
        this.path = "/api/knowledge/batch?collection=" + URLEncoder.encode(collection, StandardCharsets.UTF_8)
                + (own ? "&shared=false" : "");
    }

    void add(Document document) {
        if (!waiting.isEmpty() && chars + document.text().length() > CHARS_MAX) {
            flush();
        }
        waiting.add(document);
        chars += document.text().length();
        if (waiting.size() == DOCUMENTS_MAX) {
            flush();
        }
    }

    /** A document that cannot be sent, and why. */
    void skip(String reason) {
        if (skipped.size() < SKIPPED_MAX) {
            skipped.add(reason);
        }
    }

    void flush() {
        if (waiting.isEmpty()) {
            return;
        }
        List<Document> next = List.copyOf(waiting);
        waiting.clear();
        chars = 0;
        settle();
        underWay = CompletableFuture.runAsync(() -> send(next), line);
    }

    /** Sends what waits and comes back when the node has answered all. */
    void finish() {
        flush();
        settle();
    }

    /** Lets the last request come to its end: the next documents were read meanwhile. */
    private void settle() {
        try {
            underWay.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StartFailure failure ? failure : e;
        }
    }

    @Override
    public void close() {
        line.shutdownNow();
    }

    /** What the node refuses as a whole is sent one by one; that the node is gone or busy is a reason to give up. */
    private void send(List<Document> sent) {
        try {
            count(node.postLines(path, sent.stream().map(Delivery::line).toList()), sent);
        } catch (StartFailure e) {
            if (e.exitCode() != ExitCode.FAILED) {
                throw new StartFailure(e.exitCode(), sent.get(0).name() + ": " + e.getMessage(), e.fix(), e);
            }
            if (sent.size() > 1) {
                sent.forEach(document -> send(List.of(document)));
            } else {
                skip(sent.get(0).name() + ": " + e.getMessage());
            }
        }
    }

    long taken() {
        return taken;
    }

    long chunks() {
        return chunks;
    }

    long changed() {
        return changed;
    }

    List<String> skipped() {
        return List.copyOf(skipped);
    }

    private void count(JsonNode answer, List<Document> sent) {
        taken += answer.path("documents").asLong();
        chunks += answer.path("chunks").asLong();
        changed += answer.path("changed").asLong();
        for (JsonNode refused : answer.path("refused")) {
            int line = refused.path("line").asInt();
            skip(sent.get(Math.max(0, Math.min(line, sent.size()) - 1)).name() + ": "
                    + refused.path("detail").asText());
        }
    }

    private static Map<String, Object> line(Document document) {
        return document.pages().isEmpty()
                ? Map.of("id", document.name(), "title", document.title(), "text", document.text())
                : Map.of(
                        "id", document.name(),
                        "title", document.title(),
                        "text", document.text(),
                        "pages", document.pages());
    }
}
