package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which names of a question a text knows. */
class TermsTest {

    @Test
    void aGermanNounIsKnownByItsCompounds() {
        String text =
                "Heizungsanlage im Haus Lindenhof: Zeigt das Display den Fehlercode F27, ist der Durchfluss gering.";
        assertEquals(Set.of(), unknown("Was bedeutet der Fehlercode F27 an der Heizung?", text));
        assertEquals(Set.of(), unknown("Wie hoch ist das Anlagegeld der Heizungsanlagen?", text + " Geld Anlagegeld"));
    }

    @Test
    void aNameThatNoWordIsMadeOfStaysUnknown() {
        assertEquals(Set.of("pari"), unknown("Was kostet ein Hotel in Paris?", "Hotelkosten werden erstattet."));
        assertEquals(
                Set.of("f99"), unknown("Was bedeutet der Fehlercode F99?", "Der Fehlercode F27 und F991 bedeuten"));
    }

    @Test
    void anEnglishNameIsKnownAsItIsOnly() {
        assertEquals(Set.of("heizung"), unknown("Who owns Heizung?", "The Heizungsanlage is new."));
    }

    @Test
    void columnsOfATableAreNamedByWords() {
        assertEquals(Set.of("decommiss", "date"), Terms.of("decommission_date"));
    }

    private static Set<String> unknown(String question, String text) {
        Set<String> names = Terms.names(question);
        Terms.removeKnown(names, question, Terms.of(text));
        return names;
    }
}
