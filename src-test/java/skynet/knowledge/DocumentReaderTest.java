package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.DeflaterOutputStream;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Fault;
import skynet.bus.TooLarge;

class DocumentReaderTest {
    private final DocumentReader reader = new DocumentReader();

    @AfterEach
    void close() {
        reader.close();
    }

    @Test
    void readsThePagesOfAPdfAndKnowsWhereEachBegins() throws IOException {
        byte[] pdf = pdf("The harbour opens at five.", "The lamp is painted yellow.\nIt is 35 metres high.");
        Document document = reader.read("guide.pdf", "", pdf);
        assertEquals("The harbour opens at five.", document.title());
        assertEquals(2, document.pages().size());
        assertEquals(0, document.pages().get(0));
        int second = document.pages().get(1);
        assertTrue(document.text().substring(second).startsWith("The lamp is painted yellow."), document.text());
        assertTrue(document.text().contains("yellow. It is 35 metres high."), document.text());
        Chunk all = new Chunk(0, 0, document.text().length());
        Paging paging = Paging.of(document.pages(), all);
        assertEquals(1, paging.at(second - 1));
        assertEquals(2, paging.at(second));
        assertEquals(
                document.text(),
                reader.read("again.bin", "application/octet-stream", pdf).text());
    }

    @Test
    void refusesPdfsThatAreLockedOrMayNotBeTakenApart() throws IOException {
        refused(Fault.Kind.UNREADABLE, "locked with a password", "a.pdf", locked("secret", true));
        refused(Fault.Kind.UNREADABLE, "does not allow", "a.pdf", locked("", false));
        assertTrue(reader.read("a.pdf", "", locked("", true)).text().contains("harbour"));
    }

    @Test
    void refusesPdfsThatAreBrokenAndGoesOnWithTheNext() throws IOException {
        byte[] whole = pdf("The harbour opens at five.");
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 40; round++) {
            byte[] bent = round % 2 == 0 ? Arrays.copyOf(whole, random.nextInt(8, whole.length)) : whole.clone();
            for (int i = 0; i < 20; i++) bent[random.nextInt(6, bent.length)] = (byte) random.nextInt(256);
            try {
                reader.read("bent.pdf", "", bent);
            } catch (Fault refused) {
                assertEquals(Fault.Kind.UNREADABLE, refused.kind());
                assertTrue(refused.getMessage().startsWith("bent.pdf: "), refused.getMessage());
            }
        }
        assertTrue(reader.read("whole.pdf", "", whole).text().contains("harbour"));
        refused(Fault.Kind.UNREADABLE, "does not begin like a PDF", "a.pdf", "hello".getBytes(StandardCharsets.UTF_8));
        refused(Fault.Kind.UNREADABLE, "holds no text on 1 page", "a.pdf", pdf(""));
    }

    @Test
    void leavesAPdfThatUnpacksWithoutEnd() throws IOException {
        byte[] bomb = bomb(600);
        assertTrue(bomb.length < 2 << 20, bomb.length + " bytes");
        assertTimeoutPreemptively(Duration.ofSeconds(90), () -> {
            RuntimeException refused = assertThrows(RuntimeException.class, () -> reader.read("bomb.pdf", "", bomb));
            assertTrue(
                    refused instanceof TooLarge
                            || refused instanceof Fault fault && fault.kind() == Fault.Kind.UNREADABLE,
                    refused::toString);
        });
        assertTrue(reader.read("whole.pdf", "", pdf("The harbour opens at five."))
                .text()
                .contains("harbour"));
    }

    @Test
    void leavesAPdfThatTakesTooLong() throws IOException {
        try (ReaderProcess hasty = new ReaderProcess(Duration.ofMillis(1), Optional.empty())) {
            Fault refused = assertThrows(Fault.class, () -> hasty.read("slow.pdf", pdf("text")));
            assertEquals("slow.pdf: takes more than 0 s to read", refused.getMessage());
        }
    }

    @Test
    void refusesAPdfOfTooManyPages() throws IOException {
        try (PDDocument document = new PDDocument()) {
            for (int i = 0; i <= PdfPages.PAGES_MAX; i++) document.addPage(new PDPage());
            byte[] pages = bytes(document);
            TooLarge refused = assertThrows(TooLarge.class, () -> reader.read("long.pdf", "", pages));
            assertEquals("long.pdf: 5001 pages (expected: at most 5000)", refused.getMessage());
        }
    }

    @Test
    void tellsKindsByTheirBytesAndNames() {
        byte[] zip = {'P', 'K', 3, 4, 20, 0, 0, 0};
        for (String name : List.of("a.zip", "a.docx", "a.txt", "a.pdf", "a")) {
            refused(Fault.Kind.UNSUPPORTED, "an archive", name, zip);
        }
        refused(Fault.Kind.UNSUPPORTED, "an archive", "a.csv.gz", new byte[] {0x1f, (byte) 0x8b, 8, 0});
        refused(Fault.Kind.UNSUPPORTED, "binary", "a", new byte[] {1, 0, 2});
        Fault webp = assertThrows(Fault.class, () -> reader.read("a.webp", "image/webp", new byte[] {1, 2}));
        assertEquals(Fault.Kind.UNSUPPORTED, webp.kind());
        refused(Fault.Kind.UNREADABLE, "begins like no picture", "a.png", new byte[] {1, 2});
        refused(Fault.Kind.UNREADABLE, "byte 0 is not UTF-8", "a.md", new byte[] {(byte) 0xC3, 0x28});
        refused(Fault.Kind.UNREADABLE, "no text", "a.html", "<p> </p>".getBytes(StandardCharsets.UTF_8));
        assertEquals(
                "Seen",
                reader.read("page", "text/html; charset=utf-8", utf8("<b>Seen</b>"))
                        .text());
        assertThrows(TooLarge.class, () -> reader.read("a.txt", "", new byte[TextExtractor.BYTES_MAX + 1]));
    }

    @Test
    void turnsEachRowOfATableIntoASentenceThatNamesItsColumns() {
        String csv =
                "\uFEFFname,colour,\"height, m\"\r\nArkona,yellow,35\r\n\"Cape \"\"Hook\"\"\",\"red\nand white\",\r\n\r\n";
        Document document = reader.read("towers.csv", "text/csv", utf8(csv));
        assertEquals(
                "name: Arkona; colour: yellow; height, m: 35\n\nname: Cape \"Hook\"; colour: red and white",
                document.text());
        assertEquals("a: 1; b: 2", reader.read("t.csv", "", utf8("a;b\n1;2")).text());
        assertEquals(
                "a: 1; b: 2; column 3: 3",
                reader.read("t.tsv", "", utf8("a\tb\n1\t2\t3\n")).text());
        refused(Fault.Kind.UNREADABLE, "opened in row 2 is never closed", "t.csv", utf8("a,b\n\"1,2\n3,4"));
        refused(Fault.Kind.UNREADABLE, "no row below", "t.csv", utf8("a,b\n"));
        refused(Fault.Kind.UNREADABLE, "more than 1000 columns", "t.csv", utf8("x,".repeat(1_001) + "\n1"));
        assertThrows(TooLarge.class, () -> reader.read("t.csv", "", utf8("a\n" + "1\n".repeat(Table.ROWS_MAX))));
    }

    private void refused(Fault.Kind kind, String words, String name, byte[] bytes) {
        Fault refused = assertThrows(Fault.class, () -> reader.read(name, "", bytes), name);
        assertEquals(kind, refused.kind(), refused::getMessage);
        assertTrue(refused.getMessage().contains(words), refused::getMessage);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] pdf(String... pages) throws IOException {
        try (PDDocument document = new PDDocument()) {
            for (String text : pages) page(document, text);
            return bytes(document);
        }
    }

    private static byte[] locked(String password, boolean mayExtract) throws IOException {
        try (PDDocument document = new PDDocument()) {
            page(document, "The harbour opens at five.");
            AccessPermission permission = new AccessPermission();
            permission.setCanExtractContent(mayExtract);
            document.protect(new StandardProtectionPolicy("owner", password, permission));
            return bytes(document);
        }
    }

    /** One page whose content is so many MiB of spaces. */
    private static byte[] bomb(int mebibytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        byte[] spaces = new byte[1 << 20];
        Arrays.fill(spaces, (byte) ' ');
        try (OutputStream out = new DeflaterOutputStream(packed)) {
            for (int i = 0; i < mebibytes; i++) out.write(spaces);
        }
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage();
            document.addPage(page);
            PDStream content = new PDStream(document);
            try (OutputStream raw = content.getCOSObject().createRawOutputStream()) {
                raw.write(packed.toByteArray());
            }
            content.getCOSObject().setItem(COSName.FILTER, COSName.FLATE_DECODE);
            page.setContents(content);
            return bytes(document);
        }
    }

    private static void page(PDDocument document, String text) throws IOException {
        PDPage page = new PDPage();
        document.addPage(page);
        try (PDPageContentStream content = new PDPageContentStream(document, page)) {
            content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
            content.beginText();
            content.newLineAtOffset(72, 700);
            for (String line : text.split("\n")) {
                content.showText(line);
                content.newLineAtOffset(0, -14);
            }
            content.endText();
        }
    }

    private static byte[] bytes(PDDocument document) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        document.save(out);
        return out.toByteArray();
    }
}
