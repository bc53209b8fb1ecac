package skynet.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import skynet.bus.Fault;
import skynet.bus.Fault.Kind;

/** Three messages, and what becomes of each bad one. */
class HandshakeTest {
    private final Party party = new Party();

    @ParameterizedTest
    @CsvSource({"1,1", "1,3", "2,1", "2,3", "3,3"})
    void bothSidesUnderstandEachOther(int suites, int kinds) {
        party.shakeHands(suites, kinds, Optional.of(party.client));
        byte[] sealed = party.atClient.seal(Party.frame("Grüße, NOD5"), Party.NOW);
        assertEquals("Grüße, NOD5", Party.text(party.atNode.open(sealed, Party.NOW)));
        byte[] answer = party.atNode.seal(Party.frame("Ahoj"), Party.NOW);
        assertEquals("Ahoj", Party.text(party.atClient.open(answer, Party.NOW)));
        assertArrayEquals(
                party.client.open().fingerprint(),
                party.atNode.peer().orElseThrow().fingerprint());
    }

    @Test
    void aClientNeedNotSayWhoItIs() {
        party.shakeHands(1, 3, Optional.empty());
        assertTrue(party.atNode.peer().isEmpty());
    }

    @Test
    void anyChangedByteOfAHelloEndsTheHandshake() {
        Initiator initiator = party.initiator(3, 3);
        byte[] hello = initiator.hello();
        for (int at = 0; at < hello.length; at++) {
            byte[] changed = flipped(hello, at);
            Fault refusal = assertThrows(
                    Fault.class,
                    () -> initiator.finish(party.responder(changed).reply().bytes(), Optional.empty(), Party.NOW),
                    "byte " + at);
            assertTrue(refusal.kind() == Kind.INVALID || refusal.kind() == Kind.DENIED, refusal.toString());
        }
    }

    @Test
    void anyChangedByteOfAReplyEndsTheHandshake() {
        Initiator initiator = party.initiator(3, 3);
        byte[] reply = party.responder(initiator.hello()).reply().bytes();
        for (int at = 0; at < reply.length; at++) {
            byte[] changed = flipped(reply, at);
            Fault refusal = assertThrows(
                    Fault.class, () -> initiator.finish(changed, Optional.empty(), Party.NOW), "byte " + at);
            assertTrue(refusal.kind() == Kind.INVALID || refusal.kind() == Kind.DENIED, refusal.toString());
        }
    }

    @Test
    void anyChangedByteOfAConfirmationIsRefusedAndTheGenuineOneStillTaken() {
        Initiator initiator = party.initiator(3, 3);
        Responder responder = party.responder(initiator.hello());
        byte[] confirm = initiator
                .finish(responder.reply().bytes(), Optional.of(party.client), Party.NOW)
                .confirm();
        for (int at = 0; at < confirm.length; at++) {
            byte[] changed = flipped(confirm, at);
            Fault refusal = assertThrows(
                    Fault.class, () -> responder.confirmed(Confirm.read(changed), Party.NOW), "byte " + at);
            assertTrue(refusal.kind() == Kind.INVALID || refusal.kind() == Kind.DENIED, refusal.toString());
        }
        assertTrue(responder.confirmed(Confirm.read(confirm), Party.NOW).peer().isPresent());
    }

    @Test
    void everyLengthButTheRightOneIsRefused() {
        Initiator initiator = party.initiator(3, 1);
        Responder responder = party.responder(initiator.hello());
        byte[] hello = initiator.hello();
        byte[] reply = responder.reply().bytes();
        byte[] confirm = initiator.finish(reply, Optional.empty(), Party.NOW).confirm();
        for (int length = 0; length < 1_400; length++) {
            int cut = length;
            if (cut != hello.length) {
                refused(Kind.INVALID, () -> Hello.read(Arrays.copyOf(hello, cut)));
            }
            if (cut != reply.length) {
                refused(Kind.INVALID, () -> Reply.read(Arrays.copyOf(reply, cut)));
            }
            if (cut != confirm.length) {
                refused(Kind.INVALID, () -> Confirm.read(Arrays.copyOf(confirm, cut)));
            }
        }
    }

    @Test
    void whoStripsASuiteOrASignatureFromTheHelloIsFoundOut() {
        Initiator initiator = party.initiator(3, 3);
        byte[] fewerSuites = initiator.hello();
        fewerSuites[1] = 2;
        byte[] fewerSignatures = initiator.hello();
        fewerSignatures[2] = 1;
        refused(
                Kind.DENIED,
                () -> initiator.finish(party.responder(fewerSuites).reply().bytes(), Optional.empty(), Party.NOW));
        refused(
                Kind.DENIED,
                () -> initiator.finish(party.responder(fewerSignatures).reply().bytes(), Optional.empty(), Party.NOW));
    }

    @Test
    void aReplyWithASuiteThatWasNotOfferedIsRefused() {
        byte[] reply = party.responder(party.initiator(2, 1).hello()).reply().bytes();
        refused(Kind.DENIED, () -> party.initiator(1, 1).finish(reply, Optional.empty(), Party.NOW));
    }

    @Test
    void anotherVersionIsRefused() {
        byte[] hello = party.initiator(3, 3).hello();
        for (byte version : new byte[] {0, 2, -1}) {
            hello[0] = version;
            refused(Kind.INVALID, () -> Hello.read(hello));
        }
    }

    @Test
    void anotherNodeCannotReply() {
        Initiator initiator = party.initiator(3, 3);
        byte[] reply = Responder.greet(
                        Hello.read(initiator.hello()), party.client, Party.dice(4, Responder.DICE_BYTES), Party.NOW)
                .reply()
                .bytes();
        refused(Kind.DENIED, () -> initiator.finish(reply, Optional.empty(), Party.NOW));
    }

    @Test
    void aClientCannotSignWithKeysThatAreNotItsOwn() {
        Initiator initiator = party.initiator(3, 3);
        Responder responder = party.responder(initiator.hello());
        byte[] genuine = initiator
                .finish(responder.reply().bytes(), Optional.of(party.client), Party.NOW)
                .confirm();
        byte[] stolen = genuine.clone();
        System.arraycopy(party.node.open().ed25519(), 0, stolen, 4, 32);
        refused(Kind.DENIED, () -> responder.confirmed(Confirm.read(stolen), Party.NOW));
    }

    @Test
    void pointsOfLowOrderAreRefused() {
        byte[] zero = new byte[32];
        byte[] one = new byte[32];
        one[0] = 1;
        for (byte[] point : new byte[][] {zero, one}) {
            byte[] hello = party.initiator(3, 3).hello();
            System.arraycopy(point, 0, hello, Hello.BYTES - 32, 32);
            refused(Kind.INVALID, () -> party.responder(hello));
            byte[] ciphertext = new byte[XWing.CIPHERTEXT_BYTES];
            System.arraycopy(point, 0, ciphertext, XWing.ML_KEM_CIPHERTEXT_BYTES, 32);
            refused(Kind.INVALID, () -> party.node.xWing().open(ciphertext));
            refused(Kind.INVALID, () -> PublicIdentity.of(point, new byte[0]));
        }
    }

    @Test
    void anMlKemKeyThatIsNotReducedIsRefused() {
        byte[] hello = party.initiator(3, 3).hello();
        hello[80] = (byte) 0xFF;
        hello[81] |= 0x0F;
        refused(Kind.INVALID, () -> party.responder(hello));
    }

    @Test
    void eachHandshakeHasKeysOfItsOwn() {
        byte[] hello = party.initiator(1, 1).hello();
        Reply first = party.responder(hello).reply();
        Reply second = Responder.greet(Hello.read(hello), party.node, Party.dice(9, Responder.DICE_BYTES), Party.NOW)
                .reply();
        assertFalse(Arrays.equals(first.ciphertext(), second.ciphertext()));
        assertFalse(Arrays.equals(first.session(), second.session()));
        assertFalse(Arrays.equals(first.mac(), second.mac()));
    }

    static void refused(Kind kind, org.junit.jupiter.api.function.Executable act) {
        assertEquals(kind, assertThrows(Fault.class, act).kind());
    }

    static byte[] flipped(byte[] message, int at) {
        byte[] changed = message.clone();
        changed[at] ^= (byte) (1 << at % 8);
        return changed;
    }
}
