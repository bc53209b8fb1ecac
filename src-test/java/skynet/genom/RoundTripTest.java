package skynet.genom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import skynet.bus.Genom;
import skynet.dictionary.CoordinateTable;

/** Whatever goes into the encoder comes out of the decoder, byte for byte. */
class RoundTripTest {
    private static final int[][] SCRIPTS = {
        {0x20, 0x7E},
        {0xA0, 0x24F},
        {0x370, 0x3FF},
        {0x400, 0x4FF},
        {0x590, 0x5FF},
        {0x600, 0x6FF},
        {0x900, 0x97F},
        {0xE00, 0xE7F},
        {0x1E00, 0x1EFF},
        {0x2000, 0x206F},
        {0x3040, 0x30FF},
        {0x4E00, 0x9FFF},
        {0xAC00, 0xD7A3},
        {0x300, 0x36F},
        {0x1F300, 0x1FAFF},
        {0x0, 0x1F},
        {0xE000, 0xE0FF},
        {0x10FFF0, 0x10FFFF}
    };
    private static final String[] WORDS = {
        "the",
        "Hello",
        "WORLD",
        "New York",
        "new york city",
        "NEW YORK",
        "New york",
        "nEW",
        "McDonald",
        "XMLParser",
        "d'accord",
        "l'homme",
        "don't",
        "DON'T",
        "Jean-Paul",
        "state-of-the-art",
        "e.g.",
        "3.14",
        "Příliš",
        "ŽLUŤOUČKÝ",
        "kůň",
        "Straße",
        "STRAßE",
        "İstanbul",
        "ılık",
        "ÿ",
        "Ÿ",
        "ŸÿŸ",
        "ſ",
        "ŉ",
        "Łódź",
        "ÉCOLE",
        "Ærø",
        "ß",
        "×÷",
        "café",
        "cafe\u0301",
        "—",
        "“Hello”",
        "…",
        " ",
        "  ",
        "    ",
        "\n",
        "\r\n",
        "\t",
        "",
        "'",
        "-",
        ".",
        "--",
        "...",
        "'s",
        "-a-",
        "привет",
        "你好",
        "👋",
        "👨‍👩‍👧",
        "a",
        "I",
        "A",
        "IV",
        "COVID-19",
        "x1",
        "1x",
        "1Ab",
        "\u0000",
        "ĿĿ",
        "ŀ",
        "ĸ"
    };

    private static CoordinateTable table;
    private static Encoder encoder;
    private static Decoder decoder;

    @BeforeAll
    static void open() throws Exception {
        table = Tables.open();
        encoder = new Encoder(table);
        decoder = new Decoder(table);
    }

    @Test
    void returnsStringsOfEveryScript() {
        returnsAll(14_000, random -> text(random, random.nextInt(80)));
    }

    @Test
    void returnsEveryMixOfCaseAndSpacing() {
        returnsAll(14_000, random -> {
            StringBuilder text = new StringBuilder();
            for (int left = random.nextInt(24); left > 0; left--) {
                String word = random.nextInt(3) == 0
                        ? table.canonical(random.nextInt(table.count()))
                        : WORDS[random.nextInt(WORDS.length)];
                text.append(recase(word, random)).append(random.nextInt(3) == 0 ? "" : " ");
            }
            return text.toString().getBytes(StandardCharsets.UTF_8);
        });
    }

    @Test
    void returnsBytesThatAreNoText() {
        returnsAll(6_000, random -> {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            return bytes;
        });
    }

    @Test
    void returnsLongTextsAcrossBlocks() {
        SplittableRandom random = new SplittableRandom(4);
        for (int words : new int[] {500, 511, 512, 513, 516, 517, 518, 1024, 5_000}) {
            StringBuilder text = new StringBuilder();
            for (int word = 0; word < words; word++) {
                text.append(word == 0 ? "" : " ")
                        .append(word % 5 == 0 ? "New York" : WORDS[random.nextInt(WORDS.length)]);
            }
            returns(text.toString().getBytes(StandardCharsets.UTF_8));
            returns("new york ".repeat(words).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void returnsTheLongestTextAndRefusesOneByteMore() {
        for (String unit : new String[] {"a", " ", "aB", "a-", "я", "aя", "word ", "''", "Ž"}) {
            byte[] longest = unit.repeat(Genom.TEXT_BYTES_MAX / unit.getBytes(StandardCharsets.UTF_8).length)
                    .getBytes(StandardCharsets.UTF_8);
            returns(Arrays.copyOf(longest, Genom.TEXT_BYTES_MAX));
        }
        byte[] longer = new byte[Genom.TEXT_BYTES_MAX + 1];
        assertThrows(
                IllegalArgumentException.class, () -> encoder.encode(longer, longer.length, new int[longer.length]));
    }

    @Test
    void refusesLoneSurrogates() {
        assertThrows(IllegalArgumentException.class, () -> encoder.encode("a\uD800b"));
        assertThrows(IllegalArgumentException.class, () -> encoder.encode("\uDC00"));
    }

    @Test
    void spellsKnownWordsWithOneCodeEach() {
        assertEquals(2, encoder.encode("Hello world").length);
        assertEquals(1, encoder.encode("New York").length);
        assertEquals(3, encoder.encode("HELLO, World").length);
        assertEquals(0, encoder.encode("").length);
    }

    @Test
    void refusesCodesThatNameNothing() {
        assertThrows(IllegalArgumentException.class, () -> decoder.decode(new int[] {table.count()}, 1));
        assertThrows(IllegalArgumentException.class, () -> decoder.decode(new int[] {Codes.raw(9, 0), 1, 2}, 3));
        assertThrows(IllegalArgumentException.class, () -> decoder.decode(new int[] {-1}, 1));
        int[] flood = new int[1_000];
        Arrays.fill(flood, Codes.byteRun('a', Codes.RUN_MAX, 0));
        assertThrows(IllegalArgumentException.class, () -> decoder.decode(flood, flood.length));
    }

    private static void returnsAll(int rounds, Function<SplittableRandom, byte[]> texts) {
        SplittableRandom random = new SplittableRandom(rounds);
        for (int round = 0; round < rounds; round++) {
            returns(texts.apply(random));
        }
    }

    private static void returns(byte[] text) {
        int[] codes = new int[text.length];
        int count = encoder.encode(text, text.length, codes);
        Codes.check(codes, count);
        int length = decoder.decode(codes, count);
        if (length != text.length || !Arrays.equals(decoder.bytes(), 0, length, text, 0, length)) {
            assertArrayEquals(
                    text, Arrays.copyOf(decoder.bytes(), length), () -> new String(text, StandardCharsets.UTF_8));
        }
        assertTrue(count <= text.length);
    }

    private static byte[] text(SplittableRandom random, int points) {
        StringBuilder text = new StringBuilder();
        int[] script = SCRIPTS[0];
        for (int point = 0; point < points; point++) {
            if (random.nextInt(4) == 0) {
                script = SCRIPTS[random.nextInt(SCRIPTS.length)];
            }
            text.appendCodePoint(random.nextInt(5) == 0 ? ' ' : random.nextInt(script[0], script[1] + 1));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String recase(String word, SplittableRandom random) {
        switch (random.nextInt(5)) {
            case 0:
                return word.toUpperCase(Locale.ROOT);
            case 1:
                return word.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
            case 2: {
                StringBuilder mixed = new StringBuilder();
                word.codePoints()
                        .forEach(point ->
                                mixed.appendCodePoint(random.nextBoolean() ? Character.toUpperCase(point) : point));
                return mixed.toString();
            }
            default:
                return word;
        }
    }
}
