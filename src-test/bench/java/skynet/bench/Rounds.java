package skynet.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs competitors in turn, ABAB, and prints the median CPU time of each with its spread. */
final class Rounds {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Map<String, Runnable> competitors = new LinkedHashMap<>();

    Rounds add(String name, Runnable competitor) {
        competitors.put(name, competitor);
        return this;
    }

    /** {@link #run(int, int, int)} with one pass a round. */
    Map<String, Double> run(int warm, int measured) {
        return run(warm, measured, 1);
    }

    /**
     * Runs every competitor {@code warm} and then {@code measured} rounds of some passes and returns the median
     * nanoseconds of a round of each.
     */
    Map<String, Double> run(int warm, int measured, int passes) {
        Map<String, List<Long>> times = new LinkedHashMap<>();
        for (int round = 0; round < warm + measured; round++) {
            for (Map.Entry<String, Runnable> competitor : competitors.entrySet()) {
                long start = THREADS.getCurrentThreadCpuTime();
                for (int pass = 0; pass < passes; pass++) {
                    competitor.getValue().run();
                }
                long nanos = THREADS.getCurrentThreadCpuTime() - start;
                if (round >= warm) {
                    times.computeIfAbsent(competitor.getKey(), name -> new ArrayList<>())
                            .add(nanos);
                }
            }
        }
        Map<String, Double> medians = new LinkedHashMap<>();
        times.forEach((name, nanos) -> {
            long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            medians.put(name, (double) sorted[sorted.length / 2]);
        });
        return medians;
    }

    /** Bytes that this thread allocates on the heap while it runs something. */
    static long allocated(Runnable work) {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) THREADS;
        threads.getCurrentThreadAllocatedBytes();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    static String load() {
        return "load " + ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage() + ", JDK "
                + System.getProperty("java.version") + ", args "
                + Arrays.toString(
                        ManagementFactory.getRuntimeMXBean().getInputArguments().toArray());
    }
}
