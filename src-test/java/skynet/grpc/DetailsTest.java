package skynet.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.vertx.core.Future;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import skynet.bus.Fault;
import skynet.bus.Genom;

/** What a program reads about a refusal, with the classes that everybody reads it with. */
class DetailsTest {
    private static final Metadata.Key<byte[]> TRAILER =
            Metadata.Key.of(Details.TRAILER, Metadata.BINARY_BYTE_MARSHALLER);

    @Test
    void aRefusalTellsItsReasonAndItsRequest() throws Exception {
        Status status = read(Verdict.of(Fault.absent("token: not in the dictionary"), "id"));
        assertEquals(5, status.getCode());
        assertEquals("token: not in the dictionary", status.getMessage());
        assertEquals(1, status.getDetailsCount());
        ErrorInfo info = status.getDetails(0).unpack(ErrorInfo.class);
        assertEquals("absent skynet", info.getReason() + " " + info.getDomain());
        assertEquals("request-17", info.getMetadataOrThrow("request_id"));
    }

    @Test
    void aFieldThatIsWrongIsNamed() throws Exception {
        Status status = read(Verdict.of(Fault.invalid("limit: 0 (expected: 1 to 500)"), "id"));
        BadRequest.FieldViolation violation =
                status.getDetails(1).unpack(BadRequest.class).getFieldViolations(0);
        assertEquals("limit", violation.getField());
        assertEquals("limit: 0 (expected: 1 to 500)", violation.getDescription());
        assertEquals(
                1, read(Verdict.of(Fault.invalid("No field here: none"), "id")).getDetailsCount());
    }

    @Test
    void everyKindHasTheSlugOfRest() throws Exception {
        for (Fault.Kind kind : Fault.Kind.values()) {
            Verdict verdict = Verdict.of(new Fault(kind, "it"), "id");
            assertEquals(
                    kind.slug(),
                    read(verdict).getDetails(0).unpack(ErrorInfo.class).getReason());
        }
        assertEquals("unimplemented", new Verdict(GrpcStatus.UNIMPLEMENTED, "no").reason());
    }

    @Test
    void aLongMessageDoesNotMakeTheTrailersTooLong() throws Exception {
        Verdict verdict = Verdict.of(Fault.invalid("text: " + "ů".repeat(5_000)), "id");
        assertTrue(Details.of(verdict, "request-17").length() < 300);
        assertEquals("", read(verdict).getMessage());
        assertEquals(
                "invalid", read(verdict).getDetails(0).unpack(ErrorInfo.class).getReason());
    }

    @Test
    void itTravelsInTheTrailersOfACallAndOfOneThatDidNotBegin() throws Exception {
        try (Doors doors = Doors.withoutGenom()) {
            Doors.await(doors.bus.serve(
                    Genom.Encode.class, ask -> Future.failedFuture(new Fault(Fault.Kind.TOO_LARGE, "text: too long"))));
            StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, () -> doors.encode("anything"));
            assertEquals("too-large", reason(refused));
            StatusRuntimeException unknown = assertThrows(
                    StatusRuntimeException.class,
                    () -> doors.ask(
                            "skynet.v1.Encoder/Nothing",
                            skynet.grpc.v1.EncodeRequest.getDefaultInstance(),
                            skynet.grpc.v1.EncodeResponse.getDefaultInstance()));
            assertEquals("unimplemented", reason(unknown));
        }
    }

    /** The reason that a refusal of grpc-java bears. */
    static String reason(StatusRuntimeException refusal) {
        try {
            return Status.parseFrom(refusal.getTrailers().get(TRAILER))
                    .getDetails(0)
                    .unpack(ErrorInfo.class)
                    .getReason();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static Status read(Verdict verdict) throws Exception {
        return Status.parseFrom(Base64.getDecoder().decode(Details.of(verdict, "request-17")));
    }
}
