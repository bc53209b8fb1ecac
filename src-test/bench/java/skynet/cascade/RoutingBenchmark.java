package skynet.cascade;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import skynet.cascade.Traits.Trait;

/**
 * Does the router know better than the length of a prompt which prompts need the stronger model, and what is that worth?
 *
 * <p>The prompts and their labels are our own ({@code prompts.tsv}): 3 where the fast model should do, 4 where only the premium
 * one should, by the judgement of whoever wrote them down; no model was asked. Every third one is held out, the weights were
 * fitted on the others. AUC is the chance that of two prompts the one with label 4 has the higher score. The intervals hold
 * 95% of {@value #RESAMPLES} bootstrap samples; that of the difference is paired.
 *
 * <p>Command, in the root: {@code java -cp <test class path of src-test> skynet.cascade.RoutingBenchmark [fit]}; with
 * {@code fit} it prints fitted weights instead.
 */
public final class RoutingBenchmark {
    static final int RESAMPLES = 2_000;

    /** From this difficulty on the premium model is asked first, under the policy cost. */
    private static final double PREMIUM_FROM = 1 - Router.fastBar(skynet.bus.Cascade.Policy.COST);

    /** What an answer of the premium model costs when one of the fast model costs 1. */
    private static final double PREMIUM = 10;

    /** One of our prompts. */
    public record Labelled(boolean hard, String kind, String prompt, boolean held, double score) {}

    /** A figure with the interval that holds 95% of its bootstrap samples. */
    record Figure(double value, double low, double high) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", value, low, high);
        }
    }

    private RoutingBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        List<Labelled> prompts = prompts();
        if (arguments.length > 0 && arguments[0].equals("fit")) {
            fit(prompts.stream().filter(one -> !one.held()).toList());
            return;
        }
        System.out.println(table(prompts));
    }

    /** All tables as they stand in RESULTS.md. */
    static String table(List<Labelled> prompts) {
        List<Labelled> held = prompts.stream().filter(Labelled::held).toList();
        StringBuilder out = new StringBuilder();
        Map<String, List<Labelled>> parts = new LinkedHashMap<>();
        parts.put("held out", held);
        parts.put("fitted on", prompts.stream().filter(one -> !one.held()).toList());
        parts.put(
                "held out, no small talk or look-up",
                held.stream()
                        .filter(one -> !one.kind().equals("talk") && !one.kind().equals("fact"))
                        .toList());
        out.append("| AUC | prompts | router | length in characters | router above length |\n|---|---|---|---|---|\n");
        parts.forEach((name, part) -> out.append(String.format(
                Locale.ROOT,
                "| %s | %d | %s | %s | %s |%n",
                name,
                part.size(),
                bootstrap(part, sample -> auc(sample, RoutingBenchmark::score)),
                bootstrap(part, sample -> auc(sample, RoutingBenchmark::length)),
                bootstrap(
                        part,
                        sample -> auc(sample, RoutingBenchmark::score) - auc(sample, RoutingBenchmark::length)))));
        out.append("\n| policy (held out) | sufficient answers | cost of an answer | cost of a sufficient answer |\n")
                .append("|---|---|---|---|\n");
        row(out, "always L3", held, one -> 0);
        row(out, "always L4", held, one -> 1);
        double threshold = PREMIUM_FROM;
        row(out, "router", held, one -> score(one) >= threshold ? 1 : 0);
        double share = held.stream().filter(one -> score(one) >= threshold).count() / (double) held.size();
        double[] lengths =
                held.stream().mapToDouble(RoutingBenchmark::length).sorted().toArray();
        double limit = lengths[Math.min(lengths.length - 1, (int) Math.round((1 - share) * lengths.length))];
        row(out, "by length, as many to L4", held, one -> length(one) >= limit ? 1 : 0);
        return out.toString();
    }

    private static void row(StringBuilder out, String name, List<Labelled> part, ToDoubleFunction<Labelled> premium) {
        ToDoubleFunction<List<Labelled>> sufficient = sample -> sample.stream()
                .mapToDouble(one -> !one.hard() || premium.applyAsDouble(one) > 0 ? 1 : 0)
                .average()
                .orElse(0);
        ToDoubleFunction<List<Labelled>> cost = sample -> sample.stream()
                .mapToDouble(one -> premium.applyAsDouble(one) > 0 ? PREMIUM : 1)
                .average()
                .orElse(0);
        out.append(String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s |%n",
                name,
                bootstrap(part, sufficient),
                bootstrap(part, cost),
                bootstrap(part, sample -> cost.applyAsDouble(sample) / sufficient.applyAsDouble(sample))));
    }

    static double score(Labelled one) {
        return one.score();
    }

    static double length(Labelled one) {
        return one.prompt().length();
    }

    /** The chance that a hard prompt has a higher score than an easy one; equal scores count half. */
    static double auc(List<Labelled> prompts, ToDoubleFunction<Labelled> score) {
        double[] hard =
                prompts.stream().filter(Labelled::hard).mapToDouble(score).toArray();
        double[] easy =
                prompts.stream().filter(one -> !one.hard()).mapToDouble(score).toArray();
        double above = 0;
        for (double one : hard) {
            for (double other : easy) {
                above += one > other ? 1 : one == other ? 0.5 : 0;
            }
        }
        return above / ((double) hard.length * easy.length);
    }

    static Figure bootstrap(List<Labelled> prompts, ToDoubleFunction<List<Labelled>> figure) {
        SplittableRandom random = new SplittableRandom(5);
        double[] values = IntStream.range(0, RESAMPLES)
                .mapToDouble(round -> figure.applyAsDouble(IntStream.range(0, prompts.size())
                        .mapToObj(one -> prompts.get(random.nextInt(prompts.size())))
                        .toList()))
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        return new Figure(
                figure.applyAsDouble(prompts),
                values[(int) (values.length * 0.025)],
                values[(int) (values.length * 0.975)]);
    }

    /** Our prompts; every third of each kind and label is held out. */
    public static List<Labelled> prompts() throws IOException {
        List<Labelled> prompts = new ArrayList<>();
        Map<String, Integer> seen = new LinkedHashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                RoutingBenchmark.class.getResourceAsStream("/skynet/cascade/prompts.tsv"), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] columns = line.split("\t", -1);
                int place = seen.merge(columns[0] + columns[1], 1, Integer::sum);
                String prompt = columns[2].replace("\\n", "\n");
                prompts.add(new Labelled(
                        columns[0].equals("4"), columns[1], prompt, place % 3 == 0, Difficulty.of(prompt)));
            }
        }
        return prompts;
    }

    /** Logistic regression by gradient, drawn towards the present weights; no weight changes its sign. */
    private static void fit(List<Labelled> prompts) {
        Map<Trait, Double> prior = Difficulty.WEIGHTS;
        Map<Trait, Double> weights = new EnumMap<>(prior);
        List<Traits> traits =
                prompts.stream().map(one -> Traits.of(one.prompt(), 0)).toList();
        double bias = Difficulty.BIAS;
        for (int round = 0; round < 4_000; round++) {
            Map<Trait, Double> gradient = new EnumMap<>(Trait.class);
            double toBias = 0;
            for (int i = 0; i < prompts.size(); i++) {
                double sum = bias;
                for (Trait trait : Trait.values()) {
                    sum += weights.get(trait) * traits.get(i).of(trait);
                }
                double error = (prompts.get(i).hard() ? 1 : 0) - 1 / (1 + Math.exp(-sum));
                toBias += error;
                for (Trait trait : Trait.values()) {
                    gradient.merge(trait, error * traits.get(i).of(trait), Double::sum);
                }
            }
            bias += 0.02 * toBias;
            for (Trait trait : Trait.values()) {
                double moved = weights.get(trait)
                        + 0.02 * (gradient.get(trait) - 1.5 * (weights.get(trait) - prior.get(trait)));
                weights.put(trait, prior.get(trait) > 0 ? Math.max(0.1, moved) : Math.min(-0.1, moved));
            }
        }
        System.out.printf(Locale.ROOT, "BIAS = %.2f%n", bias);
        weights.forEach(
                (trait, weight) -> System.out.printf(Locale.ROOT, "weights.put(Trait.%s, %.2f);%n", trait, weight));
        prompts.stream()
                .sorted(Comparator.comparingDouble(one -> one.hard() ? score(one) : 1 - score(one)))
                .limit(15)
                .forEach(one -> System.out.printf(
                        Locale.ROOT,
                        "%.2f %s %s %s%n",
                        score(one),
                        one.hard() ? 4 : 3,
                        one.prompt().substring(0, Math.min(60, one.prompt().length())),
                        Traits.of(one.prompt(), 0).shown()));
    }
}
