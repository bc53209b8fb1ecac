package skynet.bus.stream;

import skynet.bus.Stream.Frame;
import skynet.bus.Stream.Started;

/** The way from the source to a node that reads; what is sent may be lost. */
public interface ToReader {
    void send(int reader, Frame frame);

    void send(int reader, Started started);
}
