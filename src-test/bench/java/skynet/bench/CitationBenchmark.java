package skynet.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import skynet.testkit.RunningNode;

/**
 * Do the citations of the node's answers hold what was asked for, end to end?
 *
 * <p>A fresh node with its bundled documents and four foreign ones is asked our own labelled questions over HTTP, one after the
 * other, without any upstream. Precision: of all citations given, those that hold words expected of the question, so that each
 * citation under a question that the documents do not answer is wrong. Recall: of the questions that they answer, those whose
 * answer has such a citation. The intervals hold 95% of {@value #RESAMPLES} bootstrap samples of questions. What was fitted on and what was
 * held out stand apart.
 *
 * <p>Command, in the root: {@code java -Dskynet.jar=verticles/target/skynet.jar -cp <test class path of src-test>
 * skynet.bench.CitationBenchmark [questions]}
 */
public final class CitationBenchmark {
    private static final int RESAMPLES = 2_000;

    private CitationBenchmark() {}

    /** The citations that an answer gave, and those of them that hold what was expected. */
    record Cited(Labelled question, boolean answered, int given, int right) {}

    public static void main(String[] arguments) throws Exception {
        int most = arguments.length > 0 ? Integer.parseInt(arguments[0]) : Integer.MAX_VALUE;
        System.out.println(Rounds.load());
        System.out.println(
                "| | questions | answered, with a right citation | citations, right ones | precision | recall |\n|---|---|---|---|---|---|");
        run(most).forEach((name, part) -> System.out.println("| " + name + " | " + row(part) + " |"));
        System.out.println(Rounds.load());
    }

    /** What was cited, by part. */
    static Map<String, List<Cited>> run(int most) throws Exception {
        List<Labelled> questions = Labelled.ofDocuments();
        List<Cited> all = new ArrayList<>();
        Path home = Files.createTempDirectory("citations");
        try (RunningNode node = Labelled.node(home, Map.of())) {
            for (Labelled question : questions.subList(0, Math.min(most, questions.size()))) {
                JsonObject answer = node.ask(question.text());
                JsonArray citations = answer.getJsonArray("citations");
                int right = (int) citations.stream()
                        .filter(citation -> question.isIn(((JsonObject) citation).getString("text")))
                        .count();
                all.add(new Cited(question, answer.getBoolean("answered"), citations.size(), right));
            }
        }
        Map<String, List<Cited>> parts = new LinkedHashMap<>();
        parts.put(
                "fitted on", all.stream().filter(one -> !one.question().held()).toList());
        parts.put("held out", all.stream().filter(one -> one.question().held()).toList());
        return parts;
    }

    static double precision(List<Cited> part) {
        return (double) part.stream().mapToInt(Cited::right).sum()
                / part.stream().mapToInt(Cited::given).sum();
    }

    static double recall(List<Cited> part) {
        return (double) part.stream().filter(one -> one.right() > 0).count()
                / part.stream()
                        .filter(one -> one.question().kind() == Labelled.Kind.TOLD)
                        .count();
    }

    private static String row(List<Cited> part) {
        return String.format(
                Locale.ROOT,
                "%d, %d of them answerable | %d, %d | %d, %d | %s | %s",
                part.size(),
                part.stream()
                        .filter(one -> one.question().kind() == Labelled.Kind.TOLD)
                        .count(),
                part.stream().filter(Cited::answered).count(),
                part.stream().filter(one -> one.right() > 0).count(),
                part.stream().mapToInt(Cited::given).sum(),
                part.stream().mapToInt(Cited::right).sum(),
                interval(part, CitationBenchmark::precision),
                interval(part, CitationBenchmark::recall));
    }

    private static String interval(List<Cited> part, ToDoubleFunction<List<Cited>> figure) {
        SplittableRandom random = new SplittableRandom(5);
        double[] values = IntStream.range(0, RESAMPLES)
                .mapToDouble(round -> figure.applyAsDouble(IntStream.range(0, part.size())
                        .mapToObj(one -> part.get(random.nextInt(part.size())))
                        .toList()))
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        return String.format(
                Locale.ROOT,
                "%.2f [%.2f, %.2f]",
                figure.applyAsDouble(part),
                values[(int) (values.length * 0.025)],
                values[(int) (values.length * 0.975)]);
    }
}
