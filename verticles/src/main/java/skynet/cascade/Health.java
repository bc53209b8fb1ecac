package skynet.cascade;

import java.util.EnumMap;
import java.util.Map;
import skynet.bus.Cascade.Level;

/** How the levels do now. A level that is not in it cannot be had on this node. */
record Health(Map<Level, Condition> levels) {
    Health {
        levels = Map.copyOf(levels);
    }

    /** Whether a level may be asked. */
    boolean isAvailable(Level level) {
        return of(level).available();
    }

    Condition of(Level level) {
        return levels.getOrDefault(level, Condition.missing(level));
    }

    /** The best of the conditions of several tiers of one level. */
    static Health of(Iterable<Tier> tiers) {
        Map<Level, Condition> levels = new EnumMap<>(Level.class);
        for (Tier tier : tiers) {
            levels.merge(tier.level(), tier.condition(), (one, other) -> one.available() ? one : other);
        }
        return new Health(levels);
    }

    /**
     * How one level does.
     *
     * @param reason why it is not available; empty when it is
     */
    record Condition(boolean available, String reason) {
        static final Condition WELL = new Condition(true, "");

        /** Of a level that this node does not have. */
        static Condition missing(Level level) {
            boolean others = level.compareTo(Level.L3) >= 0;
            return new Condition(false, others ? "no upstream configured" : "not on this node");
        }
    }
}
