package skynet.knowledge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import skynet.bus.Knowledge;

/**
 * Measures on passages of this node what smaller vectors cost: of one byte a number instead of four, and of 384 dimensions
 * instead of 1536. The model has 384; vectors of 1536 are made from four views of a passage: all of it, its first and its
 * second half, and its middle. The axes are learned on two thirds of the passages and judged on the
 * rest. The index is measured beside an exact search over all of it.
 */
final class Measuring {
    /** Passages that are looked at. */
    static final int PASSAGES_MAX = 900;

    /** Fewer tell nothing. */
    static final int PASSAGES_MIN = 60;

    private static final int QUERIES_MAX = 200;

    private final Embedder embedder;
    private final SearchIndex index;

    Measuring(Embedder embedder, SearchIndex index) {
        this.embedder = embedder;
        this.index = index;
    }

    static Knowledge.Measured state(String state, int vectors) {
        return new Knowledge.Measured(state, vectors, Compression.NEIGHBOURS, List.of(), 0, 0);
    }

    /** Takes seconds of one processor. */
    Knowledge.Measured measure(List<String> passages, Runnable requireOpen) throws IOException {
        if (passages.size() < PASSAGES_MIN) return state("few", passages.size());
        List<float[]> plain = new ArrayList<>();
        List<float[]> wide = new ArrayList<>();
        for (String passage : passages) {
            requireOpen.run();
            float[] whole = embedder.embed(passage);
            plain.add(whole);
            wide.add(views(whole, passage));
        }
        int learned = 2 * wide.size() / 3;
        Compression axes = Compression.learn(wide.subList(0, learned), Embedder.DIMENSIONS);
        requireOpen.run();
        List<float[]> judged = wide.subList(learned, wide.size());
        List<float[]> small = judged.stream().map(axes::project).toList();
        List<float[]> smallBytes = small.stream().map(Compression::throughBytes).toList();
        List<float[]> plainBytes = plain.stream().map(Compression::throughBytes).toList();
        int width = wide.get(0).length;
        int queries = Math.min(QUERIES_MAX, plain.size());
        double found = 0;
        for (float[] vector : plain.subList(0, queries)) {
            requireOpen.run();
            found += index.recall(vector, Compression.NEIGHBOURS);
        }
        return new Knowledge.Measured(
                "measured",
                passages.size(),
                Compression.NEIGHBOURS,
                List.of(
                        new Knowledge.Form("model", Embedder.DIMENSIONS, Embedder.DIMENSIONS * Float.BYTES, 1, ""),
                        new Knowledge.Form(
                                "model-int8",
                                Embedder.DIMENSIONS,
                                Compression.bytesOf(Embedder.DIMENSIONS),
                                Compression.recall(plain, plainBytes),
                                "model"),
                        new Knowledge.Form("views", width, width * Float.BYTES, 1, ""),
                        new Knowledge.Form(
                                "views-axes",
                                axes.dimensions(),
                                axes.dimensions() * Float.BYTES,
                                Compression.recall(judged, small),
                                "views"),
                        new Knowledge.Form(
                                "views-axes-int8",
                                axes.dimensions(),
                                Compression.bytesOf(axes.dimensions()),
                                Compression.recall(judged, smallBytes),
                                "views")),
                found / queries,
                queries);
    }

    private float[] views(float[] whole, String passage) {
        int middle = passage.length() / 2;
        int quarter = passage.length() / 4;
        float[] wide = new float[4 * whole.length];
        put(wide, 0, whole);
        put(wide, 1, embedder.embed(passage.substring(0, middle)));
        put(wide, 2, embedder.embed(passage.substring(middle)));
        put(wide, 3, embedder.embed(passage.substring(quarter, middle + quarter)));
        return wide;
    }

    /** Each view has half the length, so that all four have length one. */
    private static void put(float[] wide, int view, float[] part) {
        for (int i = 0; i < part.length; i++) wide[view * part.length + i] = part[i] / 2;
    }
}
