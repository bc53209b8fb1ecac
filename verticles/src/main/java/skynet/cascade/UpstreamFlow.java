package skynet.cascade;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import skynet.bus.Fault;
import skynet.kit.UpstreamConfig.Limits;

/**
 * An answer on its way from an upstream. Until its first text it is asked up to {@value #TRIES_MAX} times; pause and resume
 * are those of the socket, and a cancel closes it.
 */
final class UpstreamFlow implements Flow, Exchange.Watch, StreamingChatResponseHandler {
    private static final System.Logger LOG = System.getLogger("skynet.cascade");

    static final int TRIES_MAX = 3;

    /** Who asks to be left alone for longer is not waited for. */
    static final long WAIT_MILLIS_MAX = 5_000;

    private static final long WAIT_MILLIS_FIRST = 200;
    /** How long an upstream that has said everything may take to end its stream, so that the connection serves again. */
    private static final long END_MILLIS = 1_000;

    private static final int PIECE_CHARS_MAX = 4_000;

    private final Endpoint endpoint;
    private final Question question;
    private final Limits limits;
    private final Deque<String> pieces = new ArrayDeque<>();
    private Telling told;
    private ChatRequest request;
    private Exchange exchange;
    private ChatResponse complete;
    private long begunAt;
    private long aliveAt;
    private long timer = -1;
    private long retry = -1;
    private int tries;
    private boolean alive;
    private boolean speaking;
    private boolean pumping;
    private boolean paused;
    private boolean entered;
    private boolean ended;
    private boolean over;

    UpstreamFlow(Endpoint endpoint, Question question) {
        this.endpoint = endpoint;
        this.question = question;
        this.limits = endpoint.config().limits();
    }

    @Override
    public void begin(Telling listener) {
        told = listener;
        Optional<String> refusal = endpoint.refusal();
        if (refusal.isPresent()) {
            fail(Fault.Kind.UNAVAILABLE, refusal.get());
            return;
        }
        try {
            request = Prompt.of(question, endpoint.config());
        } catch (IllegalArgumentException e) {
            fail(Fault.Kind.INVALID, e.getMessage());
            return;
        }
        endpoint.enter();
        endpoint.breaker().begun();
        entered = true;
        begunAt = endpoint.now();
        ask();
    }

    @Override
    public void pause() {
        paused = true;
        if (exchange != null) {
            exchange.pause();
        }
    }

    @Override
    public void resume() {
        paused = false;
        aliveAt = endpoint.now();
        pump();
        if (!paused && !over && exchange != null) {
            watchClock();
            exchange.resume();
        }
    }

    @Override
    public void cancel(String reason) {
        if (!over) {
            endpoint.breaker().left();
            leave();
        }
    }

    private void ask() {
        tries++;
        alive = false;
        complete = null;
        aliveAt = endpoint.now();
        watchClock();
        try {
            exchange = endpoint.ask(request, this, this);
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "upstream {0}: {1}",
                    endpoint.config().name(),
                    e.getMessage());
            endpoint.breaker().left();
            fail(Fault.Kind.INVALID, "cannot be asked like this (expected: turns, tools and options of its kind)");
            return;
        }
        if (paused) {
            exchange.pause();
        }
    }

    /** One timer: when it rings too early, because something has come since, it is wound up again. */
    private void watchClock() {
        endpoint.vertx().cancelTimer(timer);
        timer = endpoint.vertx().setTimer(Math.max(1, due() - endpoint.now()), rung -> {
            if (over) {
                return;
            }
            if (endpoint.now() < due()) {
                watchClock();
            } else if (endpoint.now() >= begunAt + limits.totalSeconds() * 1_000L) {
                failed(Fault.Kind.LATE, "not done after " + limits.totalSeconds() + " s");
            } else if (alive) {
                failed(Fault.Kind.LATE, "silent for " + limits.silenceSeconds() + " s in its answer");
            } else {
                failed(Fault.Kind.LATE, "no answer within " + limits.firstSeconds() + " s");
            }
        });
    }

    /** While the reader does not read, the upstream cannot speak. */
    private long due() {
        long total = begunAt + limits.totalSeconds() * 1_000L;
        if (paused) {
            return total;
        }
        int patience = alive ? limits.silenceSeconds() : limits.firstSeconds();
        return Math.min(total, aliveAt + patience * 1_000L + 1);
    }

    @Override
    public void alive() {
        aliveAt = endpoint.now();
        alive = true;
    }

    @Override
    public void onPartialResponse(String text) {
        if (over || text.isEmpty()) {
            return;
        }
        if (!speaking) {
            speaking = true;
            endpoint.breaker().well();
            told.from(endpoint.config().name(), endpoint.config().model());
            cut(question.said());
        }
        cut(text);
        pump();
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        complete = response;
        ended = true;
        pump();
    }

    /** The library made nothing of an event. */
    @Override
    public void onError(Throwable cause) {
        if (!over) {
            exchange.cancel();
            nonsense(String.valueOf(cause.getMessage()));
        }
    }

    @Override
    public void closed() {
        if (!over) {
            ended = true;
            pump();
        }
    }

    @Override
    public void nonsense(String why) {
        LOG.log(
                System.Logger.Level.DEBUG,
                "upstream {0}: {1}",
                endpoint.config().name(),
                why);
        failed(Fault.Kind.UNAVAILABLE, "says what is no answer (expected: its wire format, see kind)");
    }

    @Override
    public void lost(Throwable cause) {
        if (speaking || alive) {
            failed(Fault.Kind.UNAVAILABLE, "its answer was cut");
        } else {
            again(cause instanceof ConnectException ? "cannot be reached" : "closed the connection", 0, 0);
        }
    }

    @Override
    public void reported(String error) {
        String why = "reports an error" + Refusal.code(error);
        if (speaking) {
            failed(Fault.Kind.UNAVAILABLE, why + " in its answer");
        } else {
            again(why, 0, 0);
        }
    }

    @Override
    public void refused(int status, String retryAfter, String type, String body) {
        Refusal refusal = Refusal.of(status, retryAfter, type, body, Instant.ofEpochMilli(endpoint.now()));
        if (refusal.again()) {
            again(refusal.why(), refusal.waitMillis(), refusal.restMillis());
            return;
        }
        if (refusal.restMillis() > 0) {
            endpoint.breaker().rest(endpoint.now(), refusal.restMillis(), refusal.why());
        } else if (refusal.kind() == Fault.Kind.UNAVAILABLE) {
            endpoint.breaker().failed(endpoint.now(), refusal.why());
        } else {
            endpoint.breaker().well();
        }
        fail(refusal.kind(), refusal.why());
    }

    /** Asks again after a while, when that is allowed and soon enough. */
    private void again(String why, long waitMillis, long restMillis) {
        endpoint.breaker().failed(endpoint.now(), why);
        long backoff = WAIT_MILLIS_FIRST << (tries - 1);
        long wait = Math.max(waitMillis, backoff / 2 + endpoint.dice().nextLong(backoff));
        boolean soon = wait <= WAIT_MILLIS_MAX && endpoint.now() + wait < begunAt + limits.totalSeconds() * 1_000L;
        if (tries < TRIES_MAX && soon) {
            aliveAt = endpoint.now() + wait;
            retry = endpoint.vertx().setTimer(wait, rung -> {
                if (!over) {
                    ask();
                }
            });
        } else {
            if (restMillis > WAIT_MILLIS_MAX) {
                endpoint.breaker().rest(endpoint.now(), restMillis, why);
            }
            fail(Fault.Kind.UNAVAILABLE, why);
        }
    }

    /** Into pieces that pass the stream, none of them ending in half a character. */
    private void cut(String text) {
        for (int start = 0; start < text.length(); ) {
            int end = Math.min(text.length(), start + PIECE_CHARS_MAX);
            if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
                end--;
            }
            pieces.add(text.substring(start, end));
            start = end;
        }
    }

    /** Says what has come, until told to wait; and the end, when all is said. */
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        while (!paused && !over && !pieces.isEmpty()) {
            told.text(pieces.poll());
        }
        pumping = false;
        if (!paused && !over && pieces.isEmpty() && ended) {
            finish();
        }
    }

    private void finish() {
        FinishReason reason = complete == null ? null : complete.finishReason();
        if (reason == null) {
            failed(Fault.Kind.UNAVAILABLE, "its answer was cut");
            return;
        }
        endpoint.breaker().well();
        List<ToolExecutionRequest> calls = complete.aiMessage().toolExecutionRequests();
        String model = complete.modelName() == null
                ? endpoint.config().model()
                : complete.modelName().replaceAll("\\p{Cntrl}", "");
        told.from(endpoint.config().name(), model);
        TokenUsage usage = complete.tokenUsage();
        if (usage != null
                && usage.inputTokenCount() != null
                && usage.outputTokenCount() != null
                && usage.inputTokenCount() >= 0
                && usage.outputTokenCount() >= 0) {
            told.used(usage.inputTokenCount(), usage.outputTokenCount());
        }
        if (!calls.isEmpty()) {
            told.calls(json(calls));
        }
        over = true;
        exchange.release();
        endpoint.vertx().setTimer(END_MILLIS, late -> exchange.cancel());
        leave();
        told.end(!calls.isEmpty() ? "tool_calls" : named(reason));
    }

    private static String named(FinishReason reason) {
        return switch (reason) {
            case LENGTH -> "length";
            case CONTENT_FILTER -> "content_filter";
            default -> "stop";
        };
    }

    private static String json(List<ToolExecutionRequest> calls) {
        JsonArray all = new JsonArray();
        for (ToolExecutionRequest call : calls) {
            String id = call.id() == null || call.id().isEmpty() ? "call_" + all.size() : call.id();
            all.add(new JsonObject()
                    .put("id", id)
                    .put("type", "function")
                    .put("function", new JsonObject().put("name", call.name()).put("arguments", call.arguments())));
        }
        return all.encode();
    }

    private void failed(Fault.Kind kind, String why) {
        endpoint.breaker().failed(endpoint.now(), why);
        fail(kind, why);
    }

    private void fail(Fault.Kind kind, String why) {
        if (over) {
            return;
        }
        leave();
        told.fails(UpstreamTier.fault(endpoint, kind, why));
    }

    private void leave() {
        over = true;
        endpoint.vertx().cancelTimer(timer);
        endpoint.vertx().cancelTimer(retry);
        if (exchange != null && !exchange.isReleased()) {
            exchange.cancel();
        }
        if (entered) {
            entered = false;
            endpoint.leave();
        }
    }
}
