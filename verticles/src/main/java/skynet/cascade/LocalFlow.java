package skynet.cascade;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import skynet.bus.Cascade.Outcome;
import skynet.bus.Cascade.Speaker;
import skynet.bus.Cascade.Turn;
import skynet.bus.Cascade.Wish;
import skynet.bus.Fault;
import skynet.cascade.model.Generation;
import skynet.cascade.model.Generator;
import skynet.cascade.model.Line;
import skynet.cascade.model.Sampling;

/**
 * An answer on its way from the model on this node. It is written on the model's thread and told on the room's event loop; while
 * nobody reads, nothing is written.
 */
final class LocalFlow implements Flow {
    /** An answer that is not done by then breaks off. */
    static final long TOTAL_SECONDS = 300;

    private static final int PIECE_CHARS_MAX = 4_000;

    private final Vertx vertx;
    private final Generator generator;
    private final RandomGenerator dice;
    private final Question question;
    private final Optional<String> left;
    private final Deque<String> pieces = new ArrayDeque<>();
    private Telling told;
    private Generation generation;
    private String finish = "";
    private long timer = -1;
    /** How many of the pieces stood before it began. */
    private int given;

    private boolean speaking;
    private boolean pumping;
    private boolean paused;
    private boolean over;

    /** {@code left} tells why the question is another level's. */
    LocalFlow(Vertx vertx, Generator generator, RandomGenerator dice, Question question, Optional<String> left) {
        this.vertx = vertx;
        this.generator = generator;
        this.dice = dice;
        this.question = question;
        this.left = left;
    }

    @Override
    public void begin(Telling listener) {
        told = listener;
        Optional<String> refusal = generator.refusal();
        if (refusal.isPresent()) {
            refuse(refusal.get());
            return;
        }
        if (left.isPresent()) {
            over = true;
            told.passes(Outcome.SKIPPED, left.get());
            return;
        }
        Sampling sampling;
        try {
            String options = question.wish().options();
            sampling = Sampling.of(
                    options.isEmpty() ? new JsonObject() : new JsonObject(options),
                    generator.generation(),
                    question.wish().tokensMax(),
                    dice.nextLong());
        } catch (DecodeException e) {
            fail(Fault.Kind.INVALID, "options that are none (expected: OpenAI's form)");
            return;
        }
        generation = generator
                .begin(lines(), question.said(), sampling, new Heard(vertx.getOrCreateContext()))
                .orElse(null);
        if (generation == null) {
            refuse(generator.refusal().orElse("was busy"));
            return;
        }
        timer = vertx.setTimer(
                TOTAL_SECONDS * 1_000, rung -> fail(Fault.Kind.LATE, "not done after " + TOTAL_SECONDS + " s"));
        if (paused) {
            generation.hold();
        }
    }

    @Override
    public void pause() {
        paused = true;
        if (generation != null) {
            generation.hold();
        }
    }

    @Override
    public void resume() {
        paused = false;
        pump();
        if (!paused && !over && generation != null) {
            generation.goOn();
        }
    }

    @Override
    public void cancel(String reason) {
        leave();
    }

    private List<Line> lines() {
        Wish wish = question.wish();
        List<Line> lines = new ArrayList<>();
        if (wish.before().stream().noneMatch(turn -> turn.speaker() == Speaker.SYSTEM)) {
            lines.add(new Line("system", Instructions.LOCAL));
        }
        for (Turn turn : wish.before()) {
            String role =
                    switch (turn.speaker()) {
                        case SYSTEM -> "system";
                        case USER -> "user";
                        case ASSISTANT -> "assistant";
                        case TOOL -> "";
                    };
            if (!role.isEmpty() && !turn.text().isBlank()) {
                lines.add(new Line(role, turn.text()));
            }
        }
        lines.add(new Line("user", question.text()));
        return lines;
    }

    private void speak(String text, int tokensIn, int tokensOut) {
        if (over) {
            return;
        }
        // A layout ends before the space or the line's end with which many models begin.
        String shown = speaking || !question.said().isEmpty() ? text : text.stripLeading();
        if (shown.isEmpty()) {
            generation.heard();
            return;
        }
        if (!speaking) {
            open();
        }
        told.used(tokensIn, tokensOut);
        pieces.add(shown);
        pump();
    }

    /** From now on it answers, beginning with what was said already. */
    private void open() {
        speaking = true;
        told.from("", generator.name());
        told.answers("no document does");
        given = cut(question.said());
    }

    /** Into pieces that pass the stream, none of them ending in half a character. */
    private int cut(String text) {
        for (int start = 0; start < text.length(); ) {
            int end = Math.min(text.length(), start + PIECE_CHARS_MAX);
            if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
                end--;
            }
            pieces.add(text.substring(start, end));
            start = end;
        }
        return pieces.size();
    }

    /** Says what has come, until told to wait; and the end, when all is said. */
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        while (!paused && !over && !pieces.isEmpty()) {
            String piece = pieces.poll();
            if (given > 0) {
                given--;
            } else {
                generation.heard();
            }
            told.text(piece);
        }
        pumping = false;
        if (!paused && !over && pieces.isEmpty() && !finish.isEmpty()) {
            leave();
            told.end(finish);
        }
    }

    /** A node whose model cannot be had answers like one without. */
    private void refuse(String why) {
        over = true;
        told.passes(Outcome.UNAVAILABLE, LocalTier.said(why));
    }

    private void fail(Fault.Kind kind, String why) {
        if (!over) {
            leave();
            told.fails(new Fault(kind, LocalTier.said(why)));
        }
    }

    private void leave() {
        over = true;
        vertx.cancelTimer(timer);
        if (generation != null) {
            generation.stop();
        }
    }

    /** Brings what the model's thread tells onto the room's event loop. */
    private final class Heard implements Generation.Listener {
        private final Context loop;

        Heard(Context loop) {
            this.loop = loop;
        }

        @Override
        public void text(Generation by, String piece, int tokensIn, int tokensOut) {
            loop.runOnContext(here -> speak(piece, tokensIn, tokensOut));
        }

        @Override
        public void end(String reason, int tokensIn, int tokensOut) {
            loop.runOnContext(here -> {
                if (!over) {
                    // What was said already may be all there is to say.
                    if (!speaking && !question.said().isEmpty()) {
                        open();
                    }
                    told.used(tokensIn, tokensOut);
                    finish = reason;
                    pump();
                }
            });
        }

        @Override
        public void tooLong(int tokensMax) {
            loop.runOnContext(here -> {
                if (!over) {
                    leave();
                    told.passes(
                            Outcome.SKIPPED,
                            "too long for the model on this node (expected: at most " + tokensMax + " tokens)");
                }
            });
        }

        @Override
        public void fails(String why) {
            loop.runOnContext(here -> fail(Fault.Kind.BROKEN, why));
        }
    }
}
