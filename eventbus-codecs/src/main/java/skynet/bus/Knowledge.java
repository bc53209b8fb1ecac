package skynet.bus;

import java.util.List;

/** What is said to and by the knowledge room: documents in, cited passages out. */
public sealed interface Knowledge extends BusMessage {
    /** Longest document, in UTF-16 characters. */
    int DOCUMENT_CHARS_MAX = 8 << 20;

    /** Longest question, in UTF-16 characters. */
    int QUESTION_CHARS_MAX = 4_000;

    /** Takes a document in, or a new version of it. The same text again costs no embedding. */
    @Wire("knowledge.learn")
    record Learn(String document, String title, String text) implements Knowledge, Request<Learned> {
        public Learn {
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

    @Wire("knowledge.learned")
    record Learned(String document, int chunks, boolean changed) implements Knowledge {}

    /** Takes a document out of the index and the store. */
    @Wire("knowledge.forget")
    record Forget(String document) implements Knowledge, Request<Forgotten> {
        public Forget {
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
    record Changed(String document, String by) implements Knowledge, Event {}

    /** Said after a node has taken over a change that another one made; what was answered in between is let go. */
    @Wire("knowledge.followed")
    record Followed(String document) implements Knowledge, Event {}

    /** Looks for an answer in the documents' own words. */
    @Wire("knowledge.consult")
    record Consult(String question) implements Knowledge, Request<Consulted> {
        public Consult {
            if (question.length() > QUESTION_CHARS_MAX) {
                throw new TooLarge("question: " + question.length() + " characters (expected: at most "
                        + QUESTION_CHARS_MAX + ")");
            }
            if (question.isBlank()) {
                throw new IllegalArgumentException("question: blank (expected: text)");
            }
        }
    }

    /** What was found. Not answered means: the evidence is too weak, and no citation is given. */
    @Wire("knowledge.consulted")
    record Consulted(boolean answered, String answer, List<Citation> citations, String reason) implements Knowledge {
        public Consulted {
            citations = List.copyOf(citations);
        }
    }

    /**
     * Where a passage stands.
     *
     * @param chunk number of the chunk in the document, from 0
     * @param start first UTF-16 character of the passage in the document's text
     * @param end one past its last character
     * @param text exactly the characters from start to end
     */
    record Citation(String document, String title, int chunk, int start, int end, String text) {}

    /** All documents, by name after a cursor. */
    @Wire("knowledge.list")
    record ListDocuments(String after, int limit) implements Knowledge, Request<Listed> {
        public ListDocuments {
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
    record Shelf(String document, String title, int chunks, int chars) {}

    /** Reads a whole document. */
    @Wire("knowledge.read")
    record Read(String document) implements Knowledge, Request<Document> {
        public Read {
            requireName(document);
        }
    }

    @Wire("knowledge.document")
    record Document(String document, String title, String text) implements Knowledge {}

    private static void requireName(String document) {
        if (document.isBlank() || document.length() > 500 || document.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("document: " + document.length()
                    + " characters (expected: 1 to 500, no control characters, not blank)");
        }
    }
}
