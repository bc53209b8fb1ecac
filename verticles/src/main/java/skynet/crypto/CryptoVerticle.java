package skynet.crypto;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import skynet.bus.Bus;
import skynet.bus.BusMessage;
import skynet.bus.Crypto;
import skynet.bus.Fault;
import skynet.bus.Genom;
import skynet.bus.NodeNumber;
import skynet.bus.Request;
import skynet.kit.Room;

/**
 * Tells who this node is, signs for it, and shakes hands with clients. A session lives on the node that made it: what
 * arrives at another member is passed on to the one that the message names.
 */
public final class CryptoVerticle extends Room {
    private static final String KEY_PURPOSE = "x-wing";
    private static final int SESSION_BYTES = 16;
    private static final int SIGNATURES_BYTES_MAX = 3_373;
    private static final int CONFIRM_BYTES_MAX = 5_393;
    private static final int SEALED_BYTES_MAX = Envelope.HEADER_BYTES + Envelope.PLAIN_BYTES_MAX + Suite.TAG_BYTES;

    private final NodeNumber self;
    private final NodeIdentity identity;
    private final InstantSource clock;
    private final SecureRandom dice;
    private final Pace pace = new Pace();
    private final Greetings greetings;
    private final Sessions sessions = new Sessions();

    /** The sessions whose confirmation is being checked: of several at once only the first is. */
    private final Set<String> confirming = new HashSet<>();

    private final byte[] keySignatures;

    /** A room of a node with its identity; its meters tell how many sessions there are. */
    public CryptoVerticle(
            Bus bus,
            NodeNumber self,
            NodeIdentity identity,
            InstantSource clock,
            SecureRandom dice,
            MeterRegistry meters) {
        super(bus);
        this.self = self;
        this.identity = identity;
        this.clock = clock;
        this.dice = dice;
        this.greetings = new Greetings(identity.open().fingerprint(), clock.millis());
        Gauge.builder("skynet_crypto_sessions_open", sessions, Sessions::openCount)
                .description("Sessions with clients that are open, of at most " + Sessions.OPEN_MAX + ".")
                .register(meters);
        Gauge.builder("skynet_crypto_handshakes_awaited", sessions, Sessions::pendingCount)
                .description("Handshakes that wait for their confirmation, of at most " + Sessions.PENDING_MAX + ".")
                .register(meters);
        this.keySignatures = identity.sign(KEY_PURPOSE, identity.xWing().publicKey(), PublicIdentity.WITH_BOTH);
    }

    @Override
    public Future<?> start() {
        return Future.all(List.of(
                bus.serve(Crypto.Identity.class, ask -> Future.succeededFuture(identified())),
                bus.serve(Crypto.Sign.class, this::sign),
                bus.serve(Crypto.Verify.class, this::verify),
                bus.serve(Crypto.Greet.class, this::greet),
                bus.serve(Crypto.Confirm.class, this::confirm),
                bus.serve(Crypto.Say.class, this::say),
                bus.serve(Crypto.Rotate.class, this::rotate)));
    }

    private Crypto.Identified identified() {
        PublicIdentity open = identity.open();
        return new Crypto.Identified(
                self,
                Base64Url.of(open.fingerprint()),
                Base64Url.of(open.ed25519()),
                Base64Url.of(open.mlDsa()),
                Base64Url.of(identity.xWing().publicKey()),
                Base64Url.of(keySignatures),
                clock.millis());
    }

    /** What handshakes sign must not be had by asking for a signature. */
    private Future<Crypto.Signed> sign(Crypto.Sign ask) {
        if (List.of(KeySchedule.NODE_SIGNS, KeySchedule.CLIENT_SIGNS, KEY_PURPOSE, SealedMessage.SENDER_SIGNS)
                .contains(ask.purpose())) {
            throw Fault.invalid("purpose: " + ask.purpose() + " is this room's own (expected: another)");
        }
        byte[] text = Base64Url.read("text", ask.text(), Crypto.SIGNED_BYTES_MAX);
        return vertx.executeBlocking(
                () -> new Crypto.Signed(Base64Url.of(identity.sign(ask.purpose(), text, PublicIdentity.WITH_BOTH))),
                false);
    }

    private Future<Crypto.Verified> verify(Crypto.Verify ask) {
        PublicIdentity signer = PublicIdentity.of(
                Base64Url.read("ed25519", ask.ed25519(), PublicIdentity.ED25519_BYTES),
                Base64Url.read("mlDsa65", ask.mlDsa65(), PublicIdentity.ML_DSA_BYTES));
        byte[] text = Base64Url.read("text", ask.text(), Crypto.SIGNED_BYTES_MAX);
        byte[] signatures = Base64Url.read("signatures", ask.signatures(), SIGNATURES_BYTES_MAX);
        return vertx.executeBlocking(
                () -> new Crypto.Verified(
                        signer.signed(ask.purpose(), text, signatures), Base64Url.of(signer.fingerprint())),
                false);
    }

    private Future<Crypto.Greeted> greet(Crypto.Greet ask) {
        Hello hello = Hello.read(Base64Url.read("hello", ask.hello(), Hello.BYTES));
        if (hello.node() != self.value()) {
            return passOn(ask, hello.node());
        }
        long now = clock.millis();
        pace.take(ask.address(), now);
        sessions.requireRoom(now);
        greetings.take(hello, now);
        byte[] thrown = new byte[Responder.DICE_BYTES];
        dice.nextBytes(thrown);
        return vertx.executeBlocking(() -> Responder.greet(hello, identity, thrown, now + Sessions.AGE_MILLIS), false)
                .map(responder -> {
                    String id = Base64Url.of(responder.reply().session());
                    sessions.await(id, responder, clock.millis());
                    return new Crypto.Greeted(id, Base64Url.of(responder.reply().bytes()));
                });
    }

    private Future<Crypto.Confirmed> confirm(Crypto.Confirm ask) {
        int node = nodeOf(ask.session());
        if (node != self.value()) {
            return passOn(ask, node);
        }
        Confirm confirm = Confirm.read(Base64Url.read("confirm", ask.confirm(), CONFIRM_BYTES_MAX));
        Responder responder = sessions.awaited(ask.session(), clock.millis());
        if (!confirming.add(ask.session())) {
            throw new Fault(Fault.Kind.CONFLICT, "session: a confirmation is being checked (expected: one)");
        }
        return vertx.executeBlocking(() -> responder.confirmed(confirm, clock.millis()), false)
                .onComplete(checked -> confirming.remove(ask.session()))
                .map(session -> {
                    sessions.open(ask.session(), session, clock.millis());
                    return new Crypto.Confirmed(
                            ask.session(),
                            session.endMillis(),
                            session.peer()
                                    .map(who -> Base64Url.of(who.fingerprint()))
                                    .orElse(""));
                });
    }

    /** Answers a frame with itself, which proves that both sides have the same keys. */
    private Future<Crypto.Said> say(Crypto.Say ask) {
        int node = nodeOf(ask.session());
        if (node != self.value()) {
            return passOn(ask, node);
        }
        long now = clock.millis();
        Session session = sessions.find(ask.session(), now);
        PointFrame frame = session.open(Base64Url.read("sealed", ask.sealed(), SEALED_BYTES_MAX), now);
        sessions.heard(ask.session(), now);
        return Future.succeededFuture(new Crypto.Said(Base64Url.of(session.seal(frame.answeredBy(self.value()), now))));
    }

    private Future<Crypto.Rotated> rotate(Crypto.Rotate ask) {
        return bus.ask(new Genom.Encode(ask.text())).compose(encoded -> bus.ask(new Genom.Decode(encoded.frame()))
                .map(decoded -> Demonstration.of(encoded.tokens(), ask.steps(), decoded.text())));
    }

    private <R extends BusMessage> Future<R> passOn(Request<R> ask, int node) {
        return bus.ask(ask, new NodeNumber(node), Bus.DEADLINE);
    }

    private static int nodeOf(String session) {
        byte[] id = Base64Url.read("session", session, SESSION_BYTES);
        if (id.length != SESSION_BYTES) {
            throw Fault.invalid("session: " + id.length + " bytes (expected: " + SESSION_BYTES + ")");
        }
        return ByteBuffer.wrap(id).getInt();
    }
}
