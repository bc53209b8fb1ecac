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
    private final List<Seam> seams = new ArrayList<>();
    private final Lines lines = new Lines();
    private final Promise<Answer> whole = Promise.promise();
    private final List<Part> parts = new ArrayList<>();
    private Level level = Level.L0;
    private int partedAt;
    private long millis;
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

    /**
     * What the text up to now cost, level by level, as far as can be told without those who gave it.
     *
     * @param read characters that a model of somebody else was given to read
     */
    List<Segment> segments(int read) {
        closePart();
        return parts.stream()
                .map(part -> new Segment(
                        part.level(),
                        "",
                        "",
                        part.level().compareTo(Level.L3) >= 0 ? Segment.tokens(read) : 0,
                        Segment.tokens(part.chars()),
                        part.millis(),
                        true))
                .toList();
    }

    /** The text that a level gave ends here, if there is any. */
    private void closePart() {
        if (text.length() > partedAt) {
            parts.add(new Part(level, text.length() - partedAt, millis));
            partedAt = text.length();
            millis = 0;
        }
    }

    /** Takes the next kept piece. */
    void add(Frame frame) {
        switch (frame.kind()) {
            case TEXT -> text(frame.body());
            case ROUTE -> lines.add(frame.body()).map(Lines::step).ifPresent(this::route);
            case CITE -> lines.add(frame.body()).map(Lines::citation).ifPresent(this::cite);
            case USAGE -> lines.add(frame.body()).map(Lines::usage).ifPresent(told -> usage = told);
            case SEAM -> {
                anew();
                // Without words another attempt begins, which goes on unseen.
                if (!frame.body().isEmpty()) {
                    seams.add(Lines.seam(frame.body()));
                }
            }
            case END -> end(Optional.ofNullable(usage).orElseGet(this::usageOfWhatIsHere), frame.body());
            case FAULT -> fault(Lines.fault(frame.body()));
        }
    }

    @Override
    public void route(Step step) {
        route.add(step);
        if (step.outcome() == Outcome.HIT) {
            closePart();
            level = step.level();
        }
        millis += step.millis();
    }

    @Override
    public void seam(Seam seam) {
        anew();
        seams.add(seam);
    }

    /** Another level or another attempt goes on. */
    private void anew() {
        lines.reset();
        closePart();
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
                FINISHES.contains(reason) ? reason : Walk.INTERRUPTED,
                seams));
    }

    /** The whole, as another node gave it. */
    void take(Answer answer) {
        whole.tryComplete(answer);
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

    /** So many characters of one level, and what it took until they came. */
    private record Part(Level level, int chars, long millis) {}
}
