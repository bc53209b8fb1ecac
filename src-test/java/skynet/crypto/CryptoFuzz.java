package skynet.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import skynet.bus.Fault;

/**
 * Looks for minutes on end for bytes that break a reader of handshakes and sealed messages, or that one takes although they
 * were changed. A reader returns or throws a {@link Fault} that is not BROKEN; nothing else.
 *
 * <p>Runs with {@code mvn -Pfuzz verify -pl src-test -am}, for {@code -Dfuzz.minutes} (10 unless told). Case {@code n}
 * of a run uses the seed {@code -Dfuzz.seed} plus {@code n}; a failure names its seed, which then fails at once.
 */
@Tag("fuzz")
class CryptoFuzz {
    private static final int DAMAGES_MAX = 3;

    private final Party party = new Party().shakeHands(1, 3, Optional.empty());
    private final Initiator initiator = party.initiator(3, 3);
    private final Responder responder = party.responder(initiator.hello());
    private final byte[] reply = responder.reply().bytes();
    private final byte[] confirm =
            initiator.finish(reply, Optional.of(party.client), Party.NOW).confirm();
    private final byte[] message = SealedMessage.seal(
            Suite.AES_256_GCM,
            party.client,
            party.node.xWing().publicKey(),
            new byte[100],
            Party.dice(5, XWing.DICE_BYTES),
            Party.NOW);
    private long genuine;

    @Test
    void noReaderBreaksAndNoneTakesWhatWasChanged() {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        Duration time =
                Duration.ofMillis((long) (60_000 * Double.parseDouble(System.getProperty("fuzz.minutes", "10"))));
        System.out.println("fuzz: seed " + seed + ", " + time.toSeconds() + " s");
        long end = System.nanoTime() + time.toNanos();
        long cases = 0;
        for (; System.nanoTime() < end; cases++) {
            long one = seed + cases;
            try {
                oneCase(new SplittableRandom(one), (int) Math.floorMod(one, 11L));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + one, e);
            }
        }
        System.out.println("fuzz: " + cases + " cases, " + genuine + " messages opened in between");
    }

    private void oneCase(SplittableRandom random, int kind) {
        switch (kind) {
            case 0 -> reads(random, initiator.hello(), Hello::read, false);
            case 1 -> reads(random, reply, Reply::read, false);
            case 2 -> reads(random, confirm, Confirm::read, false);
            case 3 -> reads(random, initiator.hello(), hello -> answered(random, hello), true);
            case 4 -> reads(random, reply, bytes -> initiator.finish(bytes, Optional.empty(), Party.NOW), true);
            case 5 -> reads(random, confirm, bytes -> responder.confirmed(Confirm.read(bytes), Party.NOW), true);
            case 6 -> reads(random, message, bytes -> SealedMessage.open(party.node.xWing(), bytes), true);
            case 7 -> session(random);
            case 8 -> liar(random);
            case 9 -> verifies(random);
            default -> texts(random);
        }
    }

    /** A changed hello may be answered; the client then finds out. */
    private void answered(SplittableRandom random, byte[] hello) {
        byte[] dice = new byte[Responder.DICE_BYTES];
        random.nextBytes(dice);
        byte[] answer = Responder.greet(Hello.read(hello), party.node, dice, Party.NOW)
                .reply()
                .bytes();
        initiator.finish(answer, Optional.empty(), Party.NOW);
    }

    private void session(SplittableRandom random) {
        int[] codes = new int[random.nextInt(200)];
        Arrays.setAll(codes, at -> random.nextInt());
        byte[] sealed = party.atClient.seal(PointFrame.of(random.nextInt(6), 1, 0, 0, codes), Party.NOW);
        reads(random, sealed, bytes -> party.atNode.open(bytes, Party.NOW), true);
        assertArrayEquals(codes, party.atNode.open(sealed, Party.NOW).codes());
        genuine++;
    }

    /** A client that has the keys of the handshake, and signs with anything. */
    private void liar(SplittableRandom random) {
        byte[] head = confirm.clone();
        byte[] own = Confirm.read(confirm).head();
        byte[] signatures = changed(random, Confirm.read(confirm).signatures());
        byte[] keys = changed(random, Arrays.copyOfRange(own, 4, own.length));
        if (keys.length != own.length - 4 || signatures.length != 3_373) {
            return;
        }
        System.arraycopy(keys, 0, own, 4, keys.length);
        byte[] h2 =
                KeySchedule.h2(Hello.read(initiator.hello()), responder.reply().head());
        byte[] secret = XWing.key(Party.dice(3, 32)).open(responder.reply().ciphertext());
        KeySchedule schedule = new KeySchedule(h2, secret);
        byte[] nodeMac = schedule.nodeMac(responder.reply().signatures());
        byte[] mac = schedule.clientMac(schedule.h4(nodeMac, own), signatures);
        byte[] lie = Confirm.of(own, signatures, mac).bytes();
        if (Arrays.equals(lie, head)) {
            return;
        }
        try {
            responder.confirmed(Confirm.read(lie), Party.NOW);
            fail("a lie was believed");
        } catch (Fault refused) {
            assertEquals(true, refused.kind() == Fault.Kind.DENIED || refused.kind() == Fault.Kind.INVALID);
        }
    }

    private static void verifies(SplittableRandom random) {
        byte[] ed25519 = new byte[PublicIdentity.ED25519_BYTES];
        byte[] mlDsa = new byte[random.nextBoolean() ? PublicIdentity.ML_DSA_BYTES : 0];
        byte[] signatures = new byte[random.nextBoolean() ? 64 : random.nextBoolean() ? 3_373 : random.nextInt(4_000)];
        random.nextBytes(ed25519);
        random.nextBytes(mlDsa);
        random.nextBytes(signatures);
        try {
            assertEquals(false, PublicIdentity.of(ed25519, mlDsa).signed("test", ed25519, signatures));
        } catch (Fault refused) {
            assertEquals(Fault.Kind.INVALID, refused.kind());
        }
    }

    private static void texts(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(40); length > 0; length--) {
            text.append((char) random.nextInt(random.nextInt(10) == 0 ? 0x10000 : 0x80));
        }
        try {
            byte[] bytes = Base64Url.read("text", text.toString(), 1_000);
            assertEquals(text.toString(), Base64Url.of(bytes));
        } catch (Fault refused) {
            assertEquals(Fault.Kind.INVALID, refused.kind());
        }
    }

    private static void reads(SplittableRandom random, byte[] whole, Consumer<byte[]> reader, boolean proves) {
        byte[] changed = changed(random, whole);
        if (Arrays.equals(changed, whole)) {
            return;
        }
        try {
            reader.accept(changed);
        } catch (Fault refused) {
            if (!List.of(Fault.Kind.INVALID, Fault.Kind.DENIED, Fault.Kind.CONFLICT)
                    .contains(refused.kind())) {
                throw refused;
            }
            return;
        }
        if (proves) {
            fail("taken although it was changed");
        }
    }

    private static byte[] changed(SplittableRandom random, byte[] whole) {
        byte[] bytes = whole.clone();
        switch (random.nextInt(5)) {
            case 0 -> bytes = Arrays.copyOf(whole, random.nextInt(whole.length + 50));
            case 1 -> {
                bytes = new byte[random.nextInt(whole.length + 50)];
                random.nextBytes(bytes);
            }
            case 2 -> {
                int from = random.nextInt(whole.length);
                Arrays.fill(bytes, from, from + random.nextInt(whole.length - from), (byte) random.nextInt());
            }
            default -> {
                for (int damage = random.nextInt(DAMAGES_MAX); damage >= 0; damage--) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
        return bytes;
    }
}
