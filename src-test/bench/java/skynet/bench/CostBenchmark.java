package skynet.bench;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import skynet.testkit.RunningNode;

/**
 * What does a right answer cost, end to end, when a node chooses who answers, beside asking one upstream for everything?
 *
 * <p>A fresh fat JAR for each policy, with real documents, cache and levels 0 to 2, in front of two stand-ins that speak OpenAI's
 * protocol, one at level 3 and one at level 4, ten times as dear. <b>No model answers here: a stand-in knows what our own labels
 * say it knows</b> ({@link KnowingUpstream}): the fast one easy prompts only, the premium one all; what documents tell, either one
 * only from what the node sends along. A right answer holds the words expected; where nothing tells it, it is one that
 * says so. Asked are the prompts of {@code prompts.tsv} and the questions of {@code acceptance.tsv}, then some a second time, one
 * half of those in the same words and one half politely.
 *
 * <p>Costs are those of the segments that answers tell. The run fails unless they, the node's telemetry and what the
 * stand-ins counted are the same. The intervals hold 95% of {@value #RESAMPLES} bootstrap samples of questions, each
 * with its second ask.
 *
 * <p>Command, in the root: {@code java -Dskynet.jar=verticles/target/skynet.jar -cp <test class path of src-test>
 * skynet.bench.CostBenchmark [of each kind]}
 */
public final class CostBenchmark {
    private static final int RESAMPLES = 2_000;
    private static final int AT_ONCE = 2;
    private static final double SECOND_SHARE = 0.3;
    private static final String POLITE = "Could you please tell me: ";
    private static final List<String> POLICIES = List.of("cost", "speed", "quality");
    private static final String FAST = "fast";
    private static final String PREMIUM = "premium";

    /** What a million tokens cost, read and written. */
    private record Price(double in, double out) {
        double of(long tokensIn, long tokensOut) {
            return tokensIn * in + tokensOut * out;
        }
    }

    /** Costs are told in millionths of the currency, so that a token costs its price. */
    private static final Map<String, Price> PRICES = Map.of(FAST, new Price(0.15, 0.6), PREMIUM, new Price(1.5, 6));

    private CostBenchmark() {}

    /** A question as it is asked. */
    private record Ask(Labelled question, String text) {}

    /** What came of it: who answered, whether rightly, and what it cost. */
    record Outcome(Labelled question, String text, String level, boolean right, double cost) {}

    public static void main(String[] arguments) throws Exception {
        int most = arguments.length > 0 ? Integer.parseInt(arguments[0]) : Integer.MAX_VALUE;
        System.out.println(Rounds.load());
        Map<String, List<Outcome>> outcomes = run(most, POLICIES);
        table("all", outcomes, one -> true);
        table("held out", outcomes, Labelled::held);
        table("prompts held out", outcomes, one -> one.held() && !one.isOfDocuments());
        table("questions to documents held out", outcomes, one -> one.held() && one.isOfDocuments());
        System.out.println(Rounds.load());
        outcomes.forEach((policy, all) -> all.stream()
                .filter(one -> !one.right())
                .forEach(one -> System.out.println("wrong: " + policy + " " + one.level() + " "
                        + one.question().kind() + " "
                        + one.text().lines().findFirst().orElse(""))));
        System.exit(0);
    }

    /**
     * What came of each ask, without a node and under some of its policies. By length, as many go to the premium upstream as
     * under the first policy.
     *
     * @param most so many questions of each kind
     */
    static Map<String, List<Outcome>> run(int most, List<String> policies) throws Exception {
        List<Labelled> questions = questions(most);
        List<Ask> asks = asks(questions);
        Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();
        Vertx vertx = Vertx.vertx();
        try {
            outcomes.put("always L3", straight(vertx, FAST, questions, asks));
            outcomes.put("always L4", straight(vertx, PREMIUM, questions, asks));
            for (String policy : policies) {
                outcomes.put(policy, node(vertx, policy, questions, asks));
            }
            outcomes.put("by length", byLength(outcomes, policies.get(0)));
        } finally {
            Load.await(vertx.close());
        }
        return outcomes;
    }

    /** So many of each kind; what is among the prompts, too, has an answer that the documents do not know, and is left out. */
    private static List<Labelled> questions(int most) throws IOException {
        List<Labelled> all = new ArrayList<>(Labelled.prompts());
        Set<String> prompts = all.stream().map(Labelled::text).collect(Collectors.toSet());
        Labelled.ofDocuments().stream()
                .filter(one -> !prompts.contains(one.text()))
                .forEach(all::add);
        return Stream.of(Labelled.Kind.values())
                .flatMap(kind -> all.stream().filter(one -> one.kind() == kind).limit(most))
                .toList();
    }

    /** Each question once, in an order that is always the same, then some of them again. */
    private static List<Ask> asks(List<Labelled> questions) {
        SplittableRandom random = new SplittableRandom(3);
        List<Ask> asks = new ArrayList<>();
        List<Ask> again = new ArrayList<>();
        for (Labelled question : shuffled(questions, random)) {
            asks.add(new Ask(question, question.text()));
            if (random.nextDouble() < SECOND_SHARE) {
                again.add(new Ask(question, random.nextBoolean() ? question.text() : POLITE + question.text()));
            }
        }
        asks.addAll(again);
        return asks;
    }

    private static List<Labelled> shuffled(List<Labelled> questions, SplittableRandom random) {
        Map<Labelled, Long> places = new LinkedHashMap<>();
        questions.forEach(one -> places.put(one, random.nextLong()));
        return places.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Everything asked of one upstream, without a node. */
    private static List<Outcome> straight(Vertx vertx, String name, List<Labelled> questions, List<Ask> asks)
            throws Exception {
        KnowingUpstream upstream = KnowingUpstream.start(vertx, name.equals(PREMIUM), questions);
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        List<Outcome> outcomes = new ArrayList<>();
        for (Ask ask : asks) {
            JsonObject body = new JsonObject()
                    .put("model", name)
                    .put(
                            "messages",
                            new JsonArray()
                                    .add(new JsonObject().put("role", "user").put("content", ask.text())));
            JsonObject answer = new JsonObject(client.send(
                            HttpRequest.newBuilder(URI.create(upstream.url() + "/chat/completions"))
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body());
            JsonObject usage = answer.getJsonObject("usage");
            String text = answer.getJsonArray("choices")
                    .getJsonObject(0)
                    .getJsonObject("message")
                    .getString("content");
            double cost = PRICES.get(name).of(usage.getLong("prompt_tokens"), usage.getLong("completion_tokens"));
            outcomes.add(new Outcome(ask.question(), ask.text(), name, isRight(ask.question(), true, text), cost));
        }
        return outcomes;
    }

    private static List<Outcome> node(Vertx vertx, String policy, List<Labelled> questions, List<Ask> asks)
            throws Exception {
        Map<String, KnowingUpstream> upstreams = new TreeMap<>();
        upstreams.put(FAST, KnowingUpstream.start(vertx, false, questions));
        upstreams.put(PREMIUM, KnowingUpstream.start(vertx, true, questions));
        Map<String, String> settings = Map.of(
                "SKYNET_CASCADE_POLICY",
                policy,
                "SKYNET_CASCADE_UPSTREAMS",
                new JsonArray()
                        .add(entry(FAST, "L3", upstreams.get(FAST)))
                        .add(entry(PREMIUM, "L4", upstreams.get(PREMIUM)))
                        .encode());
        ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE);
        try (RunningNode node = Labelled.node(Files.createTempDirectory("cost"), settings)) {
            List<Future<JsonObject>> firsts = new ArrayList<>();
            int first = (int) asks.stream().map(Ask::question).distinct().count();
            for (Ask ask : asks.subList(0, first)) {
                firsts.add(callers.submit(() -> node.ask(ask.text())));
            }
            List<JsonObject> answers = new ArrayList<>();
            for (Future<JsonObject> one : firsts) {
                answers.add(one.get());
            }
            // Who asks again does so when the answer is there.
            for (Ask ask : asks.subList(first, asks.size())) {
                answers.add(node.ask(ask.text()));
            }
            check(policy, node, upstreams, answers);
            return IntStream.range(0, asks.size())
                    .mapToObj(i -> outcome(asks.get(i), answers.get(i)))
                    .toList();
        } finally {
            callers.shutdown();
        }
    }

    private static JsonObject entry(String name, String level, KnowingUpstream upstream) {
        return new JsonObject()
                .put("name", name)
                .put("kind", "openai")
                .put("base-url", upstream.url())
                .put("model", name)
                .put("level", level)
                .put("price-in", PRICES.get(name).in())
                .put("price-out", PRICES.get(name).out());
    }

    private static Outcome outcome(Ask ask, JsonObject answer) {
        String text = answer.getString("answer") + "\n"
                + answer.getJsonArray("citations").stream()
                        .map(citation -> ((JsonObject) citation).getString("text"))
                        .collect(Collectors.joining("\n"));
        return new Outcome(
                ask.question(),
                ask.text(),
                answer.getBoolean("answered") ? answer.getString("level") : "none",
                isRight(ask.question(), answer.getBoolean("answered"), text),
                segments(answer).stream().mapToDouble(CostBenchmark::cost).sum());
    }

    private static boolean isRight(Labelled question, boolean answered, String text) {
        return question.kind() == Labelled.Kind.UNTOLD
                ? !answered || text.startsWith(KnowingUpstream.UNKNOWN)
                : question.isIn(text);
    }

    private static List<JsonObject> segments(JsonObject answer) {
        return answer.getJsonArray("segments", new JsonArray()).stream()
                .map(segment -> (JsonObject) segment)
                .toList();
    }

    private static double cost(JsonObject segment) {
        Price price = PRICES.get(segment.getString("upstream"));
        return price == null ? 0 : price.of(segment.getLong("tokens_in"), segment.getLong("tokens_out"));
    }

    /** Whether the answers, the telemetry and the stand-ins tell the same tokens and the same cost. */
    private static void check(
            String policy, RunningNode node, Map<String, KnowingUpstream> upstreams, List<JsonObject> answers)
            throws Exception {
        Map<String, String> counted = new TreeMap<>();
        Map<String, String> told = new TreeMap<>();
        double cost = 0;
        long in = 0;
        long out = 0;
        for (Map.Entry<String, KnowingUpstream> one : upstreams.entrySet()) {
            KnowingUpstream upstream = one.getValue();
            List<JsonObject> segments = answers.stream()
                    .flatMap(answer -> segments(answer).stream())
                    .filter(segment -> segment.getString("upstream").equals(one.getKey()))
                    .toList();
            told.put(
                    one.getKey(),
                    segments.stream().mapToLong(s -> s.getLong("tokens_in")).sum() + " and "
                            + segments.stream()
                                    .mapToLong(s -> s.getLong("tokens_out"))
                                    .sum());
            counted.put(one.getKey(), upstream.tokensIn() + " and " + upstream.tokensOut());
            cost += PRICES.get(one.getKey()).of(upstream.tokensIn(), upstream.tokensOut()) / 1e6;
            in += upstream.tokensIn();
            out += upstream.tokensOut();
        }
        require(policy + ", tokens of the answers", told, counted);
        JsonObject telemetry = new JsonObject(
                node.send(node.asOwner("/api/cascade/telemetry?days=2").GET()).body());
        List<JsonObject> sums = telemetry.getJsonArray("sums").stream()
                .map(sum -> (JsonObject) sum)
                .toList();
        require(policy + ", requests", sum(sums, "requests"), (double) answers.size());
        // What the node writes itself is counted there, too, and costs nothing.
        List<JsonObject> bought = sums.stream()
                .filter(sum -> sum.getString("level").compareTo("L3") >= 0)
                .toList();
        require(policy + ", tokens read in the telemetry", sum(bought, "tokens_in"), (double) in);
        require(policy + ", tokens written in the telemetry", sum(bought, "tokens_out"), (double) out);
        require(policy + ", requests without a price", sum(sums, "unpriced"), 0.0);
        double difference = Math.abs(sum(sums, "cost") - cost);
        if (difference > 1e-9 * Math.max(1, cost)) {
            throw new IllegalStateException(
                    policy + ", cost in the telemetry: " + sum(sums, "cost") + " (expected: " + cost + ")");
        }
    }

    private static double sum(List<JsonObject> sums, String field) {
        return sums.stream().mapToDouble(sum -> sum.getDouble(field)).sum();
    }

    private static void require(String what, Object told, Object counted) {
        if (!told.equals(counted)) {
            throw new IllegalStateException(what + ": " + told + " (expected: " + counted + ")");
        }
    }

    /** As many asks, the longest, to the premium upstream as the node sent to level 4 under a policy. */
    private static List<Outcome> byLength(Map<String, List<Outcome>> outcomes, String policy) {
        List<Outcome> fast = outcomes.get("always L3");
        List<Outcome> premium = outcomes.get("always L4");
        long count = outcomes.get(policy).stream()
                .filter(one -> one.level().equals("L4"))
                .count();
        List<Integer> longest = IntStream.range(0, fast.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> -fast.get(i).text().length()))
                .limit(count)
                .toList();
        return IntStream.range(0, fast.size())
                .mapToObj(i -> longest.contains(i) ? premium.get(i) : fast.get(i))
                .toList();
    }

    private static void table(String part, Map<String, List<Outcome>> outcomes, Predicate<Labelled> within) {
        System.out.println(
                "\n| " + part
                        + " | asked | right | cost of an ask | cost of a right answer | answered by |\n|---|---|---|---|---|---|");
        outcomes.forEach((policy, all) -> {
            Map<Labelled, List<Outcome>> byQuestion = all.stream()
                    .filter(one -> within.test(one.question()))
                    .collect(Collectors.groupingBy(Outcome::question, LinkedHashMap::new, Collectors.toList()));
            if (!byQuestion.isEmpty()) {
                System.out.println("| " + policy + " | " + row(List.copyOf(byQuestion.values())) + " |");
            }
        });
    }

    private static String row(List<List<Outcome>> questions) {
        List<Outcome> all = questions.stream().flatMap(List::stream).toList();
        Map<String, Long> levels =
                all.stream().collect(Collectors.groupingBy(Outcome::level, TreeMap::new, Collectors.counting()));
        return String.format(
                Locale.ROOT,
                "%d | %s | %s | %s | %s",
                all.size(),
                interval(3, questions, sample -> rights(sample) / asked(sample)),
                interval(0, questions, sample -> costs(sample) / asked(sample)),
                interval(0, questions, sample -> costs(sample) / rights(sample)),
                levels.entrySet().stream()
                        .map(level -> level.getKey() + " " + Math.round(100.0 * level.getValue() / all.size()) + "%")
                        .collect(Collectors.joining(", ")));
    }

    private static double asked(List<List<Outcome>> questions) {
        return questions.stream().mapToInt(List::size).sum();
    }

    private static double rights(List<List<Outcome>> questions) {
        return questions.stream().flatMap(List::stream).filter(Outcome::right).count();
    }

    private static double costs(List<List<Outcome>> questions) {
        return questions.stream()
                .flatMap(List::stream)
                .mapToDouble(Outcome::cost)
                .sum();
    }

    private static String interval(
            int digits, List<List<Outcome>> questions, ToDoubleFunction<List<List<Outcome>>> figure) {
        SplittableRandom random = new SplittableRandom(5);
        double[] values = IntStream.range(0, RESAMPLES)
                .mapToDouble(round -> figure.applyAsDouble(IntStream.range(0, questions.size())
                        .mapToObj(one -> questions.get(random.nextInt(questions.size())))
                        .toList()))
                .sorted()
                .toArray();
        return rounded(digits, figure.applyAsDouble(questions))
                + " [" + rounded(digits, values[(int) (values.length * 0.025)])
                + ", " + rounded(digits, values[(int) (values.length * 0.975)]) + "]";
    }

    private static String rounded(int digits, double value) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
