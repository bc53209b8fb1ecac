package skynet.cascade;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import skynet.bus.Cascade.Answer;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Outcome;
import skynet.bus.Cascade.Seam;
import skynet.bus.Cascade.Step;
import skynet.bus.Cascade.Usage;
import skynet.bus.Fault;
import skynet.bus.Knowledge.Citation;

/**
 * Listens to a walk and keeps its answer for the next time: one that a single level gave completely. What was declined, cut
 * or put together from two levels is not kept, nor what comes from the cache itself.
 */
final class Remembering implements Sayer {
    private final AnswerCache cache;
    private final String message;
    private final Question question;
    private final Context context;
    private final long epoch;
    private final Sayer sayer;
    private final InstantSource clock;
    private final StringBuilder text = new StringBuilder();
    private final List<Citation> citations = new ArrayList<>();

    /** Whether a tool said something that is so only now, such as the time. */
    private boolean passing;

    /** Documents that it may stand on without saying so: it goes with them, too. */
    private final Set<String> given = new HashSet<>();

    /** Whether the documents could not be searched. */
    private boolean blind;

    /** Whether an answer of level 2 stands in for a model that could not be had. */
    private boolean standIn;

    private Remembering(
            AnswerCache cache, String message, Question question, Context context, InstantSource clock, Sayer sayer) {
        this.cache = cache;
        this.message = message;
        this.question = question;
        this.context = context;
        this.epoch = cache.epoch();
        this.clock = clock;
        this.sayer = sayer;
    }

    /** Puts itself before who hears the answer, when that may be kept. */
    static Sayer before(Sayer sayer, AnswerCache cache, String message, Question question, InstantSource clock) {
        Context context = Context.of(question);
        return context.forgettable() ? sayer : new Remembering(cache, message, question, context, clock, sayer);
    }

    @Override
    public void route(Step step) {
        passing |= step.outcome() == Outcome.STEP && step.reason().startsWith(ToolUse.USED);
        blind |= step.outcome() == Outcome.STEP && step.reason().startsWith(GroundedTier.BLIND);
        standIn |= step.outcome() == Outcome.SKIPPED && step.reason().contains(LocalTier.LEFT);
        sayer.route(step);
    }

    @Override
    public void seam(Seam seam) {
        sayer.seam(seam);
    }

    @Override
    public void text(String chunk) {
        if (text.length() <= AnswerCache.ANSWER_CHARS_MAX) {
            text.append(chunk);
        }
        sayer.text(chunk);
    }

    @Override
    public void given(List<Citation> passages) {
        passages.forEach(passage -> given.add(passage.document()));
        sayer.given(passages);
    }

    @Override
    public void cite(Citation citation) {
        citations.add(citation);
        sayer.cite(citation);
    }

    @Override
    public void end(Usage usage, String reason) {
        if (usage.answered()
                && reason.equals("stop")
                && usage.segments().size() == 1
                && usage.level() != Level.L0
                && !passing
                && !blind
                && !(standIn && usage.level() == Level.L2)
                && usage.calls().isEmpty()) {
            Answer answer = new Answer(text.toString(), true, usage.level(), List.of(), citations, 0);
            cache.keep(
                    question.tenant(),
                    question.text(),
                    context.of(usage.segments().get(0)),
                    message,
                    answer,
                    given,
                    epoch,
                    clock.millis());
        }
        sayer.end(usage, reason);
    }

    @Override
    public void fault(Fault fault) {
        sayer.fault(fault);
    }
}
