package skynet.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import skynet.bus.Work;

/**
 * Looks whether what a light node found is an answer: each quote has to be a sentence as it is cut here, of a passage that was
 * sent, word by word; the first has to be good enough when it is read here too. What it does not find in time costs nothing
 * but that time. Blocks: the model runs a few times.
 */
final class SecondReading {
    private final DeepAnswer deep;

    SecondReading(DeepAnswer deep) {
        this.deep = Objects.requireNonNull(deep, "deep");
    }

    /** The words stand there, but what is a sentence here is none there: its release cuts otherwise. Nobody is to blame. */
    static final class CutOtherwise extends RuntimeException {
        CutOtherwise() {
            super("a piece that is no sentence of this release");
        }
    }

    /** What was found to be wrong with an answer; the message says it in a few words. */
    static final class Wrong extends RuntimeException {
        Wrong(String what) {
            super(what);
        }
    }

    /**
     * What this member finds itself.
     *
     * @param clear whether every processor would have found it
     */
    record Own(Answer answer, boolean clear) {}

    /** Reads all of it here. */
    Own own(String question, float[] vector, List<Passage> passages) {
        List<ExtractiveAnswer.Scored> quotes = deep.quotes(question, vector, passages);
        return new Own(
                ExtractiveAnswer.quote(quotes),
                !quotes.isEmpty()
                        && deep.clearlyHolds(question, vector, quotes.get(0).candidate()));
    }

    /**
     * The answer that a light node's word comes to.
     *
     * @throws Wrong when it says what does not stand in the passages that were sent, or does not answer
     * @throws CutOtherwise when it stands there and is no sentence
     */
    Answer of(String question, float[] vector, List<Passage> passages, Work.Done done) {
        if (done.answered() == done.quotes().isEmpty()) {
            throw new Wrong(done.answered() ? "an answer without a sentence" : "sentences that are no answer");
        }
        if (!done.answered()) {
            return Answer.NONE;
        }
        List<ExtractiveAnswer.Candidate> candidates =
                ExtractiveAnswer.candidates(question, passages, DeepAnswer.PASSAGES_MAX);
        List<ExtractiveAnswer.Candidate> quoted = new ArrayList<>();
        for (Work.Quote quote : done.quotes()) {
            ExtractiveAnswer.Candidate found = find(quote, passages, candidates);
            if (!quoted.contains(found)) {
                quoted.add(found);
            }
        }
        if (!ExtractiveAnswer.knowsNames(question, passages)) {
            throw new Wrong("an answer about a name that no passage knows");
        }
        if (!deep.holds(question, vector, quoted.get(0))) {
            throw new Wrong("a sentence that does not answer");
        }
        return ExtractiveAnswer.quote(quoted.stream()
                .map(candidate -> new ExtractiveAnswer.Scored(candidate, 1, 1))
                .toList());
    }

    private static ExtractiveAnswer.Candidate find(
            Work.Quote quote, List<Passage> passages, List<ExtractiveAnswer.Candidate> candidates) {
        if (quote.passage() < 0 || quote.passage() >= passages.size()) {
            throw new Wrong("a passage that was not sent");
        }
        Passage passage = passages.get(quote.passage());
        String text = passage.text();
        if (quote.start() < 0 || quote.end() > text.length() || quote.start() >= quote.end()) {
            throw new Wrong("a place outside of its passage");
        }
        if (!text.substring(quote.start(), quote.end()).equals(quote.text())) {
            throw new Wrong("words that do not stand there");
        }
        return candidates.stream()
                .filter(candidate -> candidate.passage().equals(passage)
                        && candidate.span().start() == quote.start()
                        && candidate.span().end() == quote.end())
                .findFirst()
                .orElseThrow(CutOtherwise::new);
    }
}
