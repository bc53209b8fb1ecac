package skynet.client;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import skynet.bus.Work;

/**
 * A held connection on which a registered node is given work by a member, sub-protocol {@value #PROTOCOL}: passages come, the
 * places of sentences go back. It ends when either side wants, and when nothing was heard for {@value #SILENT_SECONDS} s, in
 * which a member pings several times.
 */
public final class WorkLine implements AutoCloseable {
    static final String PROTOCOL = "skynet.work.v1";
    static final int SILENT_SECONDS = 75;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    /** One for all attempts: each has a thread of its own, which on Java 17 ends only when the collector finds it. */
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /** A job as JSON, which may write six characters for one. */
    private static final int MESSAGE_CHARS_MAX = 1 << 20;

    private final Worker worker;
    private final Runnable attached;
    private final ExecutorService threads;
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final Object sending = new Object();
    private volatile WebSocket socket;
    private volatile boolean refused;
    private volatile long heardNanos = System.nanoTime();

    /** Who does the work; safe for as many threads as there are jobs at once. */
    @FunctionalInterface
    public interface Worker {
        /** The sentences of the passages that answer a question, the best first; none when none does. */
        List<Work.Quote> read(String question, List<Work.Passage> passages) throws Exception;
    }

    private WorkLine(Worker worker, int slots, Runnable attached) {
        this.worker = worker;
        this.attached = attached;
        this.threads = Executors.newFixedThreadPool(slots, task -> {
            Thread thread = new Thread(task, "skynet-work");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Connects, and says that it takes so many jobs at once.
     *
     * @param attached run when the member has agreed
     * @throws Refused when the member does not know the token, or not for this
     */
    public static WorkLine open(URI member, String token, int slots, Worker worker, Runnable attached)
            throws IOException, InterruptedException {
        WorkLine line = new WorkLine(worker, slots, attached);
        try {
            line.socket = HTTP.newWebSocketBuilder()
                    .connectTimeout(PATIENCE)
                    .subprotocols(PROTOCOL)
                    .header("Authorization", "Bearer " + token)
                    .buildAsync(
                            URI.create(member.resolve("/ws/work").toString().replaceFirst("^http", "ws")), line.ear())
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            line.send(new JsonObject().put("type", "ready").put("slots", slots));
            return line;
        } catch (ExecutionException e) {
            line.close();
            throw refusal(e.getCause());
        } catch (TimeoutException e) {
            line.close();
            throw new IOException("no answer within " + PATIENCE.toSeconds() + " s", e);
        }
    }

    private static IOException refusal(Throwable cause) {
        if (cause instanceof WebSocketHandshakeException no && no.getResponse() != null) {
            int status = no.getResponse().statusCode();
            return new Refused(
                    status, status == 403 ? "this token is not for computing" : "the member takes no work line");
        }
        return cause instanceof IOException io ? io : new IOException(String.valueOf(cause), cause);
    }

    /** Waits until it ends, and tells why. */
    public String awaitEnd() throws InterruptedException {
        while (true) {
            try {
                return end.get(5, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                if (System.nanoTime() - heardNanos > TimeUnit.SECONDS.toNanos(SILENT_SECONDS)) {
                    socket.abort();
                    return "the member is silent";
                }
            } catch (ExecutionException e) {
                return String.valueOf(e.getCause().getMessage());
            }
        }
    }

    /** Whether the member has ended it with a frame that says no; another member may say yes. */
    public boolean isRefused() {
        return refused;
    }

    /** Ends it; the member gives what was asked here to others. */
    @Override
    public void close() {
        threads.shutdownNow();
        WebSocket open = socket;
        if (open != null) {
            try {
                open.sendClose(WebSocket.NORMAL_CLOSURE, "").get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                // It ends without a farewell.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            open.abort();
        }
        end.complete("closed");
    }

    private void hear(String text) {
        JsonObject frame;
        try {
            frame = new JsonObject(text);
        } catch (DecodeException e) {
            end.complete("the member speaks no JSON");
            return;
        }
        switch (frame.getString("type", "")) {
            case "attached" -> attached.run();
            case "refused" -> {
                refused = true;
                end.complete("refused: " + frame.getString("detail", ""));
            }
            case "job" -> {
                try {
                    threads.execute(() -> work(frame));
                } catch (RejectedExecutionException closing) {
                    // The member finds out as the connection ends.
                }
            }
            default -> {
                // A word of a later release, or a problem that the member has counted already.
            }
        }
    }

    private void work(JsonObject job) {
        JsonObject said = new JsonObject().put("id", job.getString("id", ""));
        try {
            List<Work.Quote> quotes = worker.read(job.getString("question"), passages(job.getJsonArray("passages")));
            JsonArray places = new JsonArray();
            quotes.forEach(quote -> places.add(new JsonObject()
                    .put("passage", quote.passage())
                    .put("start", quote.start())
                    .put("end", quote.end())
                    .put("text", quote.text())));
            said.put("type", "result").put("answered", !quotes.isEmpty()).put("quotes", places);
        } catch (Exception e) {
            said.put("type", "failed").put("detail", String.valueOf(e.getMessage()));
        }
        try {
            send(said);
        } catch (IOException e) {
            end.complete("the connection broke: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Work.Passage> passages(JsonArray sent) {
        List<Work.Passage> passages = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            JsonObject one = sent.getJsonObject(i);
            passages.add(new Work.Passage(one.getString("title"), one.getString("text"), one.getDouble("nearness")));
        }
        return passages;
    }

    /** One frame at a time: the next may only begin when the one before is written. */
    private void send(JsonObject frame) throws IOException, InterruptedException {
        synchronized (sending) {
            try {
                socket.sendText(frame.encode(), true).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new IOException("not written: " + e.getMessage(), e);
            }
        }
    }

    private WebSocket.Listener ear() {
        return new WebSocket.Listener() {
            private final StringBuilder message = new StringBuilder();

            @Override
            public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
                heardNanos = System.nanoTime();
                if (message.length() + part.length() > MESSAGE_CHARS_MAX) {
                    end.complete("the member sends too much at once");
                    from.abort();
                    return null;
                }
                message.append(part);
                if (last) {
                    String text = message.toString();
                    message.setLength(0);
                    hear(text);
                }
                from.request(1);
                return null;
            }

            @Override
            public CompletionStage<?> onPing(WebSocket from, java.nio.ByteBuffer ping) {
                heardNanos = System.nanoTime();
                from.request(1);
                return null;
            }

            @Override
            public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
                end.complete("closed by the member: " + status + " " + reason);
                return null;
            }

            @Override
            public void onError(WebSocket from, Throwable error) {
                end.complete("the connection broke: " + error.getMessage());
            }
        };
    }
}
