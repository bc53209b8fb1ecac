package skynet.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import skynet.bus.Principal;
import skynet.bus.Role;

/** How often one may ask, by a clock that stands still until it is moved. */
class TollsTest {
    private static final String SCOPE = "dictionary:read";

    private long now = Long.MAX_VALUE - 5;
    private final Tolls tolls = new Tolls(() -> now, false, TooMany::new);

    @Test
    void anAddressHasItsBurstAndThenItsRate() {
        Tolls.Payer guest = tolls.from("192.0.2.1");
        for (int i = 0; i < Tolls.REQUESTS_AT_ONCE; i++) {
            guest.pass(Principal.GUEST, SCOPE);
        }
        TooMany refusal = assertThrows(TooMany.class, () -> guest.pass(Principal.GUEST, SCOPE));
        assertEquals("requests: too many (expected: 100 a second)", refusal.getMessage());
        assertEquals(1, refusal.seconds);
        guest.pass(Principal.GUEST, "status:read");
        tolls.from("192.0.2.2").pass(Principal.GUEST, SCOPE);
        now += TimeUnit.SECONDS.toNanos(1);
        for (int i = 0; i < Tolls.REQUESTS_PER_SECOND; i++) {
            guest.pass(Principal.GUEST, SCOPE);
        }
        assertThrows(TooMany.class, () -> guest.pass(Principal.GUEST, SCOPE));
    }

    @Test
    void nobodyIsCountedWhereOnlyTheMachineReachesTheNode() {
        Tolls free = new Tolls(() -> now, true, TooMany::new);
        Tolls.Payer guest = free.from("127.0.0.1");
        for (int i = 0; i <= Tolls.REQUESTS_AT_ONCE * Tolls.PROXY_SHARE; i++) {
            guest.pass(Principal.GUEST, SCOPE);
            guest.ask(known("key", "people"));
        }
        assertEquals(0, free.kept());
    }

    @Test
    void questionsAreCountedApartAndTheRefusalSaysWhenToComeAgain() {
        Tolls.Payer guest = tolls.from("192.0.2.1");
        for (int i = 0; i < Tolls.ASKS_AT_ONCE; i++) {
            guest.ask(Principal.GUEST);
        }
        assertEquals(2, assertThrows(TooMany.class, () -> guest.ask(Principal.GUEST)).seconds);
        guest.pass(Principal.GUEST, SCOPE);
        guest.ask(known("key", "people"));
        now += TimeUnit.MINUTES.toNanos(1);
        for (int i = 0; i < Tolls.GUEST_ASKS_PER_MINUTE; i++) {
            guest.ask(Principal.GUEST);
        }
        assertThrows(TooMany.class, () -> guest.ask(Principal.GUEST));
    }

    @Test
    void questionsThatComeTogetherAreTakenAllOrNone() {
        Tolls.Payer guest = tolls.from("192.0.2.1");
        guest.ask(Principal.GUEST, Tolls.ASKS_AT_ONCE - 10);
        TooMany refusal = assertThrows(TooMany.class, () -> guest.ask(Principal.GUEST, 40));
        assertEquals(60, refusal.seconds);
        guest.ask(Principal.GUEST, 10);
        assertThrows(TooMany.class, () -> guest.ask(Principal.GUEST));
    }

    @Test
    void aNetworkOfIpv6IsOneAddress() {
        for (int i = 0; i < Tolls.ASKS_AT_ONCE; i++) {
            tolls.from("2001:db8:1:2::" + Integer.toHexString(i + 1)).ask(Principal.GUEST);
        }
        assertThrows(TooMany.class, () -> tolls.from("2001:db8:1:2:ffff::1").ask(Principal.GUEST));
        tolls.from("2001:db8:1:3::1").ask(Principal.GUEST);
    }

    @Test
    void theMachineIsNotCountedAtItsOwnAddress() {
        Principal machine = known("machine", Principal.MACHINE);
        for (int i = 0; i <= Tolls.REQUESTS_AT_ONCE * Tolls.PROXY_SHARE; i++) {
            tolls.from("127.0.0.1").pass(machine, SCOPE);
        }
        for (int i = 0; i < Tolls.REQUESTS_AT_ONCE; i++) {
            tolls.from("192.0.2.1").pass(machine, SCOPE);
        }
        assertThrows(TooMany.class, () -> tolls.from("192.0.2.1").pass(machine, SCOPE));
    }

    @Test
    void guestsBehindAProxyHaveMoreTogether() {
        for (int i = 0; i < Tolls.ASKS_AT_ONCE * Tolls.PROXY_SHARE; i++) {
            tolls.from("::1").ask(Principal.GUEST);
        }
        assertThrows(TooMany.class, () -> tolls.from("127.0.0.1").ask(Principal.GUEST));
    }

    @Test
    void onlySoManyAreKept() {
        for (int i = 0; i < Tolls.KEPT_MAX + 100; i++) {
            tolls.from("10.0." + i / 256 + "." + i % 256).pass(Principal.GUEST, SCOPE);
        }
        assertEquals(Tolls.KEPT_MAX, tolls.kept());
    }

    @Test
    void anAddressOpensOnlySoManySockets() {
        Tolls.OpenByAddress open = new Tolls.OpenByAddress();
        for (String address : List.of("192.0.2.1", "127.0.0.1")) {
            for (int i = 0; i < Tolls.SOCKETS_OF_AN_ADDRESS_MAX; i++) {
                assertTrue(tolls.from(address).mayOpen(open, Tolls.SOCKETS_OF_AN_ADDRESS_MAX));
                open.opened(tolls.from(address).network());
            }
        }
        assertFalse(tolls.from("192.0.2.1").mayOpen(open, Tolls.SOCKETS_OF_AN_ADDRESS_MAX));
        assertTrue(tolls.from("127.0.0.1").mayOpen(open, Tolls.SOCKETS_OF_AN_ADDRESS_MAX));
        open.closed(tolls.from("192.0.2.1").network());
        assertTrue(tolls.from("192.0.2.1").mayOpen(open, Tolls.SOCKETS_OF_AN_ADDRESS_MAX));
    }

    private static Principal known(String credential, String tenant) {
        return new Principal("user", tenant, Role.USER, List.of(), credential, 0, 0);
    }

    private static final class TooMany extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int seconds;

        TooMany(String what, int seconds) {
            super(what);
            this.seconds = seconds;
        }
    }
}
