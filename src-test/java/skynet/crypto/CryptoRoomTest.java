package skynet.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Bus;
import skynet.bus.BusMessage;
import skynet.bus.Crypto;
import skynet.bus.Fault;
import skynet.bus.NodeNumber;
import skynet.bus.Request;

/** What other rooms ask the crypto room over the bus. */
class CryptoRoomTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, InstantSource.system());
    private final Party party = new Party();

    @BeforeEach
    void open() throws Exception {
        vertx.deployVerticle(new CryptoVerticle(
                        bus,
                        new NodeNumber(5),
                        party.node,
                        InstantSource.system(),
                        new SecureRandom(),
                        new SimpleMeterRegistry()))
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void itSignsAndOthersCanCheck() throws Exception {
        String text = Base64Url.of("to be signed".getBytes(StandardCharsets.US_ASCII));
        Crypto.Identified node = ask(new Crypto.Identity());
        String signatures = ask(new Crypto.Sign("receipts", text)).signatures();
        Crypto.Verified verified = ask(new Crypto.Verify(node.ed25519(), node.mlDsa65(), "receipts", text, signatures));
        assertTrue(verified.holds());
        assertEquals(node.fingerprint(), verified.fingerprint());
        assertFalse(ask(new Crypto.Verify(node.ed25519(), node.mlDsa65(), "other", text, signatures))
                .holds());
        assertFalse(ask(new Crypto.Verify(
                        node.ed25519(), node.mlDsa65(), "receipts", Base64Url.of(new byte[1]), signatures))
                .holds());
    }

    @Test
    void itLendsNobodyTheSignaturesOfHandshakes() {
        for (String purpose : new String[] {"node", "client", "x-wing", "sealed", "", "no\0name", "UPPER"}) {
            assertEquals(Fault.Kind.INVALID, refused(new Crypto.Sign(purpose, "AA")));
        }
    }

    @Test
    void aTextToSignHasABound() throws Exception {
        ask(new Crypto.Sign("receipts", Base64Url.of(new byte[Crypto.SIGNED_BYTES_MAX])));
        assertEquals(
                Fault.Kind.INVALID,
                refused(new Crypto.Sign("receipts", Base64Url.of(new byte[Crypto.SIGNED_BYTES_MAX + 1]))));
        assertEquals(Fault.Kind.INVALID, refused(new Crypto.Sign("receipts", "not base64url!")));
    }

    @Test
    void keysThatAreNoneAreRefused() {
        String zeros = Base64Url.of(new byte[32]);
        assertEquals(Fault.Kind.INVALID, refused(new Crypto.Verify(zeros, "", "receipts", "AA", zeros)));
        assertEquals(Fault.Kind.INVALID, refused(new Crypto.Verify("AA", "", "receipts", "AA", zeros)));
    }

    private <R extends BusMessage> R ask(Request<R> request) throws Exception {
        return bus.ask(request, Duration.ofSeconds(20))
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private Fault.Kind refused(Request<?> request) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> ask(request));
        return ((Fault) failure.getCause()).kind();
    }
}
