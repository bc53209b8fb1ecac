package skynet.knowledge;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.pdmodel.font.FontMappers;

/**
 * The process that reads PDF files and pictures: takes them one after the other from its standard input and writes what
 * came of each to its standard output. It ends with its input.
 *
 * <pre>
 * file    int32 length | bytes
 * answer  int8 outcome | text: the title, or why not | if read: int32 pages | text of each, or the text if there are none
 * text    int32 length | UTF-8
 * </pre>
 */
final class ReaderProgram {
    /** Most characters of a file. */
    static final int CHARS_MAX = 8 << 20;

    private static final int TITLE_CHARS_MAX = 200;

    private final Optional<TextRecognition> recognition;

    private ReaderProgram(Optional<TextRecognition> recognition) {
        this.recognition = recognition;
    }

    /** What came of a file. The order is that of the protocol. */
    enum Outcome {
        READ,
        UNREADABLE,
        TOO_LARGE,
        /** Memory ran out: this process has to be replaced. */
        BROKE;

        static Outcome of(int number) throws IOException {
            if (number < 0 || number >= values().length) throw new IOException("reader: outcome " + number);
            return values()[number];
        }
    }

    /** The argument, if there is one, is the program that recognises text in pictures. */
    public static void main(String... arguments) throws IOException {
        DataInputStream in = new DataInputStream(System.in);
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
        // Nothing else may write where the answers go.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        FontMappers.set(new NoFonts());
        ReaderProgram program = new ReaderProgram(
                List.of(arguments).stream().findFirst().map(Path::of).map(TextRecognition::new));
        while (true) {
            int length;
            try {
                length = in.readInt();
            } catch (EOFException e) {
                return;
            }
            program.answer(in.readNBytes(length), out);
            out.flush();
        }
    }

    private void answer(byte[] bytes, DataOutputStream out) throws IOException {
        Said said;
        try {
            said = Picture.Format.of(bytes).isPresent() ? Picture.read(bytes, recognition) : PdfPages.read(bytes);
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
            String kind = Picture.Format.of(bytes).map(Picture.Format::name).orElse("PDF");
            refuse(
                    out,
                    Outcome.UNREADABLE,
                    "is no " + kind + " that can be read (" + e.getClass().getSimpleName() + ")");
            return;
        }
        out.writeByte(Outcome.READ.ordinal());
        text(out, said.title);
        out.writeInt(said.isPaged ? said.texts.size() : 0);
        for (String page : said.texts) text(out, page);
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

    /** What a file says: a title, which may be blank, and the text of each of its pages, or its text if it has none. */
    record Said(String title, List<String> texts, boolean isPaged) {
        Said {
            title = shortened(title.replaceAll("[\\p{Cntrl}\\s]+", " ").strip());
            texts = List.copyOf(texts);
        }

        static Said pages(String title, List<String> texts) {
            return new Said(title, texts, true);
        }

        static Said whole(String title, String text) {
            return new Said(title, List.of(text), false);
        }

        private static String shortened(String said) {
            if (said.length() <= TITLE_CHARS_MAX) return said;
            boolean isSplit = Character.isHighSurrogate(said.charAt(TITLE_CHARS_MAX - 1));
            return said.substring(0, isSplit ? TITLE_CHARS_MAX - 1 : TITLE_CHARS_MAX);
        }
    }

    /** A file that is refused for a reason that has a name. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;
        private final Outcome outcome;

        Refused(Outcome outcome, String message) {
            super(message);
            this.outcome = outcome;
        }
    }
}
