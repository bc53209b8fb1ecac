package skynet.cascade;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Segment;

/**
 * The levels of this node, who chooses among them, who takes down what became of it, and what is kept for the next time.
 *
 * @param tiers several of one level are asked in the order in which they stand here
 */
record Levels(List<Tier> tiers, Routing routing, Diary diary, InstantSource clock, Optional<AnswerCache> cache) {
    Levels {
        tiers = List.copyOf(tiers);
    }

    /** Levels that keep no answers. */
    Levels(List<Tier> tiers, Routing routing, Diary diary, InstantSource clock) {
        this(tiers, routing, diary, clock, Optional.empty());
    }

    Health health() {
        return Health.of(tiers);
    }

    /** Those of one level, in order. */
    List<Tier> of(Level level) {
        return tiers.stream()
                .filter(tier -> tier.level() == level && !tier.isLast())
                .toList();
    }

    /** Those that stand in for all others of a plan. */
    List<Tier> last(Plan plan) {
        return tiers.stream()
                .filter(tier -> tier.isLast() && plan.order().contains(tier.level()))
                .toList();
    }

    /** A question that begins. */
    Walk walk(String id, Question question, Sayer sayer) {
        return walk(id, question, sayer, List.of());
    }

    /** A question on which another attempt gave some text already. */
    Walk walk(String id, Question question, Sayer sayer, List<Segment> given) {
        Sayer heard = cache.map(kept -> Remembering.before(sayer, kept, id, question, clock))
                .orElse(sayer);
        return new Walk(this, routing.plan(question, health()), id, question, heard, given);
    }
}
