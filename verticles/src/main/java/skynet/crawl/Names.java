package skynet.crawl;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import skynet.bus.Fault;

/** Asks for the addresses of a host. */
interface Names {
    /** Longest wait for an answer, in seconds. */
    int SECONDS_MAX = 5;

    Future<List<InetAddress>> resolve(String host);

    /** The name service of this machine, its hosts file included. It blocks, so it is asked on a worker. */
    static Names ofMachine(Vertx vertx) {
        return host -> vertx.executeBlocking(() -> List.of(InetAddress.getAllByName(host)), false)
                .timeout(SECONDS_MAX, TimeUnit.SECONDS)
                .recover(failure -> Future.failedFuture(new Fault(
                        Fault.Kind.UNAVAILABLE,
                        host + (failure instanceof UnknownHostException ? ": no such host" : ": no name service"))));
    }
}
