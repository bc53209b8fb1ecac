package skynet.cascade;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import skynet.bus.Cascade.Level;
import skynet.cascade.model.Generator;

/**
 * Level 2 where no document answers: the language model that the owner has given this node. While a stronger model can be had it
 * answers only what is easy; what it left to that one comes back to it when nobody else could answer.
 */
final class LocalTier implements Tier {
    /** How sure it must be that any model will do, while a stronger one is there. */
    static final double EASE_MIN = 0.75;

    /** How a step says that a stronger model was meant to answer. */
    static final String LEFT = "left to a stronger model";

    private final Vertx vertx;
    private final Generator generator;
    private final RandomGenerator dice;
    private final BooleanSupplier stronger;
    private final boolean last;

    private LocalTier(Vertx vertx, Generator generator, RandomGenerator dice, BooleanSupplier stronger, boolean last) {
        this.vertx = vertx;
        this.generator = generator;
        this.dice = dice;
        this.stronger = stronger;
        this.last = last;
    }

    /** Asked in its turn. */
    static LocalTier inTurn(Vertx vertx, Generator generator, RandomGenerator dice, BooleanSupplier stronger) {
        return new LocalTier(vertx, generator, dice, stronger, false);
    }

    /** Asked when all others have passed or failed. */
    LocalTier atLast() {
        return new LocalTier(vertx, generator, dice, () -> false, true);
    }

    @Override
    public Level level() {
        return Level.L2;
    }

    @Override
    public boolean isLast() {
        return last;
    }

    @Override
    public Health.Condition condition() {
        return generator
                .refusal()
                .map(why -> new Health.Condition(false, said(why)))
                .orElse(Health.Condition.WELL);
    }

    @Override
    public Flow answer(Question question) {
        return new LocalFlow(vertx, generator, dice, question, left(question));
    }

    /** How it does, for people. */
    static JsonObject vital(Generator generator) {
        Optional<String> refusal = generator.refusal();
        JsonObject vital = new JsonObject()
                .put("name", generator.name())
                .put("state", refusal.isEmpty() ? "well" : "unavailable")
                .put("answering", generator.answering());
        return refusal.map(why -> vital.put("cause", why)).orElse(vital);
    }

    /** What is said of a model that does not answer. */
    static String said(String why) {
        return "model on this node: " + why;
    }

    /** Why the question is another level's; empty when it is not. */
    private Optional<String> left(Question question) {
        if (question.wish().options().contains("json_")) {
            return Optional.of("writes no JSON");
        }
        double ease = 1 - Difficulty.of(question.text());
        return ease < EASE_MIN && stronger.getAsBoolean()
                ? Optional.of(
                        String.format(Locale.ROOT, LEFT + ": predicted %.2f (expected: %.2f or more)", ease, EASE_MIN))
                : Optional.empty();
    }
}
