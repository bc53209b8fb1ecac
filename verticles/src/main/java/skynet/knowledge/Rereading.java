package skynet.knowledge;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.LongSupplier;
import skynet.knowledge.ModelStore.Place;
import skynet.knowledge.ModelStore.Unread;

/**
 * Lets another model read every chunk beside the questions, then find, and what an older one made be dropped. All steps are in
 * PostgreSQL, so that whoever comes next goes on where a dead node stopped; one node at a time takes them, for as long as it
 * has its turn, and reads no more than half of the time. The others look now and then and follow. Lives on the room's event loop.
 */
final class Rereading {
    private static final Logger LOG = System.getLogger(Rereading.class.getName());

    /** Chunks that are read at a time: with a model of this machine some hundred milliseconds. */
    private static final int CHUNKS = 16;

    /** Vectors that are dropped at a time. */
    private static final int DROPPED = 500;

    private static final long PAUSE_MILLIS_MIN = 20;

    /** How long questions are waited for at most. */
    private static final int WAITS_MAX = 20;

    private static final long WAIT_MILLIS = 50;

    private final Vertx vertx;
    private final ModelStore store;
    private final Tally tally;
    private final Models models;
    private final Index index;
    private final Rhythm rhythm;
    private final String reader;
    private final LongSupplier nanoClock;

    /** How far it was looked for what is unread since a change of mind; what comes later has a later place. */
    private Place place = Place.FIRST;

    private long placeOf;

    /** In which generation nothing was unread, and of which change nothing is left to be dropped. */
    private long readAt = -1;

    private long droppedOf = -1;
    private boolean mine;
    private long followedAt;
    private boolean looking;
    private boolean closed;
    private Future<?> step = Future.succeededFuture();
    private String complaint = "";

    /** Until when somebody else may have the turn, since a step failed here; 0 when none did. */
    private long resignedUntil;

    /** What this needs of the index. */
    interface Index {
        /** Brings what changed into the index, in its turn, and finds by what the database says then. */
        Future<Void> catchUp();

        /** Brings documents into the index that a model has read, in its turn. */
        Future<Void> take(ModelStore.Read read);

        /** Whether the index is behind the documents. */
        Future<Boolean> isBehind(Mark documents);

        /** Whether somebody waits for an answer. */
        boolean isAsked();

        /** Takes note of how many chunks are still to be read. */
        void tell(long chunksUnread);
    }

    Rereading(
            Vertx vertx,
            ModelStore store,
            Tally tally,
            Models models,
            Index index,
            Rhythm rhythm,
            String reader,
            LongSupplier nanoClock) {
        this.vertx = vertx;
        this.store = store;
        this.tally = tally;
        this.models = models;
        this.index = index;
        this.rhythm = rhythm;
        this.reader = reader;
        this.nanoClock = nanoClock;
    }

    /** Looks now, and then again and again. */
    void begin() {
        if (closed || looking) {
            return;
        }
        looking = true;
        step = look().onFailure(this::complain).otherwise(rhythm.idle().toMillis());
        step.onSuccess(pause -> {
            looking = false;
            if (!closed) {
                vertx.setTimer(Math.max(1, (Long) pause), again -> begin());
            }
        });
    }

    /** Done when what it was at has come to its end. */
    Future<Void> close() {
        closed = true;
        return step.transform(ended -> mine ? store.leave(reader) : Future.succeededFuture())
                .otherwiseEmpty();
    }

    private void complain(Throwable failure) {
        String why = String.valueOf(failure.getMessage());
        if (!why.equals(complaint) && !closed) {
            LOG.log(Level.WARNING, "model: not followed; again in " + rhythm.idle() + ": " + why);
        }
        complaint = why;
    }

    /** Follows and takes a step if there is one to take. Returns after how many milliseconds to look again. */
    private Future<Long> look() {
        return store.state(rhythm.following()).compose(state -> {
            models.know(state);
            complaint = "";
            boolean others = !state.finds().equals(models.finding());
            return index.isBehind(state.mark())
                    .compose(behind -> others || behind && mayFollow() ? catchUp() : Future.succeededFuture())
                    .compose(followed -> tell(state))
                    .compose(told -> step(state));
        });
    }

    /** Who reads takes in by itself what it read; what others change it follows, but not with every step. */
    private boolean mayFollow() {
        return !mine || nanoClock.getAsLong() - followedAt >= rhythm.idle().toNanos();
    }

    private Future<Void> catchUp() {
        followedAt = nanoClock.getAsLong();
        return index.catchUp();
    }

    /** What cannot be counted is told another time; the change does not wait for it. */
    private Future<Void> tell(ModelState state) {
        if (!state.isChanging()) {
            index.tell(0);
            return Future.succeededFuture();
        }
        return tally.at(state)
                .onSuccess(progress -> index.tell(progress.chunks() - progress.read()))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private Future<Long> step(ModelState state) {
        if (!hasWork(state) || closed || hasResigned()) {
            return leave().map(left -> pauseAt(state));
        }
        return store.turn(reader, rhythm.turn()).compose(turn -> {
            mine = turn;
            return turn ? work(state).recover(this::resign) : Future.succeededFuture(pauseAt(state));
        });
    }

    /** Who cannot take a step lets the others try, for longer than they need to find out that it is their turn. */
    private Future<Long> resign(Throwable failure) {
        resignedUntil =
                nanoClock.getAsLong() + rhythm.turn().plus(rhythm.busy()).toNanos();
        return leave().transform(left -> Future.failedFuture(failure));
    }

    private boolean hasResigned() {
        if (resignedUntil != 0 && nanoClock.getAsLong() - resignedUntil >= 0) {
            resignedUntil = 0;
        }
        return resignedUntil != 0;
    }

    private long pauseAt(ModelState state) {
        return (state.isChanging() || !state.settled() ? rhythm.busy() : rhythm.idle()).toMillis();
    }

    private Future<Void> leave() {
        if (!mine) {
            return Future.succeededFuture();
        }
        mine = false;
        return store.leave(reader);
    }

    /** Something that this node can do: reading takes the model. */
    private boolean hasWork(ModelState state) {
        return reads(state) || goesBack(state) || drops(state);
    }

    private boolean reads(ModelState state) {
        return models.reading().isPresent() && readAt != state.mark().generation();
    }

    private static boolean goesBack(ModelState state) {
        return state.isChanging() && state.wanted().isOfTheJar();
    }

    private boolean drops(ModelState state) {
        return !state.isChanging() && state.settled() && state.change() > 0 && droppedOf != state.change();
    }

    private Future<Long> work(ModelState state) {
        if (goesBack(state)) {
            return switchTo(state);
        }
        if (reads(state)) {
            return read(state, models.reading().orElseThrow());
        }
        return store.drop(DROPPED).compose(dropped -> {
            if (dropped.documents().isEmpty()) {
                droppedOf = state.change();
                return Future.succeededFuture(PAUSE_MILLIS_MIN);
            }
            return index.catchUp().map(rhythm.busy().toMillis() / 4);
        });
    }

    private Future<Long> read(ModelState state, ModelState.Numbered by) {
        if (placeOf != state.change()) {
            place = Place.FIRST;
            placeOf = state.change();
        }
        return store.ahead(by.number(), place, CHUNKS).compose(ahead -> {
            if (!ahead.chunks().isEmpty()) {
                return idle(WAITS_MAX).compose(quiet -> read(by, ahead.chunks()));
            }
            if (ahead.end().isPresent()) {
                place = ahead.end().get();
                return Future.succeededFuture(PAUSE_MILLIS_MIN);
            }
            if (state.isChanging() && state.wanted().equals(by)) {
                return switchTo(state);
            }
            readAt = state.mark().generation();
            return Future.succeededFuture(PAUSE_MILLIS_MIN);
        });
    }

    private Future<Long> read(ModelState.Numbered by, List<Unread> chunks) {
        long begun = nanoClock.getAsLong();
        List<String> texts = chunks.stream().map(Unread::text).toList();
        return models.eachVector(by, texts)
                .compose(vectors -> store.keep(by.number(), chunks, vectors))
                .compose(index::take)
                .map(taken -> {
                    place = chunks.get(chunks.size() - 1).place();
                    return Math.max(PAUSE_MILLIS_MIN, (nanoClock.getAsLong() - begun) / 1_000_000);
                });
    }

    /** Questions first, for a second at most. */
    private Future<Void> idle(int waits) {
        return waits == 0 || !index.isAsked()
                ? Future.succeededFuture()
                : vertx.timer(WAIT_MILLIS).compose(later -> idle(waits - 1));
    }

    private Future<Long> switchTo(ModelState state) {
        return store.switchTo(
                        state.wanted().number(), state.change(), state.mark().generation())
                .map(PAUSE_MILLIS_MIN);
    }
}
