package skynet.node.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import skynet.kit.ExitCode;
import skynet.kit.StartFailure;
import skynet.node.Terminal;

/** Where a command reads and writes; what it means to say goes to {@code out}, how it fares to {@code err}. */
public record Console(Map<String, String> environment, InputStream in, PrintWriter out, PrintWriter err) {
    private static final int INPUT_BYTES_MAX = 1 << 20;

    /** Tells whether standard output is a terminal, and so somebody reads along. */
    boolean outIsTerminal() {
        return Terminal.isAt(Terminal.OUT);
    }

    /** Tells whether standard error is a terminal, where a progress bar can move. */
    boolean errorIsTerminal() {
        return Terminal.isAt(Terminal.ERROR);
    }

    /** Hands over each line of the standard input without its line feed; holds one at a time. */
    void lines(Consumer<String> reader) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (InputStream bytes = new BufferedInputStream(in)) {
            for (int next = bytes.read(); next >= 0; next = bytes.read()) {
                if (next == '\n') {
                    reader.accept(utf8(line.toByteArray()));
                    line.reset();
                } else if (line.size() == INPUT_BYTES_MAX) {
                    throw tooLong("line");
                } else {
                    line.write(next);
                }
            }
            if (line.size() > 0) {
                reader.accept(utf8(line.toByteArray()));
            }
        } catch (IOException e) {
            throw new StartFailure(ExitCode.FAILED, "input: " + e.getMessage(), "try again", e);
        }
    }

    /** Returns the text to work on: the words of the command line, without any the whole standard input. */
    String text(List<String> words) {
        if (!words.isEmpty()) {
            String text = String.join(" ", words);
            if (text.indexOf('\uFFFD') >= 0) {
                throw new StartFailure(
                        ExitCode.USAGE,
                        "words: not readable in the locale of this shell (expected: UTF-8)",
                        "set LC_ALL=C.UTF-8, or give the text on standard input");
            }
            return text;
        }
        try {
            byte[] bytes = in.readNBytes(INPUT_BYTES_MAX + 1);
            if (bytes.length > INPUT_BYTES_MAX) {
                throw tooLong("input");
            }
            return utf8(bytes);
        } catch (IOException e) {
            throw new StartFailure(ExitCode.FAILED, "input: " + e.getMessage(), "try again", e);
        }
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new StartFailure(
                    ExitCode.USAGE, "input: not UTF-8", "convert it, for example with iconv -t UTF-8", e);
        }
    }

    private static StartFailure tooLong(String what) {
        return new StartFailure(
                ExitCode.USAGE,
                what + ": more than " + INPUT_BYTES_MAX + " bytes (expected: at most 1 MiB)",
                "give it in parts");
    }
}
