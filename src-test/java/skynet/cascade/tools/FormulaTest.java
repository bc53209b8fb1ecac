package skynet.cascade.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the calculator works out, exactly, and what it refuses. */
class FormulaTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.1 + 0.2 | 0.3",
                "1/3*3 | 1",
                "2^3^2 | 512",
                "-2^2 | -4",
                "2^-2 | 0.25",
                "10 - 4 - 3 | 3",
                "2 + 3 * 4 | 14",
                "(2 + 3) * 4 | 20",
                "7 % 3 | 1",
                "-7 % 3 | 2",
                "5! | 120",
                "3!! | 720",
                "sqrt(9/4) | 1.5",
                "4^0.5 | 2",
                "abs(-3) + floor(-1.5) + ceil(1.2) | 3",
                "round(2.5) | 3",
                "round(-2.5) | -3",
                "max(1, 2.5, 2) - min(3, 1) | 1.5",
                "gcd(12, 18, 27) | 3",
                "1e3 + 2.5E-1 | 1000.25",
                "6 × 7 − 2 ÷ 1 | 40",
                "9999999999999999 + 1 | 10000000000000000",
                "2**10 | 1024",
                "0^0 | 1",
            })
    void whatHasAnExactValueHasIt(String expression, String value) {
        Fraction found = Formula.valueOf(expression);
        assertEquals(value, found.decimal());
        assertTrue(found.isExact());
    }

    @Test
    void whatHasNoEndIsAFractionAndRoundedOnlyWhenShown() {
        Fraction third = Formula.valueOf("1/3");
        assertTrue(third.isExact());
        assertFalse(third.isDecimal());
        assertEquals("1/3", third.fraction());
        assertEquals("0." + "3".repeat(34), third.decimal());
    }

    @Test
    void whatIsRoundedSaysSo() {
        Fraction root = Formula.valueOf("sqrt(2)");
        assertFalse(root.isExact());
        assertEquals("1.414213562373095048801688724209698", root.decimal());
        assertFalse(Formula.valueOf("2 * pi").isExact());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1 +",
                "(1",
                "1)",
                "1 2",
                "1,2",
                "a",
                "sin(1)",
                "import os",
                "1/0",
                "2^(1/3)",
                "sqrt(-1)",
                "1001!",
                "(-1)!",
                "0.5!",
                "2^999999",
                "10^10^10",
                "9^9^9^9",
                "1e999999999",
                "--",
                "max()",
                "abs(1,2)",
                "gcd(0.5)",
                "${7*7}",
                "1;2",
                "__proto__",
                "1e",
                ".",
                "0^-1",
                "1000!*1000!",
                "\u0661+1"
            })
    void nonsenseAndExcessAreRefusedByName(String expression) {
        IllegalArgumentException refused = assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertThrows(IllegalArgumentException.class, () -> Formula.valueOf(expression)));
        assertTrue(refused.getMessage().startsWith("expression: "), refused.getMessage());
        assertTrue(refused.getMessage().contains("(expected: "), refused.getMessage());
    }

    @Test
    void nestingHasABound() {
        assertEquals("1", Formula.valueOf("(".repeat(49) + "1" + ")".repeat(49)).decimal());
        assertThrows(IllegalArgumentException.class, () -> Formula.valueOf("(".repeat(60) + "1" + ")".repeat(60)));
        assertThrows(IllegalArgumentException.class, () -> Formula.valueOf("-".repeat(60) + "1"));
        assertThrows(IllegalArgumentException.class, () -> Formula.valueOf("1+".repeat(300) + "1"));
    }

    @Test
    void noTextTakesLongOrBreaksIt() {
        Random dice = new Random(7);
        String alphabet = "0123456789.+-*/%^!() eEpi,sqrtmaxgcd";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int at = dice.nextInt(40); at >= 0; at--) {
                text.append(alphabet.charAt(dice.nextInt(alphabet.length())));
            }
            long begun = System.nanoTime();
            try {
                Formula.valueOf(text.toString()).decimal();
            } catch (IllegalArgumentException refused) {
                assertTrue(refused.getMessage().startsWith("expression: "), text + ": " + refused.getMessage());
            }
            assertTrue(System.nanoTime() - begun < 1_000_000_000L, text.toString());
        }
    }
}
