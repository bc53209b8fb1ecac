package skynet.knowledge;

import io.vertx.core.Future;
import java.util.function.LongSupplier;

/**
 * How far the wanted model is. Counting reads whole tables, so it is done anew only when something changed, and while models
 * and documents go on as they do, no more than once in a while. Lives on the room's event loop.
 */
final class Tally {
    private final ModelStore store;
    private final long lastsNanos;
    private final LongSupplier nanoClock;
    private ModelState of = ModelState.NONE;
    private long countedAt;
    private Future<ModelStore.Progress> counted = Future.failedFuture("chunks: not counted yet");

    Tally(ModelStore store, Rhythm rhythm, LongSupplier nanoClock) {
        this.store = store;
        this.lastsNanos = rhythm.idle().toNanos() / 2;
        this.nanoClock = nanoClock;
    }

    /** As it was counted, for a state that was just read. Whoever asks while it is counted gets the same. */
    Future<ModelStore.Progress> at(ModelState state) {
        boolean isSame = state.mark().equals(of.mark());
        boolean isYoung = nanoClock.getAsLong() - countedAt < lastsNanos;
        boolean isOfTheseModels = state.change() == of.change()
                && state.finds().equals(of.finds())
                && state.wanted().equals(of.wanted());
        if (counted.failed() || !isOfTheseModels || !isSame && !isYoung) {
            of = state;
            countedAt = nanoClock.getAsLong();
            counted = store.progress();
        }
        return counted;
    }
}
