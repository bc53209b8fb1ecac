package skynet.cascade.model;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import skynet.kit.LocalModelConfig;

/**
 * How many tokens a second does the node write with a model, alone and four answers side by side, beside the runtime's own
 * Python interface and the reference, which write with the same file and weights in turns with it?
 *
 * <p>Each takes the likeliest token each time, with one thread that computes on a machine of two processors.
 *
 * <p>Command: {@code java -cp <test class path of src-test> skynet.cascade.model.GenerationBenchmark FOLDER [tokens] [rounds]
 * [python] [weights]}, the last two naming a Python with torch, transformers and onnxruntime, and the folder that
 * {@code make_model.py --weights} wrote
 */
public final class GenerationBenchmark {
    private static final Path PEERS =
            Path.of(System.getProperty("skynet.root", ".")).resolve("src-test/python/bench_model.py");

    private GenerationBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]).toAbsolutePath();
        int tokens = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200;
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
        Path home = Files.createTempDirectory("generation");
        Generator generator = Generator.begin(new LocalModelConfig(folder, home), "auto");
        while (generator.refusal().orElse("").equals("is being loaded")) {
            Thread.sleep(10);
        }
        generator.refusal().ifPresent(why -> System.out.println("not loaded: " + why));
        write(generator, tokens, 1);
        List<Double> alone = new ArrayList<>();
        List<Double> together = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            alone.add(write(generator, tokens, 1));
            together.add(write(generator, tokens, Generator.GENERATIONS_MAX));
            if (arguments.length > 4) {
                new ProcessBuilder(
                                arguments[3], PEERS.toString(), folder.toString(), arguments[4], String.valueOf(tokens))
                        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                        .start()
                        .waitFor();
            }
        }
        generator.close();
        System.out.printf(
                "load %.1f, JDK %s, %d rounds of %d tokens%n",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                System.getProperty("java.version"),
                rounds,
                tokens);
        System.out.printf("  one answer            %.0f tokens/s%n", median(alone));
        System.out.printf("  four side by side     %.0f tokens/s in all%n", median(together));
    }

    private static double write(Generator generator, int tokens, int answers) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(answers);
        List<Integer> written = new ArrayList<>();
        long begun = System.nanoTime();
        for (int answer = 0; answer < answers; answer++) {
            if (generator
                    .begin("The node", Sampling.greedy(tokens), new Counting(ended, written))
                    .isEmpty()) {
                throw new IllegalStateException("generator: busy (expected: for this bench alone)");
            }
        }
        ended.await();
        double seconds = (System.nanoTime() - begun) / 1e9;
        return written.stream().mapToInt(count -> count).sum() / seconds;
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(value -> value).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Counts the tokens of each answer. */
    private record Counting(CountDownLatch ended, List<Integer> written) implements Generation.Listener {
        @Override
        public void text(Generation by, String piece, int tokensIn, int tokensOut) {
            by.heard();
        }

        @Override
        public void end(String reason, int tokensIn, int tokensOut) {
            written.add(tokensOut);
            ended.countDown();
        }

        @Override
        public void tooLong(int tokensMax) {
            ended.countDown();
        }

        @Override
        public void fails(String why) {
            System.out.println(why);
            ended.countDown();
        }
    }
}
