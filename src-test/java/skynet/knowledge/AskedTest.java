package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether a sentence is of the kind that a question asks for. */
class AskedTest {

    @Test
    void whenWantsATimeOrACondition() {
        met("When must the pads be changed?", "They are changed once they are thin.");
        met("When is a node marked as lost?", "A node that misses three heartbeats is marked as lost.");
        met("Wann findet die Wartung statt?", "Die Wartung findet im September statt.");
        met("Wann erlischt die Garantie?", "Bei Schäden durch Stürze erlischt die Garantie.");
        unmet("Wann war die Messe?", "Garantiebedingungen der Manufaktur Uhlmann");
        unmet("When does the ferry leave?", "The ferry is run by a firm of the island.");
    }

    @Test
    void aColourHasToBeThatOfTheThing() {
        met("Which colour is the drip tray?", "Below the grid lies the yellow tray.");
        met("What colour is the lamp?", "The lamp is painted in a bright yellow.");
        met("Welche Farbe hat die Laterne?", "Vor dem Haus hängt eine grüne Laterne.");
        unmet("Which colour is the drip tray?", "Empty the drip tray when the red float rises above the grid.");
        unmet("What colour is the kayak?", "The kayak is carried by two.");
        met("What does the colour red mean?", "It means that the room fails.");
    }

    @Test
    void whatSomebodyDidOrHoldsIsToldByAWordForIt() {
        met("Who founded the club?", "The club was established by two sisters.");
        unmet("Who founded the club?", "Trips of the club are led by two.");
        unmet("What is the birthday of Marguerite?", "The beekeeper is Marguerite.");
        unmet("Who chairs the board of the club?", "Bay Club, edition of 2026.");
        met("Who chairs the meeting?", "Present: A. Nwosu (chair), B. Lindqvist.");
        met("What is the telephone number of the desk?", "Call the desk, extension 4417.");
        unmet("What is the telephone number of the desk?", "Call the desk at once.");
        unmet("How many people work there?", "It is for people who want to see where every answer came from.");
        met("How many people work there?", "Fourteen people, two of them at night, or 14 in all.");
    }

    private static void met(String question, String sentence) {
        assertTrue(Asked.isMet(question, List.of(sentence)), question + " " + sentence);
    }

    private static void unmet(String question, String sentence) {
        assertFalse(Asked.isMet(question, List.of(sentence)), question + " " + sentence);
    }
}
