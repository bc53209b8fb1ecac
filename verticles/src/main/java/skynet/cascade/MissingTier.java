package skynet.cascade;

import skynet.bus.Cascade.Level;
import skynet.bus.Fault;

/** A level that somebody wished for and that this node does not have. */
final class MissingTier implements Tier {
    private final Level level;

    MissingTier(Level level) {
        this.level = level;
    }

    @Override
    public Level level() {
        return level;
    }

    @Override
    public Health.Condition condition() {
        return Health.Condition.missing(level);
    }

    @Override
    public Flow answer(Question question) {
        return new Flow() {
            @Override
            public void begin(Telling told) {
                told.fails(new Fault(
                        Fault.Kind.UNAVAILABLE, level + ": " + condition().reason()));
            }

            @Override
            public void pause() {}

            @Override
            public void resume() {}

            @Override
            public void cancel(String reason) {}
        };
    }
}
