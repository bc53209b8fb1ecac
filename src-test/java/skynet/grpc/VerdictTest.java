package skynet.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.grpc.common.GrpcStatus;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import skynet.bus.Fault;

/** What a failure becomes on its way out. */
class VerdictTest {
    @Test
    void everyKindOfFaultHasTheStatusThatTellsTheCallerWhatToDo() {
        Map<Fault.Kind, GrpcStatus> table = new EnumMap<>(Map.of(
                Fault.Kind.INVALID, GrpcStatus.INVALID_ARGUMENT,
                Fault.Kind.DENIED, GrpcStatus.PERMISSION_DENIED,
                Fault.Kind.ABSENT, GrpcStatus.NOT_FOUND,
                Fault.Kind.CONFLICT, GrpcStatus.ABORTED,
                Fault.Kind.TOO_LARGE, GrpcStatus.RESOURCE_EXHAUSTED,
                Fault.Kind.BUSY, GrpcStatus.UNAVAILABLE,
                Fault.Kind.LATE, GrpcStatus.DEADLINE_EXCEEDED,
                Fault.Kind.UNAVAILABLE, GrpcStatus.UNAVAILABLE,
                Fault.Kind.BROKEN, GrpcStatus.INTERNAL));
        table.put(Fault.Kind.UNAUTHENTICATED, GrpcStatus.UNAUTHENTICATED);
        table.put(Fault.Kind.THROTTLED, GrpcStatus.RESOURCE_EXHAUSTED);
        table.put(Fault.Kind.FULL, GrpcStatus.RESOURCE_EXHAUSTED);
        table.put(Fault.Kind.UNSUPPORTED, GrpcStatus.INVALID_ARGUMENT);
        table.put(Fault.Kind.UNREADABLE, GrpcStatus.INVALID_ARGUMENT);
        for (Fault.Kind kind : Fault.Kind.values()) {
            assertEquals(table.get(kind), Verdict.of(kind), kind.name());
        }
    }

    @Test
    void aFaultKeepsItsWords() {
        Verdict verdict = Verdict.of(Fault.absent("token: not in the dictionary"), "id");
        assertEquals(new Verdict(GrpcStatus.NOT_FOUND, "token: not in the dictionary"), verdict);
    }

    @Test
    void whatBrokeIsNamedOnlyByItsRequest() {
        for (Throwable failure : new Throwable[] {
            new Fault(Fault.Kind.BROKEN, "secret"),
            new IllegalStateException("secret"),
            new NullPointerException("secret"),
            new StackOverflowError("secret")
        }) {
            assertEquals(new Verdict(GrpcStatus.INTERNAL, "request id-17"), Verdict.of(failure, "id-17"));
        }
    }

    @Test
    void aLongMessageIsCut() {
        String message = Verdict.of(Fault.invalid("x".repeat(100_000)), "id").message();
        assertEquals(Verdict.MESSAGE_CHARS_MAX + 1, message.length());
        assertTrue(message.endsWith("…"));
        assertFalse(Verdict.of(Fault.invalid("x".repeat(1_000)), "id").message().endsWith("…"));
    }

    @Test
    void aMessageTravelsAsAsciiWithOnlyWhatMustBeEscaped() {
        Verdict verdict = Verdict.of(Fault.invalid("100 %: kůň, 😀\r\n(expected: \"x\")"), "id");
        assertEquals("100 %25: k%C5%AF%C5%88, %F0%9F%98%80%0D%0A(expected: \"x\")", verdict.header());
    }
}
