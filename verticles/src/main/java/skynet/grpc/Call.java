package skynet.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.GrpcServerResponse;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import skynet.bus.Bus;
import skynet.bus.Principal;

/**
 * One call from its first header until its stream is closed. It ends exactly once: answered, refused, or given up by the
 * caller; what comes later is ignored. Belongs to one event loop.
 */
final class Call {
    /** The first message arrives within this time. */
    static final Duration MESSAGE_MAX = Duration.ofSeconds(10);

    /** An answer is taken within this time, and a stream moves at least this often. */
    static final Duration STILL_MAX = Duration.ofMinutes(2);

    /** A caller that was refused falls silent within this time. */
    static final Duration FAREWELL_MAX = Duration.ofSeconds(5);

    /** Bytes before each message: a flag and its length. */
    private static final int PREFIX_BYTES = 5;

    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{8,64}");

    private final Contract.Method method;
    private final Principal caller;
    private final Arriving http;
    private final String address;
    private final long deadlineNanos;

    private GrpcServerRequest<Buffer, Buffer> request;
    private GrpcServerResponse<Buffer, Buffer> response;
    private long dueNanos;
    private long readBytes;
    private boolean heard;
    private boolean over;

    Call(Contract.Method method, Principal caller, Arriving http, String address) {
        this.method = method;
        this.caller = caller;
        this.http = http;
        this.address = address;
        long now = System.nanoTime();
        this.deadlineNanos = now + Patience.of(http.getHeader(Patience.HEADER)).toNanos();
        this.dueNanos = now + MESSAGE_MAX.toNanos();
    }

    /** Begins the conversation. A caller whose time is already over is told so, and nothing is done. */
    void begin(GrpcServerRequest<Buffer, Buffer> grpc) {
        request = grpc;
        response = grpc.response();
        request.invalidMessageHandler(invalid -> refuse(new Refusal(
                GrpcStatus.RESOURCE_EXHAUSTED,
                "message: too long (expected: at most " + Calls.messageBytesMax(method) + " bytes)")));
        request.errorHandler(reset -> over = true);
        request.exceptionHandler(lost -> over = true);
        if (millisLeft(System.nanoTime()) < 1) {
            request.messageHandler(ignored -> {});
            late();
        } else {
            method.answerer().accept(this);
        }
    }

    GrpcServerRequest<Buffer, Buffer> request() {
        return request;
    }

    GrpcServerResponse<Buffer, Buffer> response() {
        return response;
    }

    /** Who calls. */
    Principal caller() {
        return caller;
    }

    /** What the caller showed to say who it is; empty when nothing. */
    String shown() {
        String header = http.getHeader("authorization");
        return header == null ? "" : header;
    }

    /** The name under which the caller reached this node, without port. */
    String host() {
        return http.authority().host();
    }

    /** The address from which the caller came. */
    String address() {
        return address;
    }

    boolean over() {
        return over;
    }

    /** How long the room that is asked may take. */
    Duration deadline() {
        long millis = millisLeft(System.nanoTime());
        return millis >= Bus.DEADLINE.toMillis() ? Bus.DEADLINE : Duration.ofMillis(Math.max(1, millis));
    }

    /** A message as the contract describes it; throws a {@link Refusal} when it is none. */
    <Q extends MessageLite> Q read(GrpcMessage message, Parser<Q> parser) {
        if (!caller.livesAt(System.currentTimeMillis() / 1_000)) {
            throw new Refusal(GrpcStatus.UNAUTHENTICATED, "token: expired (expected: a new one)");
        }
        heard = true;
        readBytes += PREFIX_BYTES + message.payload().length();
        touch();
        if (!message.encoding().equals("identity")) {
            throw new Refusal(GrpcStatus.UNIMPLEMENTED, "grpc-encoding: compressed (expected: identity)");
        }
        try {
            return parser.parseFrom(message.payload().getBytes());
        } catch (InvalidProtocolBufferException e) {
            throw new Refusal(GrpcStatus.INVALID_ARGUMENT, "message: malformed: " + e.getMessage());
        }
    }

    /** Whether a request that has ended broke off within a message. */
    boolean cutShort() {
        return http.bytes() != readBytes;
    }

    /** Whether a message was read. */
    boolean heard() {
        return heard;
    }

    /** Something has moved: the caller is alive. */
    void touch() {
        dueNanos = System.nanoTime() + STILL_MAX.toNanos();
    }

    void write(MessageLite message) {
        if (!over) {
            touch();
            response.write(Buffer.buffer(message.toByteArray()));
        }
    }

    /** The one and last answer. */
    void end(MessageLite message) {
        if (!over) {
            over = true;
            touch();
            response.end(Buffer.buffer(message.toByteArray()));
        }
    }

    void end() {
        if (!over) {
            over = true;
            touch();
            response.end();
        }
    }

    void refuse(Throwable failure) {
        if (over) {
            return;
        }
        over = true;
        dueNanos = System.nanoTime() + FAREWELL_MAX.toNanos();
        String id = requestId(http);
        Verdict verdict = Verdict.of(failure, id);
        if (verdict.status() == GrpcStatus.INTERNAL) {
            System.getLogger("skynet.grpc").log(System.Logger.Level.ERROR, "request " + id + " broke", failure);
        }
        if (http.version() != HttpVersion.HTTP_2 && !http.isEnded()) {
            http.response().putHeader("Connection", "close");
        }
        response.trailers()
                .set("x-request-id", id)
                .set("grpc-message", verdict.header())
                .set(Details.TRAILER, Details.of(verdict, id));
        response.status(verdict.status()).end();
        request.resume();
    }

    /** Ends what has lasted too long: a deadline passed, a message that never came, an answer that nobody takes. */
    void sweep(long nowNanos) {
        if (!over && millisLeft(nowNanos) < 1) {
            late();
        } else if (dueNanos - nowNanos < 0) {
            if (over || heard) {
                over = true;
                response.cancel();
            } else {
                refuse(new Refusal(
                        GrpcStatus.DEADLINE_EXCEEDED,
                        "message: not there within " + MESSAGE_MAX.toSeconds() + " s (expected: at once)"));
            }
        }
    }

    /** The caller's name for this request, if it is a decent one, or a name of ours. */
    static String requestId(HttpServerRequest http) {
        String given = http.getHeader("x-request-id");
        return given != null && REQUEST_ID.matcher(given).matches()
                ? given
                : UUID.randomUUID().toString();
    }

    private void late() {
        refuse(new Refusal(GrpcStatus.DEADLINE_EXCEEDED, "deadline: passed before the answer was ready"));
    }

    private long millisLeft(long nowNanos) {
        return TimeUnit.NANOSECONDS.toMillis(deadlineNanos - nowNanos);
    }
}
