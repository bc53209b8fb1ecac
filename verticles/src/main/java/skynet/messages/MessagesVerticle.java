package skynet.messages;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Messages;
import skynet.bus.NodeId;
import skynet.bus.Nodes;
import skynet.bus.Principal;
import skynet.kit.Room;

/**
 * Keeps messages until their receiver acknowledges them, and wakes who waits for one, on every member. A user opens an
 * inbox by looking into it; nobody learns by sending which other users there are. Nodes have one as soon as they are
 * registered.
 */
public final class MessagesVerticle extends Room {
    /** Arrivals are told together after this time. */
    static final long TOGETHER_MILLIS = 20;

    private static final long PURGE_MILLIS = 3_600_000;

    /** What waits in all inboxes is counted anew; between, each member adds what it takes itself. */
    private static final long COUNT_MILLIS = 60_000;

    private final MessageStore store;
    private final Supplier<UUID> ids;
    private final Waiters waiters = new Waiters();
    private Set<String> arrived = new LinkedHashSet<>();
    private long totalBytesMax = MessageStore.TOTAL_BYTES_MAX;
    private long waitingBytes;

    public MessagesVerticle(Bus bus, MessageStore store, Supplier<UUID> ids) {
        super(bus);
        this.store = store;
        this.ids = ids;
    }

    /** Lets so much wait in all inboxes as the test wants. */
    MessagesVerticle totalAtMost(long bytes) {
        totalBytesMax = bytes;
        return this;
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(PURGE_MILLIS, tick -> purge());
        vertx.setPeriodic(PURGE_MILLIS, tick -> dropOverdue());
        vertx.setPeriodic(COUNT_MILLIS, tick -> count());
        count();
        return Future.all(List.of(
                bus.listen(
                        Messages.Arrived.class,
                        news -> context.runOnContext(now -> news.inboxes().forEach(waiters::wake))),
                bus.listen(Nodes.Gone.class, gone -> store.close(gone.node().toString())),
                bus.serve(Messages.Send.class, this::send),
                bus.serve(Messages.Inbox.class, this::inbox),
                bus.serve(Messages.Await.class, this::await),
                bus.serve(Messages.Ack.class, this::ack)));
    }

    private Future<Messages.Sent> send(Messages.Send send) {
        String sender = ownerOf(send.by());
        UUID id = uuid("id", send.id());
        Buffer body = bytes(send.body());
        if (waitingBytes + body.length() > totalBytesMax) {
            return Future.failedFuture(new Fault(
                    Fault.Kind.FULL, "inboxes: full (expected: less than " + totalBytesMax + " bytes in all of them)"));
        }
        return receiver(send.to())
                .compose(inbox -> store.keep(sender, inbox, id, body, ids.get()).onSuccess(sent -> {
                    waitingBytes += sent.again() ? 0 : body.length();
                    tell(inbox);
                }));
    }

    /** The inbox of a receiver; whoever has none is told of as absent, whether there is such a user or not. */
    private Future<String> receiver(String to) {
        Fault absent = Fault.absent("to: nobody with an inbox (expected: NOD… of a registered node, or a user's id)");
        return NodeId.read(to)
                .map(node -> bus.ask(new Nodes.Keys(node))
                        .compose(keys -> store.open(node.toString()))
                        .map(opened -> node.toString())
                        .recover(failure -> Future.failedFuture(
                                failure instanceof Fault fault && fault.kind() == Fault.Kind.ABSENT
                                        ? absent
                                        : failure)))
                .orElseGet(() -> store.isOpen(to)
                        .compose(open -> open ? Future.succeededFuture(to) : Future.failedFuture(absent)));
    }

    private Future<Messages.Page> inbox(Messages.Inbox ask) {
        String owner = ownerOf(ask.by());
        return store.page(owner, ask.after(), ask.limit())
                .compose(page ->
                        ask.after() == 0 ? store.look(owner).map(looked -> page) : Future.succeededFuture(page));
    }

    private Future<Messages.Awaited> await(Messages.Await ask) {
        String owner = ownerOf(ask.by());
        Promise<Boolean> waiter = Promise.promise();
        waiters.add(owner, waiter);
        long timer = vertx.setTimer(ask.millis(), late -> waiter.tryComplete(false));
        // What came in before the waiter was there has told of itself already.
        store.any(owner, ask.after()).onComplete(any -> {
            if (any.failed()) {
                waiter.tryFail(any.cause());
            } else if (any.result()) {
                waiter.tryComplete(true);
            }
        });
        return waiter.future()
                .onComplete(done -> {
                    vertx.cancelTimer(timer);
                    waiters.remove(owner, waiter);
                })
                .map(Messages.Awaited::new);
    }

    private Future<Messages.Acked> ack(Messages.Ack ack) {
        return store.ack(ownerOf(ack.by()), uuid("message", ack.message()))
                .map(again -> new Messages.Acked(ack.message(), again));
    }

    /** Tells all members, those that came within a moment together. */
    private void tell(String inbox) {
        if (arrived.isEmpty()) {
            vertx.setTimer(TOGETHER_MILLIS, passed -> tellAll());
        }
        arrived.add(inbox);
    }

    private void tellAll() {
        List<String> inboxes = new ArrayList<>(arrived);
        arrived = new LinkedHashSet<>();
        for (int from = 0; from < inboxes.size(); from += Messages.Arrived.INBOXES_MAX) {
            int to = Math.min(inboxes.size(), from + Messages.Arrived.INBOXES_MAX);
            bus.publish(new Messages.Arrived(inboxes.subList(from, to)));
        }
    }

    private void count() {
        store.waitingBytes().onSuccess(bytes -> waitingBytes = bytes);
    }

    private void dropOverdue() {
        store.dropOverdue().onSuccess(inboxes -> {
            count();
            if (inboxes > 0) {
                dropOverdue();
            }
        });
    }

    private void purge() {
        store.purge().onSuccess(gone -> {
            if (gone == MessageStore.PURGE_MAX) {
                purge();
            }
        });
    }

    /** Whose inbox it is: a node's number, or a user's id. */
    private static String ownerOf(Principal by) {
        if (by.user().isEmpty()) {
            throw new Fault(Fault.Kind.DENIED, "messages: nobody's (expected: a user's token or a node's)");
        }
        return by.user();
    }

    private static UUID uuid(String name, String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    name + ": not a UUID (expected: like 1b4e28ba-2fa1-11d2-883f-0016d3cca427)");
        }
    }

    private static Buffer bytes(String body) {
        try {
            return Buffer.buffer(Base64.getUrlDecoder().decode(body));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("body: not Base64url (expected: ciphertext, without padding)");
        }
    }
}
