package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import skynet.bus.Fault;
import skynet.bus.Principal;
import skynet.kit.Allowance;
import skynet.kit.Tolls;

/** One socket of chat: reads its frames, and tells one answer at a time. Runs on the event loop of the front door. */
final class ChatSocket {
    /** Questions that wait for the one before; more are refused. */
    static final int WAITING_MAX = 16;

    /** Frames a second, and as many at once; more close the socket. */
    static final int FRAMES_PER_SECOND_MAX = 100;

    /** Bytes written that the other side has not taken; who asks for more before it reads is closed. */
    static final int UNREAD_BYTES_MAX = 256 << 10;

    /** The close code of RFC 6455 for what the rules do not allow. */
    static final short POLICY = 1008;

    private static final Set<String> FIELDS = Stream.concat(Saying.FIELDS.stream(), Stream.of("type", "id", "last"))
            .collect(Collectors.toUnmodifiableSet());
    private static final int ID_CHARS_MAX = 64;

    private final ServerWebSocket socket;
    private final ChatDoor door;
    private final String requestId;
    private final Standing standing;
    private final Tolls.Payer payer;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final Allowance frames = new Allowance(FRAMES_PER_SECOND_MAX, FRAMES_PER_SECOND_MAX);
    private Runnable reader = () -> {};
    private boolean telling;

    ChatSocket(
            ServerWebSocket socket,
            ChatDoor door,
            String requestId,
            Principal caller,
            Supplier<Future<Principal>> again,
            Tolls.Payer payer) {
        this.socket = socket;
        this.door = door;
        this.requestId = requestId;
        this.standing = new Standing(caller, again, () -> socket.close(POLICY, "no longer logged in"));
        this.payer = payer;
        socket.setWriteQueueMaxSize(UNREAD_BYTES_MAX);
    }

    /** Whose it is; looked at also while nothing is asked. */
    Standing standing() {
        return standing;
    }

    /** The other side has gone. */
    void gone() {
        waiting.clear();
        reader.run();
    }

    /** Reads a frame. What it asks for is written, so nothing more is read for whoever does not take what was written. */
    void receive(String text) {
        if (socket.isClosed()) {
            return;
        }
        if (!frames.take(System.nanoTime())) {
            socket.close(POLICY, "too many frames a second");
            return;
        }
        if (closedAsFull()) {
            return;
        }
        String[] id = {""};
        Future.succeededFuture(text)
                .map(sent -> JsonBody.parse(sent, FIELDS))
                .compose(frame -> {
                    id[0] = idOf(frame);
                    return answer(frame, id[0]);
                })
                .onFailure(failure -> refuse(failure, id[0]));
    }

    private static String idOf(JsonBody frame) {
        String id = frame.textOrEmpty("id");
        if (id.length() > ID_CHARS_MAX) {
            throw new IllegalArgumentException("id: too long (expected: at most " + ID_CHARS_MAX + " characters)");
        }
        return id;
    }

    private Future<Void> answer(JsonBody frame, String id) {
        return switch (frame.text("type")) {
            case "ask" -> inTurn(() -> ask(frame, id));
            case "resume" -> inTurn(() -> resume(frame, id));
            case "stop" ->
                known("chat:ask")
                        .compose(by -> door.stop(by, frame.text("message_id")))
                        .onSuccess(stopped -> reply("stopped", id, stopped))
                        .mapEmpty();
            case "ping" -> {
                reply("pong", id, new JsonObject());
                yield Future.succeededFuture();
            }
            default -> throw new IllegalArgumentException("type: unknown (expected: ask, resume, stop or ping)");
        };
    }

    private Future<Void> ask(JsonBody frame, String id) {
        Telling told = new Telling(id);
        return known("chat:ask")
                .compose(by -> {
                    payer.ask(by);
                    return door.begin(by, frame).map(begun -> {
                        door.tell(by, begun, told);
                        return null;
                    });
                })
                .compose(begun -> told.ended.future());
    }

    private Future<Void> resume(JsonBody frame, String id) {
        Telling told = new Telling(id);
        Place place = Place.of("last", frame.textOrEmpty("last"));
        return known("chat:read")
                .compose(by -> door.resume(by, frame.text("message_id"), place, () -> told))
                .compose(found -> told.ended.future());
    }

    /** Who sends this frame: a socket lives longer than what was shown when it was opened. */
    private Future<Principal> known(String scope) {
        return standing.now().map(by -> Guard.require(by, scope));
    }

    /** Tells an answer when those before are told. */
    private Future<Void> inTurn(Supplier<Future<Void>> work) {
        if (telling && waiting.size() >= WAITING_MAX) {
            throw new Fault(Fault.Kind.BUSY, "questions: " + waiting.size() + " wait (expected: fewer; try again)");
        }
        Promise<Void> told = Promise.promise();
        Runnable turn = () -> Future.succeededFuture()
                .compose(now -> work.get())
                .onComplete(told)
                .onComplete(done -> next());
        if (telling) {
            waiting.add(turn);
        } else {
            telling = true;
            turn.run();
        }
        return told.future();
    }

    private void next() {
        reader = () -> {};
        Runnable turn = waiting.poll();
        telling = turn != null;
        if (telling) {
            turn.run();
        }
    }

    private void refuse(Throwable failure, String id) {
        reply("error", id, Problem.json(failure, requestId, "chat socket"));
    }

    /** Answers a frame at once, whatever is being told; an answer's own pieces wait until those before are taken. */
    private void reply(String type, String id, JsonObject content) {
        if (!closedAsFull()) {
            send(type, id, "", content);
        }
    }

    private boolean closedAsFull() {
        if (!socket.isClosed() && socket.writeQueueFull()) {
            socket.close(POLICY, "answers are not read");
        }
        return socket.isClosed();
    }

    private Future<Void> send(String type, String id, String at, JsonObject content) {
        if (socket.isClosed()) {
            return Future.failedFuture("the other side has gone");
        }
        // A problem has a type of its own, the address of its explanation.
        JsonObject frame = new JsonObject().mergeIn(content).put("type", type);
        if (!id.isEmpty()) {
            frame.put("id", id);
        }
        if (!at.isEmpty()) {
            frame.put("at", at);
        }
        return socket.writeTextMessage(frame.encode());
    }

    /** The frames of one answer. */
    private final class Telling implements Outlet {
        private final String id;
        private final Promise<Void> ended = Promise.promise();

        Telling(String id) {
            this.id = id;
        }

        @Override
        public Future<Void> tell(Event event) {
            return send(event.name(), id, event.at(), event.data());
        }

        @Override
        public void beat() {
            send("beat", id, "", new JsonObject());
        }

        @Override
        public void onGone(Runnable work) {
            reader = work;
        }

        @Override
        public void end() {
            ended.tryComplete();
        }

        @Override
        public JsonObject problem(Throwable failure) {
            return Problem.json(failure, requestId, "chat socket");
        }
    }
}
