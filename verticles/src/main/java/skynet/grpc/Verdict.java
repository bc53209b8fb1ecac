package skynet.grpc;

import io.vertx.grpc.common.GrpcStatus;
import skynet.bus.Fault;

/** How a call ends that failed. Each kind of {@link Fault} has one status, here and nowhere else. */
record Verdict(GrpcStatus status, String message) {
    /** Longest message in characters; it travels in a header. */
    static final int MESSAGE_CHARS_MAX = 1_000;

    Verdict {
        message = message.length() <= MESSAGE_CHARS_MAX ? message : message.substring(0, MESSAGE_CHARS_MAX) + "…";
    }

    /** What a failure means to the caller. What broke on our side is not told to strangers: only the request id is. */
    static Verdict of(Throwable failure, String requestId) {
        if (failure instanceof Refusal refusal) {
            return new Verdict(refusal.status(), refusal.getMessage());
        }
        if (failure instanceof Fault fault && fault.kind() != Fault.Kind.BROKEN) {
            return new Verdict(of(fault.kind()), String.valueOf(fault.getMessage()));
        }
        if (failure instanceof IllegalArgumentException) {
            return new Verdict(GrpcStatus.INVALID_ARGUMENT, String.valueOf(failure.getMessage()));
        }
        return new Verdict(GrpcStatus.INTERNAL, "request " + requestId);
    }

    static GrpcStatus of(Fault.Kind kind) {
        return switch (kind) {
            case INVALID -> GrpcStatus.INVALID_ARGUMENT;
            case DENIED -> GrpcStatus.PERMISSION_DENIED;
            case ABSENT -> GrpcStatus.NOT_FOUND;
            case CONFLICT -> GrpcStatus.ABORTED;
            case TOO_LARGE -> GrpcStatus.RESOURCE_EXHAUSTED;
            case BUSY, UNAVAILABLE -> GrpcStatus.UNAVAILABLE;
            case LATE -> GrpcStatus.DEADLINE_EXCEEDED;
            case BROKEN -> GrpcStatus.INTERNAL;
        };
    }
}
