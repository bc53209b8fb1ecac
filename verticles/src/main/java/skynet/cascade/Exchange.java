package skynet.cascade;

import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParsingHandle;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

/**
 * One request to an upstream and the events of its response, which wait in the socket while nobody takes them. Lives on the
 * room's event loop.
 */
final class Exchange implements ServerSentEventParsingHandle {
    /** What is read of a refusal. */
    private static final int REFUSAL_BYTES_MAX = 16 << 10;

    private final HttpClient http;
    private final boolean plain;
    private final Watch watch;
    private final EventLines lines;
    private final ServerSentEventContext context = new ServerSentEventContext(this);
    private HttpClientRequest request;
    private HttpClientResponse response;
    private ServerSentEventListener listener;
    private boolean paused;
    private boolean handing;
    private boolean ended;
    private boolean released;
    private boolean over;

    /** Who is told how it went, beside the events. */
    interface Watch {
        /** An answer of another kind than events: its status, what it asks to wait, the beginning of its body. */
        void refused(int status, String retryAfter, String type, String body);

        /** No connection, or it broke. */
        void lost(Throwable cause);

        /** An event that says that the upstream failed. */
        void reported(String error);

        /** Bytes that are no events. */
        void nonsense(String why);

        /** An event has come. */
        void alive();

        /** All events are told, and nothing follows. */
        void closed();
    }

    Exchange(HttpClient http, boolean plain, Watch watch) {
        this.http = http;
        this.plain = plain;
        this.watch = watch;
        this.lines = new EventLines(plain);
    }

    void send(HttpRequest asked, ServerSentEventListener to) {
        listener = to;
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(asked.url())
                .setFollowRedirects(false);
        asked.headers().forEach((name, values) -> values.forEach(value -> options.addHeader(name, value)));
        http.request(options)
                .compose(opened -> {
                    request = opened;
                    if (over) {
                        opened.reset();
                        return opened.response();
                    }
                    return opened.send(Buffer.buffer(asked.body()));
                })
                .onSuccess(this::answered)
                .onFailure(this::lost);
    }

    void pause() {
        paused = true;
        if (response != null && !ended) {
            response.pause();
        }
    }

    void resume() {
        paused = false;
        hand();
        if (response != null && !paused && !ended && !over) {
            response.resume();
        }
    }

    /** Closes the socket; nothing that comes is told. */
    @Override
    public void cancel() {
        if (!over) {
            over = true;
            if (request != null && !ended) {
                request.reset();
            }
        }
    }

    /** What still comes is read and told to nobody, so that the connection serves the next request. */
    void release() {
        released = true;
        if (response != null && !ended) {
            response.resume();
        }
    }

    boolean isReleased() {
        return released;
    }

    @Override
    public boolean isCancelled() {
        return over;
    }

    private void answered(HttpClientResponse answer) {
        if (over) {
            return;
        }
        response = answer;
        String type = String.valueOf(answer.getHeader("content-type"));
        boolean events = answer.statusCode() == 200 && type.contains(plain ? "json" : "event-stream");
        if (!events) {
            refusal(answer, type);
            return;
        }
        answer.exceptionHandler(this::lost);
        answer.handler(this::bytes);
        answer.endHandler(end -> {
            ended = true;
            if (released) {
                over = true;
                return;
            }
            nonsenseUnless(lines::end);
            hand();
        });
        if (paused) {
            answer.pause();
        }
    }

    private void refusal(HttpClientResponse answer, String type) {
        Buffer body = Buffer.buffer();
        Runnable told = () -> {
            if (!over) {
                over = true;
                String wait = String.valueOf(answer.getHeader("retry-after"));
                watch.refused(answer.statusCode(), wait, type, body.toString());
            }
        };
        answer.exceptionHandler(this::lost);
        answer.endHandler(end -> told.run());
        answer.handler(bytes -> {
            body.appendBuffer(bytes);
            if (body.length() > REFUSAL_BYTES_MAX && !over) {
                request.reset();
                told.run();
            }
        });
    }

    private void bytes(Buffer bytes) {
        if (!over && !released) {
            nonsenseUnless(() -> lines.add(bytes));
            hand();
        }
    }

    private void hand() {
        if (handing) {
            return;
        }
        handing = true;
        while (!paused && !over && !released && !lines.isEmpty()) {
            ServerSentEvent event = lines.poll();
            if (isError(event)) {
                cancel();
                watch.reported(event.data());
                break;
            }
            watch.alive();
            nonsenseUnless(() -> listener.onEvent(event, context));
        }
        handing = false;
        if (ended && !paused && !over && !released) {
            nonsenseUnless(listener::onClose);
            if (!over && !released) {
                over = true;
                watch.closed();
            }
        }
    }

    /** How an upstream fails in the middle, in each format. The library knows it in one of them. */
    private static boolean isError(ServerSentEvent event) {
        String data = event.data();
        return "error".equals(event.event()) || (data.startsWith("{\"error\"") && !data.startsWith("{\"error\":null"));
    }

    /** Whatever the library makes of bytes that are not what they should be, they are the upstream's fault. */
    private void nonsenseUnless(Runnable reading) {
        try {
            reading.run();
        } catch (RuntimeException e) {
            if (!over && !released) {
                cancel();
                watch.nonsense(String.valueOf(e.getMessage()));
            }
        }
    }

    private void lost(Throwable cause) {
        if (!over) {
            over = true;
            if (request != null) {
                request.reset();
            }
            if (!released) {
                watch.lost(cause);
            }
        }
    }
}
