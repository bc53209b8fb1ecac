package skynet.cascade;

import io.vertx.core.json.JsonArray;
import java.util.HexFormat;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Segment;
import skynet.bus.Cascade.Turn;
import skynet.bus.Cascade.Wish;
import skynet.cascade.Traits.Trait;
import skynet.kit.Sha256;

/**
 * What an answer depends on besides its question. The levels that read documents look at the question alone, so their answers
 * depend on nothing else; what a model said depends on all that was said before and on how it was steered.
 *
 * @param whole stands for all of it; empty when there is none
 * @param standsAlone whether the question can be understood without what was said before
 * @param forgettable whether an answer may be kept at all: what calls tools, or follows their calls, may not
 */
record Context(String whole, boolean standsAlone, boolean forgettable) {
    private static final double POINTS_BACK = 0.5;

    static Context of(Question question) {
        Wish wish = question.wish();
        boolean acts = !wish.tools().isEmpty()
                || !wish.after().isEmpty()
                || !question.said().isEmpty();
        if (wish.before().isEmpty() && wish.options().isEmpty() && wish.tokensMax() == 0) {
            return new Context("", true, acts);
        }
        JsonArray all = new JsonArray().add(wish.options()).add(wish.tokensMax());
        for (Turn turn : wish.before()) {
            all.add(turn.speaker().name()).add(turn.text()).add(turn.calls());
        }
        boolean alone = wish.options().isEmpty()
                && wish.tokensMax() == 0
                && Traits.of(question.text(), wish.before().size()).of(Trait.FOLLOW_UP) < POINTS_BACK;
        return new Context(HexFormat.of().formatHex(Sha256.of(all.encode())), alone, acts);
    }

    /** On what an answer depends: on all of it, unless documents gave it, read here or by a light node. */
    String of(Segment segment) {
        return segment.level().ordinal() <= Level.L2.ordinal()
                        && (segment.model().isEmpty() || !segment.upstream().isEmpty())
                ? ""
                : whole;
    }
}
