package skynet.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static skynet.crypto.HandshakeTest.flipped;
import static skynet.crypto.HandshakeTest.refused;
import static skynet.crypto.Party.NOW;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skynet.bus.Fault.Kind;

/** Sealed frames: what is opened, what is refused, and when keys change. */
class SessionTest {
    private final Party party = new Party().shakeHands(1, 1, Optional.empty());

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anyChangedByteIsRefusedAndTheGenuineMessageStillOpened(int suite) {
        Party both = new Party().shakeHands(suite, 1, Optional.empty());
        byte[] sealed = both.atClient.seal(Party.frame("one known sentence"), NOW);
        for (int at = 0; at < sealed.length; at++) {
            byte[] changed = flipped(sealed, at);
            assertThrows(skynet.bus.Fault.class, () -> both.atNode.open(changed, NOW), "byte " + at);
        }
        assertEquals("one known sentence", Party.text(both.atNode.open(sealed, NOW)));
    }

    @Test
    void aFlippedBitOfTheCiphertextIsDenied() {
        byte[] sealed = party.atClient.seal(Party.frame("one"), NOW);
        for (int at = Envelope.HEADER_BYTES; at < sealed.length; at++) {
            byte[] changed = flipped(sealed, at);
            refused(Kind.DENIED, () -> party.atNode.open(changed, NOW));
        }
    }

    @Test
    void aReplayIsAConflict() {
        byte[] sealed = party.atClient.seal(Party.frame("once"), NOW);
        party.atNode.open(sealed, NOW);
        refused(Kind.CONFLICT, () -> party.atNode.open(sealed, NOW));
    }

    @Test
    void messagesMayOvertakeEachOtherWithinTheWindow() {
        List<byte[]> sealed = new ArrayList<>();
        for (int message = 0; message < ReplayWindow.SIZE; message++) {
            sealed.add(party.atClient.seal(Party.frame("message " + message), NOW));
        }
        Collections.shuffle(sealed, new Random(1));
        sealed.forEach(message -> party.atNode.open(message, NOW));
        sealed.forEach(message -> refused(Kind.CONFLICT, () -> party.atNode.open(message, NOW)));
    }

    @Test
    void whatIsBehindTheWindowIsRefused() {
        byte[] late = party.atClient.seal(Party.frame("late"), NOW);
        byte[] inTime = party.atClient.seal(Party.frame("in time"), NOW);
        for (int message = 2; message <= ReplayWindow.SIZE; message++) {
            party.atNode.open(party.atClient.seal(Party.frame("next"), NOW), NOW);
        }
        refused(Kind.CONFLICT, () -> party.atNode.open(late, NOW));
        assertEquals("in time", Party.text(party.atNode.open(inTime, NOW)));
    }

    @Test
    void aMessageThatComesBackToItsSenderIsRefused() {
        byte[] sealed = party.atClient.seal(Party.frame("mirror"), NOW);
        refused(Kind.INVALID, () -> party.atClient.open(sealed, NOW));
        sealed[1] = 1;
        refused(Kind.DENIED, () -> party.atClient.open(sealed, NOW));
    }

    @Test
    void aMessageOfAnotherSessionIsRefused() {
        Party other = new Party();
        Initiator initiator = other.initiator(1, 1);
        Responder responder = Responder.greet(
                Hello.read(initiator.hello()), other.node, Party.dice(8, Responder.DICE_BYTES), NOW + 1_000);
        byte[] sealed = initiator
                .finish(responder.reply().bytes(), Optional.empty(), NOW)
                .session()
                .seal(Party.frame("stray"), NOW);
        refused(Kind.INVALID, () -> party.atNode.open(sealed, NOW));
        System.arraycopy(party.atNode.id(), 0, sealed, 16, 16);
        refused(Kind.DENIED, () -> party.atNode.open(sealed, NOW));
    }

    @Test
    void theSenderTakesNewKeysAfterTenMinutesAndTheReceiverFollows() {
        byte[] before = party.atClient.seal(Party.frame("before"), NOW);
        long later = NOW + Session.REKEY_MILLIS;
        byte[] after = party.atClient.seal(Party.frame("after"), later);
        assertEquals(0, generation(before));
        assertEquals(1, generation(after));
        assertEquals("after", Party.text(party.atNode.open(after, later)));
        assertEquals("before", Party.text(party.atNode.open(before, later + 30_000)));
    }

    @Test
    void theOldKeysAreGoneHalfAMinuteAfterTheNewOnesCame() {
        byte[] before = party.atClient.seal(Party.frame("before"), NOW);
        long later = NOW + Session.REKEY_MILLIS;
        party.atNode.open(party.atClient.seal(Party.frame("after"), later), later);
        refused(Kind.DENIED, () -> party.atNode.open(before, later + 30_001));
    }

    @Test
    void theSenderTakesNewKeysAfterSixtyFourMebibytes() {
        PointFrame large = PointFrame.of(0, 1, 0, 0, new int[PointFrame.CODES_MAX]);
        long messages = Session.REKEY_BYTES / large.bytes().length;
        byte[] last = null;
        for (long message = 0; message <= messages + 1; message++) {
            last = party.atClient.seal(large, NOW);
            party.atNode.open(last, NOW);
        }
        assertEquals(1, generation(last));
    }

    @Test
    void aGenerationThatIsUsedForTooLongIsRefused() {
        byte[] sealed = party.atClient.seal(Party.frame("stale"), NOW);
        refused(Kind.DENIED, () -> party.atNode.open(sealed, NOW + 2 * Session.REKEY_MILLIS));
    }

    @Test
    void aGenerationFarAheadIsRefused() {
        byte[] sealed = party.atClient.seal(Party.frame("ahead"), NOW);
        for (int generation : new int[] {2, 3, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            ByteBuffer.wrap(sealed).putInt(4, generation);
            refused(Kind.DENIED, () -> party.atNode.open(sealed, NOW));
        }
    }

    @Test
    void lengthsOutsideTheBoundsAreRefused() {
        byte[] sealed = party.atClient.seal(PointFrame.of(0, 1, 0, 0, new int[PointFrame.CODES_MAX]), NOW);
        refused(Kind.INVALID, () -> party.atNode.open(new byte[0], NOW));
        refused(Kind.INVALID, () -> party.atNode.open(Arrays.copyOf(sealed, 47), NOW));
        refused(Kind.INVALID, () -> party.atNode.open(Arrays.copyOf(sealed, 32_817), NOW));
        assertEquals(PointFrame.CODES_MAX, party.atNode.open(sealed, NOW).codes().length);
        refused(Kind.INVALID, () -> PointFrame.of(0, 1, 0, 0, new int[PointFrame.CODES_MAX + 1]));
    }

    @Test
    void countersOutsideTheBoundsAreRefused() {
        byte[] sealed = party.atClient.seal(Party.frame("counter"), NOW);
        for (long counter : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, (1L << 62) + 1}) {
            ByteBuffer.wrap(sealed).putLong(8, counter);
            refused(Kind.INVALID, () -> party.atNode.open(sealed, NOW));
        }
    }

    @Test
    void theTurnDiffersFromMessageToMessage() {
        Generation keys = new Generation(0, Suite.AES_256_GCM, Party.dice(5, 32), NOW);
        assertFalse(keys.turnOf(0) == keys.turnOf(1) && keys.turnOf(1) == keys.turnOf(2));
    }

    private static int generation(byte[] sealed) {
        return ByteBuffer.wrap(sealed).getInt(4);
    }
}
