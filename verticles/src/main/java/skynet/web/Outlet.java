package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** Where the events of one answer go: a response of server-sent events, or a question's frames on a socket. */
interface Outlet {
    /** Writes an event; done when the socket has taken it, failed when the other side has gone. */
    Future<Void> tell(Event event);

    /** A sign of life for whoever stands between: this connection is not dead, the answer is thought about. */
    void beat();

    /** Calls when the other side has gone. */
    void onGone(Runnable work);

    /** Nothing follows. */
    void end();

    /** What a failure means, as a problem of the request that is answered here. */
    JsonObject problem(Throwable failure);

    /**
     * One event.
     *
     * @param at its place in the answer, {@code attempt.seq}, from where a reader may go on; empty when it has none
     */
    record Event(String name, JsonObject data, String at) {}
}
