package skynet.bus;

import java.util.Optional;
import java.util.regex.Pattern;

/** The number of any node, member or light: NOD1 to NOD9999999. It is given once and never to another node. */
public record NodeId(int value) implements Comparable<NodeId> {
    public static final int MAX = 9_999_999;

    private static final Pattern TEXT = Pattern.compile("(?:NOD)?([1-9][0-9]{0,6})");

    public NodeId {
        if (value < 1 || value > MAX) {
            throw new IllegalArgumentException("node: " + value + " (expected: 1 to " + MAX + ")");
        }
    }

    /** The node of a text such as {@code NOD100} or {@code 100}; empty when it is none. */
    public static Optional<NodeId> read(String text) {
        var match = TEXT.matcher(text);
        return match.matches() ? Optional.of(new NodeId(Integer.parseInt(match.group(1)))) : Optional.empty();
    }

    /** What kind of machine it is. */
    public NodeClass kind() {
        for (NodeClass kind : NodeClass.values()) {
            if (value <= kind.last()) {
                return kind;
            }
        }
        throw new IllegalStateException("node: " + value);
    }

    @Override
    public int compareTo(NodeId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return "NOD" + value;
    }
}
