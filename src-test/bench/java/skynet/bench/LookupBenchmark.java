package skynet.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import skynet.dictionary.CoordinateTable;

/**
 * How long does it take from the bytes of a word to its id, compared with a HashMap of strings?
 *
 * <p>Zipf and uniform queries over all tokens; the ids found are checked. CPU time, medians, competitors in turn.
 *
 * <p>Command: {@code java -Xmx2g -cp <test class path of src-test> skynet.bench.LookupBenchmark}
 */
public final class LookupBenchmark {
    private static final int QUERIES = 1 << 20;
    private static final int BATCH = 512;
    private static final int WARM = 5;
    private static final int MEASURED = 7;

    private static volatile long sink;

    private LookupBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        CoordinateTable table = CoordinateTable.openBundled(Files.createTempDirectory("skynet-bench"));
        System.out.println(Rounds.load());
        SplittableRandom random = new SplittableRandom(5);
        int[] uniform = random.ints(QUERIES, 0, table.count()).toArray();
        double span = Math.log((table.count() + 2.7) / 2.7);
        int[] zipf = random.doubles(QUERIES)
                .mapToInt(value -> Math.min(table.count() - 1, (int) (2.7 * Math.exp(value * span) - 2.7)))
                .toArray();
        measure(table, "zipf", zipf);
        measure(table, "uniform", uniform);
    }

    private static void measure(CoordinateTable table, String name, int[] expected) {
        int[] offsets = new int[QUERIES];
        int[] lengths = new int[QUERIES];
        String[] strings = new String[QUERIES];
        byte[] text = new byte[QUERIES * 68];
        int size = 0;
        Map<String, Integer> map = new HashMap<>();
        for (int id = 0; id < table.count(); id++) {
            map.put(table.canonical(id), id);
        }
        for (int query = 0; query < QUERIES; query++) {
            strings[query] = table.canonical(expected[query]);
            byte[] word = strings[query].getBytes(StandardCharsets.UTF_8);
            System.arraycopy(word, 0, text, size, word.length);
            offsets[query] = size;
            lengths[query] = word.length;
            size += word.length + 1;
        }
        int[] found = new int[QUERIES];
        table.findBatch(text, offsets, lengths, QUERIES, found);
        if (!Arrays.equals(found, expected)) {
            throw new AssertionError(name + ": a word was not found");
        }
        int[] batchOffsets = new int[BATCH];
        int[] batchLengths = new int[BATCH];
        int[] batchIds = new int[BATCH];
        Map<String, Double> medians = new Rounds()
                .add("find", () -> {
                    long sum = 0;
                    for (int query = 0; query < QUERIES; query++) {
                        sum += table.find(text, offsets[query], lengths[query]);
                    }
                    sink += sum;
                })
                .add("findBatch", () -> {
                    for (int start = 0; start < QUERIES; start += BATCH) {
                        System.arraycopy(offsets, start, batchOffsets, 0, BATCH);
                        System.arraycopy(lengths, start, batchLengths, 0, BATCH);
                        table.findBatch(text, batchOffsets, batchLengths, BATCH, batchIds);
                    }
                })
                .add("HashMap, String ready", () -> {
                    long sum = 0;
                    for (String string : strings) {
                        sum += map.get(string);
                    }
                    sink += sum;
                })
                .add("HashMap, new String", () -> {
                    long sum = 0;
                    for (int query = 0; query < QUERIES; query++) {
                        sum += map.get(new String(text, offsets[query], lengths[query], StandardCharsets.UTF_8));
                    }
                    sink += sum;
                })
                .run(WARM, MEASURED);
        medians.forEach((competitor, nanos) ->
                System.out.printf("%-8s %-24s %7.1f ns/word%n", name, competitor, nanos / QUERIES));
    }
}
