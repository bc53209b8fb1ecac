package skynet.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static skynet.crypto.HandshakeTest.flipped;
import static skynet.crypto.HandshakeTest.refused;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import skynet.bus.Fault;
import skynet.bus.Fault.Kind;

/** Messages to somebody who is not there. */
class SealedMessageTest {
    private static final byte[] CONTENT = "For your eyes".getBytes(StandardCharsets.UTF_8);

    private final Party party = new Party();

    @ParameterizedTest
    @EnumSource(Suite.class)
    void theReceiverReadsItAndKnowsTheSender(Suite suite) {
        SealedMessage opened = SealedMessage.open(party.node.xWing(), sealed(suite, CONTENT));
        assertArrayEquals(CONTENT, opened.content());
        assertArrayEquals(party.client.open().fingerprint(), opened.sender().fingerprint());
        assertEquals(Party.NOW, opened.millis());
    }

    @Test
    void anyChangedByteIsRefused() {
        byte[] sealed = sealed(Suite.AES_256_GCM, CONTENT);
        for (int at = 0; at < sealed.length; at++) {
            byte[] changed = flipped(sealed, at);
            assertThrows(Fault.class, () -> SealedMessage.open(party.node.xWing(), changed), "byte " + at);
        }
    }

    @Test
    void anotherReceiverCannotOpenIt() {
        byte[] sealed = sealed(Suite.AES_256_GCM, CONTENT);
        refused(Kind.INVALID, () -> SealedMessage.open(party.client.xWing(), sealed));
    }

    @Test
    void contentMayBeEmptyAndHasABound() {
        assertEquals(
                0,
                SealedMessage.open(party.node.xWing(), sealed(Suite.AES_256_GCM, new byte[0]))
                        .content()
                        .length);
        byte[] most = sealed(Suite.AES_256_GCM, new byte[SealedMessage.CONTENT_BYTES_MAX]);
        assertEquals(SealedMessage.BYTES_MAX, most.length);
        SealedMessage.open(party.node.xWing(), most);
        refused(Kind.TOO_LARGE, () -> sealed(Suite.AES_256_GCM, new byte[SealedMessage.CONTENT_BYTES_MAX + 1]));
        refused(Kind.INVALID, () -> SealedMessage.open(party.node.xWing(), Arrays.copyOf(most, most.length + 1)));
        refused(Kind.INVALID, () -> SealedMessage.open(party.node.xWing(), Arrays.copyOf(most, 1_179)));
    }

    private byte[] sealed(Suite suite, byte[] content) {
        return SealedMessage.seal(
                suite, party.client, party.node.xWing().publicKey(), content, Party.dice(6, 64), Party.NOW);
    }
}
