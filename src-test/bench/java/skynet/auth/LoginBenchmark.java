package skynet.auth;

import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import skynet.kit.Database;
import skynet.node.DataDirectory;
import skynet.node.EmbeddedPostgres;

/**
 * How many logins a second does a node admit, beside bare Argon2id on as many threads, and how long do others wait while all
 * of them are at work?
 *
 * <p>The others ask for their own account, through the same door, room and database. Turns change from round to round.
 *
 * <p>Command, in the root: {@code java -cp <test class path of src-test> skynet.auth.LoginBenchmark [rounds] [seconds]}
 */
public final class LoginBenchmark {
    private static final int CALLERS = 16;

    private LoginBenchmark() {}

    /** Medians over the rounds. */
    record Figures(
            double hashesPerSecond,
            double loginsPerSecond,
            double quietMillis50,
            double quietMillis99,
            double busyMillis50,
            double busyMillis99) {}

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8;
        Figures figures = run(rounds, seconds * 1_000);
        System.out.printf(
                "load %.1f, JDK %s, %d rounds of %d s%n",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                System.getProperty("java.version"),
                rounds,
                seconds);
        System.out.printf(
                "  bare Argon2id on %d threads  %6.1f/s%n", PasswordWorker.AT_ONCE_MAX, figures.hashesPerSecond());
        System.out.printf(
                "  logins, %d callers           %6.1f/s = %.2f of bare%n",
                CALLERS, figures.loginsPerSecond(), figures.loginsPerSecond() / figures.hashesPerSecond());
        System.out.printf(
                "  own account, quiet           p50 %.1f ms, p99 %.1f ms%n",
                figures.quietMillis50(), figures.quietMillis99());
        System.out.printf(
                "  own account, logins beside   p50 %.1f ms, p99 %.1f ms%n",
                figures.busyMillis50(), figures.busyMillis99());
    }

    /** Runs it with a database of its own. */
    static Figures run(int rounds, int millis) throws Exception {
        Path home = Files.createTempDirectory("logins");
        try (DataDirectory data = DataDirectory.open(home.resolve("data"));
                EmbeddedPostgres postgres = EmbeddedPostgres.start(data, step -> {})) {
            Database.migrate(postgres.uri());
            try (AuthHouse house = new AuthHouse(data.root(), postgres.uri())) {
                return run(house, rounds, millis);
            }
        } finally {
            try (Stream<Path> files = Files.walk(home)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private static Figures run(AuthHouse house, int rounds, int millis) throws Exception {
        for (int caller = 1; caller < CALLERS; caller++) {
            house.register(email(caller));
        }
        String token = house.register(email(0)).getString("access_token");
        byte[] salt = new byte[Argon2.SALT_BYTES];
        Work hash = caller -> Argon2.hash(AuthHouse.PASSWORD, salt);
        Work login = caller -> require(house.logIn(email(caller), AuthHouse.PASSWORD, ""));
        Work look = caller -> require(house.get("/api/auth/me", token));
        List<double[]> all = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            double hashes = rate(hash, PasswordWorker.AT_ONCE_MAX, millis);
            double[] quiet = times(look, millis);
            ExecutorService one = Executors.newSingleThreadExecutor();
            Future<double[]> beside = one.submit(() -> times(look, millis));
            double logins = rate(login, CALLERS, millis);
            double[] busy = beside.get();
            one.shutdown();
            if (round > 0) {
                all.add(new double[] {hashes, logins, quiet[0], quiet[1], busy[0], busy[1]});
            }
        }
        return new Figures(
                median(all, 0), median(all, 1), median(all, 2), median(all, 3), median(all, 4), median(all, 5));
    }

    /** What a caller does again and again. */
    private interface Work {
        void by(int caller) throws Exception;
    }

    /** Each caller has an account of its own: attempts on one account wait for each other. */
    private static String email(int caller) {
        return "bench" + caller + "@example.org";
    }

    private static void require(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(new JsonObject(answer.body()).encode());
        }
    }

    /** How often a second some threads together do it. */
    private static double rate(Work work, int threads, int millis) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        long start = System.nanoTime();
        long end = start + millis * 1_000_000L;
        List<Future<Integer>> counts = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int caller = thread;
            counts.add(callers.submit(() -> {
                int done = 0;
                while (System.nanoTime() < end) {
                    work.by(caller);
                    done++;
                }
                return done;
            }));
        }
        int done = 0;
        for (Future<Integer> count : counts) {
            done += count.get();
        }
        callers.shutdown();
        return done * 1e9 / (System.nanoTime() - start);
    }

    /** Median and 99th percentile in milliseconds of doing it once every ten milliseconds. */
    private static double[] times(Work work, int millis) throws Exception {
        List<Double> times = new ArrayList<>();
        long end = System.nanoTime() + millis * 1_000_000L;
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            work.by(0);
            times.add((System.nanoTime() - start) / 1e6);
            Thread.sleep(10);
        }
        double[] sorted =
                times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new double[] {sorted[sorted.length / 2], sorted[sorted.length * 99 / 100]};
    }

    private static double median(List<double[]> rounds, int column) {
        double[] sorted = rounds.stream().mapToDouble(round -> round[column]).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
