package skynet.crawl;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import skynet.bus.Fault;

/**
 * Gets one thing from a host, or a named refusal. The address that the {@link Gate} judged is the one to which the socket
 * connects: the name is not asked for again. A connection serves one request. Bounded in everything a host decides: time,
 * length of headers and of the body; what comes packed stays packed.
 */
final class CrawlClient {
    /** From the first step to the last byte. */
    static final Duration WHOLE_MAX = Duration.ofSeconds(20);

    private static final int CONNECT_MILLIS_MAX = 5_000;
    private static final int HEADER_BYTES_MAX = 16 << 10;
    private static final int LINE_BYTES_MAX = 4 << 10;
    private static final int CONNECTIONS_MAX = 16;

    private final Vertx vertx;
    private final HttpClient http;
    private final Gate gate;
    private final Names names;
    private final String agent;
    private final Duration patience;

    CrawlClient(Vertx vertx, Gate gate, Names names, String agent) {
        this(vertx, gate, names, agent, WHOLE_MAX, options());
    }

    /** One that waits as long, and trusts whom, the test wants. */
    CrawlClient(Vertx vertx, Gate gate, Names names, String agent, Duration patience, HttpClientOptions options) {
        this.vertx = vertx;
        this.http = vertx.createHttpClient(
                options, new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX).setMaxWaitQueueSize(CONNECTIONS_MAX));
        this.gate = gate;
        this.names = names;
        this.agent = agent;
        this.patience = patience;
    }

    static HttpClientOptions options() {
        return new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setKeepAlive(false)
                .setDecompressionSupported(false)
                .setConnectTimeout(CONNECT_MILLIS_MAX)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setMaxInitialLineLength(LINE_BYTES_MAX)
                .setVerifyHost(true);
    }

    /**
     * Gets what is at an address; redirects are told, not followed.
     *
     * @param wishes further headers
     * @param bytesMax longest body
     * @param cut whether a longer one is cut; else it is refused
     */
    Future<Reply> get(WebAddress address, Map<String, String> wishes, int bytesMax, boolean cut) {
        return new Fetch(address, wishes, bytesMax, cut).begin();
    }

    /** The same, following at most so many redirects, each judged like a first address, none from https to http. */
    Future<Reply> follow(WebAddress address, int bytesMax, boolean cut, int redirectsMax) {
        return get(address, Map.of(), bytesMax, cut).compose(reply -> {
            if (!reply.isRedirect()) {
                return Future.succeededFuture(reply);
            }
            if (redirectsMax == 0) {
                return Future.failedFuture(new Fault(Fault.Kind.DENIED, address + ": too many redirects"));
            }
            return target(reply)
                    .map(next -> follow(next, bytesMax, cut, redirectsMax - 1))
                    .orElseGet(() -> Future.failedFuture(
                            new Fault(Fault.Kind.DENIED, address + ": redirects to no address of the web")));
        });
    }

    /** Where a redirect leads; empty when it leads nowhere, or from https to http. */
    static java.util.Optional<WebAddress> target(Reply reply) {
        String location = reply.header("Location");
        return location.isEmpty()
                ? java.util.Optional.empty()
                : reply.address()
                        .resolve(location)
                        .filter(next -> next.secure() || !reply.address().secure());
    }

    Future<Void> close() {
        return http.close();
    }

    /** One request on its way. */
    private final class Fetch {
        private final WebAddress address;
        private final Map<String, String> wishes;
        private final int bytesMax;
        private final boolean cut;
        private final Promise<Reply> done = Promise.promise();
        private final Buffer body = Buffer.buffer();
        private HttpClientRequest request;

        Fetch(WebAddress address, Map<String, String> wishes, int bytesMax, boolean cut) {
            this.address = address;
            this.wishes = wishes;
            this.bytesMax = bytesMax;
            this.cut = cut;
        }

        Future<Reply> begin() {
            long timer = vertx.setTimer(
                    patience.toMillis(),
                    late -> fail(new Fault(
                            Fault.Kind.LATE, address + ": not complete within " + patience.toSeconds() + " s")));
            try {
                gate.requireOpen(address);
                names.resolve(address.host())
                        .map(resolved -> gate.choose(address, resolved))
                        .compose(chosen -> http.request(options(chosen)))
                        .onSuccess(this::send)
                        .onFailure(this::fail);
            } catch (Fault closed) {
                fail(closed);
            }
            return done.future().onComplete(ended -> {
                vertx.cancelTimer(timer);
                if (request != null) {
                    // One connection a request; what still comes is not wanted.
                    request.connection().close();
                }
            });
        }

        private RequestOptions options(InetAddress chosen) {
            return new RequestOptions()
                    .setMethod(HttpMethod.GET)
                    .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(chosen, address.port())))
                    .setHost(address.host())
                    .setPort(address.port())
                    .setSsl(address.secure())
                    .setURI(address.path())
                    .setFollowRedirects(false);
        }

        private void send(HttpClientRequest opened) {
            request = opened;
            if (done.future().isComplete()) {
                opened.connection().close();
                return;
            }
            opened.putHeader("User-Agent", agent)
                    .putHeader("Accept", "text/html, application/xhtml+xml, text/plain, text/markdown;q=0.9, */*;q=0.1")
                    .putHeader("Accept-Encoding", "gzip");
            wishes.forEach(opened::putHeader);
            opened.send().onSuccess(this::receive).onFailure(this::fail);
        }

        private void receive(HttpClientResponse response) {
            String announced = response.getHeader("Content-Length");
            if (!cut && announced != null && announced.matches("[0-9]{1,18}") && Long.parseLong(announced) > bytesMax) {
                fail(tooLong());
                return;
            }
            response.handler(part -> take(response, part));
            response.exceptionHandler(this::fail);
            response.endHandler(ended -> end(response, false));
        }

        private void take(HttpClientResponse response, Buffer part) {
            if (done.future().isComplete()) {
                return;
            }
            int room = bytesMax - body.length();
            body.appendBuffer(part, 0, Math.min(room, part.length()));
            if (part.length() > room) {
                if (cut) {
                    end(response, true);
                } else {
                    fail(tooLong());
                }
            }
        }

        private void end(HttpClientResponse response, boolean more) {
            done.tryComplete(new Reply(address, response.statusCode(), response.headers(), body, more));
        }

        private Fault tooLong() {
            return new Fault(Fault.Kind.TOO_LARGE, address + ": more than " + bytesMax + " bytes");
        }

        private void fail(Throwable failure) {
            done.tryFail(
                    failure instanceof Fault
                            ? failure
                            : new Fault(Fault.Kind.UNAVAILABLE, address + ": " + reason(failure)));
        }

        private String reason(Throwable failure) {
            String message = String.valueOf(failure.getMessage());
            return message.length() > 200 ? message.substring(0, 200) : message;
        }
    }
}
