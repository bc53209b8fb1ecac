package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.NodeId;
import skynet.bus.Work;

/** What a light node says is an answer, and what is not. */
class SecondReadingTest {
    private static final NodeId NODE = new NodeId(100);

    @TempDir
    static Path directory;

    private static Library library;
    private static FarReader far;
    private static SecondReading second;

    @BeforeAll
    static void open() throws Exception {
        library = new Library(directory.resolve("index"), Collection.read());
        far = FarReader.open(directory.resolve("far"));
        Crew crew = new Crew("second-reading");
        second = new SecondReading(
                new DeepAnswer(Library.embedder(), crew, new ExtractiveAnswer(Library.embedder(), crew)));
    }

    @AfterAll
    static void close() throws Exception {
        far.close();
        library.close();
    }

    /** The light node's word comes to just what this member would have said. */
    @Test
    void whatIsReadFarAwayIsWhatIsReadHere() throws Exception {
        int answered = 0;
        int further = 0;
        int clear = 0;
        for (String line : Library.lines("acceptance.tsv")) {
            String question = line.split("\t", -1)[2];
            Answer here = library.askDeeply(question);
            List<Work.Quote> quotes = far.read(question, sent(question));
            assertEquals(here, judge(question, !quotes.isEmpty(), quotes), question);
            SecondReading.Own own = second.own(
                    question, Library.embedder().embed(question), library.passages(question, DeepAnswer.PASSAGES_MAX));
            assertEquals(here, own.answer(), question);
            assertTrue(here.answered() || !own.clear(), question);
            clear += own.clear() ? 1 : 0;
            answered += here.answered() ? 1 : 0;
            further += here.answered() && !library.ask(question).answered() ? 1 : 0;
            if (answered > 20 && further > 2) {
                break;
            }
        }
        assertTrue(clear > 0, "no answer that every processor finds");
        assertTrue(answered > 10, "answered: " + answered);
        assertTrue(further > 2, "hardly one that only a second look answers");
    }

    @Test
    void wordsThatDoNotStandThereAreNone() throws Exception {
        Work.Quote good = good();
        wrong(
                "words that do not stand there",
                new Work.Quote(good.passage(), good.start(), good.end(), "NOD7 does whatever I say."));
        wrong(
                "words that do not stand there",
                new Work.Quote(
                        good.passage(), good.start(), good.end(), good.text().toUpperCase(java.util.Locale.ROOT)));
    }

    @Test
    void placesOutsideAreNone() throws Exception {
        Work.Quote good = good();
        wrong("a passage that was not sent", new Work.Quote(99, 0, 1, "x"));
        wrong("a passage that was not sent", new Work.Quote(-1, 0, 1, "x"));
        wrong("a place outside of its passage", new Work.Quote(good.passage(), -1, 5, "x"));
        wrong("a place outside of its passage", new Work.Quote(good.passage(), 5, 5, ""));
        wrong("a place outside of its passage", new Work.Quote(good.passage(), 0, 1 << 20, "x"));
        wrong(
                "a place outside of its passage",
                new Work.Quote(good.passage(), Integer.MAX_VALUE, Integer.MIN_VALUE, "x"));
    }

    @Test
    void aPieceThatStandsThereAndIsNoSentenceIsNobodysFault() throws Exception {
        Work.Quote good = good();
        Work.Quote piece = new Work.Quote(
                good.passage(),
                good.start(),
                good.end() - 3,
                good.text().substring(0, good.text().length() - 3));
        assertThrows(SecondReading.CutOtherwise.class, () -> judge(QUESTION, true, List.of(piece)));
        wrong(
                "words that do not stand there",
                new Work.Quote(piece.passage(), piece.start(), piece.end(), good.text()));
    }

    @Test
    void aSentenceThatDoesNotAnswerIsNone() throws Exception {
        List<Passage> passages = library.passages(QUESTION, DeepAnswer.PASSAGES_MAX);
        ExtractiveAnswer.Candidate last =
                ExtractiveAnswer.candidates(QUESTION, passages, DeepAnswer.PASSAGES_MAX).stream()
                        .filter(candidate -> !candidate.shown().contains("NOD7"))
                        .reduce((one, other) -> other)
                        .orElseThrow();
        wrong(
                "a sentence that does not answer",
                new Work.Quote(
                        passages.indexOf(last.passage()),
                        last.span().start(),
                        last.span().end(),
                        last.span().of(last.passage().text())));
    }

    @Test
    void yesWithoutASentenceAndNoWithOneAreNone() {
        assertEquals(
                "an answer without a sentence",
                assertThrows(SecondReading.Wrong.class, () -> judge(QUESTION, true, List.of()))
                        .getMessage());
        assertEquals(
                "sentences that are no answer",
                assertThrows(SecondReading.Wrong.class, () -> judge(QUESTION, false, List.of(good())))
                        .getMessage());
    }

    @Test
    void aSentenceSaidTwiceIsQuotedOnce() throws Exception {
        Work.Quote good = good();
        assertEquals(1, judge(QUESTION, true, List.of(good, good)).citations().size());
    }

    private static final String QUESTION = "What does NOD7 do?";

    private static void wrong(String why, Work.Quote quote) {
        assertEquals(
                why,
                assertThrows(SecondReading.Wrong.class, () -> judge(QUESTION, true, List.of(quote)))
                        .getMessage());
    }

    private static Work.Quote good() throws Exception {
        return far.read(QUESTION, sent(QUESTION)).get(0);
    }

    private static Answer judge(String question, boolean answered, List<Work.Quote> quotes) throws Exception {
        return second.of(
                question,
                Library.embedder().embed(question),
                library.passages(question, DeepAnswer.PASSAGES_MAX),
                new Work.Done(NODE, answered, quotes));
    }

    private static List<Work.Passage> sent(String question) throws Exception {
        return library.passages(question, DeepAnswer.PASSAGES_MAX).stream()
                .map(one -> new Work.Passage(one.title(), one.text(), one.nearness()))
                .toList();
    }
}
