package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import skynet.bus.Cascade.Answer;
import skynet.bus.Cascade.Level;
import skynet.bus.Knowledge.Citation;

class AnswerCacheTest {
    private static final Answer ANSWER = answer(Level.L1, "nod7.md");
    private static final Answer SAID = new Answer("42", true, Level.L3, List.of(), List.of(), 1);

    private final AnswerCache cache = new AnswerCache();
    private long now = 1_000;

    @Test
    void questionsThatDifferInCaseSpacingAndClosingMarkAreOne() {
        keep("guests", "What  is NOD7?", ANSWER);
        assertTrue(isThere("guests", " what is nod7 "));
    }

    @Test
    void aFactorialIsAnotherNumber() {
        keep("guests", "What is 5?", ANSWER);
        assertFalse(isThere("guests", "What is 5!"));
        assertFalse(isThere("guests", "What is 5!?"));
    }

    @Test
    void aQuestionInOtherWordsIsFoundByItsWording() {
        keep("guests", "What does NOD7 do?", ANSWER);
        assertTrue(isAlike("guests", "Please tell me what NOD7 does"));
        assertFalse(isAlike("guests", "Please tell me what NOD4 does"));
    }

    @Test
    void anotherTenantNeverHits() {
        keep("guests", "What does NOD7 do?", ANSWER);
        assertFalse(isThere("others", "What does NOD7 do?"));
        assertFalse(isAlike("others", "What does NOD7 do?"));
    }

    @Test
    void anotherConversationNeverHits() {
        cache.keep("guests", "And why?", "one", "", SAID, Set.of(), cache.epoch(), now);
        assertTrue(cache.find("guests", "And why?", "one", Level.L0, now).isPresent());
        assertTrue(cache.find("guests", "And why?", "", Level.L0, now).isEmpty());
        assertTrue(cache.findAlike("guests", "And why?", "two", Level.L0, now).isEmpty());
    }

    @Test
    void anAnswerBelowTheLevelThatIsWishedForIsNotServed() {
        keep("guests", "What is NOD7?", ANSWER);
        assertTrue(cache.find("guests", "What is NOD7?", "", Level.L3, now).isEmpty());
        keep("guests", "What is NOD7?", SAID);
        assertTrue(cache.find("guests", "What is NOD7?", "", Level.L3, now).isPresent());
        assertEquals(1, cache.size());
    }

    @Test
    void aChangeEndsTheAnswersThatCiteTheDocumentAndNoOthers() {
        keep("guests", "What is NOD7?", ANSWER);
        keep("others", "What is NOD7?", ANSWER);
        keep("guests", "What is NOD4?", answer(Level.L2, "nod4.md"));
        cache.changed("nod7.md", "", now);
        assertFalse(isThere("guests", "What is NOD7?"));
        assertFalse(isThere("others", "What is NOD7?"));
        assertTrue(isThere("guests", "What is NOD4?"));
    }

    @Test
    void aTenantsDocumentEndsTheAnswersOfThatTenantOnly() {
        keep("guests", "What is NOD7?", ANSWER);
        keep("others", "What is NOD7?", ANSWER);
        cache.changed("nod7.md", "others", now);
        assertTrue(isThere("guests", "What is NOD7?"));
        assertFalse(isThere("others", "What is NOD7?"));
    }

    @Test
    void whatMayBeAnsweredBetterByANewDocumentGoes() {
        keep("guests", "Which port does gRPC use?", SAID);
        keep("guests", "What is NOD7?", ANSWER);
        cache.learned("gRPC listens on the ports 50051 and up.", "");
        assertFalse(isThere("guests", "Which port does gRPC use?"));
        assertTrue(isThere("guests", "What is NOD7?"));
    }

    @Test
    void whatWasFoundWhileTheIndexWasBehindGoesWhenItHasFollowed() {
        keep("guests", "What is NOD4?", ANSWER);
        now += 10;
        cache.changed("new.md", "", now);
        now += 10;
        keep("guests", "What is NOD5?", ANSWER);
        keep("guests", "What is NOD6?", SAID);
        cache.followed("new.md");
        assertTrue(isThere("guests", "What is NOD4?"));
        assertFalse(isThere("guests", "What is NOD5?"));
        assertTrue(isThere("guests", "What is NOD6?"));
    }

    @Test
    void anAnswerLookedForBeforeAChangeIsNotKeptAfterIt() {
        long before = cache.epoch();
        cache.changed("other.md", "", now);
        cache.keep("guests", "What is NOD7?", "", "", ANSWER, Set.of(), before, now);
        assertFalse(isThere("guests", "What is NOD7?"));
    }

    @Test
    void whatAModelSaidIsKeptForAnHourAndWhatIsCitedForADay() {
        keep("guests", "What is NOD7?", SAID);
        keep("guests", "What is NOD4?", ANSWER);
        now += AnswerCache.UNCITED_FOR.toMillis() - 1;
        assertTrue(isThere("guests", "What is NOD7?"));
        now += 1;
        assertFalse(isThere("guests", "What is NOD7?"));
        assertTrue(isThere("guests", "What is NOD4?"));
        now += AnswerCache.CITED_FOR.toMillis();
        assertFalse(isThere("guests", "What is NOD4?"));
        assertEquals(0, cache.size());
        assertEquals(0, cache.chars());
    }

    @Test
    void aQuestionOfThousandsOfMarksTakesNoTime() {
        String marks = "x" + ".".repeat(3_998) + "x";
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            for (int i = 0; i < 500; i++) {
                assertFalse(isThere("guests", marks));
            }
        });
    }

    @Test
    void itHoldsNoMoreThanItsBoundAndTheFullestShelfPays() {
        keep("others", "What is NOD7?", ANSWER);
        for (int i = 0; i < AnswerCache.ENTRIES_MAX; i++) {
            keep("guests", "question " + i, ANSWER);
        }
        assertEquals(AnswerCache.ENTRIES_MAX, cache.size());
        assertFalse(isThere("guests", "question 0"));
        assertTrue(isThere("others", "What is NOD7?"));
    }

    @Test
    void itHoldsNoMoreCharactersThanItsBound() {
        Answer longest = new Answer("x".repeat(AnswerCache.ANSWER_CHARS_MAX), true, Level.L3, List.of(), List.of(), 1);
        for (int i = 0; i < 600; i++) {
            keep("guests", "question " + i, longest);
        }
        assertTrue(cache.chars() <= AnswerCache.CHARS_MAX);
        assertTrue(cache.size() > 400, "" + cache.size());
        keep("guests", "too long", new Answer(longest.text() + "x", true, Level.L3, List.of(), List.of(), 1));
        assertFalse(isThere("guests", "too long"));
    }

    @Test
    void whatWasSaidToAMessageThatIsGoneGoesWithItInItsTenantOnly() {
        cache.keep("guests", "What is NOD7?", "", "one", ANSWER, Set.of(), cache.epoch(), now);
        cache.keep("others", "What is NOD7?", "", "one", ANSWER, Set.of(), cache.epoch(), now);
        cache.keep("guests", "What is NOD5?", "", "two", ANSWER, Set.of(), cache.epoch(), now);
        cache.keep("guests", "What is NOD3?", "", "", ANSWER, Set.of(), cache.epoch(), now);
        cache.forget("guests", Set.of("one", "three"));
        assertFalse(isThere("guests", "What is NOD7?"));
        assertFalse(isAlike("guests", "Please tell me what NOD7 is"));
        assertTrue(isThere("others", "What is NOD7?"));
        assertTrue(isThere("guests", "What is NOD5?"));
        assertTrue(isThere("guests", "What is NOD3?"));
        assertEquals(3, cache.size());
    }

    private void keep(String tenant, String question, Answer answer) {
        cache.keep(tenant, question, "", "", answer, Set.of(), cache.epoch(), now);
    }

    private boolean isThere(String tenant, String question) {
        return cache.find(tenant, question, "", Level.L0, now).isPresent();
    }

    private boolean isAlike(String tenant, String question) {
        return cache.findAlike(tenant, question, "", Level.L0, now).isPresent();
    }

    private static Answer answer(Level level, String document) {
        return new Answer("42", true, level, List.of(), List.of(new Citation(document, "t", 0, 0, 2, "42")), 1);
    }
}
