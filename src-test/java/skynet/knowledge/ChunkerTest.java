package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class ChunkerTest {

    private final WordPiece tokenizer = Library.embedder().tokenizer();
    private final Chunker chunker = new Chunker(tokenizer);

    @Test
    void coversAllTextOfRealDocumentsInOrder() throws IOException {
        for (String name : Library.DOCUMENTS) {
            String text =
                    TextExtractor.read(name, Library.bytes("documents/" + name)).text();
            List<Chunk> chunks = checked(text);
            assertTrue(chunks.size() > 1, name);
        }
    }

    @Test
    void keepsWindowsLineEndsAndEmojiWhole() {
        String family = "👩‍👩‍👧‍👦 žluťoučký kůň.";
        String text = ("# Titulek 🐴\r\n\r\n" + (family + "\r\n").repeat(40) + "\r\n").repeat(12);
        for (Chunk chunk : checked(text)) {
            assertFalse(Character.isLowSurrogate(text.charAt(chunk.start())));
            assertFalse(Character.isHighSurrogate(text.charAt(chunk.end() - 1)));
        }
    }

    @Test
    void cutsAMegabyteWithoutSpacesInBoundedTime() {
        String text = "𝒳a".repeat(350_000);
        List<Chunk> chunks = Assertions.assertTimeout(Duration.ofSeconds(20), () -> checked(text));
        assertTrue(chunks.size() >= text.length() / Chunker.CHARS_MAX);
    }

    @Test
    void cutsAMegabyteOfOneParagraphInBoundedTime() {
        String text = "The quick brown fox jumps over the lazy dog while nobody watches. ".repeat(16_000);
        Assertions.assertTimeout(Duration.ofSeconds(20), () -> checked(text));
    }

    @Test
    void holdsOnRandomText() {
        Random random = new Random(20_261_121);
        String[] pieces = {
            "word",
            " ",
            "\n",
            "\r\n",
            "\n\n",
            "# h ",
            "- i ",
            "| a | b |",
            "```",
            "🙂",
            "漢字",
            ". ",
            "é",
            "\r",
            "\u2028",
            "x".repeat(900),
            "1. ",
            "---",
            "\t",
            "!?"
        };
        for (int round = 0; round < 300; round++) {
            StringBuilder text = new StringBuilder();
            int count = random.nextInt(400);
            for (int i = 0; i < count; i++) text.append(pieces[random.nextInt(pieces.length)]);
            checked(text.toString());
        }
    }

    @Test
    void findsNothingInBlankText() {
        assertEquals(List.of(), chunker.chunks(" \r\n\t\n "));
        assertEquals(List.of(), chunker.chunks(""));
    }

    @Test
    void neverEndsAPassageWithAHeading() {
        String text = ("word ".repeat(190) + "\n\n").repeat(1) + "# Next\n\n" + "thing ".repeat(150);
        List<Chunk> chunks = checked(text);
        assertEquals("# Next", chunks.get(1).of(text).lines().findFirst().orElseThrow());
    }

    private List<Chunk> checked(String text) {
        List<Chunk> chunks = chunker.chunks(text);
        int at = 0;
        for (int i = 0; i < chunks.size(); i++) {
            Chunk chunk = chunks.get(i);
            assertEquals(i, chunk.index());
            assertTrue(chunk.start() >= at && text.substring(at, chunk.start()).isBlank(), "gap before " + chunk);
            assertFalse(chunk.of(text).isBlank());
            assertTrue(tokenizer.count(chunk.of(text)) <= Chunker.TOKENS_MAX, "tokens of " + chunk);
            assertTrue(chunk.end() - chunk.start() <= Chunker.CHARS_MAX, "length of " + chunk);
            at = chunk.end();
        }
        assertTrue(text.substring(at).isBlank(), "text after the last passage");
        return chunks;
    }
}
