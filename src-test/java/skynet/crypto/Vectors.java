package skynet.crypto;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import skynet.crypto.Envelope.Direction;
import skynet.genom.BinaryFrame;
import skynet.genom.CodeRun;
import skynet.genom.Frame;
import skynet.genom.FrameType;
import skynet.genom.GenomFrame;
import skynet.kit.Sha256;

/**
 * The vectors that the browser SDK and strangers test against, made by this code with dice that are written down. What lies
 * between is computed here a second time, step by step as the text of the protocol says, and compared by the outcome.
 */
final class Vectors {
    private static final long NOW = 1_800_000_000_000L;
    private static final int NODE = 5;

    private final NodeIdentity node = NodeIdentity.of(rising(0x00, NodeIdentity.SEED_BYTES));
    private final NodeIdentity client = NodeIdentity.of(rising(0x80, NodeIdentity.SEED_BYTES));

    /** All of them; bytes in hexadecimal. */
    JsonObject all() {
        return new JsonObject()
                .put("about", "Vectors of SKYNET-1, described in eventbus-codecs/README.md. Bytes in hexadecimal.")
                .put("base64url", base64url())
                .put("x_wing", xWing())
                .put(
                        "node",
                        identity(node, rising(0x00, NodeIdentity.SEED_BYTES)).put("number", NODE))
                .put("client", identity(client, rising(0x80, NodeIdentity.SEED_BYTES)))
                .put("signatures", new JsonArray().add(signature("test", "abc")).add(signature("x-wing", "")))
                .put("handshakes", handshakes())
                .put("sealed_messages", sealedMessages())
                .put("rotations", rotations())
                .put("frames", frames());
    }

    private static JsonArray base64url() {
        JsonArray pairs = new JsonArray();
        for (int length = 0; length < 5; length++) {
            byte[] bytes = rising(0xF9, length);
            pairs.add(new JsonObject().put("bytes", hex(bytes)).put("text", Base64Url.of(bytes)));
        }
        return pairs;
    }

    private static JsonObject xWing() {
        byte[] seed = HexFormat.of().parseHex("7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26");
        byte[] dice = HexFormat.of()
                .parseHex("3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e2"
                        + "35b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2");
        XWing.Key key = XWing.key(seed);
        XWing.Encapsulated made = XWing.encapsulate(key.publicKey(), dice);
        return new JsonObject()
                .put("source", "draft-connolly-cfrg-xwing-kem, first test vector: seed, dice (there eseed) and secret")
                .put("seed", hex(seed))
                .put("dice", hex(dice))
                .put("public_key", hex(key.publicKey()))
                .put("ciphertext", hex(made.ciphertext()))
                .put("secret", hex(made.secret()));
    }

    private static JsonObject identity(NodeIdentity who, byte[] seeds) {
        return new JsonObject()
                .put("seeds", hex(seeds))
                .put("ed25519", hex(who.open().ed25519()))
                .put("ml_dsa_65", hex(who.open().mlDsa()))
                .put("x_wing", hex(who.xWing().publicKey()))
                .put("fingerprint", hex(who.open().fingerprint()));
    }

    private JsonObject signature(String purpose, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new JsonObject()
                .put("purpose", purpose)
                .put("text", hex(bytes))
                .put("signed", hex(NodeIdentity.message(purpose, bytes)))
                .put("signatures", hex(client.sign(purpose, bytes, PublicIdentity.WITH_BOTH)));
    }

    private JsonArray handshakes() {
        return new JsonArray()
                .add(handshake("both signatures on both sides, AES-256-GCM", 3, 3, Optional.of(client.open())))
                .add(handshake(
                        "Ed25519 alone on both sides, ChaCha20-Poly1305",
                        2,
                        1,
                        Optional.of(PublicIdentity.of(client.open().ed25519(), new byte[0]))))
                .add(handshake("a client that does not say who it is", 1, 3, Optional.empty()));
    }

    private JsonObject handshake(String name, int suites, int kinds, Optional<PublicIdentity> self) {
        byte[] clientDice = rising(0x20, Initiator.DICE_BYTES);
        byte[] nodeDice = rising(0x60, Responder.DICE_BYTES);
        Hello hello = Hello.read(new Initiator(NODE, node.open(), suites, kinds, clientDice, NOW).hello());
        Responder responder = Responder.greet(hello, node, nodeDice, NOW + Sessions.AGE_MILLIS);
        Reply reply = responder.reply();
        byte[] secret = XWing.key(Arrays.copyOf(clientDice, 32)).open(reply.ciphertext());
        byte[] h0 = Sha256.of("SKYNET-1 handshake");
        byte[] h1 = digest(h0, hello.bytes());
        byte[] h2 = digest(h1, reply.head());
        byte[] h3 = digest(h2, reply.signatures());
        byte[] confirmHead = Confirm.head(self);
        byte[] h4 = digest(h3, reply.mac(), confirmHead);
        byte[] signatures =
                self.map(who -> client.sign("client", h4, who.kinds())).orElse(new byte[0]);
        byte[] h5 = digest(h4, signatures);
        byte[] master = Hkdf.extract(h2, secret);
        byte[] confirmNode = Hkdf.expand(master, "SKYNET-1 confirm node", 32);
        byte[] confirmClient = Hkdf.expand(master, "SKYNET-1 confirm client", 32);
        byte[] trafficClient = Hkdf.expand(master, "SKYNET-1 traffic client", 32);
        byte[] trafficNode = Hkdf.expand(master, "SKYNET-1 traffic node", 32);
        require(Arrays.equals(Hkdf.mac(confirmNode, h3), reply.mac()), "MAC of the node");
        Confirm confirm = Confirm.of(confirmHead, signatures, Hkdf.mac(confirmClient, h5));
        Session atNode = responder.confirmed(confirm, NOW);
        Session atClient = new Session(
                reply.session(),
                Direction.CLIENT_TO_NODE,
                reply.suite(),
                trafficClient,
                trafficNode,
                Optional.empty(),
                NOW,
                reply.endMillis());
        JsonArray messages = new JsonArray();
        byte[] next = Hkdf.expand(trafficClient, "SKYNET-1 next", 32);
        messages.add(message(atClient, atNode, 0, trafficClient, 0, 0, NOW));
        messages.add(message(atNode, atClient, 1, trafficNode, 0, 0, NOW));
        messages.add(message(atClient, atNode, 0, trafficClient, 0, 1, NOW));
        messages.add(message(atClient, atNode, 0, next, 1, 2, NOW + Session.REKEY_MILLIS));
        return new JsonObject()
                .put("name", name)
                .put("suites", suites)
                .put("kinds", kinds)
                .put("client_signs", self.map(PublicIdentity::kinds).orElse(0))
                .put("now", NOW)
                .put("client_dice", hex(clientDice))
                .put("node_dice", hex(nodeDice))
                .put("hello", hex(hello.bytes()))
                .put("reply", hex(reply.bytes()))
                .put("confirm", hex(confirm.bytes()))
                .put("session", hex(reply.session()))
                .put("session_text", Base64Url.of(reply.session()))
                .put("end", reply.endMillis())
                .put("suite", reply.suite().code())
                .put("secret", hex(secret))
                .put("h0", hex(h0))
                .put("h1", hex(h1))
                .put("h2", hex(h2))
                .put("h3", hex(h3))
                .put("h4", hex(h4))
                .put("h5", hex(h5))
                .put("master", hex(master))
                .put("confirm_node", hex(confirmNode))
                .put("confirm_client", hex(confirmClient))
                .put("traffic_client", hex(trafficClient))
                .put("traffic_node", hex(trafficNode))
                .put("messages", messages);
    }

    private static JsonObject message(
            Session from, Session to, int direction, byte[] secret, int generation, int counter, long now) {
        PointFrame frame = PointFrame.ofText(
                direction == 0 ? 0 : PointFrame.RES, direction == 0 ? 1_000_001 : NODE, 7, counter, "Hello, NOD5");
        byte[] key = Hkdf.expand(secret, "SKYNET-1 key", 32);
        byte[] iv = Hkdf.expand(secret, "SKYNET-1 iv", 12);
        byte[] turnKey = Hkdf.expand(secret, "SKYNET-1 turn", 32);
        byte[] nonce = iv.clone();
        nonce[11] ^= (byte) counter;
        byte[] mac = Hkdf.mac(turnKey, ByteBuffer.allocate(8).putLong(counter).array());
        int turn = ByteBuffer.wrap(mac).getInt() & 0xFFFFF;
        byte[] rotated = PhaseRotation.of(frame.bytes(), turn);
        byte[] sealed = from.seal(frame, now);
        require(Arrays.equals(frame.bytes(), to.open(sealed, now).bytes()), "sealed frame");
        Suite suite = Arrays.equals(
                        Arrays.copyOfRange(sealed, 32, sealed.length),
                        Suite.AES_256_GCM.seal(key, nonce, Arrays.copyOf(sealed, 32), rotated))
                ? Suite.AES_256_GCM
                : Suite.CHACHA20_POLY1305;
        require(
                Arrays.equals(
                        Arrays.copyOfRange(sealed, 32, sealed.length),
                        suite.seal(key, nonce, Arrays.copyOf(sealed, 32), rotated)),
                "ciphertext");
        return new JsonObject()
                .put("direction", direction)
                .put("generation", generation)
                .put("counter", counter)
                .put("now", now)
                .put("secret", hex(secret))
                .put("key", hex(key))
                .put("iv", hex(iv))
                .put("turn_key", hex(turnKey))
                .put("nonce", hex(nonce))
                .put("turn", turn)
                .put("frame", hex(frame.bytes()))
                .put("rotated", hex(rotated))
                .put("sealed", hex(sealed));
    }

    private JsonArray sealedMessages() {
        JsonArray messages = new JsonArray();
        byte[] dice = rising(0x30, XWing.DICE_BYTES);
        byte[] content = "For your eyes".getBytes(StandardCharsets.UTF_8);
        for (Suite suite : Suite.values()) {
            byte[] message = SealedMessage.seal(suite, client, node.xWing().publicKey(), content, dice, NOW);
            byte[] header = Arrays.copyOf(message, SealedMessage.HEADER_BYTES);
            byte[] secret = node.xWing().open(Arrays.copyOfRange(header, 44, header.length));
            byte[] master = Hkdf.extract(Sha256.of(header), secret);
            byte[] key = Hkdf.expand(master, "SKYNET-1 sealed key", 32);
            byte[] nonce = Hkdf.expand(master, "SKYNET-1 sealed nonce", 12);
            byte[] inner = suite.open(key, nonce, header, message, header.length);
            require(
                    Arrays.equals(
                            content, SealedMessage.open(node.xWing(), message).content()),
                    "sealed message");
            messages.add(new JsonObject()
                    .put("suite", suite.code())
                    .put("now", NOW)
                    .put("dice", hex(dice))
                    .put("content", hex(content))
                    .put("secret", hex(secret))
                    .put("header_sha256", hex(Sha256.of(header)))
                    .put("master", hex(master))
                    .put("key", hex(key))
                    .put("nonce", hex(nonce))
                    .put("signed", hex(digestPair(header, content)))
                    .put("inner", hex(inner))
                    .put("message", hex(message)));
        }
        return messages;
    }

    private static JsonArray rotations() {
        JsonArray rotations = new JsonArray();
        int[] codes = {0xABCFFFFF, 5, 0x80100003, 0x00000000, 0xFFFFFFFF};
        byte[] frame = PointFrame.of(1, 9_999_999, Long.MAX_VALUE, 0, codes).bytes();
        for (int steps : new int[] {0, 1, 3, 524_288, 1_048_575}) {
            rotations.add(new JsonObject()
                    .put("steps", steps)
                    .put("frame", hex(frame))
                    .put("rotated", hex(PhaseRotation.of(frame, steps))));
        }
        return rotations;
    }

    private static JsonArray frames() {
        JsonArray frames = new JsonArray();
        List<int[]> runs = List.of(
                new int[] {},
                new int[] {0},
                new int[] {127, 128, 16_511, 16_512, 1_048_575},
                new int[] {5 | 1 << 20, 5 | 2 << 20, 5 | 4 << 20, 5 | 6 << 20, 5 | 7 << 20},
                new int[] {0x40100000 | ',', 0x40000000 | '(', 0x40100000 | 'A', 0x40000000 | 'A', 0x40100A00 | '-'},
                new int[] {0x400FFF00 | 0xC3},
                PointFrame.raw("Grüße, žluťoučký kůň 🐎".getBytes(StandardCharsets.UTF_8)),
                PointFrame.raw(rising(0, 256)));
        int sequence = 0;
        for (int[] codes : runs) {
            Frame frame = new Frame(
                    sequence == 0 ? 9_999_999 : 1 + 300 * sequence,
                    sequence * 1_000_000_007L,
                    sequence,
                    FrameType.values()[sequence % FrameType.values().length],
                    CodeRun.of(codes, codes.length));
            JsonArray words = new JsonArray();
            Arrays.stream(codes).forEach(code -> words.add(code & 0xFFFFFFFFL));
            frames.add(new JsonObject()
                    .put("type", frame.type().name())
                    .put("node", frame.node())
                    .put("epoch", Long.toString(frame.epoch()))
                    .put("sequence", Long.toString(frame.sequence()))
                    .put("codes", words)
                    .put("textual", GenomFrame.format(frame))
                    .put("binary", hex(BinaryFrame.write(frame)))
                    .put(
                            "point",
                            hex(PointFrame.of(
                                            frame.type().ordinal(),
                                            frame.node(),
                                            frame.epoch(),
                                            frame.sequence(),
                                            codes)
                                    .bytes())));
            sequence++;
        }
        return frames;
    }

    private static byte[] digestPair(byte[] header, byte[] content) {
        return ByteBuffer.allocate(64)
                .put(Sha256.of(header))
                .put(Sha256.of(content))
                .array();
    }

    private static byte[] digest(byte[]... parts) {
        var digest = Sha256.begin();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    /** Bytes that rise from a first one. */
    private static byte[] rising(int first, int bytes) {
        byte[] rising = new byte[bytes];
        for (int at = 0; at < bytes; at++) {
            rising[at] = (byte) (first + at);
        }
        return rising;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what + ": the text says otherwise than the code");
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
