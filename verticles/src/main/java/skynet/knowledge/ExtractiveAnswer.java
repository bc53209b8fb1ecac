package skynet.knowledge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Answers a question with sentences that stand in the documents, or not at all.
 *
 * <p>Every sentence of the offered passages is weighed by nearness of meaning to the question and by the share of
 * the question's words it has itself or has in its surroundings (its heading and its document's title). The best is
 * the answer, followed by up to two that are nearly as good. The thresholds were set on labelled questions, thirty
 * that the documents of the tests answer, thirty that they do not, and ten about their subjects that they do not. Blocks: the model runs
 * once a sentence.
 */
final class ExtractiveAnswer {

    /** Passages looked at. */
    static final int PASSAGES_MAX = 8;

    /** Sentences the model is asked about; those with more words of the question come first. */
    static final int SENTENCES_MAX = 48;

    /** Sentences of an answer. */
    private static final int QUOTES_MAX = 3;

    /** Longest sentence that is quoted. */
    private static final int SENTENCE_CHARS_MAX = 800;

    /** Fewer words say nothing. */
    private static final int SENTENCE_WORDS_MIN = 3;

    /** How much a shared word counts beside a shared meaning. */
    private static final double TERMS_WEIGHT = 0.35;

    /** The best sentence has to reach this sum of similarity and weighted coverage. */
    static final double SCORE_MIN = 0.66;

    /** Below this similarity shared words are chance. */
    static final double SIMILARITY_MIN = 0.33;

    /** Part of the question's words that the best sentence's passage has to know: an unknown name is no detail. */
    static final double KNOWN_MIN = 0.5;

    /** Further sentences are quoted when this near to the best. */
    private static final double NEARLY = 0.88;

    private final Embedder embedder;

    ExtractiveAnswer(Embedder embedder) {
        this.embedder = Objects.requireNonNull(embedder, "embedder");
    }

    Answer answer(String question, List<Passage> passages) {
        return answer(question, embedder.embed(question), passages);
    }

    /** As above, with the question's vector known from the search. Passages are expected best first. */
    Answer answer(String question, float[] vector, List<Passage> passages) {
        List<Scored> ranked = rank(question, vector, passages);
        if (ranked.isEmpty()) return Answer.none(0);
        Scored best = ranked.get(0);
        if (!convincing(best) || !knowsNames(question, passages)) return Answer.none(confidence(best));
        List<Scored> quoted = ranked.stream()
                .filter(other -> other.score >= NEARLY * best.score && other.similarity >= SIMILARITY_MIN)
                .limit(QUOTES_MAX)
                .toList();
        List<Scored> reading = inReadingOrder(quoted, best);
        String text =
                String.join(" ", reading.stream().map(Scored::shown).distinct().toList());
        return new Answer(
                true, text, confidence(best), reading.stream().map(Scored::cite).toList());
    }

    /** All candidate sentences, best first. */
    List<Scored> rank(String question, float[] vector, List<Passage> passages) {
        Set<String> wanted = Terms.of(question);
        List<Candidate> candidates = new ArrayList<>();
        for (Passage passage : passages.subList(0, Math.min(passages.size(), PASSAGES_MAX))) {
            collect(passage, wanted, candidates);
        }
        candidates.sort(Comparator.comparingDouble(candidate -> -candidate.coverage));
        List<Scored> scored = new ArrayList<>();
        for (Candidate candidate : candidates.subList(0, Math.min(candidates.size(), SENTENCES_MAX))) {
            scored.add(weigh(candidate, vector));
        }
        scored.sort(Comparator.comparingDouble(sentence -> -sentence.score));
        return scored;
    }

    private static boolean convincing(Scored best) {
        return best.score >= SCORE_MIN && best.similarity >= SIMILARITY_MIN && best.candidate.known >= KNOWN_MIN;
    }

    /** A name that stands nowhere in the evidence is what the question is about: it has no answer here. */
    private static boolean knowsNames(String question, List<Passage> passages) {
        Set<String> names = Terms.names(question);
        for (Passage passage : passages) {
            if (names.isEmpty()) return true;
            names.removeAll(Terms.of(passage.title() + " " + passage.text()));
        }
        return names.isEmpty();
    }

    private static double confidence(Scored best) {
        return Math.max(0, Math.min(1, best.score / (1 + TERMS_WEIGHT)));
    }

    private static List<Scored> inReadingOrder(List<Scored> quoted, Scored best) {
        String first = best.candidate.passage.document();
        return quoted.stream()
                .sorted(Comparator.comparing(
                                (Scored s) -> !s.candidate.passage.document().equals(first))
                        .thenComparing(s -> s.candidate.passage.document())
                        .thenComparingInt(s -> s.candidate.passage.start() + s.candidate.span.start()))
                .toList();
    }

    private static void collect(Passage passage, Set<String> wanted, List<Candidate> candidates) {
        String text = passage.text();
        double known = Terms.coverage(wanted, Terms.of(passage.title() + " " + text));
        List<Block> blocks = Block.of(text);
        String heading = passage.title();
        String head = "";
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            if (block.kind() == Block.Kind.HEADING)
                heading = Markdown.plain(block.span().of(text));
            if (block.kind() != Block.Kind.ROW) head = "";
            if (block.kind() == Block.Kind.HEADING || block.kind() == Block.Kind.CODE) continue;
            if (isTableHead(text, blocks, i)) {
                head = " – " + Markdown.plain(block.span().of(text));
                continue;
            }
            Set<String> context = Terms.of(passage.title() + " " + heading + head);
            for (Span span : sentences(text, block)) {
                String shown = Markdown.plain(span.of(text));
                if (shown.split(" ").length < SENTENCE_WORDS_MIN) continue;
                Set<String> own = Terms.of(shown);
                double coverage = Terms.coverage(wanted, own);
                own.addAll(context);
                coverage = (coverage + Terms.coverage(wanted, own)) / 2;
                candidates.add(new Candidate(passage, span, shown, heading + head, coverage, known));
            }
        }
    }

    private static boolean isTableHead(String text, List<Block> blocks, int at) {
        if (blocks.get(at).kind() != Block.Kind.ROW || at + 1 == blocks.size()) return false;
        Block next = blocks.get(at + 1);
        return next.kind() == Block.Kind.ROW && Markdown.isRowRule(next.span().of(text));
    }

    private static List<Span> sentences(String text, Block block) {
        if (block.kind() == Block.Kind.ROW && block.span().length() <= SENTENCE_CHARS_MAX) return List.of(block.span());
        return Sentences.of(text, block.span()).stream()
                .filter(span -> span.length() <= SENTENCE_CHARS_MAX)
                .toList();
    }

    private Scored weigh(Candidate candidate, float[] question) {
        double alone = Embedder.similarity(question, embedder.embed(candidate.shown));
        double headed = Embedder.similarity(question, embedder.embed(candidate.heading + ": " + candidate.shown));
        double similarity = Math.max(alone, headed);
        return new Scored(candidate, similarity, similarity + TERMS_WEIGHT * candidate.coverage);
    }

    /** A sentence that might answer, and how much of the question's words it and its passage know. */
    record Candidate(Passage passage, Span span, String shown, String heading, double coverage, double known) {}

    /** A candidate the model has seen. */
    record Scored(Candidate candidate, double similarity, double score) {

        String shown() {
            return candidate.shown;
        }

        Citation cite() {
            Passage passage = candidate.passage;
            Span place = candidate.span.shift(passage.start());
            return new Citation(
                    passage.document(),
                    passage.title(),
                    passage.chunk(),
                    place.start(),
                    place.end(),
                    candidate.span.of(passage.text()));
        }
    }
}
