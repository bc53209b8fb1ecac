package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CompressionTest {
    private static final int WIDTH = 200;
    private static final int HIDDEN = 6;

    @Test
    void losesNothingOfVectorsThatOnlyUseAFewDirections() {
        List<float[]> vectors = vectors(HIDDEN, 120);
        Compression axes = Compression.learn(vectors.subList(0, 60), 50);
        assertEquals(HIDDEN, axes.dimensions());
        List<float[]> judged = vectors.subList(60, 120);
        List<float[]> small = judged.stream().map(axes::project).toList();
        assertTrue(Compression.recall(judged, small) > 0.8, "recall " + Compression.recall(judged, small));
        assertEquals(1, Compression.recall(judged, judged));
    }

    @Test
    void losesMostOfVectorsThatUseAllDirections() {
        List<float[]> vectors = vectors(WIDTH, 120);
        Compression axes = Compression.learn(vectors.subList(0, 60), 4);
        assertEquals(4, axes.dimensions());
        List<float[]> judged = vectors.subList(60, 120);
        assertTrue(Compression.recall(judged, judged.stream().map(axes::project).toList()) < 0.6);
    }

    @Test
    void findsNearlyTheSameNeighboursThroughBytes() {
        List<float[]> vectors = vectors(WIDTH, 120);
        List<float[]> bytes = vectors.stream().map(Compression::throughBytes).toList();
        double recall = Compression.recall(vectors, bytes);
        assertTrue(recall > 0.9 && recall <= 1, "recall " + recall);
        assertEquals(0, Compression.throughBytes(new float[2])[0]);
        assertEquals(388, Compression.bytesOf(384));
    }

    @Test
    void refusesASampleOfOne() {
        assertThrows(IllegalArgumentException.class, () -> Compression.learn(vectors(3, 1), 2));
    }

    /** Vectors of length one that lie in so many directions. */
    private static List<float[]> vectors(int directions, int count) {
        SplittableRandom random = new SplittableRandom(7);
        float[][] basis = new float[directions][WIDTH];
        for (float[] one : basis) for (int i = 0; i < WIDTH; i++) one[i] = (float) (random.nextDouble() - 0.5);
        List<float[]> vectors = new ArrayList<>();
        for (int v = 0; v < count; v++) {
            float[] vector = new float[WIDTH];
            for (float[] one : basis) {
                float share = (float) (random.nextDouble() - 0.5);
                for (int i = 0; i < WIDTH; i++) vector[i] += share * one[i];
            }
            float length = (float) Math.sqrt(Embedder.similarity(vector, vector));
            for (int i = 0; i < WIDTH; i++) vector[i] /= length;
            vectors.add(vector);
        }
        return vectors;
    }
}
