package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import skynet.bus.Principal;
import skynet.kit.Tolls;

/**
 * One browser on the bus, in the words of the Vert.x bridge: it sends {@code send}, {@code register}, {@code
 * unregister} and {@code ping}; it hears {@code rec} and {@code err}. Whatever is refused is answered to
 * where an answer was awaited, so that nobody hangs. Runs on the event loop of the front door.
 */
final class BrowserSocket {
    /** Topics one socket listens to. */
    static final int TOPICS_MAX = 64;

    /** Messages a second; the rest is refused. */
    static final int MESSAGES_PER_SECOND_MAX = 100;

    /** Requests at work for one socket; what comes on top waits in the socket. */
    static final int AT_WORK_MAX = 16;

    /** The close code of RFC 6455 for what the rules do not allow. */
    private static final int POLICY = 1008;

    static final int ADDRESS_CHARS_MAX = 200;

    /** What comes on top of a second's messages is read up to this length, to answer it where an answer is awaited. */
    static final int REFUSED_BYTES_MAX = 4 << 10;

    private static final String TOO_MANY = "too many messages a second";
    private static final Set<String> FIELDS = Set.of("type", "address", "replyAddress", "headers", "body");

    private final SockJSSocket socket;
    private final BrowserBus bus;
    private final Standing standing;
    private final Tolls.Payer payer;

    /** What it listens to, with the frame it was told last. */
    private final Map<Feed, String> told = new HashMap<>();

    /** What is asked and not answered yet, to be told that nobody waits for it. */
    private final Set<Promise<Void>> asked = new HashSet<>();

    private int atWork;
    private int messagesLeft = MESSAGES_PER_SECOND_MAX;
    private boolean full;

    /** A socket of a caller, who is looked up {@code again} with each message: it outlives tokens and keys. */
    BrowserSocket(
            SockJSSocket socket,
            BrowserBus bus,
            Principal caller,
            Supplier<Future<Principal>> again,
            Tolls.Payer payer) {
        this.socket = socket;
        this.bus = bus;
        this.standing = new Standing(caller, again, () -> socket.close(POLICY, "no longer logged in"));
        this.payer = payer;
    }

    /** A second has passed. */
    void replenish() {
        messagesLeft = MESSAGES_PER_SECOND_MAX;
    }

    /** The other side reads again. */
    void drained() {
        full = false;
        proceed();
    }

    /** The other side has gone, and nobody waits for what it asked. */
    void gone() {
        List.copyOf(asked).forEach(Promise::tryComplete);
    }

    /** Whose it is; looked at also while it only listens. */
    Standing standing() {
        return standing;
    }

    boolean listensTo(Feed feed) {
        return told.containsKey(feed);
    }

    /**
     * Tells the state of a topic when it is another one than was told last, unless the other side does not read: then the
     * next state will do.
     */
    void tell(Feed feed, String state) {
        if (!full
                && listensTo(feed)
                && standing.last().may(feed.topic().scope())
                && !state.equals(told.put(feed, state))) {
            write(state);
        }
    }

    void receive(Buffer message) {
        boolean tooMany = --messagesLeft < 0;
        if (tooMany && message.length() > REFUSED_BYTES_MAX) {
            refuse("", 429, "RECIPIENT_FAILURE", TOO_MANY);
            return;
        }
        JsonBody frame;
        String type;
        String address;
        String reply;
        try {
            frame = JsonBody.parse(message, FIELDS);
            type = frame.text("type");
            address = frame.textOrEmpty("address");
            reply = frame.textOrEmpty("replyAddress");
            if (address.length() > ADDRESS_CHARS_MAX || reply.length() > ADDRESS_CHARS_MAX) {
                throw new IllegalArgumentException(
                        "address: too long (expected: at most " + ADDRESS_CHARS_MAX + " characters)");
            }
        } catch (Refusal | IllegalArgumentException refusal) {
            write(new JsonObject().put("type", "err").put("body", "invalid").put("message", refusal.getMessage()));
            return;
        }
        if (tooMany) {
            refuse(reply.isEmpty() ? address : reply, 429, "RECIPIENT_FAILURE", TOO_MANY);
            return;
        }
        switch (type) {
            case "ping" -> {
                // That it came is all it says; the standard client knows no answer to it.
            }
            case "send" -> send(frame, message.length(), address, reply);
            case "register" -> register(address);
            case "unregister" -> told.remove(bus.feed(address));
            default -> refuse(reply.isEmpty() ? address : reply, 403, "RECIPIENT_FAILURE", "access_denied");
        }
    }

    /** Who registers, also once more, is told the state at once. */
    private void register(String address) {
        Feed feed = bus.feed(address);
        if (feed == null || !standing.last().may(feed.topic().scope())) {
            refuse(address, 403, "RECIPIENT_FAILURE", "access_denied");
        } else if (!listensTo(feed) && told.size() >= TOPICS_MAX) {
            refuse(address, 429, "RECIPIENT_FAILURE", "max_handlers_reached");
        } else {
            told.put(feed, "");
            feed.recent().onSuccess(state -> tell(feed, state));
        }
    }

    private void send(JsonBody frame, int bytes, String address, String reply) {
        Operation operation = bus.operation(address);
        if (operation == null) {
            boolean known = address.startsWith("api.");
            refuse(
                    reply,
                    known ? -1 : 403,
                    known ? "NO_HANDLERS" : "RECIPIENT_FAILURE",
                    known ? "no such address" : "access_denied");
            return;
        }
        if (bytes > operation.bytesMax()) {
            refuse(reply, 413, "RECIPIENT_FAILURE", "message: more than " + operation.bytesMax() + " bytes");
            return;
        }
        Promise<Void> gone = Promise.promise();
        asked.add(gone);
        atWork++;
        proceed();
        standing.now()
                .map(known -> allowed(known, operation))
                .compose(known -> operation.work().ask(known, frame.object("body", operation.fields()), gone.future()))
                .onSuccess(answer -> answer(reply, answer))
                .onFailure(failure ->
                        refuse(reply, Problem.json(failure, UUID.randomUUID().toString(), address)))
                .onComplete(done -> {
                    asked.remove(gone);
                    atWork--;
                    proceed();
                });
    }

    /** What was true when the socket was opened need not be so now. */
    private Principal allowed(Principal known, Operation operation) {
        Guard.require(known, operation.scope());
        payer.pass(known, operation.scope());
        if (operation.scope().equals("chat:ask")) {
            payer.ask(known);
        }
        return known;
    }

    private void answer(String reply, JsonObject answer) {
        if (!reply.isEmpty()) {
            write(BrowserBus.frame("rec", reply).put("body", answer));
        }
    }

    private void refuse(String reply, JsonObject problem) {
        if (!reply.isEmpty()) {
            write(err(reply, problem.getInteger("status"), "RECIPIENT_FAILURE", problem.getString("detail"))
                    .put("problem", problem));
        }
    }

    /** Without an address to answer to, the standard client still reports it to its error handler. */
    private void refuse(String reply, int code, String type, String why) {
        write(reply.isEmpty() ? new JsonObject().put("type", "err").put("body", why) : err(reply, code, type, why));
    }

    private static JsonObject err(String reply, int code, String type, String why) {
        return BrowserBus.frame("err", reply)
                .put("failureCode", code)
                .put("failureType", type)
                .put("message", why);
    }

    private void write(JsonObject frame) {
        write(frame.encode());
    }

    private void write(String frame) {
        try {
            socket.write(frame);
            if (socket.writeQueueFull()) {
                full = true;
                proceed();
            }
        } catch (IllegalStateException gone) {
            // It closed a moment ago; the bus is about to hear of it.
        }
    }

    /** Reads on, or leaves what comes in the network while there is enough to do. */
    private void proceed() {
        if (full || atWork >= AT_WORK_MAX) {
            socket.pause();
        } else {
            socket.resume();
        }
    }
}
