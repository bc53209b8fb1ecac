package skynet.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import skynet.dictionary.CoordinateTable;

/** Texts for benches, the same on every run: prose and words drawn from the dictionary, and our own documents. */
final class Corpora {
    private static final double ZIPF_SHIFT = 2.7;

    private Corpora() {}

    /** Sentences of English words, the frequent ones as often as Zipf says, with capitals, commas and paragraphs. */
    static String prose(CoordinateTable table, int bytes) {
        int[] english = ids(table, true);
        double[] sums = new double[english.length];
        double sum = 0;
        for (int rank = 0; rank < sums.length; rank++) {
            sum += 1 / (rank + 1 + ZIPF_SHIFT);
            sums[rank] = sum;
        }
        SplittableRandom random = new SplittableRandom(7);
        StringBuilder text = new StringBuilder(bytes + 100);
        int left = 0;
        while (text.length() < bytes) {
            int found = Arrays.binarySearch(sums, random.nextDouble() * sum);
            String word = table.canonical(english[Math.min(english.length - 1, found < 0 ? -found - 1 : found)]);
            boolean first = left == 0;
            if (first) {
                left = 6 + random.nextInt(18);
            }
            boolean title = first || random.nextInt(25) == 0;
            text.append(title ? Character.toUpperCase(word.charAt(0)) + word.substring(1) : word);
            left--;
            text.append(left == 0 ? random.nextInt(6) == 0 ? ".\n\n" : ". " : random.nextInt(12) == 0 ? ", " : " ");
        }
        return text.toString();
    }

    /** Words of the whole dictionary, each as likely as any other. */
    static String words(CoordinateTable table, int bytes) {
        int[] all = ids(table, false);
        SplittableRandom random = new SplittableRandom(8);
        StringBuilder text = new StringBuilder(bytes + 100);
        while (text.length() < bytes) {
            text.append(table.canonical(all[random.nextInt(all.length)])).append(' ');
        }
        return text.toString();
    }

    /** Files of one kind below the working directory, without what was built. */
    static String files(String suffix) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> paths = Files.walk(Path.of("."))) {
            List<Path> files = paths.filter(path ->
                            path.toString().endsWith(suffix) && !path.toString().contains("/target/"))
                    .sorted()
                    .toList();
            for (Path file : files) {
                text.append(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            }
        }
        return text.toString();
    }

    private static int[] ids(CoordinateTable table, boolean englishOnly) {
        int[] ids = new int[table.count()];
        int size = 0;
        for (int id = 0; id < table.count(); id++) {
            if ((!englishOnly || table.language(id).equals("en"))
                    && table.canonical(id).indexOf(' ') < 0) {
                ids[size++] = id;
            }
        }
        return Arrays.copyOf(ids, size);
    }
}
