package skynet.web;

import java.time.Duration;

/**
 * How long the front door waits for who says nothing.
 *
 * @param firstRequest a new connection sends its first request within this time
 * @param nextRequest a connection that was answered sends the next one within this time
 * @param signOfLife a WebSocket is asked for a sign of life this often, and gives it before it is asked again
 */
record Patience(Duration firstRequest, Duration nextRequest, Duration signOfLife) {
    /** Proxies give up a quiet connection after 60 s as a rule: we are earlier with both, closing ours and asking theirs. */
    static final Patience USUAL = new Patience(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(20));
}
