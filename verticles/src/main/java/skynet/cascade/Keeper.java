package skynet.cascade;

import io.vertx.core.Future;
import skynet.bus.stream.Segment;
import skynet.kit.Gathering;

/**
 * Keeps segments, up to {@value #TOGETHER_MAX} in one writing and {@value #AT_ONCE_MAX} writings at once, so that a thousand
 * streams leave the database to everybody else. Each source has one segment on its way, so no more than that wait, and no two
 * of an attempt are written together. Lives on the room's event loop.
 */
final class Keeper {
    static final int AT_ONCE_MAX = 4;

    /** At 32 KiB each that is 2 MiB. */
    static final int TOGETHER_MAX = 64;

    private final Gathering<Segment, Future<AnswerStore.Keeping>> segments;

    Keeper(AnswerStore store) {
        this.segments = new Gathering<>(AT_ONCE_MAX, TOGETHER_MAX, 2 * Answers.STREAMS_MAX, all -> store.keep(all));
    }

    Future<AnswerStore.Keeping> keep(Segment segment) {
        return segments.add(segment).compose(kept -> kept);
    }
}
