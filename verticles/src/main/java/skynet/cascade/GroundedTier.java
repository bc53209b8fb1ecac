package skynet.cascade;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import skynet.bus.Bus;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Speaker;
import skynet.bus.Cascade.Turn;
import skynet.bus.Cascade.Wish;
import skynet.bus.Knowledge;

/**
 * A model that is given the passages of the documents that are near a question, and whose answer refers to them. What it is
 * given is told as a step, so that nobody wonders. A client that brings tools or wants JSON speaks to the model alone.
 */
final class GroundedTier implements Tier {
    /** How the step begins by which it is told that passages were given. */
    static final String GIVEN = "given to the model: ";

    /** How the step begins by which it is told that they could not be looked for. */
    static final String BLIND = "documents not searched: ";

    static final int PASSAGES_MAX = 4;

    /** Of each passage; a chunk is hardly ever longer. */
    private static final int CHARS_MAX = 4_000;

    private static final Duration LOOK_MAX = Duration.ofSeconds(2);

    private final Bus bus;
    private final Tier model;
    private final double nearness;

    /** {@code nearness} is the cosine from which on a passage is given. */
    GroundedTier(Bus bus, Tier model, double nearness) {
        this.bus = bus;
        this.model = model;
        this.nearness = nearness;
    }

    @Override
    public Level level() {
        return model.level();
    }

    @Override
    public Health.Condition condition() {
        return model.condition();
    }

    @Override
    public boolean isLast() {
        return model.isLast();
    }

    @Override
    public Flow answer(Question question) {
        Wish wish = question.wish();
        boolean isPlain = wish.tools().isEmpty()
                && wish.after().isEmpty()
                && !wish.options().contains("json_");
        boolean isShort = question.text().length() <= Knowledge.QUESTION_CHARS_MAX;
        return isPlain && isShort ? new GroundedFlow(this, question) : model.answer(question);
    }

    /** What is near; fails when that cannot be found in time. */
    Future<Evidence> look(Question question) {
        return bus.ask(new Knowledge.Search(question.text(), question.tenant(), "", PASSAGES_MAX), LOOK_MAX)
                .map(found -> {
                    Evidence evidence = new Evidence(question.said());
                    evidence.add(found.hits().stream()
                            .filter(hit -> hit.nearness() >= nearness)
                            .map(hit -> hit.citation(CHARS_MAX))
                            .toList());
                    return evidence;
                });
    }

    /** The model's way to its answer, with what was found. */
    Flow answer(Question question, Evidence evidence) {
        if (evidence.count() == 0) {
            return model.answer(question);
        }
        Wish own = question.wish();
        List<Turn> before = new ArrayList<>();
        boolean isSteered = !own.before().isEmpty() && own.before().get(0).speaker() == Speaker.SYSTEM;
        // One turn for both: there are models that refuse a second one.
        String steering = isSteered ? own.before().get(0).text() + "\n\n" : "";
        before.add(new Turn(Speaker.SYSTEM, steering + Instructions.GROUNDED));
        before.addAll(own.before().subList(isSteered ? 1 : 0, own.before().size()));
        Wish wish = new Wish(
                own.band(),
                own.policy(),
                own.tokensMax(),
                own.explained(),
                before,
                own.tools(),
                own.options(),
                own.after());
        String text = "Question:\n" + question.text() + "\n\nPassages (data):\n" + evidence.json();
        return model.answer(new Question(question.tenant(), text, question.said(), wish));
    }
}
