package skynet.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How often somebody may try. */
class DoorstepTest {
    private final AtomicLong seconds = new AtomicLong(1_000_000);
    private final Doorstep doorstep = new Doorstep(() -> Instant.ofEpochSecond(seconds.get()));

    @Test
    void afterFiveWrongOnesWhoTriesWaits() {
        for (int attempt = 0; attempt < Doorstep.PER_PAIR; attempt++) {
            assertEquals(0, doorstep.attempt("ann@x.y", "10.0.0.1", false));
        }
        int wait = doorstep.attempt("ann@x.y", "10.0.0.1", false);
        assertEquals(12, wait);
        seconds.addAndGet(wait);
        assertEquals(0, doorstep.attempt("ann@x.y", "10.0.0.1", false));
        assertTrue(doorstep.attempt("ann@x.y", "10.0.0.1", false) > 0);
    }

    @Test
    void manyAddressesStopEachOtherButNotTheOwnerWhereTheyHaveBeen() {
        for (int address = 0; address < Doorstep.PER_ACCOUNT; address++) {
            assertEquals(0, doorstep.attempt("ann@x.y", "10.0.1." + address, false));
        }
        assertTrue(doorstep.attempt("ann@x.y", "10.0.2.1", false) > 0, "a stranger more");
        assertEquals(0, doorstep.attempt("ann@x.y", "10.0.3.1", true), "the owner");
        assertEquals(0, doorstep.attempt("ben@x.y", "10.0.2.1", false), "another account");
    }

    @Test
    void oneAddressCannotTryManyAccounts() {
        for (int account = 0; account < Doorstep.PER_ADDRESS; account++) {
            assertEquals(0, doorstep.attempt("a" + account + "@x.y", "10.0.0.1", false));
        }
        assertTrue(doorstep.attempt("ann@x.y", "10.0.0.1", false) > 0);
    }

    @Test
    void whatWasGoodDoesNotCount() {
        for (int attempt = 0; attempt < 100; attempt++) {
            assertEquals(0, doorstep.attempt("ann@x.y", "10.0.0.1", false));
            doorstep.forgive("ann@x.y", "10.0.0.1", false);
        }
    }

    @Test
    void registrationsAreFewFromElsewhere() {
        for (int one = 0; one < Doorstep.REGISTRATIONS; one++) {
            assertEquals(0, doorstep.register("10.0.0.1", false));
        }
        assertEquals(1_200, doorstep.register("10.0.0.1", false));
        assertEquals(0, doorstep.register("10.0.0.2", false));
    }
}
