package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which brackets of a text refer to passages. */
class MarksTest {
    private static final String TEXT =
            """
            The lamp has 12 V [2], the switch 3 A [1, 13]. See [x], [123], [1;2] and the list [4
            ]. Then `a[5]` and
            ```
            items[6]
            ```
            it ends ` here [7].
            So it is [8].
            """;

    @Test
    void numbersInBracketsAreMarksAndWhatStandsInCodeIsNone() {
        assertEquals(List.of(2, 1, 13, 8), Marks.of(TEXT));
    }

    @Test
    void itDoesNotMatterHowTheTextIsCut() {
        for (int size = 1; size < 9; size++) {
            Marks marks = new Marks();
            List<Integer> heard = new ArrayList<>();
            for (int at = 0; at < TEXT.length(); at += size) {
                heard.addAll(marks.hear(TEXT.substring(at, Math.min(TEXT.length(), at + size))));
            }
            assertEquals(List.of(2, 1, 13, 8), heard, "cut into pieces of " + size);
        }
    }
}
