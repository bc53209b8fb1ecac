package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import skynet.bus.Cascade;

class AnswerCacheTest {
    private static final Cascade.Answer ANSWER =
            new Cascade.Answer("42", true, Cascade.Level.L1, List.of(), List.of(), 1);

    private final AnswerCache cache = new AnswerCache();

    @Test
    void questionsThatDifferInCaseSpacingAndClosingMarkAreOne() {
        cache.keep("guests", "What  is it?", ANSWER, cache.epoch());
        assertTrue(cache.find("guests", " what is IT ").isPresent());
    }

    @Test
    void anotherTenantNeverHits() {
        cache.keep("guests", "what is it", ANSWER, cache.epoch());
        assertTrue(cache.find("others", "what is it").isEmpty());
    }

    @Test
    void aChangeOfTheDocumentsEndsEveryAnswer() {
        cache.keep("guests", "what is it", ANSWER, cache.epoch());
        cache.clear();
        assertTrue(cache.find("guests", "what is it").isEmpty());
    }

    @Test
    void anAnswerLookedForBeforeAChangeIsNotKeptAfterIt() {
        long before = cache.epoch();
        cache.clear();
        cache.keep("guests", "what is it", ANSWER, before);
        assertTrue(cache.find("guests", "what is it").isEmpty());
    }

    @Test
    void aQuestionOfThousandsOfMarksTakesNoTime() {
        String marks = "x" + ".".repeat(3_998) + "x";
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            for (int i = 0; i < 500; i++) {
                assertTrue(cache.find("guests", marks).isEmpty());
            }
        });
    }

    @Test
    void itHoldsNoMoreThanItsBound() {
        for (int i = 0; i <= AnswerCache.ENTRIES_MAX; i++) {
            cache.keep("guests", "question " + i, ANSWER, cache.epoch());
        }
        assertEquals(AnswerCache.ENTRIES_MAX, cache.size());
        assertTrue(cache.find("guests", "question 0").isEmpty());
    }
}
