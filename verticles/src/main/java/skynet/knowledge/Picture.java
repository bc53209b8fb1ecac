package skynet.knowledge;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import skynet.bus.Knowledge;

/**
 * A picture as a document: what kind it is, how large, what it says of itself, a hash by which its copies are found, and the
 * text in it where there is a program that recognises text. What it shows is not described.
 */
final class Picture {
    /** Most points of a picture that is unpacked: decoders take up to six bytes for each, outside of the heap. */
    static final long POINTS_MAX = 50_000_000;

    private static final int HASH_COLUMNS = 9;
    private static final int HASH_ROWS = 8;

    /** So many points a side make one cell of the hash. */
    private static final int CELL = 8;

    private static final List<String> FACTS = List.of(
            "format",
            "width and height in points",
            "size in bytes",
            "description, time, camera and author (Exif)",
            "comments",
            "perceptual hash");

    private Picture() {}

    /** The kinds that the JVM can unpack, each told by how it begins. */
    enum Format {
        JPEG("\u00ff\u00d8\u00ff"),
        PNG("\u0089PNG\r\n\u001a\n"),
        GIF("GIF87a", "GIF89a"),
        BMP("BM"),
        TIFF("II*\u0000", "MM\u0000*");

        private final String beginning;
        private final String otherBeginning;

        Format(String beginning) {
            this(beginning, beginning);
        }

        Format(String beginning, String otherBeginning) {
            this.beginning = beginning;
            this.otherBeginning = otherBeginning;
        }

        /** Of a file; a text may begin as a BMP does, and its header tells more. */
        static Optional<Format> of(byte[] bytes) {
            return Arrays.stream(values())
                    .filter(format -> begins(bytes, format.beginning) || begins(bytes, format.otherBeginning))
                    .filter(format -> format != BMP || isHeaderOfBmp(bytes))
                    .findFirst();
        }

        private static boolean begins(byte[] bytes, String start) {
            if (bytes.length < start.length()) return false;
            for (int i = 0; i < start.length(); i++) {
                if ((bytes[i] & 0xff) != start.charAt(i)) return false;
            }
            return true;
        }

        /** Four bytes that are kept for later are zero, and the size of the next header is one of a few. */
        private static boolean isHeaderOfBmp(byte[] bytes) {
            return bytes.length > 18
                    && bytes[6] == 0
                    && bytes[7] == 0
                    && bytes[8] == 0
                    && bytes[9] == 0
                    && bytes[15] == 0
                    && bytes[16] == 0
                    && bytes[17] == 0;
        }
    }

    /** What is taken from pictures on this machine. Blocks. */
    static Knowledge.Perception perception() {
        Optional<Path> program = TextRecognition.program();
        List<String> languages = program.map(TextRecognition::new)
                .map(TextRecognition::languages)
                .orElse(List.of());
        String reason = program.isEmpty() ? "no tesseract on the path of this node" : "tesseract here has no language";
        return new Knowledge.Perception(
                Arrays.stream(Format.values()).map(Format::name).toList(),
                FACTS,
                !languages.isEmpty(),
                languages,
                languages.isEmpty() ? reason : "");
    }

    /** What a picture says. Blocks, as long as its decoder and the recognition take. */
    static ReaderProgram.Said read(byte[] bytes, Optional<TextRecognition> recognition) throws IOException {
        Format format = Format.of(bytes).orElseThrow();
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.name());
        if (!readers.hasNext()) throw new IIOException("no reader of " + format);
        ImageReader reader = readers.next();
        ImageIO.setUseCache(false);
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(in);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            PictureFacts facts = PictureFacts.of(reader);
            List<String> lines = new ArrayList<>();
            lines.add(String.format(
                    Locale.ROOT, "%s picture, %d by %d points, %,d bytes.", format, width, height, bytes.length));
            lines.addAll(facts.sentences());
            if ((long) width * height > POINTS_MAX) {
                lines.add("It is too large to be looked into: more than " + POINTS_MAX + " points.");
                return ReaderProgram.Said.whole(facts.description(), String.join("\n", lines));
            }
            lines.add(String.format("Its perceptual hash is %016x.", hash(reader, width, height)));
            if (recognition.isPresent()) {
                lines.add(recognised(recognition.get(), bytes));
            }
            return ReaderProgram.Said.whole(facts.description(), String.join("\n", lines));
        } finally {
            reader.dispose();
        }
    }

    private static String recognised(TextRecognition recognition, byte[] bytes) {
        try {
            String text = recognition.read(bytes);
            return text.isEmpty() ? "No text is recognised in it." : "The text recognised in it:\n\n" + text;
        } catch (IOException e) {
            return "The text in it could not be recognised: " + e.getMessage() + ".";
        }
    }

    /**
     * A difference hash: of nine by eight cells, whether each is darker than the one to its right, row by row from the highest
     * bit. Copies of another size, format or quality differ in a few bits.
     */
    private static long hash(ImageReader reader, int width, int height) throws IOException {
        ImageReadParam few = reader.getDefaultReadParam();
        few.setSourceSubsampling(
                Math.max(1, width / (HASH_COLUMNS * CELL)), Math.max(1, height / (HASH_ROWS * CELL)), 0, 0);
        BufferedImage image = reader.read(0, few);
        long hash = 0;
        for (int row = 0; row < HASH_ROWS; row++) {
            for (int column = 0; column + 1 < HASH_COLUMNS; column++) {
                boolean isDarker = light(image, column, row) < light(image, column + 1, row);
                hash = hash << 1 | (isDarker ? 1 : 0);
            }
        }
        return hash;
    }

    /** The mean luma of a cell, in thousandths. */
    private static long light(BufferedImage image, int column, int row) {
        int left = column * image.getWidth() / HASH_COLUMNS;
        int right = Math.max(left + 1, (column + 1) * image.getWidth() / HASH_COLUMNS);
        int top = row * image.getHeight() / HASH_ROWS;
        int bottom = Math.max(top + 1, (row + 1) * image.getHeight() / HASH_ROWS);
        long sum = 0;
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                int point = image.getRGB(x, y);
                sum += 299L * (point >> 16 & 0xff) + 587L * (point >> 8 & 0xff) + 114L * (point & 0xff);
            }
        }
        return sum / ((long) (right - left) * (bottom - top));
    }
}
