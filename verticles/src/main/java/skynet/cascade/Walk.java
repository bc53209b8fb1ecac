package skynet.cascade;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Outcome;
import skynet.bus.Cascade.Seam;
import skynet.bus.Cascade.Segment;
import skynet.bus.Cascade.Step;
import skynet.bus.Cascade.Usage;
import skynet.bus.Fault;
import skynet.bus.Knowledge.Citation;
import skynet.bus.stream.StreamSource;
import skynet.bus.stream.Upstream;
import skynet.kit.Sha256;

/**
 * A question on its way through the levels of its plan, until one answers. A level that fails before it answers is passed by
 * silently; the question fails when none of the others answers either. Where a level breaks off after it gave text, the next
 * one goes on behind a seam; when nobody can, the answer ends as {@code interrupted}.
 */
final class Walk implements Upstream {
    /** Longest beginning with which another level may go on; after a longer one it begins anew. */
    static final int KEPT_CHARS_MAX = 32 << 10;

    /** Longest answer, in UTF-16 characters; it ends there with reason {@code length}. */
    static final int ANSWER_CHARS_MAX = 256 << 10;

    /** Why an answer ends whose rest is missing. */
    static final String INTERRUPTED = "interrupted";

    /** Why a walk is cancelled that said more at once than it may. */
    static final String BROKEN = "broken";

    static final String UNKNOWN = "I don't know from what I have.";

    /** Between what stands and an answer that begins anew. */
    private static final String PARAGRAPH = "\n\n";

    private final Levels levels;
    private final Plan plan;
    private final String id;
    private final Question question;
    private final Sayer sayer;
    private final List<Place> way = new ArrayList<>();
    private final List<Step> route = new ArrayList<>();
    private final List<Segment> segments;
    /** What stands, for a level that goes on where another one broke off; nothing once it is longer than is kept. */
    private final StringBuilder text = new StringBuilder();

    /** Characters that stand. */
    private int length;

    private int unheard;

    private final long begunAt;
    private int at = -1;
    private long stepBegunAt;
    private long firstAt = -1;
    private Flow flow;
    private Heard heard;
    private Fault failure;
    private Level brokenOff;
    private String brokenWhy = "";
    private String calls = "";
    private boolean paused;
    private boolean over;

    Walk(Levels levels, Plan plan, String id, Question question, Sayer sayer, List<Segment> given) {
        this.levels = levels;
        this.plan = plan;
        this.id = id;
        this.question = question;
        this.sayer = sayer;
        this.segments = new ArrayList<>(given);
        stand(question.said());
        this.begunAt = levels.clock().millis();
        for (Level level : plan.order()) {
            List<Tier> tiers = levels.of(level);
            tiers.forEach(tier -> way.add(new Place(level, tier)));
            if (tiers.isEmpty()) {
                way.add(new Place(level, new MissingTier(level)));
            }
        }
        levels.last(plan).forEach(tier -> way.add(new Place(tier.level(), tier)));
    }

    void begin() {
        next();
    }

    @Override
    public void pause() {
        paused = true;
        if (flow != null) {
            flow.pause();
        }
    }

    @Override
    public void resume() {
        paused = false;
        if (flow != null) {
            flow.resume();
        }
    }

    /** The last so many characters did not reach whoever asked: they do not count, when it ends here. */
    void unheard(int chars) {
        unheard = Math.max(0, Math.min(chars, length));
    }

    @Override
    public void cancel(String reason) {
        if (!over) {
            over = true;
            if (flow != null) {
                flow.cancel(reason);
            }
            if (heard != null && unheard > 0) {
                heard.forget(unheard);
            }
            closeSegment();
            length -= unheard;
            if (!reason.equals(StreamSource.TAKEN_OVER)) {
                note(reason.equals(BROKEN) ? Diary.Outcome.FAILED : Diary.Outcome.STOPPED, reason);
            }
        }
    }

    /** What the answer is up to now, for a reader who has heard enough of it. */
    Usage usage() {
        return usage(length > 0 || !calls.isEmpty());
    }

    private void next() {
        if (++at == way.size()) {
            nobodyAnswered();
            return;
        }
        stepBegunAt = levels.clock().millis();
        flow = way.get(at).tier().answer(question.after(text.toString()));
        if (paused) {
            flow.pause();
        }
        heard = new Heard(at);
        flow.begin(heard);
    }

    private void nobodyAnswered() {
        over = true;
        if (length > 0) {
            Level last = brokenOff == null ? lastLevel() : brokenOff;
            String why = brokenOff == null && failure != null ? String.valueOf(failure.getMessage()) : brokenWhy;
            sayer.seam(new Seam(last, last, Seam.Mode.MISSING, "the rest is missing: " + why, length));
            note(Diary.Outcome.FAILED, INTERRUPTED);
            sayer.end(usage(true), INTERRUPTED);
        } else if (failure != null) {
            note(Diary.Outcome.FAILED, "");
            sayer.fault(failure);
        } else {
            sayer.text(UNKNOWN);
            note(Diary.Outcome.UNKNOWN, "stop");
            sayer.end(usage(false), "stop");
        }
    }

    private Usage usage(boolean answered) {
        Level level = segments.isEmpty()
                ? lastLevel()
                : segments.get(segments.size() - 1).level();
        String explained = question.wish().explained() ? plan.explained().encode() : "";
        return new Usage(level, answered, levels.clock().millis() - begunAt, segments, explained, calls);
    }

    private void stand(String more) {
        length += more.length();
        if (length <= KEPT_CHARS_MAX) {
            text.append(more);
        } else if (text.length() > 0) {
            text.setLength(0);
            text.trimToSize();
        }
    }

    private Level lastLevel() {
        return way.isEmpty()
                ? Level.L0
                : way.get(Math.max(0, Math.min(at, way.size() - 1))).level();
    }

    private void step(Outcome outcome, String reason) {
        Step step = new Step(way.get(at).level(), outcome, levels.clock().millis() - stepBegunAt, reason);
        route.add(step);
        sayer.route(step);
    }

    private void closeSegment() {
        if (heard != null) {
            heard.close();
            heard = null;
        }
    }

    private void note(Diary.Outcome outcome, String finish) {
        levels.diary()
                .note(new Diary.Entry(
                        question.tenant(),
                        id,
                        question.wish(),
                        route,
                        segments,
                        outcome,
                        length,
                        firstAt < 0 ? -1 : firstAt - begunAt,
                        levels.clock().millis() - begunAt,
                        HexFormat.of().formatHex(Sha256.of(question.text())),
                        finish));
    }

    /** A tier and the level for which it is asked. */
    private record Place(Level level, Tier tier) {}

    /** What one level tells; when it is not its turn any more, nobody listens. */
    private final class Heard implements Telling {
        private final int place;
        /** What stands before its own text. */
        private final int before = text.length();
        /** As much of that as it has said again. */
        private int matched;
        /** Whether it says something else, or has said all that stands again. */
        private boolean own = length == 0;

        private int chars;
        private boolean answering;
        private boolean closed;
        private String upstream = "";
        private String model = "";
        private int given;
        private int tokensIn;
        private int tokensOut;

        Heard(int place) {
            this.place = place;
        }

        @Override
        public void answers(String why) {
            if (isHeard() && !answering) {
                answering = true;
                step(Outcome.HIT, why);
            }
        }

        @Override
        public void progress(String done) {
            if (isHeard()) {
                step(Outcome.STEP, done);
            }
        }

        @Override
        public void from(String name, String of) {
            upstream = name;
            model = of;
        }

        @Override
        public void given(List<Citation> passages, int more) {
            given = more;
            sayer.given(passages);
        }

        @Override
        public void used(int in, int out) {
            tokensIn = in;
            tokensOut = out;
        }

        @Override
        public void calls(String all) {
            if (isHeard()) {
                answers("");
                calls = all;
            }
        }

        @Override
        public void text(String chunk) {
            if (!isHeard() || chunk.isEmpty()) {
                return;
            }
            answers("");
            if (own) {
                say(chunk);
                return;
            }
            if (text.length() < length) {
                restart();
                say(chunk);
                return;
            }
            int same = Math.min(chunk.length(), before - matched);
            if (!regionMatches(matched, chunk, same)) {
                restart();
                say(chunk);
                return;
            }
            matched += same;
            if (same < chunk.length()) {
                goOn();
                say(chunk.substring(same));
            }
        }

        private boolean regionMatches(int from, String chunk, int length) {
            for (int i = 0; i < length; i++) {
                if (text.charAt(from + i) != chunk.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        private void goOn() {
            own = true;
            seam(Seam.Mode.CONTINUE);
        }

        /** It says something else: its answer begins anew, after what stands. */
        private void restart() {
            String again = text.substring(0, matched);
            own = true;
            seam(Seam.Mode.RESTART);
            say(PARAGRAPH);
            if (!again.isEmpty()) {
                say(again);
            }
        }

        /** Who took over from another node goes on behind the seam of the attempt, which needs no second one. */
        private void seam(Seam.Mode mode) {
            Level level = way.get(place).level();
            if (brokenOff != null) {
                sayer.seam(new Seam(brokenOff, level, mode, brokenWhy, length));
            } else if (mode == Seam.Mode.RESTART) {
                sayer.seam(new Seam(level, level, mode, "the node that gave the beginning is gone", length));
            }
            brokenOff = null;
        }

        private void say(String chunk) {
            int room = Math.max(0, ANSWER_CHARS_MAX - length);
            String heardOf = chunk.length() <= room ? chunk : chunk.substring(0, room);
            if (firstAt < 0) {
                firstAt = levels.clock().millis();
            }
            chars += heardOf.length();
            stand(heardOf);
            if (!heardOf.isEmpty()) {
                sayer.text(heardOf);
            }
            if (chunk.length() > room && !over) {
                over = true;
                flow.cancel("length");
                finish("length");
            }
        }

        @Override
        public void cite(Citation citation) {
            if (isHeard()) {
                sayer.cite(citation);
            }
        }

        @Override
        public void end(String reason) {
            if (!isHeard()) {
                return;
            }
            if (!own && matched > 0 && matched < before) {
                restart();
            }
            if (isHeard() && chars == 0 && matched == 0 && calls.isEmpty()) {
                fails(new Fault(Fault.Kind.UNAVAILABLE, way.get(place).level() + ": an empty answer"));
            } else if (isHeard()) {
                over = true;
                finish(reason);
            }
        }

        private void finish(String reason) {
            close();
            note(Diary.Outcome.HIT, reason);
            sayer.end(usage(true), reason);
        }

        @Override
        public void passes(Outcome outcome, String reason) {
            if (isHeard() && !answering) {
                close();
                step(outcome, reason);
                next();
            }
        }

        @Override
        public void fails(Fault fault) {
            if (!isHeard()) {
                return;
            }
            close();
            failure = fault;
            String why = String.valueOf(fault.getMessage());
            step(Outcome.UNAVAILABLE, why);
            if (chars > 0) {
                brokenOff = way.get(place).level();
                brokenWhy = why;
            }
            calls = "";
            next();
        }

        /** The last so many characters reached nobody; what its upstream counted says nothing about the rest. */
        private void forget(int unheard) {
            chars = Math.max(0, chars - unheard);
            tokensOut = 0;
        }

        /** Counts what it gave, once: as its upstream did, else by the text. One that says 0 did not count. */
        private void close() {
            boolean gave = chars > 0 || (answering && !calls.isEmpty()) || tokensOut > 0;
            if (!closed && gave) {
                boolean told = tokensOut > 0;
                boolean documents = upstream.isEmpty() || way.get(place).level().compareTo(Level.L3) < 0;
                int read = question.text().length() + question.wish().chars() + given;
                segments.add(new Segment(
                        way.get(place).level(),
                        upstream,
                        model,
                        told ? tokensIn : documents ? 0 : Segment.tokens(read),
                        told ? tokensOut : Segment.tokens(chars + calls.length()),
                        levels.clock().millis() - stepBegunAt,
                        !told));
            }
            closed = true;
        }

        private boolean isHeard() {
            return !over && place == at && !closed;
        }
    }
}
