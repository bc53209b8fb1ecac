package skynet.cascade;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Cascade.Answer;
import skynet.bus.Cascade.Placed;
import skynet.bus.Cascade.State;
import skynet.bus.Fault;
import skynet.bus.NodeNumber;
import skynet.bus.Stream;

/**
 * The questions that are answered as a whole, without pieces: here, or on the hub when the full pipeline is wished. Each is
 * called off when whoever asked has gone, and given up when it takes too long. Lives on the room's event loop.
 */
final class Wholes {
    /** Whoever wants an answer as a whole waits no longer, and nobody goes on computing it. */
    private static final Duration WHOLE = Duration.ofSeconds(50);

    /** So often it is looked whether the hub that was asked is the hub still. */
    private static final long LOOK_MILLIS = 500;

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** A question that is called off on another node may be on its way there. */
    private static final long CALL_OFF_AGAIN_MILLIS = 200;

    private static final int CALL_OFF_TRIES = 25;

    private final Vertx vertx;
    private final Bus bus;
    private final Levels levels;
    private final Hub hub;
    private final Map<String, Twins> running = new HashMap<>();

    Wholes(Vertx vertx, Bus bus, Levels levels, Hub hub) {
        this.vertx = vertx;
        this.bus = bus;
        this.levels = levels;
        this.hub = hub;
    }

    Future<Answer> ask(Cascade.Ask ask) {
        Whole whole = new Whole(ask);
        Twins twins = ask.id().isEmpty() ? new Twins() : running.computeIfAbsent(key(ask), first -> new Twins());
        twins.all.add(whole);
        long late = vertx.setTimer(
                WHOLE.toMillis(),
                rung -> whole.callOff(
                        "late", new Fault(Fault.Kind.LATE, "answer: not whole in time (expected: ask for a stream)")));
        whole.begin();
        return whole.answer().onComplete(done -> {
            vertx.cancelTimer(late);
            twins.all.remove(whole);
            if (twins.all.isEmpty()) {
                running.remove(key(ask), twins);
            }
        });
    }

    /**
     * Calls an answer off that nobody waits for: that of the asker who has gone. Where an earlier release does not say who that
     * is, those who ask by the same message all go on until as many have gone.
     */
    Future<Placed> halt(Cascade.Halt halt) {
        Twins twins = running.get(halt.tenant() + ' ' + halt.id());
        if (twins == null) {
            return Future.failedFuture(Fault.absent("answer: none is asked for as a whole by this id"));
        }
        List<Whole> those = twins.of(halt.asker());
        List<Whole> unnamed = halt.asker().isEmpty() ? twins.all : twins.of("");
        if (those.isEmpty() && unnamed.isEmpty()) {
            return Future.failedFuture(Fault.absent("answer: not asked for as a whole by this asker"));
        }
        if (!halt.asker().isEmpty() && !those.isEmpty()) {
            end(those, halt.reason());
        } else if (++twins.left >= unnamed.size()) {
            end(unnamed, halt.reason());
        }
        List<Stream.Begin> begins = List.of(new Stream.Begin(1, 1));
        return Future.succeededFuture(new Placed(halt.id(), State.FAILED, 0, begins, 0));
    }

    /** Calls an answer off whose message is gone, whoever waits for it. */
    void drop(String tenant, String id) {
        Twins twins = running.get(tenant + ' ' + id);
        if (twins != null) {
            end(twins.all, Answers.DELETED);
        }
    }

    private static void end(List<Whole> those, String reason) {
        Fault over = new Fault(Fault.Kind.CONFLICT, "answer: called off, " + reason);
        List.copyOf(those).forEach(whole -> whole.callOff(reason, over));
    }

    /** Questions that are being answered. */
    int count() {
        return running.size();
    }

    private static String key(Cascade.Ask ask) {
        return ask.tenant() + ' ' + ask.id();
    }

    /** Those who ask by the same message, and how many of them have gone. */
    private static final class Twins {
        private final List<Whole> all = new ArrayList<>();
        private int left;

        /** Those of one asker, as it names itself; an earlier release does not. */
        List<Whole> of(String asker) {
            return all.stream().filter(whole -> whole.ask.asker().equals(asker)).toList();
        }
    }

    /** One question on its way. */
    private final class Whole {
        private final Cascade.Ask ask;
        private final Collected collected = new Collected();
        private final long begunAt = levels.clock().millis();
        private Walk walk;
        private NodeNumber asked;
        private Future<Answer> there;
        private boolean over;

        Whole(Cascade.Ask ask) {
            this.ask = ask;
            collected.whole().onComplete(done -> over = true);
        }

        Future<Answer> answer() {
            return collected.whole();
        }

        void begin() {
            hub.elsewhere(ask.wish(), ask.id())
                    .onSuccess(holder -> holder.ifPresentOrElse(this::askThere, this::answerHere));
        }

        void callOff(String reason, Fault fault) {
            if (over) {
                return;
            }
            if (walk != null) {
                walk.unheard(Integer.MAX_VALUE);
                walk.cancel(reason);
            }
            callOffThere(reason);
            collected.fault(fault);
        }

        private void answerHere() {
            if (over || walk != null) {
                return;
            }
            callOffThere("the answer is given elsewhere");
            Question question = new Question(ask.tenant(), ask.question(), "", ask.wish());
            walk = levels.walk(ask.id(), question, collected);
            walk.begin();
        }

        private void callOffThere(String reason) {
            if (asked != null) {
                callOffThere(reason, asked, there, CALL_OFF_TRIES);
                asked = null;
            }
        }

        private void callOffThere(String reason, NodeNumber node, Future<Answer> answer, int tries) {
            if (answer.isComplete() || tries == 0) {
                return;
            }
            bus.ask(new Cascade.Halt(ask.tenant(), ask.id(), reason, true, -1, ask.asker()), node, PATIENCE)
                    .onFailure(absent -> vertx.setTimer(
                            CALL_OFF_AGAIN_MILLIS, rung -> callOffThere(reason, node, answer, tries - 1)));
        }

        /** An ask of a node that dies stays unanswered: that it holds the role no longer tells it sooner than the clock. */
        private void askThere(NodeNumber holder) {
            if (over) {
                return;
            }
            asked = holder;
            long spent = levels.clock().millis() - begunAt;
            long look = vertx.setPeriodic(LOOK_MILLIS, again -> hub.holder().onSuccess(now -> {
                if (!now.equals(Optional.of(holder))) {
                    answerHere();
                }
            }));
            collected.whole().onComplete(done -> vertx.cancelTimer(look));
            there = hub.track(ask.id(), bus.ask(ask, holder, WHOLE.minusMillis(spent)));
            there.onSuccess(this::take).onFailure(failure -> answerHere());
        }

        private void take(Answer answer) {
            if (walk == null) {
                collected.take(answer);
            }
        }
    }
}
