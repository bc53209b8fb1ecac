package skynet.node.cluster;

import java.util.Map;
import java.util.function.Supplier;
import skynet.bus.Bus;
import skynet.bus.NodeNumber;

/** A node that runs alone: its own only member. */
public final class Lone implements Membership {
    private final NodeNumber number;
    private final Supplier<String> address;
    private final long since;
    private final String release;

    /** Since is in seconds since 1970; the address is known once the front door is open. */
    public Lone(NodeNumber number, Supplier<String> address, long since, String release) {
        this.number = number;
        this.address = address;
        this.since = since;
        this.release = release;
    }

    @Override
    public String name() {
        return "";
    }

    @Override
    public NodeNumber number() {
        return number;
    }

    @Override
    public Peer self() {
        return new Peer(number, address.get(), since, release, Bus.words());
    }

    @Override
    public boolean alive() {
        return true;
    }

    @Override
    public Map<NodeNumber, Peer> others() {
        return Map.of();
    }
}
