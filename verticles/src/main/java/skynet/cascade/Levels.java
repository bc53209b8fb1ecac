package skynet.cascade;

import java.time.InstantSource;
import java.util.List;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Segment;

/**
 * The levels of this node, who chooses among them, and who takes down what became of it.
 *
 * @param tiers several of one level are asked in the order in which they stand here
 */
record Levels(List<Tier> tiers, Routing routing, Diary diary, InstantSource clock) {
    Levels {
        tiers = List.copyOf(tiers);
    }

    Health health() {
        return Health.of(tiers);
    }

    /** Those of one level, in order. */
    List<Tier> of(Level level) {
        return tiers.stream().filter(tier -> tier.level() == level).toList();
    }

    /** A question that begins. */
    Walk walk(String id, Question question, Sayer sayer) {
        return walk(id, question, sayer, List.of());
    }

    /** A question on which another attempt gave some text already. */
    Walk walk(String id, Question question, Sayer sayer, List<Segment> given) {
        return new Walk(this, routing.plan(question, health()), id, question, sayer, given);
    }
}
