package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import skynet.bus.Bus;
import skynet.bus.NodeId;
import skynet.bus.Principal;
import skynet.bus.Work;
import skynet.kit.Allowance;

/** The socket of one light node that waits for work: turns frames into words and words into frames. Runs on the event loop of the front door. */
final class WorkSocket {
    /** Frames a second, and as many at once; more close the socket. */
    static final int FRAMES_PER_SECOND_MAX = 100;

    /** Who does not take its refusal by then is closed without it. */
    static final long REFUSAL_MILLIS_MAX = 2_000;

    private static final int UNREAD_BYTES_MAX = 1 << 20;
    private static final int TEXT_CHARS_MAX = 4_000;
    private static final Set<String> FIELDS = Set.of("type", "id", "slots", "answered", "quotes", "detail");
    private static final Set<String> QUOTE = Set.of("passage", "start", "end", "text");
    private static final long NONE = 0;

    private final Vertx vertx;
    private final ServerWebSocket socket;
    private final Bus bus;
    private final NodeId node;
    private final String requestId;
    private final Standing standing;
    private final WorkLines lines;
    private final Allowance frames = new Allowance(FRAMES_PER_SECOND_MAX, FRAMES_PER_SECOND_MAX);
    private boolean ready;
    private boolean gone;
    private long session = NONE;

    WorkSocket(
            Vertx vertx,
            ServerWebSocket socket,
            Bus bus,
            NodeId node,
            String requestId,
            Principal caller,
            Supplier<Future<Principal>> again,
            WorkLines lines) {
        this.vertx = vertx;
        this.socket = socket;
        this.bus = bus;
        this.node = node;
        this.requestId = requestId;
        this.standing = new Standing(caller, again, () -> end("no longer known"));
        this.lines = lines;
        socket.setWriteQueueMaxSize(UNREAD_BYTES_MAX);
    }

    /** Whose it is; looked at also while nothing is said. */
    Standing standing() {
        return standing;
    }

    boolean isOf(NodeId other) {
        return node.equals(other);
    }

    /** Sends a job. One that the other side does not take is nobody's, and its asker hears so at once. */
    void give(Work.Job job) {
        if (socket.isClosed() || socket.writeQueueFull()) {
            deliver(job.id(), false, List.of(), "does not read");
            return;
        }
        JsonArray passages = new JsonArray();
        job.passages()
                .forEach(passage -> passages.add(new JsonObject()
                        .put("title", passage.title())
                        .put("text", passage.text())
                        .put("nearness", passage.nearness())));
        send(new JsonObject()
                        .put("type", "job")
                        .put("id", job.id())
                        .put("question", job.question())
                        .put("passages", passages)
                        .put("ms", job.millis()))
                .onFailure(failure -> deliver(job.id(), false, List.of(), "not sent"));
    }

    /** Says why, and closes, soon also when that cannot be said. */
    void refuse(String reason) {
        long late = vertx.setTimer(REFUSAL_MILLIS_MAX, now -> end("refused"));
        reply(new JsonObject()
                        .put("type", "refused")
                        .put("node", node.toString())
                        .put("detail", reason))
                .onComplete(sent -> {
                    vertx.cancelTimer(late);
                    end("refused");
                });
    }

    void endUnlessAttached() {
        if (session == NONE && !socket.isClosed()) {
            end("not ready in time");
        }
    }

    /** The other side has gone. */
    void gone() {
        gone = true;
        if (session != NONE) {
            lines.ended(session);
            bus.ask(new Work.Detach(node, session));
            session = NONE;
        }
    }

    void receive(String text) {
        if (socket.isClosed()) {
            return;
        }
        if (!frames.take(System.nanoTime())) {
            end("too many frames a second");
            return;
        }
        Future.succeededFuture(text)
                .map(sent -> JsonBody.parse(sent, FIELDS))
                .compose(this::hear)
                .onFailure(failure -> reply(new JsonObject()
                        .mergeIn(Problem.json(failure, requestId, "work socket"))
                        .put("type", "error")));
    }

    private Future<?> hear(JsonBody frame) {
        return switch (frame.text("type")) {
            case "ready" -> attach(frame.number("slots", 1));
            case "result" -> result(frame);
            case "failed" -> deliver(frame.text("id"), false, List.of(), "failed");
            case "ping" -> reply(new JsonObject().put("type", "pong"));
            default -> throw new IllegalArgumentException("type: unknown (expected: ready, result, failed or ping)");
        };
    }

    /** A result that is none ends its job, and counts against the node. */
    private Future<?> result(JsonBody frame) {
        String id = frame.text("id");
        boolean answered;
        List<Work.Quote> quotes;
        try {
            answered = frame.flag("answered");
            quotes = frame.objects("quotes", Work.QUOTES_MAX, QUOTE).stream()
                    .map(WorkSocket::quote)
                    .toList();
        } catch (IllegalArgumentException | Refusal malformed) {
            return deliver(id, false, List.of(), "malformed")
                    .compose(noted -> bus.ask(new Work.Strike(node, "a result that cannot be read")))
                    .compose(struck -> Future.failedFuture(malformed));
        }
        return deliver(id, answered, quotes, "");
    }

    private static Work.Quote quote(JsonBody quote) {
        String text = quote.text("text");
        if (text.length() > TEXT_CHARS_MAX) {
            throw new IllegalArgumentException(
                    "text: " + text.length() + " characters (expected: at most " + TEXT_CHARS_MAX + ")");
        }
        return new Work.Quote(quote.number("passage", -1), quote.number("start", -1), quote.number("end", -1), text);
    }

    /** A node that may not compute hears so by its name, and is closed. */
    private Future<?> attach(int slots) {
        if (ready) {
            throw new IllegalArgumentException("ready: said before (expected: once)");
        }
        ready = true;
        lines.asked(this);
        return bus.ask(new Work.Attach(node, slots))
                .onSuccess(this::begin)
                .onComplete(answered -> lines.answered(this))
                .otherwise(failure -> {
                    refuse(Problem.json(failure, requestId, "work socket").getString("detail"));
                    return null;
                });
    }

    /** Who went while this was asked is let go again. */
    private void begin(Work.Attached begun) {
        session = begun.session();
        if (gone || socket.isClosed()) {
            gone();
            return;
        }
        lines.attached(this, session);
        reply(new JsonObject().put("type", "attached").put("node", node.toString()));
    }

    private Future<?> deliver(String id, boolean answered, List<Work.Quote> quotes, String failure) {
        return session == NONE
                ? Future.failedFuture(new IllegalArgumentException("id: no job was given (expected: ready first)"))
                : bus.ask(new Work.Deliver(node, session, id, answered, quotes, failure));
    }

    private void end(String reason) {
        if (!socket.isClosed()) {
            socket.close(ChatSocket.POLICY, reason);
        }
    }

    /** Answers at once; who does not read what was written is closed instead. */
    private Future<Void> reply(JsonObject frame) {
        if (!socket.isClosed() && socket.writeQueueFull()) {
            end("answers are not read");
        }
        return send(frame);
    }

    private Future<Void> send(JsonObject frame) {
        return socket.isClosed()
                ? Future.failedFuture("the other side has gone")
                : socket.writeTextMessage(frame.encode());
    }
}
