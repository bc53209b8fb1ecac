package skynet.cascade;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skynet.bus.Cascade.Answer;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Step;
import skynet.bus.Cascade.Usage;
import skynet.bus.Fault;
import skynet.bus.Knowledge.Citation;
import skynet.bus.Stream.Frame;
import skynet.bus.codec.Lines;

/** The pieces of an answer put together again, from a walk or from what was kept of one. */
final class Collected implements Sayer {
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

    int steps() {
        return route.size();
    }

    int citations() {
        return citations.size();
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
    public void text(String chunk) {
        text.append(chunk);
    }

    @Override
    public void cite(Citation citation) {
        citations.add(citation);
    }

    @Override
    public void end(Usage told, String reason) {
        whole.tryComplete(new Answer(text.toString(), told.answered(), told.level(), route, citations, told.millis()));
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
