package skynet.cascade;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Policy;

/**
 * Every level that may answer, cheapest first. Who wishes for a higher one gets that first, and the cheaper ones when it
 * cannot. A question with tools goes to the levels that know tools.
 */
final class CheapestFirst implements Routing {
    private static final List<Level> MODELS = List.of(Level.L3, Level.L4);

    @Override
    public Plan plan(Question question, Health health) {
        List<Level> order =
                switch (question.wish().band()) {
                    case ANY -> present(List.of(Level.values()), health);
                    case STANDARD -> present(List.of(Level.L0, Level.L1, Level.L2), health);
                    case ADVANCED -> wished(List.of(Level.L3), List.of(Level.L2, Level.L1), health);
                    case PRO ->
                        question.wish().policy() == Policy.QUALITY
                                ? wished(List.of(Level.L5, Level.L4), List.of(Level.L3, Level.L2, Level.L1), health)
                                : wished(List.of(Level.L4), List.of(Level.L5, Level.L3, Level.L2, Level.L1), health);
                };
        if (!question.wish().tools().isEmpty()) {
            List<Level> models = order.stream().filter(MODELS::contains).toList();
            order = models.isEmpty() ? List.of(Level.L3) : models;
        }
        JsonArray names = new JsonArray();
        order.forEach(level -> names.add(level.name()));
        return new Plan(order, new JsonObject().put("rule", "cheapest first").put("order", names));
    }

    /** Those of this node, also while they rest: then the answer says so. */
    private static List<Level> present(List<Level> levels, Health health) {
        return levels.stream().filter(health.levels()::containsKey).toList();
    }

    /** What was wished for is asked in any case, so that its answer says why it could not be had. */
    private static List<Level> wished(List<Level> levels, List<Level> otherwise, Health health) {
        List<Level> order = new ArrayList<>(levels);
        order.addAll(present(otherwise, health));
        return order;
    }
}
