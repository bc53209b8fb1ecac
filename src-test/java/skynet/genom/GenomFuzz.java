package skynet.genom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import skynet.dictionary.CoordinateTable;

/**
 * Looks for minutes on end for a text that does not come back, and for bytes that break a decoder.
 *
 * <p>Runs with {@code mvn -Pfuzz verify -pl src-test -am}, for {@code -Dfuzz.minutes} (10 unless told). Case {@code n}
 * of a run uses the seed {@code -Dfuzz.seed} plus {@code n}; a failure names its seed, which then fails at once.
 */
@Tag("fuzz")
class GenomFuzz {
    private static final int TEXT_POINTS_MAX = 400;
    private static final int LONG_TEXT_POINTS_MAX = 30_000;
    private static final int DAMAGES_MAX = 4;

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
    void neitherLosesTextNorBreaks() {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        Duration time =
                Duration.ofMillis((long) (60_000 * Double.parseDouble(System.getProperty("fuzz.minutes", "10"))));
        System.out.println("fuzz: seed " + seed + ", " + time.toSeconds() + " s");
        long end = System.nanoTime() + time.toNanos();
        long cases = 0;
        for (; System.nanoTime() < end; cases++) {
            oneCase(seed + cases);
        }
        System.out.println("fuzz: " + cases + " cases");
    }

    private static void oneCase(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try {
            switch ((int) Math.floorMod(seed, 8L)) {
                case 0 -> returns(scripts(random).getBytes(StandardCharsets.UTF_8));
                case 1 -> returns(words(random).getBytes(StandardCharsets.UTF_8));
                case 2 -> returns(bytes(random, random.nextInt(TEXT_POINTS_MAX)));
                case 3 -> refusesLoneSurrogates(random);
                case 4 -> decodesOrRefusesCodes(random);
                case 5 -> readsOrRefuses(bytes(random, random.nextInt(100)));
                case 6 -> refusesDamagedBinary(random);
                default -> refusesDamagedLines(random);
            }
        } catch (RuntimeException | FrameException | AssertionError e) {
            throw new AssertionError("again with -Dfuzz.seed=" + seed, e);
        }
    }

    private static int[] returns(byte[] text) throws FrameException {
        int[] codes = new int[text.length];
        int count = encoder.encode(text, text.length, codes);
        Codes.check(codes, count);
        int length = decoder.decode(codes, count);
        if (!Arrays.equals(text, 0, text.length, decoder.bytes(), 0, length)) {
            throw new AssertionError("does not come back: " + Arrays.toString(text));
        }
        Frame frame = new Frame(1, 0, 0, FrameType.MSG, CodeRun.of(codes, count));
        assertEquals(frame, BinaryFrame.read(BinaryFrame.write(frame)));
        assertEquals(frame, GenomFrame.parse(GenomFrame.format(frame)));
        return codes;
    }

    private static void refusesLoneSurrogates(SplittableRandom random) {
        String text = scripts(random);
        int at = random.nextInt(text.length() + 1);
        boolean inside = at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at));
        char lone = (char) random.nextInt(Character.MIN_SURROGATE, Character.MAX_SURROGATE + 1);
        boolean pairs = at < text.length() && Character.isSurrogatePair(lone, text.charAt(at))
                || at > 0 && Character.isSurrogatePair(text.charAt(at - 1), lone);
        if (!inside && !pairs) {
            String broken = text.substring(0, at) + lone + text.substring(at);
            assertThrows(IllegalArgumentException.class, () -> encoder.encode(broken));
        }
    }

    private static void decodesOrRefusesCodes(SplittableRandom random) {
        int[] codes = random.ints(random.nextInt(60)).toArray();
        for (int at = 0; at < codes.length; at++) {
            codes[at] &= random.nextInt(3) == 0 ? -1 : 0x407F_FFFF & -random.nextInt(2) | 0x0070_03FF;
        }
        refuses(IllegalArgumentException.class, () -> decoder.decode(codes, codes.length));
        refuses(IllegalArgumentException.class, () -> CodeRun.of(codes, codes.length));
    }

    private static void refusesDamagedBinary(SplittableRandom random) throws FrameException {
        byte[] frame = BinaryFrame.write(frame(random));
        byte[] damaged = frame.clone();
        for (int left = 1 + random.nextInt(DAMAGES_MAX); left > 0; left--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        byte[] cut = Arrays.copyOf(damaged, random.nextInt(2) == 0 ? random.nextInt(damaged.length) : damaged.length);
        readsOrRefuses(cut);
        if (!Arrays.equals(cut, frame)) {
            assertThrows(FrameException.class, () -> BinaryFrame.read(cut));
        }
        readsOrRefusesCodes(bytes(random, random.nextInt(80)));
    }

    private static void refusesDamagedLines(SplittableRandom random) {
        String line = GenomFrame.format(frame(random));
        StringBuilder damaged = new StringBuilder(line);
        for (int left = 1 + random.nextInt(DAMAGES_MAX); left > 0; left--) {
            damaged.setCharAt(random.nextInt(damaged.length()), "|A_-0=é9 \u0000".charAt(random.nextInt(10)));
        }
        damaged.setLength(random.nextInt(2) == 0 ? random.nextInt(damaged.length()) : damaged.length());
        if (!damaged.toString().equals(line)) {
            assertThrows(FrameException.class, () -> GenomFrame.parse(damaged.toString()));
        }
    }

    /** What is read is spelled as it would be written; all else is refused by name. */
    private static void readsOrRefuses(byte[] bytes) throws FrameException {
        try {
            assertEquals(Arrays.toString(bytes), Arrays.toString(BinaryFrame.write(BinaryFrame.read(bytes))));
        } catch (FrameException refused) {
            assertEquals(true, refused.position() >= 0, refused.getMessage());
        }
        readsOrRefusesCodes(bytes);
    }

    private static void readsOrRefusesCodes(byte[] bytes) throws FrameException {
        CodeRun run;
        try {
            run = CodeStream.read(bytes, 0, bytes.length);
        } catch (FrameException refused) {
            return;
        }
        assertEquals(Arrays.toString(bytes), Arrays.toString(CodeStream.write(run)));
        refuses(IllegalArgumentException.class, () -> decoder.decode(run.toArray(), run.size()));
    }

    private static void refuses(Class<? extends Exception> expected, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            if (!expected.isInstance(e)) {
                throw e;
            }
        }
    }

    private static Frame frame(SplittableRandom random) {
        byte[] text = words(random).getBytes(StandardCharsets.UTF_8);
        int[] codes = new int[text.length];
        int count = encoder.encode(text, text.length, codes);
        return new Frame(
                1 + random.nextInt(Frame.NODE_MAX),
                random.nextLong() >>> 1,
                random.nextLong() >>> random.nextInt(1, 64),
                FrameType.values()[random.nextInt(FrameType.values().length)],
                CodeRun.of(codes, count));
    }

    /** Code points of the whole of Unicode, in stretches of one neighbourhood, never a surrogate. */
    private static String scripts(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        int base = 0;
        for (int left = random.nextInt(TEXT_POINTS_MAX); left > 0; left--) {
            if (random.nextInt(6) == 0) {
                base = random.nextInt(3) == 0 ? random.nextInt(Character.MAX_CODE_POINT) : random.nextInt(0x600);
            }
            int point = Math.min(Character.MAX_CODE_POINT, base + random.nextInt(96));
            boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
            text.appendCodePoint(surrogate || random.nextInt(6) == 0 ? " -'.\n  ".charAt(random.nextInt(7)) : point);
        }
        return text.toString();
    }

    /** Words of the dictionary in any case, marks and runs between them, once in a while a long text. */
    private static String words(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        int most = random.nextInt(200) == 0 ? LONG_TEXT_POINTS_MAX : 30;
        for (int left = random.nextInt(most); left > 0; left--) {
            int id = (int) (table.count() * Math.pow(random.nextDouble(), 3));
            String word = table.canonical(id);
            for (int at = 0; at < word.length(); at++) {
                char letter = word.charAt(at);
                boolean upper = random.nextInt(at == 0 ? 3 : 20) == 0;
                text.append(upper ? Character.toUpperCase(letter) : letter);
            }
            int marks = random.nextInt(4) == 0 ? random.nextInt(5) : 0;
            for (int mark = 0; mark < marks; mark++) {
                String run = String.valueOf(" .,-'\n\t\"(){}=;é\u0000".charAt(random.nextInt(16)));
                text.append(run.repeat(random.nextInt(8) == 0 ? random.nextInt(40) : 1));
            }
            text.append(random.nextInt(8) == 0 ? "" : " ");
        }
        return text.toString();
    }

    private static byte[] bytes(SplittableRandom random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
