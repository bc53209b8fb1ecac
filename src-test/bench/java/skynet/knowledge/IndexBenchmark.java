package skynet.knowledge;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.VectorUtil;

/**
 * How fast is the node's search by meaning, and how much does it find, beside an exact search over the same vectors and
 * Lucene's own with nothing set?
 *
 * <p>The node's is {@link SearchIndex} as the room asks it, with the tenant's filter and its own depth, for a question without
 * words. The plain index holds vectors and numbers only; it is asked for as many as are wanted, and as deep as the node asks.
 * The exact search compares the question with every vector in memory. All answer the same questions in turn on one thread;
 * recall is the share of the exact search's nearest passages. Each is built once, after a small index that warms up.
 * Building lasts until all merges are done; its processor time is that of the whole process.
 *
 * <p>Vectors: sentences of our own Markdown and Java comments, embedded by the model of the JAR, and asked with the questions
 * of {@code acceptance.tsv}; and made ones, because embedding 100,000 sentences takes hours: 500 clusters in 40 dimensions,
 * turned into 384 with a little noise, always the same.
 *
 * <p>Command, in the root: {@code java -Xmx2g -cp <test class path of src-test> skynet.knowledge.IndexBenchmark [real
 * sentences] [made passages …]}
 */
public final class IndexBenchmark {
    private static final int PER_DOCUMENT = 100;
    private static final int CLUSTERS = 500;
    private static final int INTRINSIC = 40;
    private static final int WARM = 1;
    private static final int WARM_PASSAGES = 2_000;
    private static final int SENTENCE_CHARS_MIN = 30;
    private static final String MEANING = "meaning";
    private static final String NUMBER = "number";
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private IndexBenchmark() {}

    /** What building took, for each passage. */
    public record Built(double microsCpu, double microsWall) {}

    /** What a question took, and the share of the nearest passages that it found. */
    public record Found(double microsCpu, double microsWall, double recall) {}

    /** Building and searching, by competitor; searching by how many are wanted, too. */
    public record Report(Map<String, Built> built, Map<String, Found> found) {}

    /** Passages and questions as vectors. */
    private record Vectors(List<float[]> passages, List<float[]> questions) {}

    /** Numbers of the nearest passages. */
    private interface Nearest {
        List<Integer> to(float[] question, int count) throws IOException;
    }

    public static void main(String[] arguments) throws IOException {
        int sentences = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 4_000;
        int[] sizes = arguments.length > 1
                ? Arrays.stream(arguments).skip(1).mapToInt(Integer::parseInt).toArray()
                : new int[] {10_000, 100_000};
        if (sentences > 0) {
            Vectors real = real(sentences);
            print(real.passages().size() + " real sentences", run(real, 5));
        }
        for (int size : sizes) print(size + " made passages", run(made(size, 200), 3));
    }

    /** Made passages in miniature. */
    public static Report rehearse(int passages) throws IOException {
        return run(made(passages, 20), 1);
    }

    private static Report run(Vectors vectors, int rounds) throws IOException {
        Path folder = Files.createTempDirectory("skynet-bench");
        List<float[]> few = vectors.passages()
                .subList(0, Math.min(WARM_PASSAGES, vectors.passages().size()));
        build(folder.resolve("warm"), few);
        buildPlain(folder.resolve("warm plain"), few);
        Map<String, Built> built = new LinkedHashMap<>();
        built.put("node", time(vectors, () -> build(folder.resolve("node"), vectors.passages())));
        built.put("plain Lucene", time(vectors, () -> buildPlain(folder.resolve("plain"), vectors.passages())));
        try (SearchIndex index = new SearchIndex(folder.resolve("node"));
                Directory directory = FSDirectory.open(folder.resolve("plain"));
                DirectoryReader reader = DirectoryReader.open(directory)) {
            System.out.println("plain Lucene: " + reader.leaves().size() + " segments");
            IndexSearcher plain = new IndexSearcher(reader);
            Map<String, Nearest> competitors = new LinkedHashMap<>();
            competitors.put("exact", (question, count) -> exact(vectors.passages(), question, count));
            competitors.put("node", (question, count) -> numbers(index, question, count));
            competitors.put("plain Lucene", (question, count) -> numbers(plain, question, count, count));
            competitors.put(
                    "plain, as deep", (question, count) -> numbers(plain, question, Retrieval.depth(count), count));
            Map<String, Found> found = new LinkedHashMap<>();
            for (int count : new int[] {10, 100}) {
                search(competitors, vectors.questions(), count, rounds)
                        .forEach((name, one) -> found.put(name + ", " + count, one));
            }
            return new Report(built, found);
        } finally {
            remove(folder);
        }
    }

    private static Map<String, Found> search(
            Map<String, Nearest> competitors, List<float[]> questions, int count, int rounds) throws IOException {
        Map<String, double[]> cpu = new LinkedHashMap<>();
        Map<String, double[]> wall = new LinkedHashMap<>();
        Map<String, Double> shares = new LinkedHashMap<>();
        List<Set<Integer>> nearest = new ArrayList<>();
        for (int round = -WARM; round < rounds; round++) {
            for (Map.Entry<String, Nearest> competitor : competitors.entrySet()) {
                List<List<Integer>> answers = new ArrayList<>();
                long cpuBefore = THREADS.getCurrentThreadCpuTime();
                long before = System.nanoTime();
                for (float[] question : questions)
                    answers.add(competitor.getValue().to(question, count));
                double each = 1e3 * questions.size();
                double wallMicros = (System.nanoTime() - before) / each;
                double cpuMicros = (THREADS.getCurrentThreadCpuTime() - cpuBefore) / each;
                if (nearest.isEmpty()) answers.forEach(answer -> nearest.add(new HashSet<>(answer)));
                shares.put(competitor.getKey(), recall(nearest, answers));
                if (round >= 0) {
                    cpu.computeIfAbsent(competitor.getKey(), name -> new double[rounds])[round] = cpuMicros;
                    wall.computeIfAbsent(competitor.getKey(), name -> new double[rounds])[round] = wallMicros;
                }
            }
        }
        Map<String, Found> found = new LinkedHashMap<>();
        competitors
                .keySet()
                .forEach(name ->
                        found.put(name, new Found(median(cpu.get(name)), median(wall.get(name)), shares.get(name))));
        return found;
    }

    /** The mean share of the nearest passages that stand in the answers. */
    private static double recall(List<Set<Integer>> nearest, List<List<Integer>> answers) {
        return IntStream.range(0, nearest.size())
                .mapToDouble(i -> (double) answers.get(i).stream()
                                .filter(nearest.get(i)::contains)
                                .count()
                        / nearest.get(i).size())
                .average()
                .orElseThrow();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static List<Integer> numbers(SearchIndex index, float[] question, int count) throws IOException {
        return index.search("", Sought.by(question), Scope.SHARED, count).stream()
                .map(hit -> Integer.parseInt(hit.document()) * PER_DOCUMENT + hit.chunk())
                .toList();
    }

    private static List<Integer> numbers(IndexSearcher plain, float[] question, int depth, int count)
            throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (ScoreDoc found : plain.search(new KnnFloatVectorQuery(MEANING, question, depth), count).scoreDocs) {
            Document stored = plain.storedFields().document(found.doc);
            numbers.add(stored.getField(NUMBER).numericValue().intValue());
        }
        return numbers;
    }

    private static List<Integer> exact(List<float[]> passages, float[] question, int count) {
        record Near(int number, float cosine) {}
        PriorityQueue<Near> best = new PriorityQueue<>((one, other) -> Float.compare(one.cosine(), other.cosine()));
        for (int number = 0; number < passages.size(); number++) {
            float cosine = VectorUtil.dotProduct(passages.get(number), question);
            if (best.size() < count) {
                best.add(new Near(number, cosine));
            } else if (cosine > best.element().cosine()) {
                best.remove();
                best.add(new Near(number, cosine));
            }
        }
        return best.stream().map(Near::number).toList();
    }

    private static void build(Path path, List<float[]> passages) throws IOException {
        try (SearchIndex index = new SearchIndex(path)) {
            for (int first = 0; first < passages.size(); first += PER_DOCUMENT) {
                List<SearchIndex.Entry> entries = new ArrayList<>();
                for (int i = first; i < Math.min(passages.size(), first + PER_DOCUMENT); i++) {
                    String text = "passage " + i;
                    entries.add(new SearchIndex.Entry(new Chunk(i - first, 0, text.length()), text, passages.get(i)));
                }
                index.replace(Shelfmark.shared(Integer.toString(first / PER_DOCUMENT)), "", entries);
            }
        }
    }

    private static void buildPlain(Path path, List<float[]> passages) throws IOException {
        try (StandardAnalyzer analyzer = new StandardAnalyzer();
                Directory directory = FSDirectory.open(path);
                IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(analyzer))) {
            for (int i = 0; i < passages.size(); i++) {
                Document row = new Document();
                row.add(new StoredField(NUMBER, i));
                row.add(new KnnFloatVectorField(MEANING, passages.get(i), VectorSimilarityFunction.COSINE));
                writer.addDocument(row);
            }
        }
    }

    /** Builds something. */
    private interface Building {
        void build() throws IOException;
    }

    private static Built time(Vectors vectors, Building building) throws IOException {
        long cpu = SYSTEM.getProcessCpuTime();
        long start = System.nanoTime();
        building.build();
        double each = 1e3 * vectors.passages().size();
        return new Built((SYSTEM.getProcessCpuTime() - cpu) / each, (System.nanoTime() - start) / each);
    }

    /** Passages and questions of the same clusters. */
    private static Vectors made(int passages, int questions) {
        SplittableRandom random = new SplittableRandom(11);
        double[][] turn = normal(random, Embedder.DIMENSIONS, INTRINSIC);
        double[][] centres = normal(random, CLUSTERS, INTRINSIC);
        List<float[]> made = new ArrayList<>();
        for (int i = 0; i < passages + questions; i++) {
            double[] centre = centres[random.nextInt(CLUSTERS)];
            double[] inner = Arrays.stream(centre)
                    .map(x -> x + 0.5 * random.nextGaussian())
                    .toArray();
            made.add(turned(turn, inner, random));
        }
        return new Vectors(made.subList(0, passages), made.subList(passages, passages + questions));
    }

    private static double[][] normal(SplittableRandom random, int rows, int columns) {
        double[][] numbers = new double[rows][columns];
        for (double[] row : numbers) Arrays.setAll(row, i -> random.nextGaussian());
        return numbers;
    }

    /** A unit vector. */
    private static float[] turned(double[][] turn, double[] inner, SplittableRandom random) {
        double[] outer = new double[turn.length];
        double squares = 0;
        for (int i = 0; i < outer.length; i++) {
            for (int j = 0; j < inner.length; j++) outer[i] += turn[i][j] * inner[j];
            outer[i] += random.nextGaussian();
            squares += outer[i] * outer[i];
        }
        float[] unit = new float[outer.length];
        for (int i = 0; i < unit.length; i++) unit[i] = (float) (outer[i] / Math.sqrt(squares));
        return unit;
    }

    private static Vectors real(int most) throws IOException {
        List<float[]> passages = new ArrayList<>();
        long cpu = SYSTEM.getProcessCpuTime();
        for (String sentence : sentences(most)) passages.add(Library.embedder().embed(sentence));
        System.out.printf(
                Locale.ROOT,
                "embedding a sentence: %.1f ms CPU%n",
                (SYSTEM.getProcessCpuTime() - cpu) / 1e6 / passages.size());
        List<float[]> questions = new ArrayList<>();
        for (String line : Library.lines("acceptance.tsv")) {
            questions.add(Library.embedder().embed(line.split("\t", -1)[2]));
        }
        return new Vectors(passages, questions);
    }

    /** Sentences of the Markdown and of the comments in the Java files below the working directory, each once. */
    private static List<String> sentences(int most) throws IOException {
        Set<String> sentences = new LinkedHashSet<>();
        for (String suffix : List.of(".md", ".java")) {
            List<Path> files;
            try (Stream<Path> all = Files.walk(Path.of("."))) {
                files = all.filter(file -> file.toString().endsWith(suffix)
                                && !file.toString().contains("/target/"))
                        .sorted()
                        .toList();
            }
            for (Path file : files) {
                String text = prose(Files.readString(file), suffix);
                for (Span span : Sentences.of(text, new Span(0, text.length()))) {
                    String sentence = span.of(text).replaceAll("\\s+", " ");
                    if (sentence.length() >= SENTENCE_CHARS_MIN && sentences.size() < most) sentences.add(sentence);
                }
            }
        }
        return List.copyOf(sentences);
    }

    private static String prose(String text, String suffix) {
        return suffix.equals(".md")
                ? text
                : String.join(
                        "\n",
                        text.lines()
                                .map(String::strip)
                                .filter(line -> line.startsWith("/**") || line.startsWith("* "))
                                .map(line -> line.replaceAll("^/?\\*+ ?|\\*/$", ""))
                                .toList());
    }

    private static void print(String what, Report report) {
        System.out.println(what + ", load " + SYSTEM.getSystemLoadAverage());
        report.built()
                .forEach((name, one) -> System.out.printf(
                        Locale.ROOT,
                        "  build %-14s %8.0f µs CPU, %8.0f µs a passage%n",
                        name,
                        one.microsCpu(),
                        one.microsWall()));
        report.found()
                .forEach((name, one) -> System.out.printf(
                        Locale.ROOT,
                        "  search %-18s %8.0f µs CPU, %8.0f µs, recall %.3f%n",
                        name,
                        one.microsCpu(),
                        one.microsWall(),
                        one.recall()));
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) Files.delete(file);
        }
    }
}
