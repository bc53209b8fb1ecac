package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.junit.jupiter.api.Test;

/** Where the paragraphs of a PDF's page begin. */
class ParagraphsTest {
    private static final String PAGE =
            """
            Weather limits

            When the water is colder than 10 degrees
            Celsius, dry suits are compulsory
            for everyone.

            The crossing is attempted only at
            neap tides.\
            """;

    private static final String READ =
            """
            Weather limits

            When the water is colder than 10 degrees Celsius, dry suits are compulsory for everyone.

            The crossing is attempted only at neap tides.\
            """;

    @Test
    void linesOfAParagraphBecomeOneHoweverFarApartTheyAre() throws IOException {
        for (int gap : List.of(13, 15, 19, 22)) {
            assertEquals(READ, read(PAGE, 12, gap, gap * 5 / 3), "gap " + gap);
        }
    }

    @Test
    void paragraphsOfOneLineStayApart() throws IOException {
        String lines = "The harbour opens at five.\n\nThe lamp is yellow.\n\nIt burns all night.";
        assertEquals(lines, read(lines, 12, 14, 28));
    }

    @Test
    void aHeadingInALargerFontStandsAloneEvenWithoutAGap() throws IOException {
        String text = "Weather limits\nWhen the water is cold\ndry suits are compulsory.";
        assertEquals("Weather limits\n\nWhen the water is cold dry suits are compulsory.", read(text, 18, 14, 14));
    }

    @Test
    void sentencesOfAPagePrintedByABrowserAreWhole() throws IOException {
        String text = String.join(
                "\n", PdfPages.read(Library.bytes("tryout/kayak-safety.pdf")).texts());
        assertTrue(text.contains("colder than 10 degrees Celsius, dry suits are compulsory.\n\nThe crossing"), text);
        assertTrue(text.startsWith("Sea kayak safety manual\n\nKestrel Bay"), text);
        assertTrue(text.contains("Weather limits\n\nBeginners"), text);
    }

    /** As it is read from a page whose first line has a size of its own. */
    private static String read(String text, int firstSize, int lineGap, int paragraphGap) throws IOException {
        PDType1Font font = new PDType1Font(Standard14Fonts.FontName.HELVETICA);
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage();
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.beginText();
                content.newLineAtOffset(72, 700);
                content.setFont(font, firstSize);
                for (String paragraph : text.split("\n\n")) {
                    for (String line : paragraph.split("\n")) {
                        content.showText(line);
                        content.setFont(font, 12);
                        content.newLineAtOffset(0, -lineGap);
                    }
                    content.newLineAtOffset(0, lineGap - paragraphGap);
                }
                content.endText();
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            document.save(bytes);
            return PdfPages.read(bytes.toByteArray()).texts().get(0);
        }
    }
}
