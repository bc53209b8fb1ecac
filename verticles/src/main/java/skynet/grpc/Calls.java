package skynet.grpc;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcProtocol;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.GrpcServerRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import skynet.bus.Fault;
import skynet.bus.Genom;
import skynet.bus.Principal;
import skynet.kit.Proxies;
import skynet.kit.Tolls;

/** The calls that are open now: how many there may be, how much they may hold, and the end of those that last too long. */
final class Calls {
    /** Calls at once. */
    static final int OPEN_MAX = 512;

    /** Streams among them. */
    static final int STREAMS_MAX = 64;

    /** Of them those from one address; loopback, where a proxy may be, has no bound but that of all. */
    static final int STREAMS_OF_AN_ADDRESS_MAX = 16;

    /** Longest message of a stream and of a short question, in bytes. */
    static final int MESSAGE_BYTES_MAX = 64 << 10;

    /** Longest message that holds one long text: six bytes for each byte of text, as in REST. */
    static final int LONG_MESSAGE_BYTES_MAX = 6 * Genom.TEXT_BYTES_MAX;

    /** What all calls with long messages may have sent us together, before they are answered, in bytes. */
    static final int HELD_BYTES_MAX = 64 << 20;

    /** The reset code of HTTP/2 that callers read as RESOURCE_EXHAUSTED. */
    private static final long ENHANCE_YOUR_CALM = 0xb;

    private final Proxies proxies;
    private final Tolls tolls;
    private final Tolls.OpenByAddress streamsOf = new Tolls.OpenByAddress();
    private final GrpcServer shortMessages;
    private final GrpcServer longMessages;
    private final Set<Call> open = new LinkedHashSet<>();
    private int streams;
    private long heldBytes;

    /** The call whose first handler is about to run; the server calls it before {@code handle} returns. */
    private Call entering;

    /** {@code alone} tells whether only this machine reaches the node. */
    Calls(Vertx vertx, Proxies proxies, boolean alone) {
        this.proxies = proxies;
        this.tolls = new Tolls(System::nanoTime, alone, Calls::tooMany);
        shortMessages = GrpcServer.server(vertx, options(MESSAGE_BYTES_MAX)).callHandler(this::begin);
        longMessages = GrpcServer.server(vertx, options(LONG_MESSAGE_BYTES_MAX)).callHandler(this::begin);
    }

    /** The longest message that a method takes. */
    static int messageBytesMax(Contract.Method method) {
        return method.longMessages() ? LONG_MESSAGE_BYTES_MAX : MESSAGE_BYTES_MAX;
    }

    /** Lets a request in as a call, or throws a {@link Refusal} or a {@link Fault}. */
    void enter(Contract.Method method, Principal caller, HttpServerRequestInternal http) {
        if (open.size() >= OPEN_MAX || method.streams() && streams >= STREAMS_MAX) {
            throw new Refusal(
                    GrpcStatus.UNAVAILABLE,
                    "calls: too many at once (expected: fewer than " + (method.streams() ? STREAMS_MAX : OPEN_MAX)
                            + "; try again)");
        }
        String address = proxies.clientOf(
                http.remoteAddress().hostAddress(), http.headers().getAll("x-forwarded-for"));
        Tolls.Payer payer = tolls.from(address);
        if (method.streams() && !payer.mayOpen(streamsOf, STREAMS_OF_AN_ADDRESS_MAX)) {
            throw new Fault(
                    Fault.Kind.THROTTLED,
                    "streams: too many from this address (expected: at most " + STREAMS_OF_AN_ADDRESS_MAX
                            + " at once)");
        }
        payer.pass(caller, method.scope().isEmpty() ? Tolls.STATE : method.scope());
        Arriving arriving = new Arriving(http, bytes -> hold(method, http, bytes));
        Call call = new Call(method, caller, arriving, address);
        open.add(call);
        if (method.streams()) {
            streams++;
            streamsOf.opened(payer.network());
        }
        Runnable leave = () -> leave(call, method, arriving, payer);
        http.response().closeHandler(closed -> leave.run());
        if (http.response().streamId() < 0) {
            http.response().endHandler(ended -> leave.run());
        }
        entering = call;
        (method.longMessages() ? longMessages : shortMessages).handle(arriving);
        entering = null;
    }

    /** How many calls are open. */
    int count() {
        return open.size();
    }

    /** Ends what has lasted too long. */
    void sweep() {
        long now = System.nanoTime();
        List.copyOf(open).forEach(call -> call.sweep(now));
    }

    /** Ends the calls of a session, a key or an account that is no longer good. */
    void revoked(String id) {
        List.copyOf(open).stream()
                .filter(call -> id.equals(call.caller().credential())
                        || id.equals(call.caller().user()))
                .forEach(call -> call.refuse(
                        new Refusal(GrpcStatus.UNAUTHENTICATED, "token: no longer valid (expected: a new one)")));
    }

    private void begin(GrpcServerRequest<Buffer, Buffer> request) {
        entering.begin(request);
    }

    /** Whether these bytes may come in; the call that would bring too much for all is reset. */
    private boolean hold(Contract.Method method, HttpServerRequest http, int bytes) {
        if (!method.longMessages()) {
            return true;
        }
        heldBytes += bytes;
        if (heldBytes > HELD_BYTES_MAX) {
            http.response().reset(ENHANCE_YOUR_CALM);
            return false;
        }
        return true;
    }

    private void leave(Call call, Contract.Method method, Arriving arriving, Tolls.Payer payer) {
        if (open.remove(call)) {
            if (method.streams()) {
                streams--;
                streamsOf.closed(payer.network());
            }
            heldBytes -= method.longMessages() ? arriving.bytes() : 0;
        }
    }

    private static Fault tooMany(String what, int retrySeconds) {
        return new Fault(Fault.Kind.THROTTLED, what + "; come again in " + retrySeconds + " s");
    }

    private static GrpcServerOptions options(int messageBytesMax) {
        return new GrpcServerOptions()
                .setMaxMessageSize(messageBytesMax)
                .removeEnabledProtocol(GrpcProtocol.TRANSCODING);
    }
}
