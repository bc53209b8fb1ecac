package skynet.dictionary;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFileTest {
    private static final long SEED = 20261121;

    @TempDir
    Path directory;

    @Test
    void refusesAThousandDifferentFlippedBits() throws IOException {
        byte[] bytes = SmallTable.bytes(directory);
        int bits = 8 * bytes.length;
        IntStream header = IntStream.range(0, 8 * 272).filter(bit -> bit % 5 == 0);
        IntStream anywhere = new Random(SEED).ints(0, bits).distinct().limit(1000);
        IntStream.concat(header, anywhere).forEach(bit -> refusesFlip(bytes, bit));
    }

    @Test
    void refusesFlippedBitsOfTheFullTable() throws IOException {
        byte[] bytes = TableBuilder.build(BundledPack.read());
        new Random(SEED).ints(0, 8 * 50_000_000).distinct().limit(20).forEach(bit -> refusesFlip(bytes, bit));
    }

    private static void refusesFlip(byte[] bytes, int bit) {
        bytes[bit >>> 3] ^= (byte) (1 << (bit & 7));
        assertThrows(DictionaryFormatException.class, () -> CoordinateTable.over(ByteBuffer.wrap(bytes)), "bit " + bit);
        bytes[bit >>> 3] ^= (byte) (1 << (bit & 7));
    }

    @Test
    void refusesEveryTruncation() throws IOException {
        byte[] bytes = SmallTable.bytes(directory);
        for (int length = 0; length < bytes.length; length += length < 4200 ? 1 : 97) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(DictionaryFormatException.class, () -> CoordinateTable.over(ByteBuffer.wrap(cut)));
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThrows(DictionaryFormatException.class, () -> CoordinateTable.over(ByteBuffer.wrap(longer)));
    }

    @Test
    void namesFileValueAndExpectation() throws IOException {
        Path foreign = Files.write(directory.resolve("foreign.table"), new byte[TableHeader.BYTES]);
        var refused = assertThrows(DictionaryFormatException.class, () -> CoordinateTable.open(foreign));
        assertTrue(refused.getMessage().contains("foreign.table: magic: 0000000000000000 (expected: SKYTABLE)"));
    }

    @Test
    void makesTheSameBytesTwice() throws IOException {
        assertArrayEquals(SmallTable.pack(directory), SmallTable.pack(directory));
        assertArrayEquals(SmallTable.bytes(directory), SmallTable.bytes(directory));
        byte[] pack = BundledPack.read();
        assertArrayEquals(TableBuilder.build(pack), TableBuilder.build(pack));
    }

    @Test
    void readsBackThePackItWrites() throws IOException {
        byte[] pack = SmallTable.pack(directory);
        assertArrayEquals(pack, PackWriter.write(PackReader.read(pack)));
    }

    @Test
    void refusesADamagedPack() throws IOException {
        byte[] pack = SmallTable.pack(directory);
        for (int length = 0; length < pack.length; length++) {
            byte[] cut = Arrays.copyOf(pack, length);
            assertThrows(IOException.class, () -> TableBuilder.build(cut));
        }
    }

    @Test
    void leavesNoPartOfAFileBehind() throws IOException {
        Path target = directory.resolve("whole.table");
        TableBuilder.expand(SmallTable.pack(directory), target);
        try (var files = Files.list(directory)) {
            assertFalse(files.anyMatch(file -> file.toString().endsWith(".part")));
        }
        assertEquals(15, CoordinateTable.open(target).count());
    }

    @Test
    void removesTheTablesOfOtherPacksAndPartsThatNobodyFinishes() throws IOException {
        Path older = Files.writeString(directory.resolve("dictionary-1-0123456789abcdef.table"), "another pack");
        Path unfinished = Files.writeString(directory.resolve("dictionary-1.part"), "cut");
        Files.setLastModifiedTime(unfinished, FileTime.from(Instant.EPOCH));
        Path written = Files.writeString(directory.resolve("dictionary-2.part"), "another program is writing this");
        Path foreign = Files.writeString(directory.resolve("notes.txt"), "not ours");
        CoordinateTable.openBundled(directory);
        assertFalse(Files.exists(older));
        assertFalse(Files.exists(unfinished));
        assertTrue(Files.exists(written));
        assertTrue(Files.exists(foreign));
        CoordinateTable.openBundled(directory);
    }

    @Test
    void keepsTheSizesOfTheLayout() throws IOException {
        assertEquals(1_052_632, TableLayout.entries(1_000_000));
        assertEquals(250_000, TableLayout.buckets(1_000_000));
        assertEquals(1 << 21, TableLayout.pairBits(1_000_000));
        assertEquals(123, Plane.ringsFor(1_000_000));
        assertEquals(123 * 8192, PlaneIndex.blockBytes(1_000_000));
        assertTrue(TableBuilder.build(BundledPack.read()).length <= 60_000_000);
    }

    @Test
    void packsAndUnpacksTheFieldsOfARecord() {
        long place = TokenLayout.place(0xFFFFFF, 64, 123, 32767, true, 3, 15, 7);
        assertEquals(0xFFFFFF, TokenLayout.offset(place));
        assertEquals(64, TokenLayout.length(place));
        assertEquals(123, TokenLayout.ring(place));
        assertEquals(32767, TokenLayout.slot(place));
        assertTrue(TokenLayout.startsPhrase(place));
        assertEquals(3, TokenLayout.surfaceCase(place));
        assertEquals(15, TokenLayout.language(place));
        assertEquals(7, TokenLayout.sectorSource(place));
        long meaning = TokenLayout.meaning(28, 15, 0xFFFFF, 0xFFFF, TokenLayout.SENSE_UNKNOWN);
        assertEquals(28, TokenLayout.sector(meaning));
        assertEquals(15, TokenLayout.partOfSpeech(meaning));
        assertEquals(0xFFFFF, TokenLayout.lemma(meaning));
        assertEquals(0xFFFF, TokenLayout.languageMask(meaning));
        assertEquals(TokenLayout.SENSE_UNKNOWN, TokenLayout.sense(meaning));
        int link = TokenLayout.link(0xFFFFF, 7, 15);
        assertEquals(0xFFFFF, TokenLayout.linkTarget(link));
        assertEquals(7, TokenLayout.linkTargetLanguage(link));
        assertEquals(15, TokenLayout.linkOwnLanguage(link));
    }
}
