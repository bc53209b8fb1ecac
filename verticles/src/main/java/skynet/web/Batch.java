package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One request of many lines: each line of JSON is an operation's question, and each is answered by one line, in order. A
 * line that is refused is answered by its problem, and the rest goes on. However long the whole is, at most {@value
 * #AT_WORK_MAX} lines are at work, and what has arrived beyond them is one part of the body: who does not read the
 * answers is not read from either.
 */
final class Batch {
    static final String PATH = "/v1/encode/batch";
    static final String MEDIA_TYPE = "application/x-ndjson";

    /** Lines asked and not yet answered. */
    static final int AT_WORK_MAX = 16;

    /** A batch that sends nothing for so long is broken off; one that reads nothing ends with its connection's idle time. */
    static final long STILL_MILLIS = 20_000;

    private final Operation operation;
    private final RoutingContext request;
    private final HttpServerRequest http;
    private final HttpServerResponse response;
    private final Queue<Buffer> lines = new ArrayDeque<>();
    private final Queue<Future<JsonObject>> answers = new ArrayDeque<>();
    private Buffer unfinished = Buffer.buffer();
    private boolean allRead;
    private boolean over;
    private boolean moved;
    private boolean proceeding;
    private boolean endless;

    Batch(Operation operation, RoutingContext request) {
        this.operation = operation;
        this.request = request;
        this.http = request.request();
        this.response = request.response();
    }

    void begin() {
        response.setChunked(true).putHeader("Content-Type", MEDIA_TYPE);
        response.drainHandler(drained -> proceed());
        response.exceptionHandler(lost -> over = true);
        long watch = request.vertx().setPeriodic(STILL_MILLIS, passed -> watch());
        request.addEndHandler(ended -> request.vertx().cancelTimer(watch));
        http.exceptionHandler(lost -> over = true);
        http.endHandler(ended -> end());
        http.handler(this::split);
    }

    private void watch() {
        if (!moved && !over) {
            over = true;
            response.reset();
            http.connection().close();
        }
        moved = false;
    }

    private void split(Buffer part) {
        moved = true;
        int start = 0;
        for (int at = 0; at < part.length(); at++) {
            if (part.getByte(at) == '\n') {
                unfinished.appendBuffer(part.slice(start, at));
                addLine();
                start = at + 1;
            }
        }
        unfinished.appendBuffer(part.slice(start, part.length()));
        if (unfinished.length() > operation.bytesMax()) {
            breakOff();
        }
        proceed();
    }

    private void end() {
        if (!allRead) {
            addLine();
            allRead = true;
        }
        proceed();
    }

    /** Empty lines ask nothing. */
    private void addLine() {
        if (unfinished.length() > 1 || unfinished.length() == 1 && unfinished.getByte(0) != '\r') {
            lines.add(unfinished);
        }
        unfinished = Buffer.buffer();
    }

    /** A line without end: what came before it is answered, then this, and that is all. */
    private void breakOff() {
        allRead = true;
        unfinished = Buffer.buffer();
        http.handler(ignored -> {});
        endless = true;
    }

    /** Writes what is answered, in order, asks what comes next, and reads on when all that has come is asked. */
    private void proceed() {
        if (proceeding) {
            return;
        }
        proceeding = true;
        while (!over && !response.writeQueueFull() && (write() || ask())) {
            moved = true;
        }
        proceeding = false;
        boolean asked = lines.isEmpty();
        if (!over && allRead && asked && answers.isEmpty()) {
            finish();
        } else if (over || asked && answers.size() < AT_WORK_MAX && !response.writeQueueFull()) {
            http.resume();
        } else {
            http.pause();
        }
    }

    private boolean write() {
        boolean ready = !answers.isEmpty() && answers.peek().isComplete();
        if (ready) {
            response.write(line(answers.poll().result()));
        }
        return ready;
    }

    private boolean ask() {
        boolean next = !lines.isEmpty() && answers.size() < AT_WORK_MAX;
        if (next) {
            Future<JsonObject> answer = Future.succeededFuture(lines.poll())
                    .compose(line -> operation.ask(Caller.of(request), JsonBody.parse(line, operation.fields())))
                    .otherwise(this::problem);
            answers.add(answer);
            answer.onComplete(done -> proceed());
        }
        return next;
    }

    private void finish() {
        over = true;
        if (endless) {
            response.write(line(problem(new Refusal(
                    413,
                    "too-large",
                    "line: more than " + operation.bytesMax() + " bytes",
                    "End each line by a line feed."))));
        }
        response.end();
    }

    private JsonObject problem(Throwable failure) {
        return new JsonObject().put("problem", Problem.json(failure, FrontDoor.idOf(request), PATH));
    }

    private static Buffer line(JsonObject answer) {
        return answer.toBuffer().appendByte((byte) '\n');
    }
}
