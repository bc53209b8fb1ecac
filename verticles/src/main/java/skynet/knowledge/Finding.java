package skynet.knowledge;

import java.util.function.LongSupplier;

/**
 * What this node has to say about the model that finds passages.
 *
 * @param config which one its settings name
 * @param node its number, by which its settings are remembered
 * @param nanoClock tells how long a model reads
 */
public record Finding(EmbeddingConfig config, int node, Rhythm rhythm, LongSupplier nanoClock) {
    /** Nothing: the model of the JAR. */
    static final Finding OF_THE_JAR = new Finding(EmbeddingConfig.OF_THE_JAR, 1, Rhythm.STANDARD, () -> 0);

    /** At the usual pace. */
    public Finding(EmbeddingConfig config, int node, LongSupplier nanoClock) {
        this(config, node, Rhythm.STANDARD, nanoClock);
    }
}
