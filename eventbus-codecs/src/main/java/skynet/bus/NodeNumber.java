package skynet.bus;

/** Which member of its swarm a node is: NOD1 to NOD99. */
public record NodeNumber(int value) implements Comparable<NodeNumber> {
    public static final int MAX = 99;

    public NodeNumber {
        if (value < 1 || value > MAX) {
            throw new IllegalArgumentException("node number: " + value + " (expected: 1 to " + MAX + ")");
        }
    }

    @Override
    public int compareTo(NodeNumber other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return "NOD" + value;
    }
}
