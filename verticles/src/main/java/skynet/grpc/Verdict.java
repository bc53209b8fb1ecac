package skynet.grpc;

import io.vertx.grpc.common.GrpcStatus;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import skynet.bus.Fault;
import skynet.bus.TooLarge;

/**
 * How a call ends that failed. Each kind of {@link Fault} has one status, here and nowhere else.
 *
 * @param reason what kind of no, in the slugs of REST: invalid, absent, too-large, …
 */
record Verdict(GrpcStatus status, String reason, String message) {
    /** Longest message in characters; it travels in a header. */
    static final int MESSAGE_CHARS_MAX = 1_000;

    Verdict {
        message = message.length() <= MESSAGE_CHARS_MAX ? message : message.substring(0, MESSAGE_CHARS_MAX) + "…";
    }

    /** A verdict whose status alone says what kind of no it is. */
    Verdict(GrpcStatus status, String message) {
        this(status, reasonOf(status), message);
    }

    /** What a failure means to the caller. What broke on our side is not told to strangers: only the request id is. */
    static Verdict of(Throwable failure, String requestId) {
        if (failure instanceof Refusal refusal) {
            return new Verdict(refusal.status(), refusal.getMessage());
        }
        if (failure instanceof Fault fault && fault.kind() != Fault.Kind.BROKEN) {
            return new Verdict(of(fault.kind()), fault.kind().slug(), String.valueOf(fault.getMessage()));
        }
        if (failure instanceof TooLarge) {
            return new Verdict(of(Fault.Kind.TOO_LARGE), failure.getMessage());
        }
        if (failure instanceof IllegalArgumentException) {
            return new Verdict(GrpcStatus.INVALID_ARGUMENT, String.valueOf(failure.getMessage()));
        }
        return new Verdict(GrpcStatus.INTERNAL, "request " + requestId);
    }

    /**
     * The message as a header bears it: printable ASCII as it is, all else and the percent sign as %XX of its UTF-8. The
     * library would escape colons and commas too, and some clients do not take those back.
     */
    String header() {
        StringBuilder header = new StringBuilder(message.length() + 16);
        for (byte octet : message.getBytes(StandardCharsets.UTF_8)) {
            if (octet >= ' ' && octet <= '~' && octet != '%') {
                header.append((char) octet);
            } else {
                header.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        return header.toString();
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
            case UNAUTHENTICATED -> GrpcStatus.UNAUTHENTICATED;
            case UNSUPPORTED, UNREADABLE -> GrpcStatus.INVALID_ARGUMENT;
            case THROTTLED, FULL -> GrpcStatus.RESOURCE_EXHAUSTED;
            case BROKEN -> GrpcStatus.INTERNAL;
        };
    }

    private static String reasonOf(GrpcStatus status) {
        for (Fault.Kind kind : Fault.Kind.values()) {
            if (of(kind) == status) {
                return kind.slug();
            }
        }
        return status.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
