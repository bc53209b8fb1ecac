package skynet.kit;

import java.util.List;

/** How nodes stand in for each other: {@code chain} has their numbers, the first one first. */
public record MeshConfig(List<String> chain) {
    private static final int NUMBER_MAX = 99;

    public MeshConfig {
        for (String number : chain) {
            if (!number.matches("[1-9][0-9]?")) {
                throw new IllegalArgumentException(
                        "mesh.chain: " + number + " (expected: numbers of nodes, 1 to " + NUMBER_MAX + ")");
            }
        }
        if (chain.stream().distinct().count() < chain.size()) {
            throw new IllegalArgumentException("mesh.chain: " + chain + " (expected: each number once)");
        }
        chain = List.copyOf(chain);
    }

    /** The numbers, the first one first. */
    public List<Integer> numbers() {
        return chain.stream().map(Integer::valueOf).toList();
    }
}
