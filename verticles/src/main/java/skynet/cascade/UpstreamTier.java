package skynet.cascade;

import skynet.bus.Cascade.Level;
import skynet.bus.Fault;

/** Level 3 or 4: a model of somebody else, behind a socket. */
final class UpstreamTier implements Tier {
    private final Level level;
    private final Endpoint endpoint;

    UpstreamTier(Level level, Endpoint endpoint) {
        this.level = level;
        this.endpoint = endpoint;
    }

    @Override
    public Level level() {
        return level;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public Health.Condition condition() {
        return endpoint.refusal()
                .map(why -> new Health.Condition(
                        false, "upstream " + endpoint.config().name() + ": " + why))
                .orElse(Health.Condition.WELL);
    }

    @Override
    public Flow answer(Question question) {
        return new UpstreamFlow(endpoint, question);
    }

    /** What is said of an upstream that did not answer, and when it is asked again. */
    static Fault fault(Endpoint endpoint, Fault.Kind kind, String why) {
        return new Fault(
                kind,
                "upstream " + endpoint.config().name() + ": " + why,
                endpoint.breaker().restSeconds(endpoint.now()));
    }
}
