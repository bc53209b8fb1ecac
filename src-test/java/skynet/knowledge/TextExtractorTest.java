package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TextExtractorTest {

    @Test
    void keepsMarkdownAsItIsAndTakesItsFirstHeadingForTitle() {
        String text = "intro\r\n\r\n# The **big** `title` #\r\n\r\ntext 🙂\r\n";
        Document document = read("a.md", text);
        assertEquals(text, document.text());
        assertEquals("The big title", document.title());
    }

    @Test
    void namesUntitledTextByItsFile() {
        assertEquals("notes.txt", read("notes.txt", "just text").title());
    }

    @Test
    void takesAHeadingWithoutItsClosingMarks() {
        assertEquals("C # and F", read("a.md", "## C # and F \t##  \ntext").title());
        assertEquals("a.md", read("a.md", "#  \t\n#\ntext").title());
        assertEquals("real", read("a.md", "#  \n# real\ntext").title());
    }

    @Test
    void readsAHeadingOfThousandsOfMarksInNoTime() {
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            for (String mark : new String[] {" ", "#", "[", "`", "|", "*", "_"}) {
                for (int i = 0; i < 10; i++) {
                    read("a.md", "# a" + mark.repeat(19_000) + "a");
                    read("a.md", "# " + mark.repeat(19_000) + "a");
                }
            }
        });
    }

    @Test
    void readsWhatAReaderOfAPageSees() {
        Document document = read(
                "page.html",
                "<!doctype html><html><head><title> A &amp; B </title>"
                        + "<style>p{}</style></head><body><nav>menu</nav><h2>Head</h2><p>One <b>bold</b>  word.</p>"
                        + "<script>evil()</script><ul><li>first</li><li>second</li></ul>"
                        + "<table><tr><td>k</td><td>v</td></tr></table>line<br>break</body></html>");
        assertEquals("A & B", document.title());
        assertTrue(document.text().startsWith("## Head\n\nOne bold word.\n\n- first\n\n- second\n\n"), document.text());
        assertTrue(document.text().contains("| k | v |"), document.text());
        assertTrue(document.text().endsWith("line\nbreak"), document.text());
        assertFalse(document.text().contains("evil"));
        assertFalse(document.text().contains("menu"));
    }

    @Test
    void survivesDeepAndBrokenPages() {
        Document document = read("deep.html", "<div>".repeat(200_000) + "core<p>tail");
        assertTrue(document.text().contains("core"));
    }

    @Test
    void refusesWhatIsNotUtf8AndSaysWhere() {
        byte[] latin = "caf\u00e9 au lait".getBytes(StandardCharsets.ISO_8859_1);
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> TextExtractor.read("menu.txt", latin));
        assertEquals("menu.txt: byte 3 is not UTF-8 (expected: UTF-8 text)", refused.getMessage());
        byte[] unfinished = {'a', (byte) 0xE2, (byte) 0x82};
        assertThrows(IllegalArgumentException.class, () -> TextExtractor.read("cut.txt", unfinished));
    }

    @Test
    void refusesBinaryAndEmptyDocuments() {
        assertThrows(IllegalArgumentException.class, () -> read("a.bin", "abc\0def"));
        assertThrows(IllegalArgumentException.class, () -> read("a.txt", " \n "));
        assertThrows(IllegalArgumentException.class, () -> read("a.html", "<html><script>x</script></html>"));
    }

    @Test
    void standsOnBothSidesOfItsSize() {
        byte[] bytes = new byte[TextExtractor.BYTES_MAX];
        Arrays.fill(bytes, (byte) 'a');
        assertEquals(
                TextExtractor.BYTES_MAX,
                TextExtractor.read("a.txt", bytes).text().length());
        byte[] more = Arrays.copyOf(bytes, bytes.length + 1);
        assertThrows(IllegalArgumentException.class, () -> TextExtractor.read("a.txt", more));
    }

    @Test
    void dropsTheByteOrderMark() {
        assertEquals("text", read("a.txt", "\uFEFFtext").text());
    }

    private static Document read(String name, String text) {
        return TextExtractor.read(name, text.getBytes(StandardCharsets.UTF_8));
    }
}
