package skynet.knowledge;

import java.util.List;

/** Sentences of the documents that answer a question, or the honest statement that none do: then it is empty. */
record Answer(boolean answered, String text, List<Citation> citations) {

    /** No sentence is good enough. */
    static final Answer NONE = new Answer(false, "", List.of());

    Answer {
        citations = List.copyOf(citations);
        if (answered == citations.isEmpty()) {
            throw new IllegalArgumentException(
                    "answer: " + citations.size() + " citations (expected: some exactly when answered)");
        }
    }
}
