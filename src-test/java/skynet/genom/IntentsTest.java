package skynet.genom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import skynet.bus.Genom;

/** The intents of a small set of messages, labelled by hand. */
class IntentsTest {
    private static final double ACCURACY_MIN = 0.85;
    private static final String LABELLED =
            """
            greeting|Hello world
            greeting|Good morning, team!
            greeting|Ahoj všichni
            greeting|Dobrý den, pane Nováku
            greeting|Guten Abend zusammen
            greeting|Bonjour à tous
            greeting|Hola amigos
            greeting|Dzień dobry pani
            greeting|Olá, pessoal
            greeting|Hey, how are you?
            farewell|See you later, alligator
            farewell|Na shledanou a hodně štěstí
            farewell|Auf Wiedersehen, Herr Müller
            farewell|Au revoir et à bientôt
            farewell|Hasta luego, Pedro
            farewell|Arrivederci Roma
            farewell|Do widzenia, do jutra
            thanks|Thank you so much for your help
            thanks|Moc děkuji za rychlou odpověď
            thanks|Vielen Dank für alles
            thanks|Merci beaucoup, monsieur
            thanks|Grazie per la cena
            thanks|Muito obrigado pela ajuda
            thanks|Dziękuję za pomoc
            apology|I'm sorry for the delay
            apology|Omlouvám se za zpoždění
            apology|Entschuldigung, das war ein Versehen
            apology|Je suis désolé pour hier
            apology|Lo siento mucho
            apology|Przepraszam za spóźnienie
            alert|Warning: disk almost full
            alert|Fire in the server room!
            alert|Pozor, hrozí výpadek proudu
            alert|Achtung, Gefahr!
            alert|Au secours, il y a un incendie
            alert|Emergenza: il nodo non risponde
            alert|Uwaga, awaria serwera
            time|What time is it?
            time|The meeting is on Friday
            time|Kolik je hodin?
            time|Wie spät ist es?
            time|Quelle heure est-il ?
            time|¿Qué hora es?
            time|Spotkamy się jutro o 10:30
            measure|Calculate the average of these values
            measure|12 + 30 = 42
            measure|How many kilometres are there?
            measure|Kolik je sedm krát osm
            measure|Wie viel ist zwölf mal drei?
            measure|Combien font dix plus deux ?
            measure|¿Cuántos kilómetros hay?
            command|Open the settings page
            command|Please restart the node
            command|Otevři soubor s plánem
            command|Zeige mir die Liste der Knoten
            command|Ouvre la fenêtre
            command|Enciende la luz
            command|Wyślij raport do zespołu
            affirmation|Yes, that is what I meant
            affirmation|Ano, přesně tak
            affirmation|Ja, natürlich
            affirmation|Bien sûr
            affirmation|Claro que sí
            affirmation|Certo, va bene
            affirmation|Tak, zgadzam się
            negation|No, not now
            negation|Ne, to nechci
            negation|Nein, auf keinen Fall
            negation|Non, jamais
            negation|De ninguna manera
            negation|Não, de jeito nenhum
            negation|Nie, nigdy
            emotion|I am so happy about the news
            emotion|She was sad and lonely
            emotion|Jsem dnes tak šťastná
            emotion|Ich bin sehr traurig
            emotion|Je t'aime
            emotion|Estoy triste sin ti
            emotion|Kocham cię
            celebration|Happy birthday to you
            celebration|Všechno nejlepší k narozeninám
            celebration|Herzlichen Glückwunsch zum Diplom
            celebration|Joyeux Noël !
            celebration|Parabéns pelo prêmio
            question|Where is the library?
            question|Who wrote this book?
            question|Proč je nebe modré?
            question|Warum schläft er?
            question|Pourquoi pas ?
            question|¿Dónde está la estación?
            question|Gdzie jest dworzec?
            question|Dove abita Maria?
            unknown|The cat sat on the mat
            unknown|Lorem ipsum dolor
            unknown|zxqv blorp
            unknown|Modrý stůl a stará židle
            unknown|Der Baum steht im Garten
            unknown|
            """;

    @Test
    void areRecognisedOftenEnough() {
        Intents intents = new Intents();
        List<String> lines = LABELLED.lines().toList();
        int right = 0;
        for (String line : lines) {
            String expected = line.substring(0, line.indexOf('|'));
            Genom.Intent intent = intents.classify(line.substring(line.indexOf('|') + 1));
            if (intent.name().equals(expected)) {
                right++;
            } else {
                System.out.println("intent " + intent.name() + " instead of " + line);
            }
            assertTrue(intent.confidence() >= 0 && intent.confidence() <= 1);
        }
        double accuracy = (double) right / lines.size();
        System.out.printf("intents: %d of %d right, accuracy %.3f%n", right, lines.size(), accuracy);
        assertTrue(accuracy >= ACCURACY_MIN, "accuracy: " + accuracy);
    }

    @Test
    void greetTheWorld() {
        Genom.Intent intent = new Intents().classify("Hello world");
        assertEquals("👋", intent.symbol());
        assertEquals("greeting", intent.name());
        assertTrue(intent.confidence() > 0.5);
    }

    @Test
    void areUnknownWithoutEvidence() {
        assertEquals(Intents.UNKNOWN, new Intents().classify(""));
        assertEquals(Intents.UNKNOWN, new Intents().classify("你好 世界".repeat(10_000)));
    }
}
