package skynet.bus.stream;

import skynet.bus.Stream.Grant;
import skynet.bus.Stream.Stop;

/** The way from the sink to the node that computes; what is sent may be lost. */
public interface ToOwner {
    void send(int owner, Grant grant);

    void send(int owner, Stop stop);
}
