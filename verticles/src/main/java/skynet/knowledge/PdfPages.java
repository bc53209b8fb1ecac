package skynet.knowledge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.text.PDFTextStripper;

/** The text of a PDF file, page by page. */
final class PdfPages {
    /** Most pages of a file. */
    static final int PAGES_MAX = 5_000;

    /** Titles that programs give files nobody gave one. */
    private static final Pattern NO_TITLE =
            Pattern.compile("(?i)\\s*(?:untitled.*|microsoft \\w+ - .*|.*\\.(?:docx?|dvi|tex|indd|qxd|pages))?\\s*");

    private static final Pattern HYPHEN = Pattern.compile("(?<=\\p{Ll})[-\u00ad]\\n(?=\\p{Ll})");
    private static final Pattern LINE_END =
            Pattern.compile("(?<!\\n)[ \\t]*\\n(?!\\s*\\n|[ \\t]*(?:[-*\u2022]|\\d{1,3}[.)])[ \\t])");
    private static final Pattern GAP = Pattern.compile("[ \\t]*\\n(?:[ \\t]*\\n)+[ \\t]*");

    private PdfPages() {}

    static ReaderProgram.Said read(byte[] bytes) throws IOException {
        try (PDDocument document = Loader.loadPDF(bytes)) {
            int count = document.getNumberOfPages();
            if (count > PAGES_MAX) {
                throw new ReaderProgram.Refused(
                        ReaderProgram.Outcome.TOO_LARGE, count + " pages (expected: at most " + PAGES_MAX + ")");
            }
            if (!document.getCurrentAccessPermission().canExtractContent()) {
                throw new ReaderProgram.Refused(
                        ReaderProgram.Outcome.UNREADABLE, "its owner does not allow to take its text");
            }
            if (count == 0) {
                throw new ReaderProgram.Refused(ReaderProgram.Outcome.UNREADABLE, "has no pages");
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
                if (chars > ReaderProgram.CHARS_MAX - 2L * count) {
                    throw new ReaderProgram.Refused(
                            ReaderProgram.Outcome.TOO_LARGE, "more than " + ReaderProgram.CHARS_MAX + " characters");
                }
                texts.add(text);
            }
            return ReaderProgram.Said.pages(title(document, texts), texts);
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
        if (NO_TITLE.matcher(said).matches()) {
            said = texts.stream()
                    .flatMap(String::lines)
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .findFirst()
                    .orElse("");
        }
        return said;
    }
}
