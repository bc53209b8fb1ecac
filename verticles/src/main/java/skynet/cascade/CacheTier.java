package skynet.cascade;

import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import skynet.bus.Cascade.Answer;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Outcome;
import skynet.bus.Cascade.Policy;
import skynet.bus.Knowledge.Vector;
import skynet.cascade.AnswerCache.Kept;

/**
 * Level 0: what was answered before, while its sources are unchanged. The very question is served at once. One in other words
 * is served when its {@link Wording} says the same and the vectors of both are near, so that no single mistake serves a wrong
 * answer: near vectors alone take one number, name or negation for another.
 */
final class CacheTier implements Tier {
    /** Of the cosine of two questions. Of paraphrases with the same wording few are below, of unlike questions many. */
    static final double NEARNESS_MIN = 0.8;

    private final AnswerCache cache;
    private final Policy standard;
    private final InstantSource clock;
    private final Function<List<String>, Future<List<Vector>>> embed;

    CacheTier(
            AnswerCache cache,
            Policy standard,
            InstantSource clock,
            Function<List<String>, Future<List<Vector>>> embed) {
        this.cache = cache;
        this.standard = standard;
        this.clock = clock;
        this.embed = embed;
    }

    @Override
    public Level level() {
        return Level.L0;
    }

    @Override
    public Flow answer(Question question) {
        return new KnownFlow(told -> find(question, told));
    }

    private Future<Optional<Answer>> find(Question question, Telling told) {
        Context context = Context.of(question);
        if (context.forgettable()) {
            told.passes(Outcome.SKIPPED, "not kept: tools, or the rest of an answer");
            return Future.succeededFuture(Optional.empty());
        }
        Optional<Kept> same = same(question, context);
        if (same.isPresent()) {
            told.answers("asked before, sources unchanged");
            return Future.succeededFuture(same.map(Kept::answer));
        }
        Optional<Kept> alike = alike(question, context);
        if (alike.isEmpty()) {
            told.passes(Outcome.MISS, "no answer is kept");
            return Future.succeededFuture(Optional.empty());
        }
        return embed.apply(List.of(question.text(), alike.get().question()))
                .map(vectors -> nearness(vectors.get(0), vectors.get(1)))
                .otherwise(0.0)
                .map(nearness -> verified(question, context, nearness, told));
    }

    /** While the vectors were made, the answer may have gone. */
    private Optional<Answer> verified(Question question, Context context, double nearness, Telling told) {
        Optional<Kept> alike = alike(question, context);
        String near = String.format(Locale.ROOT, "%.2f", nearness);
        if (alike.isEmpty() || nearness < NEARNESS_MIN) {
            told.passes(
                    Outcome.MISS,
                    "asked before in words that are too unlike: " + near + " (expected: " + NEARNESS_MIN + ")");
            return Optional.empty();
        }
        told.answers("asked before in other words (" + near + "), sources unchanged");
        return alike.map(Kept::answer);
    }

    private Optional<Kept> same(Question question, Context context) {
        return within(
                context,
                before -> cache.find(question.tenant(), question.text(), before, least(question), clock.millis()));
    }

    private Optional<Kept> alike(Question question, Context context) {
        return within(
                context,
                before -> cache.findAlike(question.tenant(), question.text(), before, least(question), clock.millis()));
    }

    /** What was answered in the same conversation, else what needed none. */
    private static Optional<Kept> within(Context context, Function<String, Optional<Kept>> look) {
        Optional<Kept> here = look.apply(context.whole());
        return here.isEmpty() && !context.whole().isEmpty() && context.standsAlone()
                ? look.apply("").filter(kept -> kept.answer().level().ordinal() <= Level.L2.ordinal())
                : here;
    }

    /** Who wishes for quality is not served what the documents said. */
    private Level least(Question question) {
        Policy policy = question.wish().policy();
        return (policy == Policy.NODE ? standard : policy) == Policy.QUALITY ? Level.L3 : Level.L0;
    }

    static double nearness(Vector one, Vector other) {
        if (one.values().size() != other.values().size()) {
            return 0;
        }
        double product = 0;
        double oneLength = 0;
        double otherLength = 0;
        for (int i = 0; i < one.values().size(); i++) {
            product += one.values().get(i) * other.values().get(i);
            oneLength += one.values().get(i) * one.values().get(i);
            otherLength += other.values().get(i) * other.values().get(i);
        }
        return oneLength == 0 || otherLength == 0 ? 0 : product / Math.sqrt(oneLength * otherLength);
    }
}
