package skynet.knowledge;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import skynet.bus.Work;

/**
 * Reads passages for a member that is somewhere else, with the same model and the same rules: what it finds there is what the
 * member would have found. Knows no index and no store. Safe for several threads; each call blocks while the model runs.
 */
public final class FarReader implements AutoCloseable {
    private final Embedder embedder;
    private final Crew crew = new Crew("far-reading-crew");
    private final DeepAnswer deep;

    private FarReader(Embedder embedder) {
        this.embedder = embedder;
        this.deep = new DeepAnswer(embedder, crew, new ExtractiveAnswer(embedder, crew));
    }

    /** Loads the model, whose native code is unpacked below a directory. Takes about a second. */
    public static FarReader open(Path directory) throws IOException {
        return new FarReader(new Embedder(directory.resolve("native"), 1));
    }

    /** The sentences that answer, the best first; none when none does. */
    public List<Work.Quote> read(String question, List<Work.Passage> sent) {
        List<Passage> passages = new ArrayList<>();
        for (Work.Passage one : sent) {
            passages.add(new Passage(
                    Shelfmark.shared("sent"),
                    one.title(),
                    passages.size(),
                    0,
                    one.text(),
                    one.nearness(),
                    Paging.NONE));
        }
        return deep.quotes(question, embedder.embed(question), passages).stream()
                .map(found -> quote(found.candidate()))
                .toList();
    }

    private static Work.Quote quote(ExtractiveAnswer.Candidate found) {
        return new Work.Quote(
                found.passage().chunk(),
                found.span().start(),
                found.span().end(),
                found.span().of(found.passage().text()));
    }

    @Override
    public void close() {
        crew.close();
        embedder.close();
    }
}
