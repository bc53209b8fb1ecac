package skynet.grpc;

import io.vertx.grpc.common.GrpcStatus;

/** A call refused at the door, before any room was asked. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final GrpcStatus status;

    Refusal(GrpcStatus status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    GrpcStatus status() {
        return status;
    }
}
