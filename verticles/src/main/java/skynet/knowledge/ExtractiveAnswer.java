package skynet.knowledge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Answers a question with sentences that stand in the documents, or not at all.
 *
 * <p>Four things speak for a sentence: that it is near to the question in meaning, that its whole passage is, that it
 * has the question's words itself or in its surroundings (its heading and its document's title), and that its passage
 * knows them. The best by their weighted sum is the answer if the sum is high enough, with the sentences beside it that
 * belong to it and others that are nearly as good. The weights and the threshold were fitted on labelled questions of
 * the tests, and judged on others that were held out. Blocks: the model runs once a sentence.
 */
final class ExtractiveAnswer {

    /** Passages looked at. */
    static final int PASSAGES_MAX = 8;

    /** Sentences the model is asked about; those with more words of the question come first. */
    static final int SENTENCES_MAX = 64;

    /** Sentences of an answer. */
    private static final int QUOTES_MAX = 3;

    /** Longest sentence that is quoted. */
    private static final int SENTENCE_CHARS_MAX = 800;

    /** Fewer words say nothing. */
    private static final int SENTENCE_WORDS_MIN = 3;

    /** A longer first line is more than a title. */
    private static final int TITLE_CHARS_MAX = 100;

    /** What ends a sentence, parts one that tells something, or names a value. */
    private static final Pattern SENTENCE_MARK = Pattern.compile("[.!?;。！？]|[:=]");

    /** How much the meaning of the whole passage counts beside the sentence's own: it knows what "it" is. */
    private static final double NEARNESS_WEIGHT = 1.1;

    /** How much the share of the question's words counts that the sentence and its surroundings have. */
    private static final double COVERAGE_WEIGHT = 0.33;

    /** How much the share of the question's words that the passage knows counts. */
    private static final double KNOWN_WEIGHT = 0.25;

    /** The best sentence has to reach this sum. */
    static final double SCORE_MIN = 1.08;

    /** Below this similarity shared words are chance. */
    static final double SIMILARITY_MIN = 0.2;

    /** The sentence after the best one belongs to it when it is at least this good beside it. */
    private static final double FOLLOWS = 0.6;

    /** First words of a sentence that cannot be understood without the one before. */
    private static final Pattern POINTS_BACK = Pattern.compile("(?:It|Its|They|Their|This|That|These|Those)\\b.*");

    /** Further sentences are quoted when this near to the best. */
    private static final double NEARLY = 0.88;

    private final Embedder embedder;
    private final Crew crew;

    /** The crew shares the work of the model, and is closed by whoever gives it. */
    ExtractiveAnswer(Embedder embedder, Crew crew) {
        this.embedder = Objects.requireNonNull(embedder, "embedder");
        this.crew = Objects.requireNonNull(crew, "crew");
    }

    /** The answer from these passages, which are expected best first; the question's vector is known from the search. */
    Answer answer(String question, float[] vector, List<Passage> passages) {
        return quote(quotes(question, vector, passages));
    }

    /** The sentences that are the answer, the best first; none when none is good enough. */
    List<Scored> quotes(String question, float[] vector, List<Passage> passages) {
        List<Scored> ranked = rank(question, vector, passages);
        if (ranked.isEmpty()) return List.of();
        Scored best = ranked.get(0);
        if (!convincing(best) || !knowsNames(question, passages)) return List.of();
        List<Scored> quoted = Stream.concat(
                        withNeighbours(best, ranked),
                        ranked.stream().filter(other -> other.score >= NEARLY * best.score))
                .distinct()
                .limit(QUOTES_MAX)
                .toList();
        return suits(question, quoted) ? quoted : List.of();
    }

    /** Whether these sentences say the kind of thing that is asked for. */
    static boolean suits(String question, List<Scored> quoted) {
        List<String> shown = quoted.stream().map(Scored::shown).toList();
        return Quantity.suits(question, shown) && Asked.isMet(question, shown);
    }

    /** The answer that these sentences are, the best of which comes first, as they stand in their documents. */
    static Answer quote(List<Scored> quoted) {
        if (quoted.isEmpty()) return Answer.NONE;
        List<Scored> reading = inReadingOrder(quoted, quoted.get(0));
        String text =
                String.join(" ", reading.stream().map(Scored::shown).distinct().toList());
        return new Answer(true, text, reading.stream().map(Scored::cite).toList());
    }

    /** All candidate sentences, best first. */
    List<Scored> rank(String question, float[] vector, List<Passage> passages) {
        List<Candidate> candidates = candidates(question, passages, PASSAGES_MAX);
        candidates.sort(Comparator.comparingDouble(candidate -> -candidate.coverage));
        List<Scored> scored =
                new ArrayList<>(crew.all(candidates.subList(0, Math.min(candidates.size(), SENTENCES_MAX)).stream()
                        .map(candidate -> (Callable<Scored>) () -> weigh(candidate, vector))
                        .toList()));
        scored.sort(Comparator.comparingDouble(sentence -> -sentence.score));
        return scored;
    }

    /** The sentences of the first passages that might answer. */
    static List<Candidate> candidates(String question, List<Passage> passages, int passagesMax) {
        Set<String> wanted = Terms.of(question);
        List<Candidate> candidates = new ArrayList<>();
        for (Passage passage : passages.subList(0, Math.min(passages.size(), passagesMax))) {
            collect(passage, wanted, candidates);
        }
        return candidates;
    }

    private static boolean convincing(Scored best) {
        return best.score >= SCORE_MIN && best.similarity >= SIMILARITY_MIN;
    }

    /** The best sentence, the one before if it needs that, and the one after if that goes on about the question. */
    private static Stream<Scored> withNeighbours(Scored best, List<Scored> ranked) {
        boolean pointsBack = POINTS_BACK.matcher(best.shown()).matches();
        return Stream.concat(
                Stream.of(best),
                ranked.stream()
                        .filter(other -> (pointsBack && other.candidate.isJustBefore(best.candidate))
                                || (other.score >= FOLLOWS * best.score
                                        && best.candidate.isJustBefore(other.candidate))));
    }

    /** A name that stands nowhere in the evidence is what the question is about: it has no answer here. */
    static boolean knowsNames(String question, List<Passage> passages) {
        Set<String> names = Terms.names(question);
        for (Passage passage : passages) {
            if (names.isEmpty()) return true;
            Terms.removeKnown(names, question, Terms.of(passage.title() + " " + passage.text()));
        }
        return names.isEmpty();
    }

    private static List<Scored> inReadingOrder(List<Scored> quoted, Scored best) {
        Shelfmark first = best.candidate.passage.mark();
        return quoted.stream()
                .sorted(Comparator.comparing(
                                (Scored s) -> !s.candidate.passage.mark().equals(first))
                        .thenComparing(s -> s.candidate.passage.mark().key())
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
            if (isTitle(passage, i, block)) continue;
            if (isTableHead(text, blocks, i)) {
                head = " – " + Markdown.plain(block.span().of(text));
                continue;
            }
            Set<String> context = Terms.of(passage.title() + " " + heading + head);
            String before = "";
            for (Span span : sentences(text, block)) {
                String shown = Markdown.plain(span.of(text));
                if (shown.split(" ").length < SENTENCE_WORDS_MIN) continue;
                Set<String> own = Terms.of(shown);
                double coverage = Terms.coverage(wanted, own);
                own.addAll(context);
                coverage = (coverage + Terms.coverage(wanted, own)) / 2;
                candidates.add(new Candidate(passage, i, span, shown, heading, before, coverage, known));
                before = shown;
            }
        }
    }

    /** The first line of a document that stands alone and ends like no sentence. */
    private static boolean isTitle(Passage passage, int at, Block block) {
        if (passage.start() > 0 || at > 0 || block.kind() != Block.Kind.PARAGRAPH) return false;
        String line = block.span().of(passage.text()).strip();
        return line.length() <= TITLE_CHARS_MAX && !SENTENCE_MARK.matcher(line).find();
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

    Scored weigh(Candidate candidate, float[] question) {
        double similarity = Embedder.similarity(question, embedder.embed(candidate.shown));
        double score = similarity
                + NEARNESS_WEIGHT * Math.max(0, candidate.passage.nearness())
                + COVERAGE_WEIGHT * candidate.coverage
                + KNOWN_WEIGHT * candidate.known;
        return new Scored(candidate, similarity, score);
    }

    /**
     * A sentence that might answer, and how much of the question's words it and its passage know.
     *
     * @param heading below which it stands
     * @param before the sentence before it in the same block; empty when it is the first
     */
    record Candidate(
            Passage passage,
            int block,
            Span span,
            String shown,
            String heading,
            String before,
            double coverage,
            double known) {

        /** True when only white space lies between this sentence and another of the same block. */
        boolean isJustBefore(Candidate other) {
            return passage.equals(other.passage)
                    && block == other.block
                    && span.end() <= other.span.start()
                    && passage.text().substring(span.end(), other.span.start()).isBlank();
        }
    }

    /** A candidate the model has seen. */
    record Scored(Candidate candidate, double similarity, double score) {

        String shown() {
            return candidate.shown;
        }

        Citation cite() {
            Passage passage = candidate.passage;
            Span place = candidate.span.shift(passage.start());
            return new Citation(
                    passage.mark(),
                    passage.title(),
                    passage.chunk(),
                    place.start(),
                    place.end(),
                    candidate.span.of(passage.text()),
                    passage.paging().at(place.start()));
        }
    }
}
