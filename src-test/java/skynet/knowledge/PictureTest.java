package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Fault;

/** What a document is made of when it is a picture. */
class PictureTest {
    private static final Pattern HASH = Pattern.compile("perceptual hash is ([0-9a-f]{16})");
    private static final int DESCRIPTION = 0x010e;
    private static final int MAKE = 0x010f;
    private static final int MODEL = 0x0110;
    private static final int DATE = 0x0132;
    private static final int ARTIST = 0x013b;
    private static final int ASCII = 2;

    @TempDir
    Path home;

    private final List<DocumentReader> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(DocumentReader::close);
    }

    @Test
    void tellsKindAndSizeOfEachFormat() throws IOException {
        DocumentReader reader = reader(Optional.empty());
        for (String format : List.of("JPEG", "PNG", "GIF", "BMP", "TIFF")) {
            byte[] bytes = bytes(scene(320, 200), format);
            Document document = reader.read("scene", "application/octet-stream", bytes);
            assertEquals("scene", document.title());
            assertEquals(List.of(), document.pages());
            assertTrue(
                    document.text().startsWith(format + " picture, 320 by 200 points, "),
                    format + ": " + document.text());
            assertFalse(document.text().contains("recognised"), document.text());
        }
    }

    @Test
    void copiesOfAnotherSizeAndQualityHaveNearlyTheSameHash() throws IOException {
        DocumentReader reader = reader(Optional.empty());
        long large = hash(reader.read("a.png", "", bytes(scene(640, 400), "PNG")));
        long small = hash(reader.read("b.jpg", "", bytes(scene(200, 125), "JPEG")));
        long other = hash(reader.read("c.png", "", bytes(turned(640, 400), "PNG")));
        assertTrue(Long.bitCount(large ^ small) <= 8, Long.toHexString(large) + " " + Long.toHexString(small));
        assertTrue(Long.bitCount(large ^ other) > 16, Long.toHexString(large) + " " + Long.toHexString(other));
    }

    @Test
    void tellsWhatExifSaysAndNotWhereItWasTaken() throws IOException {
        byte[] jpeg = withExif(
                bytes(scene(64, 48), "JPEG"),
                Map.of(
                        DESCRIPTION, "The lighthouse of Arkona\u0007 at noon",
                        MAKE, "Halden",
                        MODEL, "K 7",
                        DATE, "2024:05:01 12:00:03",
                        ARTIST, "Ann"));
        Document document = reader(Optional.empty()).read("arkona.jpg", "image/jpeg", jpeg);
        assertEquals("The lighthouse of Arkona at noon", document.title());
        assertTrue(document.text().contains("Described as: The lighthouse of Arkona at noon\n"), document.text());
        assertTrue(document.text().contains("Taken at 2024-05-01 12:00:03 with Halden K 7."), document.text());
        assertTrue(document.text().contains("By: Ann"), document.text());
    }

    @Test
    void anExifThatIsNoneTakesNothingFromThePicture() throws IOException {
        byte[] plain = bytes(scene(64, 48), "JPEG");
        byte[] jpeg = segment(
                plain, "Exif\u0000\u0000II*\u0000\u00ff\u00ff\u00ff\u00ff".getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(reader(Optional.empty()).read("a.jpg", "", jpeg).text().startsWith("JPEG picture, 64 by 48 points"));
    }

    @Test
    void theTextInItIsAddedWhereItCanBeRecognised() throws IOException {
        Path program = program(
                """
                if [ "$1" = --list-langs ]; then echo 'List of available languages (3):'; echo deu; echo eng; echo osd; exit; fi
                cat > /dev/null
                echo "$@: The ferry leaves at noon."
                """);
        Document document = reader(Optional.of(program)).read("sign.png", "", bytes(scene(64, 48), "PNG"));
        assertTrue(
                document.text()
                        .endsWith(
                                "The text recognised in it:\n\nstdin stdout -l deu+eng -c tessedit_page_number=0: The ferry leaves at noon."),
                document.text());
    }

    @Test
    void aRecognitionThatFailsIsNamedAndThePictureTaken() throws IOException {
        Path program = program(
                """
                if [ "$1" = --list-langs ]; then echo eng; exit; fi
                exit 3
                """);
        String text = reader(Optional.of(program))
                .read("sign.png", "", bytes(scene(64, 48), "PNG"))
                .text();
        assertTrue(text.endsWith("could not be recognised: tesseract ended with 3."), text);
        String none = reader(Optional.of(program("exit 0")))
                .read("sign.png", "", bytes(scene(64, 48), "PNG"))
                .text();
        assertTrue(none.endsWith("could not be recognised: tesseract has no language."), none);
    }

    @Test
    void aPictureThatUnpacksToTooMuchIsNotUnpacked() throws IOException {
        byte[] png = bytes(scene(64, 48), "PNG");
        ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 60_000);
        ByteBuffer.wrap(png).putInt(29, crc(png, 12, 17));
        String text = reader(Optional.empty()).read("bomb.png", "", png).text();
        assertTrue(text.startsWith("PNG picture, 60000 by 60000 points"), text);
        assertTrue(text.contains("too large to be looked into"), text);
        assertFalse(HASH.matcher(text).find(), text);
    }

    @Test
    void brokenPicturesAreRefusedByNameOrReadAsFarAsTheyGo() throws IOException {
        DocumentReader reader = reader(Optional.empty());
        SplittableRandom random = new SplittableRandom(7);
        for (String format : List.of("JPEG", "PNG", "GIF", "BMP", "TIFF")) {
            byte[] whole = bytes(scene(64, 48), format);
            for (int round = 0; round < 12; round++) {
                byte[] bent = whole.clone();
                for (int i = 0; i < 12; i++) bent[random.nextInt(8, bent.length)] = (byte) random.nextInt(256);
                try {
                    reader.read("bent", "", bent);
                } catch (Fault refused) {
                    assertTrue(
                            refused.kind() == Fault.Kind.UNREADABLE || refused.kind() == Fault.Kind.UNSUPPORTED,
                            refused.toString());
                    assertTrue(refused.getMessage().startsWith("bent: "), refused.getMessage());
                }
            }
        }
        Fault refused =
                assertThrows(Fault.class, () -> reader.read("half.png", "", new byte[] {(byte) 0x89, 'P', 'N', 'G'}));
        assertEquals(Fault.Kind.UNREADABLE, refused.kind());
    }

    @Test
    void aTextThatBeginsWithBmIsNoPicture() {
        assertEquals(
                "BM is short for board meeting.",
                reader(Optional.empty())
                        .read("notes.txt", "", "BM is short for board meeting.".getBytes(StandardCharsets.UTF_8))
                        .text());
    }

    private DocumentReader reader(Optional<Path> recognition) {
        DocumentReader reader = new DocumentReader(recognition);
        open.add(reader);
        return reader;
    }

    private Path program(String script) throws IOException {
        Path program = Files.createTempFile(home, "tesseract", "");
        Files.writeString(program, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return program;
    }

    private static long hash(Document document) {
        Matcher hash = HASH.matcher(document.text());
        assertTrue(hash.find(), document.text());
        return Long.parseUnsignedLong(hash.group(1), 16);
    }

    /** A sky, a hill and a light. */
    private static BufferedImage scene(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double across = (double) x / width;
                double down = (double) y / height;
                boolean isHill = down > 0.6 + 0.2 * Math.sin(6 * across);
                boolean isLight = Math.hypot(across - 0.7, down - 0.3) < 0.12;
                image.setRGB(x, y, isLight ? 0xffee88 : isHill ? 0x204020 : (int) (120 + 90 * across) << 8 | 0x4000c0);
            }
        }
        return image;
    }

    private static BufferedImage turned(int width, int height) {
        BufferedImage scene = scene(width, height);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) image.setRGB(x, y, scene.getRGB(width - 1 - x, height - 1 - y));
        }
        return image;
    }

    private static byte[] bytes(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, format, out), format);
        return out.toByteArray();
    }

    private static byte[] withExif(byte[] jpeg, Map<Integer, String> fields) {
        Map<Integer, String> sorted = new TreeMap<>(fields);
        int values = 8 + 2 + 12 * sorted.size() + 4;
        ByteBuffer tiff = ByteBuffer.allocate(2_000).order(ByteOrder.LITTLE_ENDIAN);
        tiff.put("II".getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8);
        tiff.putShort((short) sorted.size());
        ByteArrayOutputStream heap = new ByteArrayOutputStream();
        sorted.forEach((tag, value) -> {
            byte[] ascii = (value + "\0".repeat(Math.max(1, 5 - value.length()))).getBytes(StandardCharsets.US_ASCII);
            tiff.putShort(tag.shortValue())
                    .putShort((short) ASCII)
                    .putInt(ascii.length)
                    .putInt(values + heap.size());
            heap.writeBytes(ascii);
        });
        tiff.putInt(0).put(heap.toByteArray());
        ByteArrayOutputStream exif = new ByteArrayOutputStream();
        exif.writeBytes("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
        exif.write(tiff.array(), 0, tiff.position());
        return segment(jpeg, exif.toByteArray());
    }

    /** The picture with an APP1 segment in the place of its JFIF segment, as cameras write it. */
    private static byte[] segment(byte[] jpeg, byte[] content) {
        int rest = 4 + ByteBuffer.wrap(jpeg).getShort(4);
        ByteBuffer all = ByteBuffer.allocate(jpeg.length + content.length + 4);
        all.put(jpeg, 0, 2)
                .putShort((short) 0xffe1)
                .putShort((short) (content.length + 2))
                .put(content);
        all.put(jpeg, rest, jpeg.length - rest);
        return Arrays.copyOf(all.array(), all.position());
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
