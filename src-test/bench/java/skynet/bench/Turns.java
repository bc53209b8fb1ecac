package skynet.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lets competitors take turns, ABAB, each with work that other threads do, and keeps medians and spread. */
final class Turns {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Map<String, Turn> competitors = new LinkedHashMap<>();

    /** Does its work once and tells what it took. */
    interface Turn {
        Took take() throws Exception;
    }

    /**
     * What a turn took.
     *
     * @param cpuNanos processor time for each operation
     * @param perSecond operations in a second by the wall clock
     */
    record Took(double cpuNanos, double perSecond) {
        /** Some operations in a time, which took so much processor time together. */
        static Took of(long operations, long cpuNanos, long wallNanos) {
            return new Took((double) cpuNanos / operations, operations * 1e9 / wallNanos);
        }
    }

    /** Medians over all turns, and between which figures the processor time lay. */
    record Figures(double cpuNanos, double leastNanos, double mostNanos, double perSecond) {
        static Figures of(List<Took> turns) {
            double[] cpu = turns.stream().mapToDouble(Took::cpuNanos).sorted().toArray();
            double[] rate = turns.stream().mapToDouble(Took::perSecond).sorted().toArray();
            return new Figures(cpu[cpu.length / 2], cpu[0], cpu[cpu.length - 1], rate[rate.length / 2]);
        }
    }

    Turns add(String name, Turn competitor) {
        competitors.put(name, competitor);
        return this;
    }

    /** Every competitor's figures over the measured rounds; those that warm up before are not among them. */
    Map<String, Figures> run(int warm, int measured) throws Exception {
        Map<String, List<Took>> turns = new LinkedHashMap<>();
        for (int round = 0; round < warm + measured; round++) {
            for (Map.Entry<String, Turn> competitor : competitors.entrySet()) {
                Took took = competitor.getValue().take();
                if (round >= warm) {
                    turns.computeIfAbsent(competitor.getKey(), name -> new ArrayList<>())
                            .add(took);
                }
            }
        }
        Map<String, Figures> figures = new LinkedHashMap<>();
        turns.forEach((name, all) -> figures.put(name, Figures.of(all)));
        return figures;
    }

    /** Prints figures, and the processor time of the first competitor for that of each other. */
    static void print(Map<String, Figures> figures) {
        double own = figures.values().iterator().next().cpuNanos();
        figures.forEach((name, one) -> System.out.printf(
                "  %-34s %8.2f µs CPU [%.2f to %.2f]  %9.0f /s   x%.2f of ours%n",
                name,
                one.cpuNanos() / 1e3,
                one.leastNanos() / 1e3,
                one.mostNanos() / 1e3,
                one.perSecond(),
                one.cpuNanos() / own));
    }

    /** Processor time that some threads have taken together until now. */
    static long cpuNanos(long... threads) {
        long sum = 0;
        for (long thread : threads) {
            sum += THREADS.getThreadCpuTime(thread);
        }
        return sum;
    }
}
