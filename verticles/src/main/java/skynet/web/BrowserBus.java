package skynet.web;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import skynet.kit.Tolls;

/**
 * The event bus as browsers see it, at {@code /eventbus} for the standard Vert.x client and at {@code
 * /eventbus/websocket} for anything that speaks WebSocket: requests to {@code api.*} and events from {@code ui.*},
 * nothing else. Behind it no address of the real bus is opened per socket.
 */
final class BrowserBus {
    /** Sockets open at once. */
    static final int SOCKETS_MAX = 10_000;

    private final Duration second;
    private final Map<String, Operation> operations;
    private final Map<String, Feed> feeds;
    private final Set<BrowserSocket> open = new HashSet<>();
    private final Standings standings = new Standings();
    private final Tolls.OpenByAddress addresses = new Tolls.OpenByAddress();

    BrowserBus(List<Operation> operations, List<Topic> topics) {
        this(operations, topics, Duration.ofSeconds(1));
    }

    /** A bus whose second, for which the messages of a socket are counted, is as long as the test wants it. */
    BrowserBus(List<Operation> operations, List<Topic> topics, Duration second) {
        this.second = second;
        this.operations = operations.stream().collect(Collectors.toMap(Operation::address, Function.identity()));
        this.feeds = topics.stream().collect(Collectors.toMap(Topic::address, Feed::new));
    }

    void mount(Vertx vertx, Router router) {
        SockJSHandlerOptions options = new SockJSHandlerOptions()
                .setInsertJSESSIONID(false)
                .setRegisterWriteHandler(false)
                .addDisabledTransport("XHR")
                .addDisabledTransport("EVENT_SOURCE")
                .addDisabledTransport("HTML_FILE")
                .addDisabledTransport("JSON_P");
        router.route("/eventbus/*").handler(this::limit);
        router.route("/eventbus/*")
                .subRouter(SockJSHandler.create(vertx, options).socketHandler(this::serve));
        vertx.setPeriodic(second.toMillis(), passed -> open.forEach(BrowserSocket::replenish));
        standings.start(vertx);
        feeds.values().forEach(feed -> vertx.setPeriodic(feed.topic().period().toMillis(), beat -> refresh(feed)));
    }

    private void limit(RoutingContext request) {
        if (open.size() < SOCKETS_MAX && Caller.payer(request).mayOpen(addresses, Tolls.SOCKETS_OF_AN_ADDRESS_MAX)) {
            request.next();
        } else {
            Problem.answer(request, new Refusal(503, "busy", "sockets: too many at once", "Try again shortly."));
        }
    }

    private void serve(SockJSSocket socket) {
        RoutingContext request = socket.routingContext();
        Tolls.Payer payer = Caller.payer(request);
        BrowserSocket browser = new BrowserSocket(socket, this, Caller.of(request), Caller.again(request), payer);
        open.add(browser);
        standings.add(browser.standing(), System.nanoTime());
        addresses.opened(payer.network());
        socket.handler(browser::receive);
        socket.drainHandler(drained -> browser.drained());
        socket.exceptionHandler(broken -> socket.close());
        socket.closeHandler(closed -> {
            browser.gone();
            standings.remove(browser.standing());
            if (open.remove(browser)) {
                addresses.closed(payer.network());
            }
        });
    }

    /** Closes the sockets of a session, a key or an account that is no longer good; their pages open another as guests. */
    void revoked(String id) {
        standings.revoked(id);
    }

    /** The operation at an address; null when there is none. */
    Operation operation(String address) {
        return operations.get(address);
    }

    /** The feed at an address; null when there is none. */
    Feed feed(String address) {
        return feeds.get(address);
    }

    /** Asks a topic's source once for all who listen, and nothing when nobody does. */
    private void refresh(Feed feed) {
        if (open.stream().anyMatch(socket -> socket.listensTo(feed))) {
            feed.now().onSuccess(state -> open.forEach(socket -> socket.tell(feed, state)));
        }
    }

    /** An answer's or an event's frame. */
    static JsonObject frame(String type, String address) {
        return new JsonObject().put("type", type).put("address", address);
    }
}
