package skynet.genom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import skynet.bus.Genom;
import skynet.dictionary.CoordinateTable;

/** Frames come back as they were, and whatever is no frame is refused with a position. */
class FrameTest {
    private static final String TEXT = "Hello world, from NEW YORK!\n\n  “Příliš žluťoučký” -- 你好 ======= don't";

    private static CoordinateTable table;

    @BeforeAll
    static void open() throws Exception {
        table = Tables.open();
    }

    @Test
    void comeBackAsTheyWere() throws FrameException {
        for (FrameType type : FrameType.values()) {
            Frame frame = new Frame(Frame.NODE_MAX, Long.MAX_VALUE, 0, type, run(TEXT));
            assertEquals(frame, GenomFrame.parse(GenomFrame.format(frame)));
            assertEquals(frame, BinaryFrame.read(BinaryFrame.write(frame)));
            assertEquals(BinaryFrame.write(frame).length, BinaryFrame.length(frame));
        }
        Frame empty = new Frame(1, 0, 0, FrameType.MSG, run(""));
        assertEquals(empty, GenomFrame.parse(GenomFrame.format(empty)));
        assertEquals(empty, BinaryFrame.read(BinaryFrame.write(empty)));
    }

    @Test
    void carryRandomTextsOfEveryKindOfCode() throws FrameException {
        SplittableRandom random = new SplittableRandom(12);
        Encoder encoder = new Encoder(table);
        for (int round = 0; round < 3_000; round++) {
            byte[] bytes = new byte[random.nextInt(60)];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] =
                        (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : " ,.aeton".charAt(random.nextInt(8)));
            }
            int[] codes = new int[bytes.length];
            int count = encoder.encode(bytes, bytes.length, codes);
            Frame frame = new Frame(
                    1 + random.nextInt(Frame.NODE_MAX),
                    random.nextLong() >>> 1,
                    random.nextLong() >>> 1,
                    FrameType.MSG,
                    CodeRun.of(codes, count));
            assertEquals(frame, GenomFrame.parse(GenomFrame.format(frame)));
            assertEquals(frame, BinaryFrame.read(BinaryFrame.write(frame)));
        }
    }

    @Test
    void areSpelledAsDocumented() {
        Frame frame = new Frame(
                5, 3, 42, FrameType.MSG, CodeRun.of(new int[] {Codes.token(0, 1, 0), Codes.token(300, 0, 0)}, 2));
        assertEquals("GENOM|NOD5|3|42|MSG|6QCArA|", GenomFrame.format(frame).substring(0, 27));
        assertTrue(GenomFrame.format(frame).substring(27).matches("[0-9a-f]{8}"));
        byte[] head = {0x67, 1, 5, 3, 42, 0, 4, (byte) 0xE9, 0, (byte) 0x80, (byte) 0xAC};
        assertEquals(head.length + 4, BinaryFrame.write(frame).length);
        assertEquals(Arrays.toString(head), Arrays.toString(Arrays.copyOf(BinaryFrame.write(frame), head.length)));
    }

    @Test
    void areRefusedWhenTruncatedAnywhere() {
        Frame frame = new Frame(5, 3, 42, FrameType.MSG, run(TEXT));
        String line = GenomFrame.format(frame);
        for (int length = 0; length < line.length(); length++) {
            String part = line.substring(0, length);
            assertThrows(FrameException.class, () -> GenomFrame.parse(part));
        }
        byte[] bytes = BinaryFrame.write(frame);
        for (int length = 0; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);
            assertThrows(FrameException.class, () -> BinaryFrame.read(part));
        }
        assertThrows(FrameException.class, () -> BinaryFrame.read(Arrays.copyOf(bytes, bytes.length + 1)));
        assertThrows(FrameException.class, () -> GenomFrame.parse(line + " "));
    }

    @Test
    void areRefusedWhenAnyByteChanges() {
        Frame frame = new Frame(5, 3, 42, FrameType.MSG, run(TEXT));
        byte[] line = GenomFrame.format(frame).getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = BinaryFrame.write(frame);
        for (int value = 1; value < 256; value++) {
            for (int at = 0; at < line.length; at++) {
                byte[] changed = line.clone();
                changed[at] ^= (byte) value;
                assertThrows(
                        FrameException.class, () -> GenomFrame.parse(new String(changed, StandardCharsets.ISO_8859_1)));
            }
            for (int at = 0; at < bytes.length; at++) {
                byte[] changed = bytes.clone();
                changed[at] ^= (byte) value;
                assertThrows(FrameException.class, () -> BinaryFrame.read(changed));
            }
        }
    }

    @Test
    void neverFailOtherwiseOnCodesThatPassTheChecksum() {
        SplittableRandom random = new SplittableRandom(9);
        int accepted = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] codes = new byte[random.nextInt(12)];
            for (int at = 0; at < codes.length; at++) {
                codes[at] = (byte) (random.nextInt(2) == 0 ? random.nextInt(256) : 0xC0 + random.nextInt(64));
            }
            try {
                CodeRun run = CodeStream.read(codes, 0, codes.length);
                assertEquals(Arrays.toString(codes), Arrays.toString(CodeStream.write(run)));
                accepted++;
            } catch (FrameException refused) {
                assertTrue(refused.position() >= 0 && refused.position() <= codes.length);
            }
        }
        assertTrue(accepted > 1_000);
    }

    @Test
    void sayWhereTheyBreak() {
        String[] lines = {
            "",
            "GENOM",
            "GENOM|",
            "genom|NOD5|0|0|MSG||",
            "GENOM|NOD0|0|0|MSG||00000000",
            "GENOM|NOD10000000|0|0|MSG||00000000",
            "GENOM|NOD05|0|0|MSG||00000000",
            "GENOM|NOD5|-1|0|MSG||00000000",
            "GENOM|NOD5|0|9223372036854775808|MSG||00000000",
            "GENOM|NOD5|0|0|msg||00000000",
            "GENOM|NOD5|0|0|MSG|?|00000000",
            "GENOM|NOD5|0|0|MSG||0000000Z",
            "GENOM|NOD5||0|MSG||"
        };
        for (String line : lines) {
            FrameException refused = assertThrows(FrameException.class, () -> GenomFrame.parse(line));
            assertTrue(refused.getMessage().contains("expected"), refused.getMessage());
            assertTrue(refused.position() <= line.length(), line);
        }
    }

    @Test
    void holdTheLongestText() throws FrameException {
        Frame frame = new Frame(1, 1, 1, FrameType.MSG, run("я".repeat(Genom.TEXT_BYTES_MAX / 2)));
        assertEquals(frame, GenomFrame.parse(GenomFrame.format(frame)));
        assertEquals(frame, BinaryFrame.read(BinaryFrame.write(frame)));
        Frame marks = new Frame(1, 1, 1, FrameType.MSG, run("#%".repeat(Genom.TEXT_BYTES_MAX / 2)));
        assertEquals(marks, GenomFrame.parse(GenomFrame.format(marks)));
        assertEquals(marks, BinaryFrame.read(BinaryFrame.write(marks)));
    }

    private static CodeRun run(String text) {
        int[] codes = new Encoder(table).encode(text);
        return CodeRun.of(codes, codes.length);
    }
}
