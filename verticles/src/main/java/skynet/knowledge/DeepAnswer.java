package skynet.knowledge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * Looks further for an answer where a quick look finds none: into more passages, and word by word.
 *
 * <p>The sentences nearest to the question in meaning are read again by the model, each below its heading, and once more
 * with its title and the sentence before it. Every word of the question looks for the word that means the most alike in
 * what was read: how well all words are met on average, how well the worst, and how well the worst three make the
 * score. A question about something the sentence does not speak of has words that nothing meets, however near the two
 * are as a whole. The threshold was fitted on labelled questions of the tests, and judged on others that were held out.
 * What a quick look answers is answered the same here.
 */
final class DeepAnswer {
    /** Passages looked at. */
    static final int PASSAGES_MAX = 24;

    /** Sentences whose meaning as a whole is compared; those with more words of the question come first. */
    private static final int SENTENCES_MAX = 128;

    /** Sentences that are read word by word. */
    private static final int READ_MAX = 16;

    private static final double SCORE_MIN = 1.235;

    /** Below this similarity a sentence is not read word by word. */
    private static final double SIMILARITY_MIN = 0.3;

    /** By how much the scores of two machines may differ that both are right. */
    private static final double ROUNDING = 0.05;

    private static final int QUOTES_MAX = 3;
    private static final double NEARLY = 0.9;

    /** Of how many words that are met worst the mean is taken. */
    private static final int WORST = 3;

    private final Embedder embedder;
    private final Crew crew;
    private final ExtractiveAnswer quick;

    DeepAnswer(Embedder embedder, Crew crew, ExtractiveAnswer quick) {
        this.embedder = Objects.requireNonNull(embedder, "embedder");
        this.crew = Objects.requireNonNull(crew, "crew");
        this.quick = Objects.requireNonNull(quick, "quick");
    }

    /** The answer from these passages, which are expected best first. Blocks: the model runs many times. */
    Answer answer(String question, float[] vector, List<Passage> passages) {
        return ExtractiveAnswer.quote(quotes(question, vector, passages));
    }

    /** The sentences that are the answer, the best first; none when none is good enough. Blocks as {@link #answer} does. */
    List<ExtractiveAnswer.Scored> quotes(String question, float[] vector, List<Passage> passages) {
        List<Passage> first = passages.subList(0, Math.min(passages.size(), ExtractiveAnswer.PASSAGES_MAX));
        List<ExtractiveAnswer.Scored> found = quick.quotes(question, vector, first);
        if (!found.isEmpty() || passages.isEmpty()) return found;
        List<ExtractiveAnswer.Scored> ranked = rank(question, vector, passages);
        if (ranked.isEmpty() || ranked.get(0).score() < SCORE_MIN) return List.of();
        ExtractiveAnswer.Scored best = ranked.get(0);
        List<ExtractiveAnswer.Scored> quoted = ranked.stream()
                .filter(other -> other.score() >= NEARLY * best.score())
                .limit(QUOTES_MAX)
                .toList();
        return ExtractiveAnswer.suits(question, quoted) && ExtractiveAnswer.knowsNames(question, passages)
                ? quoted
                : List.of();
    }

    /**
     * Whether a sentence answers that somebody else found: at a glance, or read a second time; a little less than is asked for
     * here is let pass, for another processor rounds otherwise. Costs a few runs of the model instead of hundreds.
     */
    boolean holds(String question, float[] vector, ExtractiveAnswer.Candidate candidate) {
        return holds(question, vector, candidate, -ROUNDING);
    }

    /** Whether it does so well that every processor would find so. */
    boolean clearlyHolds(String question, float[] vector, ExtractiveAnswer.Candidate candidate) {
        return holds(question, vector, candidate, ROUNDING);
    }

    private boolean holds(String question, float[] vector, ExtractiveAnswer.Candidate candidate, double more) {
        ExtractiveAnswer.Scored glance = quick.weigh(candidate, vector);
        if (glance.similarity() >= ExtractiveAnswer.SIMILARITY_MIN + more
                && glance.score() >= ExtractiveAnswer.SCORE_MIN + more) {
            return true;
        }
        return glance.similarity() >= SIMILARITY_MIN + more
                && read(glance, embedder.words(question)).score() >= SCORE_MIN + more;
    }

    /** The sentences that were read word by word, best first. */
    private List<ExtractiveAnswer.Scored> rank(String question, float[] vector, List<Passage> passages) {
        List<ExtractiveAnswer.Candidate> candidates = ExtractiveAnswer.candidates(question, passages, PASSAGES_MAX);
        candidates.sort(Comparator.comparingDouble(candidate -> -candidate.coverage()));
        List<ExtractiveAnswer.Scored> near =
                new ArrayList<>(crew.all(candidates.subList(0, Math.min(SENTENCES_MAX, candidates.size())).stream()
                        .map(candidate -> (Callable<ExtractiveAnswer.Scored>) () -> compare(candidate, vector))
                        .toList()));
        near.removeIf(sentence -> sentence.similarity() < SIMILARITY_MIN);
        near.sort(Comparator.comparingDouble(sentence -> -sentence.similarity()));
        float[][] wanted = embedder.words(question);
        List<ExtractiveAnswer.Scored> ranked =
                new ArrayList<>(crew.all(near.subList(0, Math.min(READ_MAX, near.size())).stream()
                        .map(sentence -> (Callable<ExtractiveAnswer.Scored>) () -> read(sentence, wanted))
                        .toList()));
        ranked.sort(Comparator.comparingDouble(sentence -> -sentence.score()));
        return ranked;
    }

    private ExtractiveAnswer.Scored compare(ExtractiveAnswer.Candidate candidate, float[] vector) {
        double similarity = Embedder.similarity(vector, embedder.embed(candidate.shown()));
        return new ExtractiveAnswer.Scored(candidate, similarity, similarity);
    }

    private ExtractiveAnswer.Scored read(ExtractiveAnswer.Scored sentence, float[][] wanted) {
        ExtractiveAnswer.Candidate candidate = sentence.candidate();
        String below = candidate.heading() + ": " + candidate.shown();
        String around = candidate.passage().title() + ". " + candidate.heading() + ". " + candidate.before() + " "
                + candidate.shown();
        double[] metBelow = met(wanted, embedder.words(below));
        double[] metAround = met(wanted, embedder.words(around));
        double score = mean(metBelow, metBelow.length) + mean(metAround, 1) + mean(metAround, WORST);
        return new ExtractiveAnswer.Scored(candidate, sentence.similarity(), score);
    }

    /** How well each word is met, the worst first. */
    private static double[] met(float[][] wanted, float[][] words) {
        double[] met = new double[wanted.length];
        for (int i = 0; i < met.length; i++) {
            met[i] = -1;
            for (float[] word : words) met[i] = Math.max(met[i], Embedder.similarity(wanted[i], word));
        }
        Arrays.sort(met);
        return met;
    }

    private static double mean(double[] sorted, int count) {
        int taken = Math.min(count, sorted.length);
        double sum = 0;
        for (int i = 0; i < taken; i++) sum += sorted[i];
        return taken == 0 ? -1 : sum / taken;
    }
}
