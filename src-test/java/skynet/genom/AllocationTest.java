package skynet.genom;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import skynet.dictionary.CoordinateTable;

/** Once its buffers have grown, the way from bytes to codes and back leaves nothing for the garbage collector. */
class AllocationTest {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final String TEXT = "The black cat of New York said: \"Příliš žluťoučký kůň!\"\n\n"
            + "    XMLParser.parse(qwrtzx, -1) == привет — 3.14 ";

    @Test
    void encodingAndDecodingAllocateNothing() throws Exception {
        CoordinateTable table = Tables.open();
        Encoder encoder = new Encoder(table);
        Decoder decoder = new Decoder(table);
        byte[] text = TEXT.repeat(1_000).getBytes(StandardCharsets.UTF_8);
        int[] codes = new int[text.length];
        assertEquals(0, leastAllocated(() -> decoder.decode(codes, encoder.encode(text, text.length, codes))));
    }

    @Test
    void lookupsAllocateNothing() throws Exception {
        CoordinateTable table = Tables.open();
        byte[] words = Arrays.copyOf("hello".getBytes(StandardCharsets.UTF_8), 64);
        int[] offsets = new int[1_000];
        int[] lengths = new int[1_000];
        int[] ids = new int[1_000];
        Arrays.fill(lengths, 5);
        assertEquals(0, leastAllocated(() -> {
            table.findBatch(words, offsets, lengths, ids.length, ids);
            table.idAt(table.r(ids[0]), table.theta(table.find(words, 0, 5)));
        }));
    }

    /** The least of some runs, for the JVM itself may allocate in this thread while it warms up. */
    private static long leastAllocated(Runnable work) {
        long least = Long.MAX_VALUE;
        for (int run = 0; run < 20; run++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            work.run();
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
