package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.lucene.store.LockObtainFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchIndexTest {

    @TempDir
    Path directory;

    @Test
    void findsByWordsAndByMeaning() throws IOException {
        try (SearchIndex index = new SearchIndex(directory)) {
            index.replace(Shelfmark.shared("cats"), "Cats", entries("A cat sits on the mat.", "Dogs bark at night."));
            index.replace(Shelfmark.shared("money"), "Money", entries("Stock prices fell sharply."));
            Hit kitten = find(index, "kitten resting on a rug").get(0);
            assertEquals("cats", kitten.document());
            assertEquals(0, kitten.chunk());
            assertEquals(1, kitten.meaningRank());
            Hit falling = find(index, "prices").get(0);
            assertEquals("money", falling.document());
            assertEquals(1, falling.wordRank());
            assertTrue(falling.words() > 0 && falling.meaning() > 0.2);
        }
    }

    @Test
    void findsWordsWithoutTheirAccentsAndByTheirStem() throws IOException {
        try (SearchIndex index = new SearchIndex(directory)) {
            index.replace(Shelfmark.shared("horse"), "", entries("Žluťoučký kůň", "He was running."));
            assertEquals(0, byWords(index, "zlutoucky").chunk());
            assertEquals(1, byWords(index, "runs").chunk());
        }
    }

    @Test
    void replacesADocumentWhole() throws IOException {
        try (SearchIndex index = new SearchIndex(directory)) {
            index.replace(Shelfmark.shared("doc"), "", entries("first version", "second passage"));
            index.replace(Shelfmark.shared("doc"), "", entries("new version"));
            assertEquals(1, index.size());
            assertEquals(
                    0,
                    find(index, "passage").stream()
                            .filter(hit -> hit.wordRank() > 0)
                            .count());
        }
    }

    @Test
    void forgetsADeletedDocument() throws IOException {
        try (SearchIndex index = new SearchIndex(directory)) {
            index.replace(Shelfmark.shared("doc"), "", entries("some text"));
            index.replace(Shelfmark.shared("other"), "", entries("other text"));
            index.delete(Shelfmark.shared("doc"));
            assertEquals(
                    List.of("other"),
                    find(index, "text").stream().map(Hit::document).toList());
            index.replace(Shelfmark.shared("other"), "", List.of());
            assertEquals(List.of(), find(index, "text"));
        }
    }

    @Test
    void takesAnyTextForAQuery() throws IOException {
        try (SearchIndex index = new SearchIndex(directory)) {
            index.replace(Shelfmark.shared("doc"), "", entries("some text"));
            for (String query : List.of("", "the", "+-&&||!(){}[]^\"~*?:\\/", "🙂", "x ".repeat(5_000)))
                find(index, query);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> index.search("x", Sought.by(new float[384]), Scope.SHARED, 0));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> index.search("x", Sought.by(new float[384]), Scope.SHARED, SearchIndex.HITS_MAX + 1));
        }
    }

    @Test
    void isThereAgainAfterClosing() throws IOException {
        try (SearchIndex index = new SearchIndex(directory)) {
            index.replace(Shelfmark.shared("doc"), "", entries("some text"));
        }
        try (SearchIndex index = new SearchIndex(directory)) {
            assertEquals(1, index.size());
        }
    }

    @Test
    void beginsEmptyWhenAFileIsDamaged() throws IOException {
        try (SearchIndex index = new SearchIndex(directory)) {
            index.replace(Shelfmark.shared("doc"), "", entries("some text"));
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> !file.endsWith("write.lock")).toList();
        }
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 0x55;
            Files.write(file, bytes);
        }
        try (SearchIndex index = new SearchIndex(directory)) {
            assertEquals(0, index.size());
            index.replace(Shelfmark.shared("doc"), "", entries("some text"));
            assertEquals(1, index.size());
        }
    }

    @Test
    void leavesAnIndexInUseAlone() throws IOException {
        try (SearchIndex index = new SearchIndex(directory)) {
            index.replace(Shelfmark.shared("doc"), "", entries("some text"));
            index.commit();
            assertThrows(LockObtainFailedException.class, () -> new SearchIndex(directory));
            assertEquals(1, index.size());
        }
    }

    @Test
    void findsNearlyAllThatAnExactSearchFinds() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        try (SearchIndex index = new SearchIndex(directory)) {
            for (int document = 0; document < 400; document++) {
                List<SearchIndex.Entry> entries = new ArrayList<>();
                for (int chunk = 0; chunk < 5; chunk++) {
                    entries.add(new SearchIndex.Entry(new Chunk(chunk, chunk, chunk + 1), "x", unit(random)));
                }
                index.replace(Shelfmark.shared("d" + document), "", entries);
            }
            index.delete(Shelfmark.shared("d7"));
            double recall = 0;
            for (int query = 0; query < 20; query++) recall += index.recall(unit(random), 10) / 20;
            assertTrue(recall >= 0.9, "recall " + recall);
        }
    }

    @Test
    void ranksADocumentOnceHoweverManyOfItsPassagesAreFound() throws IOException {
        try (SearchIndex index = new SearchIndex(directory)) {
            index.replace(
                    Shelfmark.shared("cats"),
                    "Cats",
                    entries("A cat sits on the mat.", "A cat eats a mouse.", "A cat sleeps."));
            index.replace(Shelfmark.shared("dogs"), "Dogs", entries("Dogs bark at night."));
            List<Retrieval.Ranked> ranked =
                    index.rank("a cat", Sought.by(Library.embedder().embed("a cat")), Scope.SHARED, 10);
            assertEquals(
                    List.of("cats", "dogs"),
                    ranked.stream().map(one -> one.mark().document()).toList());
            assertEquals(1, ranked.get(0).score(), 1e-6);
            assertTrue(ranked.get(1).meaning() > -1 && ranked.get(1).words() == 0);
        }
    }

    private static float[] unit(SplittableRandom random) {
        float[] vector = new float[Embedder.DIMENSIONS];
        double squares = 0;
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (random.nextDouble() - 0.5);
            squares += vector[i] * vector[i];
        }
        for (int i = 0; i < vector.length; i++) vector[i] /= (float) Math.sqrt(squares);
        return vector;
    }

    private static Hit byWords(SearchIndex index, String query) throws IOException {
        return find(index, query).stream()
                .filter(hit -> hit.wordRank() == 1)
                .findFirst()
                .orElseThrow();
    }

    private static List<Hit> find(SearchIndex index, String query) throws IOException {
        return index.search(query, Sought.by(Library.embedder().embed(query)), Scope.SHARED, 10);
    }

    private static List<SearchIndex.Entry> entries(String... texts) {
        List<SearchIndex.Entry> entries = new ArrayList<>();
        int start = 0;
        for (String text : texts) {
            Chunk chunk = new Chunk(entries.size(), start, start + text.length());
            entries.add(new SearchIndex.Entry(chunk, text, Library.embedder().embed(text)));
            start += text.length() + 1;
        }
        return entries;
    }
}
