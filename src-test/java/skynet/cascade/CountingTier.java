package skynet.cascade;

import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Outcome;
import skynet.bus.Fault;
import skynet.bus.Knowledge.Citation;

/**
 * A level that counts, one word each 20 ms: "count 100" is answered by 100 words. "flood 100" is answered by as many texts of
 * 2,000 characters, as fast as they are heard. It goes on where an answer that it began was cut, and stops when told so.
 */
final class CountingTier implements Tier {
    static final int WORD_MILLIS = 20;
    static final String BLOCK = "0123456789".repeat(200);

    /** Questions whose upstream was closed, and when. */
    static final Map<String, Long> CANCELLED = new ConcurrentHashMap<>();

    /** Flows that count now. */
    static final Set<Object> AT_WORK = ConcurrentHashMap.newKeySet();

    /** Whatever counts next holds its event loop until this opens, as a stopped process would. */
    static final AtomicReference<CountDownLatch> FREEZE = new AtomicReference<>();

    private final Vertx vertx;

    CountingTier(Vertx vertx) {
        this.vertx = vertx;
    }

    static String word(int number) {
        return "w" + number + " ";
    }

    static String words(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            text.append(word(i));
        }
        return text.toString();
    }

    @Override
    public Level level() {
        return Level.L3;
    }

    @Override
    public Flow answer(Question question) {
        return new Counting(question);
    }

    private final class Counting implements Flow {
        private final Question question;
        private Telling told;
        private int next = 1;
        private int last;
        private boolean paused;
        private boolean cancelled;
        private boolean saying;

        Counting(Question question) {
            this.question = question;
        }

        @Override
        public void begin(Telling listener) {
            String[] words = question.text().split("[ ?]");
            if (words.length < 2 || !(words[0].equals("count") || words[0].equals("flood"))) {
                listener.passes(Outcome.MISS, "not a number");
                return;
            }
            AT_WORK.add(this);
            told = listener;
            last = Integer.parseInt(words[1]);
            told.answers("it counts");
            if (words[0].equals("flood")) {
                flood();
                return;
            }
            if (!question.said().isEmpty()) {
                told.text(question.said());
                while (words(next).length() <= question.said().length()) {
                    next++;
                }
                String begun = words(next);
                told.text(
                        begun.substring(Math.min(begun.length(), question.said().length())));
                next++;
            }
            vertx.setPeriodic(WORD_MILLIS, timer -> {
                freeze();
                if (cancelled) {
                    vertx.cancelTimer(timer);
                } else if (!paused && next <= last) {
                    told.text(word(next++));
                } else if (next > last) {
                    vertx.cancelTimer(timer);
                    end();
                }
            });
        }

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            paused = false;
            if (question.text().startsWith("flood")) {
                flood();
            }
        }

        @Override
        public void cancel(String reason) {
            cancelled = true;
            AT_WORK.remove(this);
            CANCELLED.put(question.text(), System.nanoTime());
        }

        private void freeze() {
            CountDownLatch thaw = question.text().contains("frozen") ? FREEZE.getAndSet(null) : null;
            if (thaw != null) {
                try {
                    thaw.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private void flood() {
            if (saying) {
                return;
            }
            saying = true;
            while (!paused && !cancelled && next <= last) {
                next++;
                told.text(BLOCK);
            }
            saying = false;
            if (next > last && !cancelled && AT_WORK.contains(this)) {
                end();
            }
        }

        private void end() {
            AT_WORK.remove(this);
            if (question.text().endsWith("broken")) {
                told.fails(new Fault(Fault.Kind.UNAVAILABLE, "counting: broken"));
                return;
            }
            told.cite(new Citation("counting.md", "Counting", 0, 0, 4, "one\n" + "x".repeat(5_000)));
            told.end("stop");
        }
    }
}
