package skynet.messages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Messages;
import skynet.bus.NodeId;
import skynet.bus.Nodes;
import skynet.bus.Principal;
import skynet.bus.Role;
import skynet.kit.Database;
import skynet.testkit.TestDatabase;

/** Inboxes as the doors meet them, on a real bus and a real database. */
@Timeout(180)
class MessagesRoomTest {
    @TempDir
    static Path home;

    private static TestDatabase postgres;
    private static int lastNode = 1_000;

    private final List<Vertx> open = new ArrayList<>();
    private final String sender = node();
    private final String receiver = node();
    private Bus bus;

    @BeforeAll
    static void start() throws Exception {
        postgres = TestDatabase.start(home);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void open() throws Exception {
        bus = member();
    }

    @AfterEach
    void close() throws Exception {
        for (Vertx vertx : open) {
            await(vertx.close());
        }
    }

    @Test
    void aMessageWaitsUntilItIsAcknowledged() throws Exception {
        String message = send(sender, receiver, "one");
        for (int again = 0; again < 3; again++) {
            assertEquals(List.of("one"), texts(inbox(receiver, 0)));
        }
        assertFalse(await(bus.ask(new Messages.Ack(as(receiver), message))).again());
        assertTrue(await(bus.ask(new Messages.Ack(as(receiver), message))).again());
        assertEquals(List.of(), texts(inbox(receiver, 0)));
    }

    @Test
    void sentAgainItIsKeptOnceAlsoWhenItWasAcknowledged() throws Exception {
        String id = UUID.randomUUID().toString();
        Messages.Send letter = new Messages.Send(as(sender), receiver, id, base64("one"));
        Messages.Sent first = await(bus.ask(letter));
        assertEquals(new Messages.Sent(first.message(), true), await(bus.ask(letter)));
        await(bus.ask(new Messages.Ack(as(receiver), first.message())));
        assertEquals(new Messages.Sent(first.message(), true), await(bus.ask(letter)));
        assertEquals(List.of(), texts(inbox(receiver, 0)));
        assertEquals(
                Fault.Kind.CONFLICT,
                faultOf(bus.ask(new Messages.Send(as(sender), receiver, id, base64("two"))))
                        .kind());
        assertEquals(
                Fault.Kind.CONFLICT,
                faultOf(bus.ask(new Messages.Send(as(sender), node(), id, base64("one"))))
                        .kind());
        await(bus.ask(new Messages.Send(as(node()), receiver, id, base64("one"))));
    }

    @Test
    void twinsSentAtOnceAreOneMessage() throws Exception {
        String id = UUID.randomUUID().toString();
        List<Future<Messages.Sent>> twins = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            twins.add(bus.ask(new Messages.Send(as(sender), receiver, id, base64("one"))));
        }
        await(Future.all(twins));
        assertEquals(
                1,
                twins.stream().map(twin -> twin.result().message()).distinct().count());
        assertEquals(1, twins.stream().filter(twin -> !twin.result().again()).count());
        assertEquals(List.of("one"), texts(inbox(receiver, 0)));
        assertEquals(1, number("SELECT messages FROM messages.sender WHERE sender = '" + sender + "'"));
    }

    @Test
    void anothersInboxIsNobodysToReadOrToAcknowledge() throws Exception {
        String message = send(sender, receiver, "one");
        assertEquals(List.of(), texts(inbox(node(), 0)));
        assertEquals(
                Fault.Kind.ABSENT,
                faultOf(bus.ask(new Messages.Ack(as(sender), message))).kind());
        assertEquals(
                Fault.Kind.DENIED,
                faultOf(bus.ask(new Messages.Inbox(Principal.GUEST, 0, 1))).kind());
        assertEquals(List.of("one"), texts(inbox(receiver, 0)));
    }

    @Test
    void aUserHasAnInboxOnceTheyHaveLookedIntoIt() throws Exception {
        String user = UUID.randomUUID().toString();
        Messages.Send letter =
                new Messages.Send(as(sender), user, UUID.randomUUID().toString(), base64("one"));
        assertEquals(Fault.Kind.ABSENT, faultOf(bus.ask(letter)).kind());
        inbox(user, 0);
        await(bus.ask(letter));
        assertEquals(List.of("one"), texts(inbox(user, 0)));
        assertEquals(
                Fault.Kind.ABSENT,
                faultOf(bus.ask(new Messages.Send(
                                as(sender), "NOD42", UUID.randomUUID().toString(), base64("x"))))
                        .kind());
    }

    @Test
    void oneSenderDoesNotFillAnInboxAloneAndAFullOneSaysSo() throws Exception {
        inbox(receiver, 0);
        for (int i = 0; i < MessageStore.SENDER_WAITING_MAX; i++) {
            send(sender, receiver, "m" + i);
        }
        Fault share = faultOf(ask(sender, receiver, "one more"));
        assertEquals(Fault.Kind.THROTTLED, share.kind());
        for (int other = 1; other < MessageStore.INBOX_MESSAGES_MAX / MessageStore.SENDER_WAITING_MAX; other++) {
            String from = node();
            List<Future<Messages.Sent>> sent = new ArrayList<>();
            for (int i = 0; i < MessageStore.SENDER_WAITING_MAX; i++) {
                sent.add(ask(from, receiver, "m" + i));
                if (i % 20 == 19) {
                    await(Future.all(sent));
                }
            }
            await(Future.all(sent));
        }
        assertEquals(Fault.Kind.FULL, faultOf(ask(node(), receiver, "one more")).kind());
        await(bus.ask(new Messages.Ack(
                as(receiver), inbox(receiver, 0).messages().get(0).message())));
        send(node(), receiver, "one more");
        assertEquals(1_000, number("SELECT waiting FROM messages.inbox WHERE owner = '" + receiver + "'"));
    }

    @Test
    void anInboxThatNobodyEverLookedIntoHoldsLittle() throws Exception {
        for (int i = 0; i < MessageStore.UNSEEN_MESSAGES_MAX; i++) {
            send(sender, receiver, "m" + i);
        }
        assertEquals(Fault.Kind.FULL, faultOf(ask(sender, receiver, "one more")).kind());
        inbox(receiver, 0);
        send(sender, receiver, "one more");
    }

    @Test
    void aMessageThatNobodyAcknowledgesGoesAfterAMonthAndLeavesItsPlace() throws Exception {
        MessageStore store = new MessageStore(Database.open(open.get(0), postgres.uri()));
        send(sender, receiver, "old");
        send(sender, receiver, "new");
        postgres.execute("UPDATE messages.message SET sent_at = now() - interval '31 days' WHERE inbox = '" + receiver
                + "' AND seq = 1");
        assertEquals(1, await(store.dropOverdue()));
        assertEquals(0, await(store.dropOverdue()));
        assertEquals(List.of("new"), texts(inbox(receiver, 0)));
        assertEquals(1, number("SELECT waiting FROM messages.inbox WHERE owner = '" + receiver + "'"));
        assertEquals(3, number("SELECT waiting_bytes FROM messages.inbox WHERE owner = '" + receiver + "'"));
    }

    @Test
    void whatWaitsInAllInboxesTogetherHasABound() throws Exception {
        long waits = number("SELECT sum(waiting_bytes) FROM messages.inbox");
        Bus narrow = member(waits + 5);
        send(narrow, sender, receiver, "12345");
        assertEquals(
                Fault.Kind.FULL,
                faultOf(narrow.ask(new Messages.Send(
                                as(sender), receiver, UUID.randomUUID().toString(), base64("1"))))
                        .kind());
    }

    @Test
    void whatIsRefusedCountsForNothing() throws Exception {
        postgres.execute("INSERT INTO messages.sender VALUES ('" + sender + "', (now() AT TIME ZONE 'UTC')::date, "
                + (MessageStore.SENDER_DAY_MESSAGES_MAX - 1) + ", 0)");
        send(sender, receiver, "the last of today");
        assertEquals(
                Fault.Kind.THROTTLED, faultOf(ask(sender, receiver, "one more")).kind());
        assertEquals(1, number("SELECT waiting FROM messages.inbox WHERE owner = '" + receiver + "'"));
        postgres.execute("UPDATE messages.sender SET day = day - 1 WHERE sender = '" + sender + "'");
        send(sender, receiver, "the first of tomorrow");
    }

    @Test
    void whoWaitsIsWokenOnAnotherMemberWithinItsPatience() throws Exception {
        await(bus.ask(new Messages.Inbox(as(receiver), 0, 1)));
        Future<Messages.Awaited> waiting = bus.ask(new Messages.Await(as(receiver), 0, 5_000), Duration.ofSeconds(10));
        long begun = System.nanoTime();
        send(sender, receiver, "one");
        assertTrue(await(waiting).arrived());
        assertTrue(System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(3), "woken by the hint");
        assertTrue(await(bus.ask(new Messages.Await(as(receiver), 0, 5_000), Duration.ofSeconds(10)))
                .arrived());
        long next = inbox(receiver, 0).next();
        assertFalse(await(bus.ask(new Messages.Await(as(receiver), next, 50), Duration.ofSeconds(10)))
                .arrived());
        Bus other = member();
        send(other, sender, receiver, "two");
        assertEquals(List.of("two"), texts(inbox(receiver, next)));
    }

    /** Readers with a cursor miss nothing and see each sender's messages in their order, while many send at once. */
    @Test
    void everySendersOrderIsKeptForAReaderThatFollows() throws Exception {
        Random random = new Random(5);
        inbox(receiver, 0);
        int senders = 8;
        int each = 60;
        Bus[] doors = {bus, member(), member()};
        List<Future<Void>> sending = new ArrayList<>();
        for (int one = 0; one < senders; one++) {
            sending.add(sendAll(doors[random.nextInt(doors.length)], node(), 0, each));
        }
        Future<Void> all = Future.all(sending).mapEmpty();
        Map<String, Integer> last = new HashMap<>();
        long cursor = 0;
        int seen = 0;
        while (seen < senders * each) {
            Messages.Page page = await(bus.ask(new Messages.Inbox(as(receiver), cursor, 1 + random.nextInt(50))));
            for (Messages.Message message : page.messages()) {
                int count = ByteBuffer.wrap(Base64.getUrlDecoder().decode(message.body()))
                        .getInt();
                assertEquals(last.getOrDefault(message.from(), -1) + 1, count, "of " + message.from());
                last.put(message.from(), count);
                seen++;
                if (random.nextBoolean()) {
                    await(bus.ask(new Messages.Ack(as(receiver), message.message())));
                }
            }
            assertTrue(
                    !page.messages().isEmpty()
                            || !all.isComplete()
                            || seen == senders * each
                            || !inbox(receiver, cursor).messages().isEmpty(),
                    "a cursor passed a message: " + seen);
            cursor = page.next();
        }
        await(all);
        assertEquals(senders, last.size());
    }

    @Test
    void anInboxOfANodeThatWasTakenOutGoesWithIt() throws Exception {
        send(sender, receiver, "one");
        bus.publish(new Nodes.Gone(NodeId.read(receiver).orElseThrow()));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (number("SELECT count(*) FROM messages.message WHERE inbox = '" + receiver + "'") > 0) {
            assertTrue(System.nanoTime() < end);
            Thread.sleep(20);
        }
    }

    private Future<Void> sendAll(Bus door, String from, int count, int max) {
        if (count == max) {
            return Future.succeededFuture();
        }
        String body = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(4).putInt(count).array());
        return door.ask(new Messages.Send(as(from), receiver, UUID.randomUUID().toString(), body))
                .compose(sent -> sendAll(door, from, count + 1, max));
    }

    private Bus member() throws Exception {
        return member(MessageStore.TOTAL_BYTES_MAX);
    }

    private Bus member(long totalBytesMax) throws Exception {
        Vertx vertx = Vertx.vertx();
        open.add(vertx);
        Bus one = new Bus(vertx, InstantSource.system());
        await(one.serve(
                Nodes.Keys.class,
                ask -> ask.node().value() < 1_000
                        ? Future.failedFuture(Fault.absent("vacant"))
                        : Future.succeededFuture(new Nodes.Keyring(ask.node(), new Nodes.PublicKeys("", "", "")))));
        await(vertx.deployVerticle(
                new MessagesVerticle(one, new MessageStore(Database.open(vertx, postgres.uri())), UUID::randomUUID)
                        .totalAtMost(totalBytesMax)));
        return one;
    }

    private static synchronized String node() {
        return "NOD" + ++lastNode;
    }

    private static Principal as(String user) {
        return new Principal(user, "test", Role.USER, List.of(), user, 0, 0);
    }

    private String send(String from, String to, String text) throws Exception {
        return await(ask(from, to, text)).message();
    }

    private static void send(Bus door, String from, String to, String text) throws Exception {
        await(door.ask(new Messages.Send(as(from), to, UUID.randomUUID().toString(), base64(text))));
    }

    private Future<Messages.Sent> ask(String from, String to, String text) {
        return bus.ask(new Messages.Send(as(from), to, UUID.randomUUID().toString(), base64(text)));
    }

    private Messages.Page inbox(String owner, long after) throws Exception {
        return await(bus.ask(new Messages.Inbox(as(owner), after, Messages.PAGE_MAX)));
    }

    private static List<String> texts(Messages.Page page) {
        return page.messages().stream()
                .map(message -> new String(
                        Base64.getUrlDecoder().decode(message.body()), java.nio.charset.StandardCharsets.UTF_8))
                .toList();
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static long number(String sql) throws Exception {
        return Long.parseLong(postgres.one(sql));
    }

    private static Fault faultOf(Future<?> future) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> await(future));
        return (Fault) failure.getCause();
    }
}
