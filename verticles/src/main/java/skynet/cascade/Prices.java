package skynet.cascade;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Segment;
import skynet.bus.Telemetry.Price;

/**
 * What tokens cost, as one version of the table says: by the upstream's name. What the node computes itself costs nothing.
 *
 * @param version 0 when nobody has set any
 */
record Prices(int version, Map<String, Price> byUpstream) {
    static final Prices NONE = new Prices(0, Map.of());

    private static final double TOKENS = 1_000_000;

    Prices {
        byUpstream = Map.copyOf(byUpstream);
    }

    static Prices of(int version, List<Price> prices) {
        Map<String, Price> byUpstream = new TreeMap<>();
        prices.forEach(price -> byUpstream.put(price.upstream(), price));
        return new Prices(version, byUpstream);
    }

    /**
     * Whether it can be told what a segment cost. What a node of the swarm gave itself is free; an upstream may be unpriced, and that of
     * a node which died is not known.
     */
    boolean knows(Segment segment) {
        return segment.level().compareTo(Level.L3) < 0 || byUpstream.containsKey(segment.upstream());
    }

    double of(Segment segment) {
        return of(segment.upstream(), segment.tokensIn(), segment.tokensOut());
    }

    double of(String upstream, int tokensIn, int tokensOut) {
        Price price = byUpstream.get(upstream);
        return price == null ? 0 : (tokensIn * price.input() + tokensOut * price.output()) / TOKENS;
    }

    double of(List<Segment> segments) {
        return segments.stream().mapToDouble(this::of).sum();
    }
}
