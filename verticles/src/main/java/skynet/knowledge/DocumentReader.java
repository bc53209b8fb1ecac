package skynet.knowledge;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.bus.TooLarge;

/**
 * Reads a file of any kind that is taken: text, Markdown, HTML, CSV, PDF and pictures. Its first bytes tell more than its name, and
 * its name more than what the sender says it is. What is of another kind is refused as UNSUPPORTED, what is broken, locked
 * or empty as UNREADABLE. Whoever opens it closes it: PDF files and pictures are read by another process.
 */
public final class DocumentReader implements AutoCloseable {
    /** The endings of the files that are taken. */
    public static final List<String> ENDINGS = List.of(
            ".txt",
            ".text",
            ".md",
            ".markdown",
            ".html",
            ".htm",
            ".xhtml",
            ".csv",
            ".tsv",
            ".pdf",
            ".png",
            ".jpg",
            ".jpeg",
            ".gif",
            ".bmp",
            ".tif",
            ".tiff");

    private static final Set<String> PICTURES = Set.of(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff");

    private static final String TAKEN = "text, Markdown, HTML, CSV, PDF or a picture as JPEG, PNG, GIF, BMP or TIFF";

    /** How far into a file the mark of a PDF may stand. */
    private static final int MARK_WITHIN_BYTES = 1_024;

    private static final Map<String, Kind> TYPES = Map.of(
            "text/plain", Kind.TEXT,
            "text/markdown", Kind.TEXT,
            "text/x-markdown", Kind.TEXT,
            "text/html", Kind.TEXT,
            "application/xhtml+xml", Kind.TEXT,
            "text/csv", Kind.TABLE,
            "text/tab-separated-values", Kind.TABLE,
            "application/csv", Kind.TABLE,
            "application/pdf", Kind.PDF);

    private final ReaderProcess apart;

    private enum Kind {
        TEXT,
        TABLE,
        PDF,
        PICTURE
    }

    /** One that recognises text in pictures when there is a program for that. */
    public DocumentReader() {
        this(TextRecognition.program());
    }

    DocumentReader(Optional<Path> recognition) {
        this.apart = new ReaderProcess(ReaderProcess.TIME_MAX, recognition);
    }

    /** The document in a file; the media type may be empty. Blocks. */
    public Document read(String name, String mediaType, byte[] bytes) {
        if (bytes.length > Knowledge.FILE_BYTES_MAX) {
            throw new TooLarge(
                    name + ": " + bytes.length + " bytes (expected: at most " + Knowledge.FILE_BYTES_MAX + ")");
        }
        try {
            Kind kind = kind(name, mediaType, bytes);
            if (kind == Kind.PDF || kind == Kind.PICTURE) return apart.read(name, bytes);
            if (kind == Kind.TABLE) return Table.read(name, TextExtractor.text(name, bytes));
            return TextExtractor.read(name, mediaType.startsWith("text/html"), bytes);
        } catch (TooLarge e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new Fault(Fault.Kind.UNREADABLE, e.getMessage());
        }
    }

    @Override
    public void close() {
        apart.close();
    }

    private static Kind kind(String name, String mediaType, byte[] bytes) {
        if (Picture.Format.of(bytes).isPresent()) return Kind.PICTURE;
        if (isPdf(bytes)) return Kind.PDF;
        if (begins(bytes, "PK\u0003\u0004")
                || begins(bytes, "\u001f\u008b")
                || begins(bytes, "7z\u00bc\u00af")
                || begins(bytes, "Rar!")
                || begins(bytes, "BZh")
                || begins(bytes, "\u00fd7zXZ")) {
            throw unsupported(name, "an archive or a packed file");
        }
        String ending = ending(name);
        if (ending.equals(".pdf")) {
            throw new Fault(Fault.Kind.UNREADABLE, name + ": does not begin like a PDF (expected: %PDF-)");
        }
        if (PICTURES.contains(ending)) {
            throw new Fault(
                    Fault.Kind.UNREADABLE, name + ": begins like no picture that is taken (expected: " + TAKEN + ")");
        }
        if (ending.equals(".csv") || ending.equals(".tsv")) return Kind.TABLE;
        if (ENDINGS.contains(ending)) return Kind.TEXT;
        String type = mediaType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (type.isEmpty() || type.equals("application/octet-stream")) {
            if (has(bytes, 0)) throw unsupported(name, "binary");
            return Kind.TEXT;
        }
        Kind said = TYPES.get(type);
        if (said == null) throw unsupported(name, "said to be " + (type.length() > 100 ? "something else" : type));
        if (said == Kind.PDF) {
            throw new Fault(Fault.Kind.UNREADABLE, name + ": does not begin like a PDF (expected: %PDF-)");
        }
        return said;
    }

    private static Fault unsupported(String name, String what) {
        return new Fault(Fault.Kind.UNSUPPORTED, name + ": " + what + " (expected: " + TAKEN + ")");
    }

    private static boolean isPdf(byte[] bytes) {
        for (int at = 0; at < Math.min(bytes.length - 5, MARK_WITHIN_BYTES); at++) {
            if (bytes[at] == '%'
                    && bytes[at + 1] == 'P'
                    && bytes[at + 2] == 'D'
                    && bytes[at + 3] == 'F'
                    && bytes[at + 4] == '-') {
                return true;
            }
        }
        return false;
    }

    private static boolean begins(byte[] bytes, String mark) {
        if (bytes.length < mark.length()) return false;
        for (int i = 0; i < mark.length(); i++) {
            if ((bytes[i] & 0xff) != mark.charAt(i)) return false;
        }
        return true;
    }

    private static boolean has(byte[] bytes, int wanted) {
        for (byte one : bytes) {
            if (one == wanted) return true;
        }
        return false;
    }

    private static String ending(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 || dot < name.lastIndexOf('/') ? "" : name.substring(dot).toLowerCase(Locale.ROOT);
    }
}
