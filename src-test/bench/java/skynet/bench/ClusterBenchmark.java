package skynet.bench;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.sun.management.OperatingSystemMXBean;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import skynet.bus.Bus;
import skynet.bus.Genom;
import skynet.bus.NodeNumber;
import skynet.cluster.Keys;
import skynet.kit.ClusterConfig;
import skynet.node.cluster.Cluster;
import skynet.node.cluster.ClusterKeys;

/**
 * What does an ask of another node cost, beside a JsonObject on an event bus as Vert.x ships it, with the same TLS and in
 * the open, and a get of Hazelcast's IMap? The two event buses tell what TLS itself costs.
 *
 * <p>Two members of a cluster in two processes on loopback, with mutual TLS as always. The question is a word, the answer
 * {@value Sample#TOKENS} tokens; the map's value is the answer as text, of a key that the other member owns. One ask at a time
 * gives the median time of an answer; 64 at a time give asks in a second and the processor time of the whole asking
 * process. Competitors take turns.
 *
 * <p>Command, in the root: {@code java -cp <test class path of src-test> skynet.bench.ClusterBenchmark [rounds] [asks]}
 */
public final class ClusterBenchmark {
    private static final int AT_ONCE = 64;
    private static final NodeNumber ASKER = new NodeNumber(1);
    private static final NodeNumber ANSWERER = new NodeNumber(2);
    private static final String MAP = "bench";

    private ClusterBenchmark() {}

    /** A member of the cluster. */
    private record Member(int port, Cluster cluster, Vertx vertx, Bus bus) {
        static Member join(Path keys, NodeNumber number, int port, int other) throws Exception {
            ClusterConfig config = Keys.config(port, other);
            Cluster cluster = Cluster.join(config, ClusterKeys.read(keys), number, 1_700_000_000L, "bench");
            Vertx vertx = Load.await(cluster.vertx(Vertx.builder(), new VertxOptions()));
            Bus bus = new Bus(vertx, InstantSource.system(), cluster);
            Load.await(bus.join(number));
            return new Member(port, cluster, vertx, bus);
        }

        void sees(NodeNumber other) throws InterruptedException {
            while (!cluster.others().containsKey(other)) {
                Thread.sleep(20);
            }
        }

        /** The Hazelcast behind it: the one at its own address. */
        HazelcastInstance hazelcast() {
            return Hazelcast.getAllHazelcastInstances().stream()
                    .filter(one ->
                            one.getCluster().getLocalMember().getAddress().getPort() == port)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** One of ours, and two as they are shipped, with TLS and without. */
    private record Members(Member ours, BareMember sealed, BareMember open) implements AutoCloseable {
        /** The ports are pairs, of which {@code ports} names the first of each kind. */
        static Members join(Path keys, NodeNumber number, List<Integer> ports, List<Integer> others) throws Exception {
            return new Members(
                    Member.join(keys, number, ports.get(0), others.get(0)),
                    BareMember.join(keys, true, ports.get(1), others.get(1)),
                    BareMember.join(keys, false, ports.get(2), others.get(2)));
        }

        /** Waits for the other three. */
        void meet(NodeNumber other) throws Exception {
            ours.sees(other);
            sealed.sees(2);
            open.sees(2);
        }

        void serve() throws Exception {
            Context context = ours.vertx().getOrCreateContext();
            Load.await(Load.on(context, () -> ours.bus()
                    .serve(Genom.Nearest.class, ask -> Future.succeededFuture(Sample.ANSWER))));
            sealed.serve();
            open.serve();
        }

        @Override
        public void close() throws Exception {
            Load.await(ours.vertx().close());
            ours.cluster().close();
            sealed.close();
            open.close();
        }
    }

    /** Median microseconds of one ask at a time, and the figures of many at a time. */
    record Figures(double microsAlone, Turns.Figures many) {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("answer")) {
            answer(Path.of(arguments[1]), ports(arguments[2]), ports(arguments[3]));
            return;
        }
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7;
        int asks = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 40_000;
        System.out.println(Rounds.load());
        Map<String, Figures> figures = run(rounds, asks);
        figures.forEach((name, one) -> System.out.printf("  %-24s %7.1f µs p50 alone%n", name, one.microsAlone()));
        Map<String, Turns.Figures> many = new LinkedHashMap<>();
        figures.forEach((name, one) -> many.put(name, one.many()));
        Turns.print(many);
        System.out.println(Rounds.load());
        System.exit(0);
    }

    static Map<String, Figures> run(int rounds, int asks) throws Exception {
        Path keys = Keys.make(Files.createTempDirectory("skynet-bench").resolve("keys"))
                .directory();
        List<Integer> ports = freePairs();
        List<Integer> others = freePairs();
        Process answerer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-Dvertx.disableDnsResolver=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ClusterBenchmark.class.getName(),
                        "answer",
                        keys.toString(),
                        text(others),
                        text(ports))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            try (Members members = Members.join(keys, ASKER, ports, others);
                    BufferedReader lines = new BufferedReader(
                            new InputStreamReader(answerer.getInputStream(), StandardCharsets.UTF_8))) {
                String line = lines.readLine();
                while (line != null && !line.equals("ready")) {
                    line = lines.readLine();
                }
                return measure(members, rounds, asks);
            }
        } finally {
            answerer.destroyForcibly().waitFor();
        }
    }

    /** The same with both members in this process, which says nothing about the cost and shows that it works. */
    static Map<String, Figures> rehearse(int asks) throws Exception {
        Path keys = Keys.make(Files.createTempDirectory("skynet-bench").resolve("keys"))
                .directory();
        List<Integer> ports = freePairs();
        List<Integer> others = freePairs();
        try (Members asker = Members.join(keys, ASKER, ports, others);
                Members answerer = Members.join(keys, ANSWERER, others, ports)) {
            answerer.serve();
            return measure(asker, 1, asks);
        }
    }

    private static Map<String, Figures> measure(Members members, int rounds, int asks) throws Exception {
        Context asker = members.ours().vertx().getOrCreateContext();
        members.meet(ANSWERER);
        Map<String, Supplier<Future<Boolean>>> ways = ways(members, asker);
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        Turns turns = new Turns();
        ways.forEach((name, ask) -> turns.add(name, Load.turn(asker, AT_ONCE, asks, system::getProcessCpuTime, ask)));
        Map<String, Turns.Figures> many = turns.run(2, rounds);
        Map<String, List<Double>> alone = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (Map.Entry<String, Supplier<Future<Boolean>>> way : ways.entrySet()) {
                double micros = Load.await(Load.on(asker, () -> new Alone(way.getValue(), asks / 20).begin()));
                if (round > 0) {
                    alone.computeIfAbsent(way.getKey(), name -> new ArrayList<>())
                            .add(micros);
                }
            }
        }
        Map<String, Figures> figures = new LinkedHashMap<>();
        many.forEach((name, one) -> figures.put(
                name, new Figures(alone.get(name).stream().sorted().toList().get(rounds / 2), one)));
        return figures;
    }

    private static Map<String, Supplier<Future<Boolean>>> ways(Members members, Context asker) {
        HazelcastInstance hazelcast = members.ours().hazelcast();
        IMap<Integer, String> map = hazelcast.getMap(MAP);
        int key = 0;
        while (hazelcast.getPartitionService().getPartition(key).getOwner().localMember()) {
            key++;
        }
        int distant = key;
        map.set(distant, Sample.TEXT);
        JsonObject question = new JsonObject().put("word", "dog").put("limit", Sample.TOKENS);
        Map<String, Supplier<Future<Boolean>>> ways = new LinkedHashMap<>();
        ways.put("Bus, records", () -> members.ours()
                .bus()
                .ask(new Genom.Nearest("dog", Sample.TOKENS), Duration.ofSeconds(60))
                .map(page -> page.items().size() == Sample.TOKENS));
        ways.put("bare, JsonObject, TLS", on(asker, () -> members.sealed().ask(question)));
        ways.put("bare, JsonObject, open", on(asker, () -> members.open().ask(question)));
        ways.put("Hazelcast IMap.get", () -> {
            Promise<Boolean> got = Promise.promise();
            map.getAsync(distant)
                    .whenCompleteAsync(
                            (value, failure) -> asker.runOnContext(run -> {
                                if (failure == null) {
                                    got.complete(value.length() == Sample.TEXT.length());
                                } else {
                                    got.fail(failure);
                                }
                            }),
                            Runnable::run);
            return got.future();
        });
        return ways;
    }

    /** The other Vert.x answers on its own event loop, and the asker goes on on his. */
    private static Supplier<Future<Boolean>> on(Context asker, Supplier<Future<Boolean>> ask) {
        return () -> {
            Promise<Boolean> answered = Promise.promise();
            ask.get().onComplete(answer -> asker.runOnContext(run -> answered.handle(answer)));
            return answered.future();
        };
    }

    private static void answer(Path keys, List<Integer> ports, List<Integer> others) throws Exception {
        Members members = Members.join(keys, ANSWERER, ports, others);
        members.serve();
        members.meet(ASKER);
        System.out.println("ready");
    }

    private static List<Integer> freePairs() throws Exception {
        return List.of(Keys.freePair(), Keys.freePair(), Keys.freePair());
    }

    private static String text(List<Integer> ports) {
        return ports.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static List<Integer> ports(String text) {
        return Stream.of(text.split(",")).map(Integer::valueOf).toList();
    }

    /** One ask after the other; gives the median microseconds of an answer. */
    private static final class Alone {
        private final Supplier<Future<Boolean>> ask;
        private final long[] nanos;
        private final Promise<Double> done = Promise.promise();
        private int count;

        Alone(Supplier<Future<Boolean>> ask, int asks) {
            this.ask = ask;
            this.nanos = new long[asks];
        }

        Future<Double> begin() {
            next();
            return done.future();
        }

        private void next() {
            long start = System.nanoTime();
            ask.get().onComplete((right, failure) -> {
                if (failure != null || !right) {
                    done.fail(new AssertionError("wrong answer", failure));
                    return;
                }
                nanos[count++] = System.nanoTime() - start;
                if (count < nanos.length) {
                    next();
                } else {
                    Arrays.sort(nanos);
                    done.complete(nanos[count / 2] / 1e3);
                }
            });
        }
    }
}
