package skynet.bus;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What is said to and by the knowledge room: documents in, cited passages out.
 *
 * <p>Every document is in a collection of a tenant. The empty tenant is the node itself: what is its own, everybody may
 * read. Whoever asks for a tenant finds what is that tenant's and what is shared, and nothing else; to all others a
 * tenant's documents are ABSENT.
 */
public sealed interface Knowledge extends BusMessage {
    /** The tenant of what everybody may read. */
    String SHARED = "";

    /** The collection of what was put into none. */
    String MAIN = "main";

    /** Longest document, in UTF-16 characters. */
    int DOCUMENT_CHARS_MAX = 8 << 20;

    /** Longest question, in UTF-16 characters. */
    int QUESTION_CHARS_MAX = 4_000;

    /** What a collection may be called: it stands in paths and on command lines. */
    Pattern COLLECTION = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,63}");

    /** Most passages of a document that are read at once. */
    int CHUNKS_MAX = 200;

    /** Most documents that are ranked for one question. */
    int RANKED_MAX = 1_000;

    /** Most passages of one search. */
    int HITS_MAX = 100;

    /** Largest file that is imported, in bytes. */
    int FILE_BYTES_MAX = 32 << 20;

    /** Most documents that are learned at once. */
    int DOCUMENTS_MAX = 256;

    /** Most questions for which documents are ranked at once. */
    int QUESTIONS_MAX = 256;

    /** Most texts that are embedded at once. */
    int TEXTS_MAX = 64;

    /** Most pages of a document. */
    int PAGES_MAX = 20_000;

    /**
     * Takes a document in, or a new version of it. The same text again costs no embedding.
     *
     * @param tenant whose it is from then on; empty for a document that all may read
     * @param collection which of that tenant's collections takes it
     * @param pages where in the text each page begins; empty for a document without pages
     */
    @Wire("knowledge.learn")
    record Learn(String document, String title, String text, String tenant, String collection, List<Integer> pages)
            implements Knowledge, Request<Learned> {
        /** A shared document without pages. */
        public Learn(String document, String title, String text) {
            this(document, title, text, SHARED, MAIN, List.of());
        }

        public Learn {
            collection = requireCollection(collection.isEmpty() ? MAIN : collection);
            requireTenant(tenant);
            pages = requirePages(pages, text.length());
            requireName(document);
            if (title.isBlank() || title.length() > 500 || title.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        "title: " + title.length() + " characters (expected: 1 to 500, not blank, no U+0000)");
            }
            if (text.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("text: holds U+0000 (expected: text, not a binary file)");
            }
            if (text.length() > DOCUMENT_CHARS_MAX) {
                throw new TooLarge(
                        "text: " + text.length() + " characters (expected: at most " + DOCUMENT_CHARS_MAX + ")");
            }
        }
    }

    /** Takes many documents in at once, which costs less than one after the other; of two with one name the last counts. */
    @Wire("knowledge.learn-all")
    record LearnAll(List<Learn> documents) implements Knowledge, Request<LearnedAll> {
        public LearnAll {
            documents = List.copyOf(documents);
            requireWithin("documents", documents.size(), DOCUMENTS_MAX);
        }
    }

    /** What came of each document, in their order. */
    @Wire("knowledge.learned-all")
    record LearnedAll(List<Learned> documents) implements Knowledge {
        public LearnedAll {
            documents = List.copyOf(documents);
        }
    }

    @Wire("knowledge.learned")
    record Learned(String document, int chunks, boolean changed) implements Knowledge {}

    /**
     * Takes a file in as it is: text, Markdown, HTML, PDF or CSV. What is of another kind is UNSUPPORTED; what is broken,
     * locked or empty is UNREADABLE.
     *
     * @param mediaType as whoever sends it says; empty when they do not
     * @param content its bytes in Base64
     */
    @Wire(value = "knowledge.import", reach = Reach.THIS_NODE)
    record Import(String document, String mediaType, String content, String tenant, String collection)
            implements Knowledge, Request<Imported> {
        public Import {
            requireName(document);
            Objects.requireNonNull(mediaType, "mediaType");
            requireTenant(tenant);
            collection = requireCollection(collection.isEmpty() ? MAIN : collection);
            if (content.length() > FILE_BYTES_MAX / 3 * 4 + 4) {
                throw new TooLarge("file: more than " + FILE_BYTES_MAX + " bytes");
            }
        }
    }

    @Wire("knowledge.imported")
    record Imported(String document, String title, int chunks, boolean changed, int chars, int pages)
            implements Knowledge {}

    /** Takes a document out of the index and the store. */
    @Wire("knowledge.forget")
    record Forget(String document, String tenant, String collection) implements Knowledge, Request<Forgotten> {
        /** Of a shared document. */
        public Forget(String document) {
            this(document, SHARED, MAIN);
        }

        public Forget {
            collection = requireCollection(collection.isEmpty() ? MAIN : collection);
            requireTenant(tenant);
            requireName(document);
        }
    }

    @Wire("knowledge.forgotten")
    record Forgotten(String document) implements Knowledge {}

    /**
     * Said after a document was learned anew, changed or forgotten; caches that used it let go, and the other nodes take
     * it into their index.
     *
     * @param by which room's index holds the change already; empty when none is known to
     */
    @Wire("knowledge.changed")
    record Changed(String document, String by, String tenant, String collection) implements Knowledge, Event {
        /** Of a shared document. */
        public Changed(String document, String by) {
            this(document, by, SHARED, MAIN);
        }
    }

    /** Said after a node has taken over a change that another one made; what was answered in between is let go. */
    @Wire("knowledge.followed")
    record Followed(String document) implements Knowledge, Event {}

    /** How much work an answer may cost. The order is part of the wire: append only. */
    enum Depth {
        /** A few passages, for an answer within a fifth of a second. */
        QUICK,
        /** Many passages, put into order by the model, sentence by sentence. */
        DEEP
    }

    /**
     * Looks for an answer in the documents' own words.
     *
     * @param tenant for whom; the empty one finds only what is shared
     * @param collection where; empty for all collections that the tenant may read
     */
    @Wire("knowledge.consult")
    record Consult(String question, String tenant, String collection, Depth depth)
            implements Knowledge, Request<Consulted> {
        /** A quick look at what is shared. */
        public Consult(String question) {
            this(question, SHARED, "", Depth.QUICK);
        }

        public Consult {
            requireQuestion(question);
            requireTenant(tenant);
            requireAnyCollection(collection);
            Objects.requireNonNull(depth, "depth");
        }
    }

    /**
     * What was found. Not answered means: the evidence is too weak, and no citation is given.
     *
     * @param reader the light node that read the passages, such as {@code NOD100}; empty when this member did itself
     * @param engine what read them word by word; empty when nothing did
     */
    @Wire("knowledge.consulted")
    record Consulted(
            boolean answered, String answer, List<Citation> citations, String reason, String reader, String engine)
            implements Knowledge {
        /** Read by this member, at a glance. */
        public Consulted(boolean answered, String answer, List<Citation> citations, String reason) {
            this(answered, answer, citations, reason, "", "");
        }

        public Consulted {
            citations = List.copyOf(citations);
            Objects.requireNonNull(reader, "reader");
            Objects.requireNonNull(engine, "engine");
        }
    }

    /**
     * Where a passage stands.
     *
     * @param chunk number of the chunk in the document, from 0
     * @param start first UTF-16 character of the passage in the document's text
     * @param end one past its last character
     * @param text exactly the characters from start to end
     * @param page the page on which it begins, from 1; 0 in a document without pages
     * @param collection where the document is; empty as an older node told it
     * @param shared whether it is one that all may read; false as an older node told it
     * @param mark the number by which the answer refers to it, as in {@code [2]}; 0 where that is its place in the list
     */
    record Citation(
            String document,
            String title,
            int chunk,
            int start,
            int end,
            String text,
            int page,
            String collection,
            boolean shared,
            int mark) {
        /** Referred to by its place in the list. */
        public Citation(
                String document,
                String title,
                int chunk,
                int start,
                int end,
                String text,
                int page,
                String collection,
                boolean shared) {
            this(document, title, chunk, start, end, text, page, collection, shared, 0);
        }

        /** The same, referred to by a number. */
        public Citation marked(int number) {
            return new Citation(document, title, chunk, start, end, text, page, collection, shared, number);
        }

        /** In a document without pages. */
        public Citation(String document, String title, int chunk, int start, int end, String text) {
            this(document, title, chunk, start, end, text, 0);
        }

        /** In a document of which it is not told whose it is. */
        public Citation(
                String document,
                String title,
                int chunk,
                int start,
                int end,
                String text,
                int page,
                String collection) {
            this(document, title, chunk, start, end, text, page, collection, false);
        }

        /** In a document whose collection is not told. */
        public Citation(String document, String title, int chunk, int start, int end, String text, int page) {
            this(document, title, chunk, start, end, text, page, "", false);
        }
    }

    /**
     * Looks for passages, best first.
     *
     * @param tenant for whom; the empty one finds only what is shared
     * @param collection where; empty for all collections that the tenant may read
     * @param k most passages that are wanted
     */
    @Wire(value = "knowledge.search", reach = Reach.THIS_NODE)
    record Search(String question, String tenant, String collection, int k) implements Knowledge, Request<Found> {
        public Search {
            requireQuestion(question);
            requireTenant(tenant);
            requireAnyCollection(collection);
            requireWithin("k", k, HITS_MAX);
        }
    }

    @Wire("knowledge.found")
    record Found(List<Hit> hits) implements Knowledge {
        public Found {
            hits = List.copyOf(hits);
        }
    }

    /**
     * One passage found.
     *
     * @param text exactly the characters from start to end
     * @param score how good it is beside the others of this search; above 0
     * @param page the page on which it begins, from 1; 0 in a document without pages
     * @param shared whether its document is one that all may read; false as an older node told it
     * @param nearness the cosine of the question and the passage; -1 where the model that finds has not read it
     */
    record Hit(
            String document,
            String title,
            int chunk,
            int start,
            int end,
            String text,
            double score,
            int page,
            String collection,
            boolean shared,
            double nearness) {
        /** In a document of which it is not told whose it is. */
        public Hit(
                String document,
                String title,
                int chunk,
                int start,
                int end,
                String text,
                double score,
                int page,
                String collection) {
            this(document, title, chunk, start, end, text, score, page, collection, false, -1);
        }

        /** In a document whose collection is not told. */
        public Hit(String document, String title, int chunk, int start, int end, String text, double score, int page) {
            this(document, title, chunk, start, end, text, score, page, "", false, -1);
        }

        /** As something to stand on, at most so many characters of it and never half of one. */
        public Citation citation(int charsMax) {
            int length = Math.min(text.length(), charsMax);
            boolean isSplit = length < text.length() && Character.isHighSurrogate(text.charAt(length - 1));
            int whole = isSplit ? length - 1 : length;
            return new Citation(
                    document, title, chunk, start, start + whole, text.substring(0, whole), page, collection, shared);
        }
    }

    /**
     * Ranks whole documents for each of many questions.
     *
     * @param k most documents for one question
     */
    @Wire(value = "knowledge.rank", reach = Reach.THIS_NODE)
    record Rank(List<String> questions, String tenant, String collection, int k) implements Knowledge, Request<Ranked> {
        public Rank {
            questions = List.copyOf(questions);
            requireWithin("questions", questions.size(), QUESTIONS_MAX);
            questions.forEach(Knowledge::requireQuestion);
            requireTenant(tenant);
            requireAnyCollection(collection);
            requireWithin("k", k, RANKED_MAX);
        }
    }

    /** The documents for each question, in the order of the questions. */
    @Wire("knowledge.ranked")
    record Ranked(List<Ranking> rankings) implements Knowledge {
        public Ranked {
            rankings = List.copyOf(rankings);
        }
    }

    /** Documents for one question, each once, best first. */
    record Ranking(List<Rated> documents) {
        public Ranking {
            documents = List.copyOf(documents);
        }
    }

    /** A document and how good it is beside the others of its ranking. */
    record Rated(String document, String collection, double score) {}

    /** Asks what smaller vectors cost, measured on this node's own passages. The first time it begins to measure. */
    @Wire(value = "knowledge.measure", reach = Reach.THIS_NODE)
    record Measure() implements Knowledge, Request<Measured> {}

    /**
     * What smaller vectors cost.
     *
     * @param state measuring, measured, or few when there are too few passages
     * @param vectors on how many vectors it was measured
     * @param neighbours how many nearest ones are looked for
     * @param forms each form that vectors can have
     * @param indexRecall the share of the nearest passages that the index finds, of those that an exact search does
     * @param indexQueries how many searches that was measured with
     */
    @Wire("knowledge.measured")
    record Measured(String state, int vectors, int neighbours, List<Form> forms, double indexRecall, int indexQueries)
            implements Knowledge {
        public Measured {
            forms = List.copyOf(forms);
        }
    }

    /**
     * One form of vectors.
     *
     * @param recall the share of the nearest neighbours that stay the nearest, beside the form it was made from
     */
    record Form(String name, int dimensions, int bytes, double recall, String from) {}

    /** Asks by which model passages are found, and how far another one is that is to find them. */
    @Wire(value = "knowledge.look-at-finder", reach = Reach.THIS_NODE)
    record LookAtFinder() implements Knowledge, Request<Finder> {}

    /**
     * By which model passages are found. Answers are made with the model of the JAR, whichever finds.
     *
     * @param finds the model whose vectors are compared
     * @param dimensions how many numbers its vectors have
     * @param wanted the one that is to find; the same when nothing changes
     * @param change the number of the last change of mind; 0 when there was none
     * @param changedBy the node whose setting that was
     * @param chunks how many there are
     * @param read how many of them the wanted model has read
     * @param here by which model this node finds now
     * @param setting what this node's settings name; empty while it cannot be opened
     * @param trouble what keeps this node from finding as it should; empty when nothing does
     */
    @Wire("knowledge.finder")
    record Finder(
            String finds,
            int dimensions,
            String wanted,
            long change,
            int changedBy,
            long chunks,
            long read,
            String here,
            String setting,
            String trouble)
            implements Knowledge {}

    /** Asks what this node takes from pictures. */
    @Wire(value = "knowledge.look-at-perception", reach = Reach.THIS_NODE)
    record LookAtPerception() implements Knowledge, Request<Perception> {}

    /**
     * What a node takes from pictures.
     *
     * @param formats the kinds of pictures
     * @param facts what is taken from each
     * @param recognises whether the text in them is recognised
     * @param languages in which languages; empty when it is not
     * @param reason why it is not; empty when it is
     */
    @Wire("knowledge.perception")
    record Perception(
            List<String> formats, List<String> facts, boolean recognises, List<String> languages, String reason)
            implements Knowledge {
        public Perception {
            formats = List.copyOf(formats);
            facts = List.copyOf(facts);
            languages = List.copyOf(languages);
        }
    }

    /** Asks for the meanings of texts as vectors; what is longer than the model reads counts as far as it reads. */
    @Wire(value = "knowledge.embed", reach = Reach.THIS_NODE)
    record Embed(List<String> texts) implements Knowledge, Request<Embedded> {
        public Embed {
            texts = List.copyOf(texts);
            requireWithin("texts", texts.size(), TEXTS_MAX);
            for (String text : texts) {
                if (text.length() > DOCUMENT_CHARS_MAX) {
                    throw new TooLarge(
                            "text: " + text.length() + " characters (expected: at most " + DOCUMENT_CHARS_MAX + ")");
                }
            }
        }
    }

    /**
     * A vector for each text, in their order.
     *
     * @param model the model that made them; vectors of another one cannot be compared with them
     * @param tokens how many tokens the model read in all
     */
    @Wire("knowledge.embedded")
    record Embedded(List<Vector> vectors, String model, int tokens) implements Knowledge {
        public Embedded {
            vectors = List.copyOf(vectors);
        }
    }

    /** A point of the unit sphere. */
    record Vector(List<Float> values) {
        public Vector {
            values = List.copyOf(values);
        }
    }

    /** All documents that a tenant may read, by name after a cursor; of one collection unless none is named. */
    @Wire("knowledge.list")
    record ListDocuments(String after, int limit, String tenant, String collection)
            implements Knowledge, Request<Listed> {
        /** Those that are shared. */
        public ListDocuments(String after, int limit) {
            this(after, limit, SHARED, "");
        }

        public ListDocuments {
            requireTenant(tenant);
            requireAnyCollection(collection);
            if (limit < 1 || limit > 1_000) {
                throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to 1000)");
            }
        }
    }

    @Wire("knowledge.listed")
    record Listed(List<Shelf> documents) implements Knowledge {
        public Listed {
            documents = List.copyOf(documents);
        }
    }

    /** One document as a list shows it. */
    record Shelf(String document, String title, int chunks, int chars, String collection, boolean shared, int pages) {
        /** Of a shared document without pages. */
        public Shelf(String document, String title, int chunks, int chars) {
            this(document, title, chunks, chars, MAIN, true, 0);
        }
    }

    /** Asks which collections a tenant may read. */
    @Wire("knowledge.list-collections")
    record ListCollections(String tenant) implements Knowledge, Request<Collections> {
        public ListCollections {
            requireTenant(tenant);
        }
    }

    @Wire("knowledge.collections")
    record Collections(List<Collection> collections) implements Knowledge {
        public Collections {
            collections = List.copyOf(collections);
        }
    }

    /** One collection: whether all may read it, and how much is in it. */
    record Collection(String collection, boolean shared, int documents, long chunks, long chars) {}

    /** Reads the passages of a document in order, from a number on; which document is told as to {@link Read}. */
    @Wire("knowledge.read-chunks")
    record ReadChunks(String document, String tenant, String collection, int from, int limit, boolean shared)
            implements Knowledge, Request<Chunks> {
        /** Of the tenant's own before a shared one. */
        public ReadChunks(String document, String tenant, String collection, int from, int limit) {
            this(document, tenant, collection, from, limit, false);
        }

        public ReadChunks {
            requireName(document);
            requireTenant(tenant);
            requireAnyCollection(collection);
            if (from < 0) {
                throw new IllegalArgumentException("from: " + from + " (expected: 0 or more)");
            }
            requireWithin("limit", limit, CHUNKS_MAX);
        }
    }

    /** Some passages of a document, which has so many in all. */
    @Wire("knowledge.chunks")
    record Chunks(String document, String title, String collection, boolean shared, int all, List<Chunk> chunks)
            implements Knowledge {
        public Chunks {
            chunks = List.copyOf(chunks);
        }
    }

    /** One passage of a document: exactly the characters from start to end, and the page on which it begins. */
    record Chunk(int chunk, int start, int end, int page, String text) {}

    /**
     * Reads a whole document: the tenant's own before a shared one; of one collection unless none is named.
     *
     * @param shared whether only one that all may read is meant, although the tenant has one of that name
     */
    @Wire("knowledge.read")
    record Read(String document, String tenant, String collection, boolean shared)
            implements Knowledge, Request<Document> {
        /** Of a shared document. */
        public Read(String document) {
            this(document, SHARED, "");
        }

        /** Of the tenant's own before a shared one. */
        public Read(String document, String tenant, String collection) {
            this(document, tenant, collection, false);
        }

        public Read {
            requireName(document);
            requireTenant(tenant);
            requireAnyCollection(collection);
        }
    }

    @Wire("knowledge.document")
    record Document(String document, String title, String text, String collection, boolean shared, List<Integer> pages)
            implements Knowledge {
        /** A shared document without pages. */
        public Document(String document, String title, String text) {
            this(document, title, text, MAIN, true, List.of());
        }

        public Document {
            pages = List.copyOf(pages);
        }
    }

    private static void requireName(String document) {
        if (document.isBlank() || document.length() > 500 || document.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("document: " + document.length()
                    + " characters (expected: 1 to 500, no control characters, not blank)");
        }
    }

    private static void requireQuestion(String question) {
        if (question.length() > QUESTION_CHARS_MAX) {
            throw new TooLarge(
                    "question: " + question.length() + " characters (expected: at most " + QUESTION_CHARS_MAX + ")");
        }
        if (question.isBlank()) {
            throw new IllegalArgumentException("question: blank (expected: text)");
        }
    }

    private static void requireTenant(String tenant) {
        if (tenant.length() > 200 || tenant.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("tenant: " + tenant.length()
                    + " characters (expected: at most 200, no control characters; empty for what is shared)");
        }
    }

    private static void requireAnyCollection(String collection) {
        if (!collection.isEmpty()) {
            requireCollection(collection);
        }
    }

    private static String requireCollection(String collection) {
        if (!COLLECTION.matcher(collection).matches()) {
            throw new IllegalArgumentException(
                    "collection: " + collection.length()
                            + " characters (expected: 1 to 64 letters, digits, dots, dashes or underscores, the first a letter or digit)");
        }
        return collection;
    }

    private static void requireWithin(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 1 to " + max + ")");
        }
    }

    private static List<Integer> requirePages(List<Integer> pages, int chars) {
        if (pages.size() > PAGES_MAX) {
            throw new TooLarge("pages: " + pages.size() + " (expected: at most " + PAGES_MAX + ")");
        }
        int before = 0;
        for (int start : pages) {
            if (start < before || start > chars) {
                throw new IllegalArgumentException(
                        "pages: one begins at " + start + " (expected: " + before + " to " + chars + ")");
            }
            before = start;
        }
        return List.copyOf(pages);
    }
}
