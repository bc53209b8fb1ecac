package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import skynet.cascade.RoutingBenchmark.Figure;
import skynet.cascade.RoutingBenchmark.Labelled;
import skynet.cascade.Traits.Trait;

class DifficultyTest {
    @Test
    void aHardPromptIsAboveAnEasyOneOfTheSameLength() {
        String hard = "Prove that the sum of two odd integers is even, and that the converse fails.";
        String easy = "Tell me something nice about the little town in which my grandmother lives.";
        assertEquals(hard.length(), easy.length(), 2);
        assertTrue(Difficulty.of(hard) > Difficulty.of(easy) + 0.3, Difficulty.of(hard) + " " + Difficulty.of(easy));
    }

    @Test
    void moreStepsAreHarder() {
        String one = "A pen costs 2 euros. How much do 3 pens cost?";
        String many =
                "A pen costs 2 euros and a book costs three times as much. Tom buys 4 pens and half as many books, gets a "
                        + "10% discount on the total and shares the rest equally with 2 friends. How much does each pay?";
        assertTrue(Difficulty.of(many) > Difficulty.of(one) + 0.3);
    }

    @Test
    void theWordsOfATextThatIsGivenAreNoOrders() {
        Traits asked = Traits.of("Translate this: the function returns an array.", 0);
        Traits given = Traits.of(
                "The function in the following chapter of our long handbook for all of the staff must translate this.",
                0);
        assertTrue(asked.of(Trait.TRANSFORMATION) > given.of(Trait.TRANSFORMATION));
    }

    @Test
    void itKnowsBetterThanTheLengthOnPromptsThatItWasNotFittedOn() throws IOException {
        List<Labelled> held =
                RoutingBenchmark.prompts().stream().filter(Labelled::held).toList();
        Figure above = RoutingBenchmark.bootstrap(
                held,
                sample -> RoutingBenchmark.auc(sample, RoutingBenchmark::score)
                        - RoutingBenchmark.auc(sample, RoutingBenchmark::length));
        assertTrue(above.low() > 0, "above the length by " + above);
        assertTrue(RoutingBenchmark.auc(held, RoutingBenchmark::score) > 0.9);
        assertTrue(RoutingBenchmark.table(RoutingBenchmark.prompts()).contains("| router |"));
    }

    @Test
    void theSamePromptHasTheSameScore() {
        String prompt = "Why is \\int_0^1 x^2 dx = 1/3? Use $\\epsilon$ only.";
        assertEquals(Difficulty.of(prompt), Difficulty.of(prompt));
        assertTrue(Difficulty.of("") >= 0 && Difficulty.of("") < 0.2);
    }

    @Test
    void noTextTakesLong() {
        List<String> bad = List.of(
                "a", "(", "a(", "_", "a_", ";", "\n", " ", ".", "?", "$", "$a", "`", "9", "9.", "A) ", "{", "x+",
                "\u0301", "ß-", "<a");
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (String one : bad) {
                double score = Difficulty.of(one.repeat((1 << 20) / one.length()));
                assertTrue(score >= 0 && score <= 1, one);
            }
        });
        long before = System.nanoTime();
        bad.forEach(one -> Difficulty.of(one.repeat(4_000 / one.length())));
        assertTrue(System.nanoTime() - before < 2_000_000_000L);
    }
}
