package skynet.crawl;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import skynet.bus.Fault;

/** Gets robots.txt files, and reads each once: reading a long one takes longer than an event loop may be held. */
final class RobotsFiles {
    /** In the place of a status: nobody answered. */
    static final int SILENT = 0;

    /** In the place of a status: we may not ask. */
    static final int CLOSED = -1;

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int READ_MAX = 64;

    private final Vertx vertx;
    private final CrawlClient client;

    /** What was read last, the eldest first; used on one event loop. */
    private final Map<String, Read> read = new LinkedHashMap<>(READ_MAX, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Read> eldest) {
            return size() > READ_MAX;
        }
    };

    private record Read(CrawlStore.Asked asked, Robots robots) {}

    RobotsFiles(Vertx vertx, CrawlClient client) {
        this.vertx = vertx;
        this.client = client;
    }

    /** Whether a status tells what is allowed; else nothing is until one does. */
    static boolean tells(int status) {
        return status / 100 == 2 || status / 100 == 4 && status != TOO_MANY_REQUESTS;
    }

    /** What a file answers; without one, why. Never fails. */
    Future<CrawlStore.Asked> ask(WebAddress file) {
        return client.follow(file, Robots.BYTES_MAX, true, Robots.REDIRECTS_MAX)
                .compose(reply -> vertx.executeBlocking(
                        () -> new CrawlStore.Asked(
                                reply.status(),
                                tells(reply.status())
                                        ? Buffer.buffer(Unpacker.unpack(reply, Robots.BYTES_MAX))
                                        : Buffer.buffer("answered " + reply.status())),
                        false))
                .otherwise(failure -> failure instanceof Fault fault
                        ? new CrawlStore.Asked(
                                fault.kind() == Fault.Kind.DENIED ? CLOSED : SILENT, Buffer.buffer(fault.getMessage()))
                        : new CrawlStore.Asked(SILENT, Buffer.buffer("cannot be read")));
    }

    /** The rules in an answer. */
    Future<Robots> rules(WebAddress file, CrawlStore.Asked asked) {
        String origin = file.origin();
        Read before = read.get(origin);
        if (before != null && before.asked().equals(asked)) {
            return Future.succeededFuture(before.robots());
        }
        return vertx.executeBlocking(
                        () -> Robots.of(
                                file.toString(), asked.status(), asked.body().getBytes()),
                        false)
                .onSuccess(robots -> read.put(origin, new Read(asked, robots)));
    }
}
