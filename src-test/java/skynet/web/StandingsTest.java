package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import skynet.bus.Fault;
import skynet.bus.Principal;
import skynet.bus.Role;

/** How long a socket stands for its caller, by a clock that is moved by hand. */
class StandingsTest {
    private static final long LATER = TimeUnit.SECONDS.toNanos(Standings.LOOK_SECONDS);

    private final Standings standings = new Standings();
    private int looked;
    private int ended;

    @Test
    void whatHasATimeToEndEndsThen() {
        add(known(1_000), () -> Future.failedFuture(new Fault(Fault.Kind.LATE, "no answer")));
        standings.tick(0, 999);
        assertEquals(0, ended);
        standings.tick(0, 1_000);
        assertEquals(1, ended);
    }

    @Test
    void whoIsNotKnownAnyMoreEndsAtTheNextLook() {
        add(known(0), () -> Future.failedFuture(new Fault(Fault.Kind.UNAUTHENTICATED, "not known")));
        standings.tick(LATER - 1, 1);
        assertEquals(0, ended);
        standings.tick(LATER, 1);
        assertEquals(1, ended);
    }

    @Test
    void whoseSessionHasEndedIsAGuestWhoOpensAnother() {
        add(known(0), () -> Future.succeededFuture(Principal.GUEST));
        standings.tick(LATER, 1);
        assertEquals(1, ended);
    }

    @Test
    void aRoomThatDoesNotAnswerEndsNothing() {
        add(known(0), () -> Future.failedFuture(new Fault(Fault.Kind.BUSY, "later")));
        standings.tick(LATER, 1);
        standings.tick(2 * LATER, 2);
        assertEquals(2, looked);
        assertEquals(0, ended);
    }

    @Test
    void guestsAreNotLookedUpAndOthersAFewAtATime() {
        add(Principal.GUEST, () -> Future.succeededFuture(Principal.GUEST));
        for (int i = 0; i < Standings.LOOKS_AT_ONCE + 1; i++) {
            add(known(0), () -> Future.succeededFuture(known(0)));
        }
        standings.tick(LATER, 1);
        assertEquals(Standings.LOOKS_AT_ONCE, looked);
        standings.tick(LATER, 1);
        assertEquals(Standings.LOOKS_AT_ONCE + 1, looked);
        assertEquals(0, ended);
    }

    private void add(Principal caller, Supplier<Future<Principal>> again) {
        Supplier<Future<Principal>> counted = () -> {
            looked++;
            return again.get();
        };
        standings.add(new Standing(caller, counted, () -> ended++), 0);
    }

    private static Principal known(long ends) {
        return new Principal("user", "people", Role.USER, List.of(), "key", 0, ends);
    }
}
