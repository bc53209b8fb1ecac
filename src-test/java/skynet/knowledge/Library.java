package skynet.knowledge;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Documents the tests ask about, found as the room finds them: chunked, embedded and indexed. */
final class Library implements AutoCloseable {

    static final List<String> DOCUMENTS = List.of("nodes.md", "ledger.md", "operation.md", "security.md", "genom.md");

    private static final Crew CREW = new Crew("library");

    private static Embedder shared;

    private final Map<String, Document> documents = new HashMap<>();
    private final Map<String, List<Chunk>> chunks = new HashMap<>();
    private final SearchIndex index;

    /** The five documents of the tests. */
    Library(Path directory) throws IOException {
        this(directory, read("documents/", DOCUMENTS));
    }

    Library(Path directory, List<Document> read) throws IOException {
        index = new SearchIndex(directory);
        Chunker chunker = new Chunker(embedder().tokenizer());
        for (Document document : read) {
            List<SearchIndex.Entry> entries = new ArrayList<>();
            for (Chunk chunk : chunker.chunks(document.text())) {
                String text = chunk.of(document.text());
                entries.add(new SearchIndex.Entry(
                        chunk,
                        text,
                        embedder().embed(KnowledgeWorker.inContext(document.name(), document.title(), text))));
            }
            documents.put(document.name(), document);
            chunks.put(
                    document.name(),
                    entries.stream().map(SearchIndex.Entry::chunk).toList());
            index.replace(Shelfmark.shared(document.name()), document.title(), entries);
        }
    }

    /** Reads documents of a folder among the tests' resources. */
    static List<Document> read(String folder, List<String> names) throws IOException {
        List<Document> read = new ArrayList<>();
        for (String name : names) read.add(TextExtractor.read(name, bytes(folder + name)));
        return read;
    }

    /** The model, loaded once for all tests of this JVM; its native code goes below the build's directory. */
    static synchronized Embedder embedder() {
        try {
            if (shared == null) shared = new Embedder(Path.of("target", "native"), 2);
            return shared;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(String name) throws IOException {
        try (InputStream in = Library.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    static List<String> lines(String name) throws IOException {
        return new String(bytes(name), StandardCharsets.UTF_8).lines().toList();
    }

    Document document(String name) {
        return documents.get(name);
    }

    List<Passage> passages(String question) throws IOException {
        return passages(question, ExtractiveAnswer.PASSAGES_MAX);
    }

    List<Passage> passages(String question, int count) throws IOException {
        return index.search(question, Sought.by(embedder().embed(question)), Scope.SHARED, count).stream()
                .map(hit -> {
                    Document document = documents.get(hit.document());
                    Chunk chunk = chunks.get(hit.document()).get(hit.chunk());
                    return new Passage(
                            document.name(),
                            document.title(),
                            chunk.index(),
                            chunk.start(),
                            chunk.of(document.text()),
                            hit.meaning());
                })
                .toList();
    }

    /** As level 2 asks: more passages, word by word. */
    Answer askDeeply(String question) throws IOException {
        ExtractiveAnswer quick = new ExtractiveAnswer(embedder(), CREW);
        return new DeepAnswer(embedder(), CREW, quick)
                .answer(question, embedder().embed(question), passages(question, DeepAnswer.PASSAGES_MAX));
    }

    Answer ask(String question) throws IOException {
        return answer(question, passages(question));
    }

    /** The answer from passages that were found or made up. */
    static Answer answer(String question, List<Passage> passages) {
        return new ExtractiveAnswer(embedder(), CREW)
                .answer(question, embedder().embed(question), passages);
    }

    @Override
    public void close() throws IOException {
        index.close();
    }
}
