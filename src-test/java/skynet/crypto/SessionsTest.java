package skynet.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static skynet.crypto.HandshakeTest.refused;
import static skynet.crypto.Party.NOW;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import skynet.bus.Fault.Kind;

/** What is remembered of handshakes, how much, and for how long. */
class SessionsTest {
    private final Party party = new Party();
    private final Initiator initiator = party.initiator(1, 1);
    private final Responder responder = party.responder(initiator.hello());
    private final Session session = new Party().shakeHands(1, 1, Optional.empty()).atNode;
    private final Sessions sessions = new Sessions();

    @Test
    void noMoreHandshakesAreAwaitedThanThereIsRoomFor() {
        for (int handshake = 0; handshake < Sessions.PENDING_MAX; handshake++) {
            sessions.await("handshake " + handshake, responder, NOW);
        }
        refused(Kind.BUSY, () -> sessions.await("one more", responder, NOW));
        sessions.await("one more", responder, NOW + Sessions.PENDING_MILLIS);
        assertEquals(1, sessions.pendingCount());
    }

    @Test
    void noMoreSessionsAreOpenThanThereIsRoomFor() {
        for (int one = 0; one < Sessions.OPEN_MAX; one++) {
            sessions.await("session " + one, responder, NOW);
            sessions.open("session " + one, session, NOW);
        }
        refused(Kind.BUSY, () -> sessions.requireRoom(NOW));
        sessions.heard("session 7", NOW + 1);
        sessions.requireRoom(NOW + Sessions.IDLE_MILLIS);
        assertEquals(1, sessions.openCount());
        assertEquals(session, sessions.find("session 7", NOW + Sessions.IDLE_MILLIS));
    }

    @Test
    void aSessionEndsAfterAnHourHoweverBusy() {
        sessions.await("busy", responder, NOW);
        sessions.open("busy", session, NOW);
        for (long now = NOW; now < NOW + Sessions.AGE_MILLIS; now += Sessions.IDLE_MILLIS - 1) {
            sessions.find("busy", now);
            sessions.heard("busy", now);
        }
        sessions.heard("busy", NOW + Sessions.AGE_MILLIS - 1);
        sessions.find("busy", NOW + Sessions.AGE_MILLIS - 1);
        refused(Kind.ABSENT, () -> sessions.find("busy", NOW + Sessions.AGE_MILLIS));
    }

    @Test
    void noMoreHellosAreRememberedThanThereIsRoomFor() {
        Greetings greetings = new Greetings(party.node.open().fingerprint(), NOW);
        byte[] bytes = initiator.hello();
        for (int one = 0; one < Greetings.REMEMBERED_MAX; one++) {
            bytes[50] = (byte) one;
            bytes[51] = (byte) (one >> 8);
            bytes[52] = (byte) (one >> 16);
            greetings.take(Hello.read(bytes), NOW);
        }
        bytes[53]++;
        refused(Kind.BUSY, () -> greetings.take(Hello.read(bytes), NOW));
        refused(Kind.CONFLICT, () -> greetings.take(Hello.read(bytes), NOW + Greetings.PAST_MILLIS + 1));
    }

    @Test
    void addressesHavePlacesOfTheirOwn() {
        Pace pace = new Pace();
        for (int hello = 0; hello < Pace.AT_ONCE; hello++) {
            pace.take("here", NOW);
        }
        refused(Kind.THROTTLED, () -> pace.take("here", NOW));
        pace.take("there", NOW);
        for (int hello = 0; hello < Pace.AT_ONCE; hello++) {
            pace.take("", NOW);
        }
        refused(Kind.THROTTLED, () -> pace.take("", NOW));
        for (int address = 0; address < Pace.ADDRESSES_MAX; address++) {
            pace.take("address " + address, NOW);
        }
        pace.take("here", NOW);
    }
}
