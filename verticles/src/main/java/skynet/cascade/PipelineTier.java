package skynet.cascade;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import skynet.bus.Bus;
import skynet.bus.Cascade.Level;

/**
 * Level 5: the full pipeline, on the node that holds the role of the hub. It plans, retrieves, uses tools, drafts, criticises
 * and revises, with a model of level 4 or, when there is none, of level 3.
 */
final class PipelineTier implements Tier {
    private final Bus bus;
    private final List<Tier> models;
    private final InstantSource clock;

    /** {@code models} are those of levels 4 and 3, the one to ask first before the others. */
    PipelineTier(Bus bus, List<Tier> models, InstantSource clock) {
        this.bus = bus;
        this.clock = clock;
        this.models = List.copyOf(models);
    }

    /** One over the models that a node has; none without a model. */
    static Optional<Tier> over(Bus bus, List<Tier> tiers, InstantSource clock) {
        List<Tier> models = List.of(Level.L4, Level.L3).stream()
                .flatMap(level -> tiers.stream().filter(tier -> tier.level() == level))
                .toList();
        return models.isEmpty() ? Optional.empty() : Optional.of(new PipelineTier(bus, models, clock));
    }

    @Override
    public Level level() {
        return Level.L5;
    }

    @Override
    public Health.Condition condition() {
        return model().map(Tier::condition).orElse(Health.Condition.missing(Level.L5));
    }

    @Override
    public Flow answer(Question question) {
        return new Pipeline(bus, model().orElse(models.get(0)), question, clock);
    }

    private Optional<Tier> model() {
        return models.stream()
                .filter(tier -> tier.condition().available())
                .findFirst()
                .or(() -> models.stream().findFirst());
    }
}
