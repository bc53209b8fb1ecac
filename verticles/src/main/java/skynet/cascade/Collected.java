package skynet.cascade;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skynet.bus.Cascade.Answer;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Outcome;
import skynet.bus.Cascade.Seam;
import skynet.bus.Cascade.Segment;
import skynet.bus.Cascade.Step;
import skynet.bus.Cascade.Usage;
import skynet.bus.Fault;
import skynet.bus.Knowledge.Citation;
import skynet.bus.Stream.Frame;
import skynet.bus.codec.Lines;

/** The pieces of an answer put together again, from a walk or from what was kept of one. */
final class Collected implements Sayer {
    /** Why an answer ended that nobody stopped. */
    private static final List<String> FINISHES = List.of("stop", "length", "tool_calls", "content_filter");

    private final StringBuilder text = new StringBuilder();
    private final List<Step> route = new ArrayList<>();
    private final List<Citation> citations = new ArrayList<>();
    private final Lines lines = new Lines();
    private final Promise<Answer> whole = Promise.promise();
    private Usage usage;

    /** The answer, when all of it is here; fails with the {@link Fault} that ended it. */
    Future<Answer> whole() {
        return whole.future();
    }

    /** The text up to now. */
    String text() {
        return text.toString();
    }

    List<Step> route() {
        return List.copyOf(route);
    }

    List<Citation> citations() {
        return List.copyOf(citations);
    }

    /** What the text up to now cost, as far as can be told without those who gave it. */
    List<Segment> segments() {
        if (text.length() == 0) {
            return List.of();
        }
        Level level = route.stream()
                .filter(step -> step.outcome() == Outcome.HIT)
                .reduce((one, other) -> other)
                .map(Step::level)
                .orElse(Level.L0);
        int tokens = Segment.tokens(text.length());
        return List.of(new Segment(level, "", "", 0, tokens, usageOfWhatIsHere().millis(), true));
    }

    /** Takes the next kept piece. */
    void add(Frame frame) {
        switch (frame.kind()) {
            case TEXT -> text(frame.body());
            case ROUTE -> lines.add(frame.body()).map(Lines::step).ifPresent(this::route);
            case CITE -> lines.add(frame.body()).map(Lines::citation).ifPresent(this::cite);
            case USAGE -> lines.add(frame.body()).map(Lines::usage).ifPresent(told -> usage = told);
            case SEAM -> lines.reset();
            case END -> end(Optional.ofNullable(usage).orElseGet(this::usageOfWhatIsHere), frame.body());
            case FAULT -> fault(Lines.fault(frame.body()));
        }
    }

    @Override
    public void route(Step step) {
        route.add(step);
    }

    @Override
    public void seam(Seam seam) {
        lines.reset();
    }

    @Override
    public void text(String chunk) {
        text.append(chunk);
    }

    @Override
    public void cite(Citation citation) {
        citations.add(citation);
    }

    @Override
    public void end(Usage told, String reason) {
        whole.tryComplete(new Answer(
                text.toString(),
                told.answered(),
                told.level(),
                route,
                citations,
                told.millis(),
                told.segments(),
                told.explained(),
                told.calls(),
                FINISHES.contains(reason) ? reason : Walk.INTERRUPTED));
    }

    @Override
    public void fault(Fault fault) {
        whole.tryFail(fault);
    }

    /** Of an answer that was stopped before its level could tell. */
    private Usage usageOfWhatIsHere() {
        Level level = route.isEmpty() ? Level.L0 : route.get(route.size() - 1).level();
        long millis = route.stream().mapToLong(Step::millis).sum();
        return new Usage(level, text.length() > 0, millis);
    }
}
