package skynet.knowledge;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.pdmodel.font.FontMappers;
import org.apache.pdfbox.text.PDFTextStripper;

/**
 * The process that takes the text out of PDF files: reads them one after the other from its standard input and writes what
 * came of each to its standard output. It ends with its input.
 *
 * <pre>
 * file    int32 length | bytes
 * answer  int8 outcome | text: the title, or why not | if read: int32 pages | text of each
 * text    int32 length | UTF-8
 * </pre>
 */
final class PdfPages {
    /** Most pages of a file. */
    static final int PAGES_MAX = 5_000;

    /** Most characters of all pages. */
    static final int CHARS_MAX = 8 << 20;

    private static final int TITLE_CHARS_MAX = 200;

    /** Titles that programs give files nobody gave one. */
    private static final Pattern NO_TITLE =
            Pattern.compile("(?i)\\s*(?:untitled.*|microsoft \\w+ - .*|.*\\.(?:docx?|dvi|tex|indd|qxd|pages))?\\s*");

    private static final Pattern HYPHEN = Pattern.compile("(?<=\\p{Ll})[-\u00ad]\\n(?=\\p{Ll})");
    private static final Pattern LINE_END =
            Pattern.compile("(?<!\\n)[ \\t]*\\n(?!\\s*\\n|[ \\t]*(?:[-*\u2022]|\\d{1,3}[.)])[ \\t])");
    private static final Pattern GAP = Pattern.compile("[ \\t]*\\n(?:[ \\t]*\\n)+[ \\t]*");

    private PdfPages() {}

    /** What came of a file. The order is that of the protocol. */
    enum Outcome {
        READ,
        UNREADABLE,
        TOO_LARGE,
        /** Memory ran out: this process has to be replaced. */
        BROKE;

        static Outcome of(int number) throws IOException {
            if (number < 0 || number >= values().length) throw new IOException("PDF: outcome " + number);
            return values()[number];
        }
    }

    public static void main(String... arguments) throws IOException {
        DataInputStream in = new DataInputStream(System.in);
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
        // Nothing else may write where the answers go.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        FontMappers.set(new NoFonts());
        while (true) {
            int length;
            try {
                length = in.readInt();
            } catch (EOFException e) {
                return;
            }
            answer(in.readNBytes(length), out);
            out.flush();
        }
    }

    private static void answer(byte[] bytes, DataOutputStream out) throws IOException {
        Pages pages;
        try {
            pages = read(bytes);
        } catch (InvalidPasswordException e) {
            refuse(out, Outcome.UNREADABLE, "is locked with a password (expected: one that opens without)");
            return;
        } catch (Refused e) {
            refuse(out, e.outcome, e.getMessage());
            return;
        } catch (OutOfMemoryError e) {
            refuse(out, Outcome.BROKE, "takes more than 256 MiB to unpack");
            return;
        } catch (IOException | RuntimeException | StackOverflowError | LinkageError e) {
            refuse(
                    out,
                    Outcome.UNREADABLE,
                    "is no PDF that can be read (" + e.getClass().getSimpleName() + ")");
            return;
        }
        out.writeByte(Outcome.READ.ordinal());
        text(out, pages.title);
        out.writeInt(pages.texts.size());
        for (String page : pages.texts) text(out, page);
    }

    private static void refuse(DataOutputStream out, Outcome outcome, String why) throws IOException {
        out.writeByte(outcome.ordinal());
        text(out, why);
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static Pages read(byte[] bytes) throws IOException {
        try (PDDocument document = Loader.loadPDF(bytes)) {
            int count = document.getNumberOfPages();
            if (count > PAGES_MAX) {
                throw new Refused(Outcome.TOO_LARGE, count + " pages (expected: at most " + PAGES_MAX + ")");
            }
            if (!document.getCurrentAccessPermission().canExtractContent()) {
                throw new Refused(Outcome.UNREADABLE, "its owner does not allow to take its text");
            }
            PDFTextStripper stripper = new Paragraphs();
            stripper.setLineSeparator("\n");
            stripper.setParagraphEnd("\n\n");
            stripper.setPageEnd("");
            List<String> texts = new ArrayList<>();
            long chars = 0;
            for (int page = 1; page <= count; page++) {
                stripper.setStartPage(page);
                stripper.setEndPage(page);
                String text = tidy(stripper.getText(document));
                chars += text.length();
                if (chars > CHARS_MAX - 2L * count) {
                    throw new Refused(Outcome.TOO_LARGE, "more than " + CHARS_MAX + " characters");
                }
                texts.add(text);
            }
            return new Pages(title(document, texts), texts);
        }
    }

    /** Lines of a paragraph become one, words cut at their end are put together; marks of lists stay where they are. */
    static String tidy(String text) {
        String clean = text.replace("\r", "").replace("\u0000", "").replace('\u00a0', ' ');
        String gaps = GAP.matcher(clean.strip()).replaceAll("\n\n");
        return LINE_END.matcher(HYPHEN.matcher(gaps).replaceAll("")).replaceAll(" ");
    }

    private static String title(PDDocument document, List<String> texts) {
        PDDocumentInformation information = document.getDocumentInformation();
        String said = information == null || information.getTitle() == null ? "" : information.getTitle();
        said = said.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        if (NO_TITLE.matcher(said).matches()) {
            said = texts.stream()
                    .flatMap(String::lines)
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .findFirst()
                    .orElse("");
        }
        if (said.length() <= TITLE_CHARS_MAX) return said;
        int end = Character.isHighSurrogate(said.charAt(TITLE_CHARS_MAX - 1)) ? TITLE_CHARS_MAX - 1 : TITLE_CHARS_MAX;
        return said.substring(0, end);
    }

    /** What a file says: its title and the text of each of its pages. */
    record Pages(String title, List<String> texts) {}

    /** A file that is refused for a reason that has a name. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;
        private final Outcome outcome;

        Refused(Outcome outcome, String message) {
            super(message);
            this.outcome = outcome;
        }
    }
}
