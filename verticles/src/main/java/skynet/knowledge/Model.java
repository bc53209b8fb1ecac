package skynet.knowledge;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** Another model than the one in the JAR, by whose vectors passages may be found. Whoever opened it closes it. */
interface Model {
    /** Most texts that are asked for at once. */
    int TEXTS_MAX = 32;

    /** Tells it from all others as far as can be known; what its vectors are is told by {@link Models}. */
    String name();

    /**
     * A unit vector for each text, in their order; all of one length. Fails within the patience; as unreadable when one of the
     * texts is not taken, which no waiting changes.
     */
    Future<List<float[]>> vectors(List<String> texts, Duration patience);

    Future<Void> close();
}
