package skynet.swarm;

import java.util.Arrays;
import skynet.bus.NodeClass;
import skynet.bus.NodeId;
import skynet.bus.Nodes;

/**
 * Which light nodes beat here and when they last did: four 64-bit words for each node, in pages of {@value #PAGE_ROWS}
 * numbers that exist while one of them is known.
 *
 * <pre>
 * word 0, 1   the first 128 bits of the SHA-256 of the node's token
 * word 2      63..32 seconds of the last beat | 31..16 interval in 0.1 s | 15 known | 14 beat since written
 *             13..12 mode | 11..10 state as counted | 7..0 load in percent
 * word 3      63..32 seconds when last written down | 31..0 unused
 * </pre>
 *
 * Numbers are given in ascending order, so pages are full where nodes are, and a page is found without hashing, probing or
 * ever moving rows: no beat waits for a table that grows. A full page costs {@value #ROW_BYTES} bytes a node and
 * {@value #OVERHEAD_BYTES} bytes; all numbers there are cost 320 MB. Seconds are counted from the table's beginning. State
 * changes by time alone, so a sweep that goes round keeps the counts; what a node is told about is computed when asked.
 * Belongs to one thread.
 */
final class Presence {
    static final int PAGE_ROWS = 1_000;
    static final int ROW_BYTES = 4 * Long.BYTES;
    static final int OVERHEAD_BYTES = 24;

    /** Missed beats after which a node is suspect, and dead. */
    static final int SUSPECT_AFTER = 3;

    static final int DEAD_AFTER = 6;

    /** A beat is written down after this time, and not before. */
    static final int WRITE_SECONDS = 60;

    /** A node that is dead, or never beat, for so long is forgotten here; PostgreSQL knows it still. */
    static final int FORGET_SECONDS = 3_600;

    private static final int ROW = 4;
    private static final int PAGES = NodeId.MAX / PAGE_ROWS + 1;
    private static final long KNOWN = 1L << 15;
    private static final long DIRTY = 1L << 14;
    private static final int MODE_AT = 12;
    private static final int STATE_AT = 10;
    private static final long TWO_BITS = 3;
    private static final int NONE = 0;
    private static final long DECISECOND_MILLIS = 100;

    private final long beginSeconds;
    private final long[][] pages = new long[PAGES][];
    private final int[] knownInPage = new int[PAGES];
    private final int[] counts = new int[NodeClass.values().length * 4];
    private int pagesUsed;
    private int known;
    private int cursor;

    /** Hears of the nodes that are due to be written down; false when it takes no more now. */
    @FunctionalInterface
    interface Due {
        boolean take(int number, long seenSeconds, int intervalMillis, int loadPercent);
    }

    /** A table that begins now, in seconds since 1970. */
    Presence(long nowSeconds) {
        this.beginSeconds = nowSeconds;
    }

    /** Knows a node by its token from now on; that alone does not make it live. */
    void admit(int number, long hashHigh, long hashLow, Nodes.Mode mode, long nowSeconds) {
        int page = number / PAGE_ROWS;
        if (pages[page] == null) {
            pages[page] = new long[PAGE_ROWS * ROW];
            pagesUsed++;
        }
        long[] rows = pages[page];
        int at = at(number);
        long word = rows[at + 2];
        if ((word & KNOWN) == 0) {
            known++;
            knownInPage[page]++;
            word = time(nowSeconds) << 32;
        }
        rows[at] = hashHigh;
        rows[at + 1] = hashLow;
        rows[at + 2] = word & ~(TWO_BITS << MODE_AT) | KNOWN | (long) mode.ordinal() << MODE_AT;
    }

    /** Whether a node is known by this token. */
    boolean knows(int number, long hashHigh, long hashLow) {
        long[] rows = pages[number / PAGE_ROWS];
        int at = at(number);
        return rows != null && (rows[at + 2] & KNOWN) != 0 && ((rows[at] ^ hashHigh) | (rows[at + 1] ^ hashLow)) == 0;
    }

    /** Whether a node is known. */
    boolean knows(int number) {
        long[] rows = pages[number / PAGE_ROWS];
        return rows != null && (rows[at(number) + 2] & KNOWN) != 0;
    }

    /** Notes a beat; false when the node is not known. */
    boolean beat(int number, long nowSeconds, int nextMillis, int loadPercent) {
        long[] rows = pages[number / PAGE_ROWS];
        int at = at(number);
        if (rows == null || (rows[at + 2] & KNOWN) == 0) {
            return false;
        }
        long word = rows[at + 2];
        count(number, (int) (word >>> STATE_AT & TWO_BITS), Nodes.State.LIVE.ordinal());
        long interval = Math.min(0xffff, (nextMillis + DECISECOND_MILLIS - 1) / DECISECOND_MILLIS);
        rows[at + 2] = time(nowSeconds) << 32
                | interval << 16
                | KNOWN
                | DIRTY
                | word & TWO_BITS << MODE_AT
                | (long) Nodes.State.LIVE.ordinal() << STATE_AT
                | loadPercent;
        return true;
    }

    /** Whether less than half of a node's own interval has passed since it last beat here. */
    boolean isEarly(int number, long nowSeconds) {
        long[] rows = pages[number / PAGE_ROWS];
        long word = rows == null ? 0 : rows[at(number) + 2];
        long since = time(nowSeconds) - (word >>> 32);
        return since >= 0 && since * 2_000 < interval(word);
    }

    /** Forgets a node at once. */
    void forget(int number) {
        long[] rows = pages[number / PAGE_ROWS];
        int at = at(number);
        if (rows == null || (rows[at + 2] & KNOWN) == 0) {
            return;
        }
        count(number, (int) (rows[at + 2] >>> STATE_AT & TWO_BITS), NONE);
        Arrays.fill(rows, at, at + ROW, 0);
        known--;
        if (--knownInPage[number / PAGE_ROWS] == 0) {
            pages[number / PAGE_ROWS] = null;
            pagesUsed--;
        }
    }

    /** How a node does now, as far as is known here. */
    Nodes.State state(int number, long nowSeconds) {
        long[] rows = pages[number / PAGE_ROWS];
        return rows == null ? Nodes.State.UNSEEN : state(rows[at(number) + 2], nowSeconds);
    }

    /** When a node last beat, in seconds since 1970; 0 when it never did here. */
    long seenSeconds(int number) {
        long[] rows = pages[number / PAGE_ROWS];
        long word = rows == null ? 0 : rows[at(number) + 2];
        return (word >>> 16 & 0xffff) == 0 ? 0 : (word >>> 32) + beginSeconds;
    }

    /** The load that a node last told, in percent. */
    int loadPercent(int number) {
        long[] rows = pages[number / PAGE_ROWS];
        return rows == null ? 0 : (int) (rows[at(number) + 2] & 0xff);
    }

    /** What a known node takes part in. */
    Nodes.Mode mode(int number) {
        return Nodes.Mode.values()[(int) (pages[number / PAGE_ROWS][at(number) + 2] >>> MODE_AT & TWO_BITS)];
    }

    /** Marks a node to be written down again: it was not, after all. */
    void unwritten(int number) {
        if (knows(number)) {
            pages[number / PAGE_ROWS][at(number) + 2] |= DIRTY;
        }
    }

    /**
     * Looks at the next pages, and begins again behind the last: counts who has fallen silent, forgets who is long gone, and
     * tells who is due to be written down. Who falls silent is told too: somebody else may hear it meanwhile.
     */
    void sweep(long nowSeconds, int pagesMax, Due due) {
        boolean open = true;
        int left = Math.min(pagesMax, pagesUsed);
        for (int seen = 0; seen < PAGES && left > 0; seen++) {
            int page = cursor;
            cursor = cursor + 1 == PAGES ? 0 : cursor + 1;
            if (pages[page] != null) {
                left--;
                open = sweepPage(page, nowSeconds, due, open);
            }
        }
    }

    private boolean sweepPage(int page, long nowSeconds, Due due, boolean open) {
        long[] rows = pages[page];
        boolean takes = open;
        for (int row = 0; row < PAGE_ROWS && pages[page] != null; row++) {
            int at = row * ROW;
            long word = rows[at + 2];
            if ((word & KNOWN) == 0) {
                continue;
            }
            int number = page * PAGE_ROWS + row;
            int counted = (int) (word >>> STATE_AT & TWO_BITS);
            Nodes.State state = state(word, nowSeconds);
            if (state != Nodes.State.LIVE && time(nowSeconds) - (word >>> 32) > silence(word)) {
                forget(number);
                continue;
            }
            boolean fallen = state.ordinal() != counted;
            if (fallen) {
                count(number, counted, state.ordinal());
                word = word & ~(TWO_BITS << STATE_AT) | (long) state.ordinal() << STATE_AT | DIRTY;
                rows[at + 2] = word;
            }
            boolean written = rows[at + 3] >>> 32 != 0;
            if (takes
                    && (word & DIRTY) != 0
                    && (fallen || !written || time(nowSeconds) + 1 - (rows[at + 3] >>> 32) >= WRITE_SECONDS)) {
                takes = due.take(number, (word >>> 32) + beginSeconds, interval(word), (int) (word & 0xff));
                if (takes) {
                    rows[at + 2] = word & ~DIRTY;
                    rows[at + 3] = time(nowSeconds) + 1 << 32;
                }
            }
        }
        return takes;
    }

    /** How many nodes of a class were in a state when the sweep last passed them. */
    int count(NodeClass kind, Nodes.State state) {
        return counts[kind.ordinal() * 4 + state.ordinal()];
    }

    /** How many nodes are known here, silent ones with them. */
    int known() {
        return known;
    }

    /** How many pages there are. */
    int pagesUsed() {
        return pagesUsed;
    }

    /** What the table takes, in bytes. */
    long bytes() {
        return (long) pagesUsed * (PAGE_ROWS * ROW_BYTES + OVERHEAD_BYTES) + (long) PAGES * 2 * Integer.BYTES;
    }

    private void count(int number, int before, int after) {
        if (before == after) {
            return;
        }
        int base = new NodeId(number).kind().ordinal() * 4;
        if (before != NONE) {
            counts[base + before]--;
        }
        if (after != NONE) {
            counts[base + after]++;
        }
    }

    private Nodes.State state(long word, long nowSeconds) {
        int interval = interval(word);
        if ((word & KNOWN) == 0 || interval == 0) {
            return Nodes.State.UNSEEN;
        }
        long missed = (time(nowSeconds) - (word >>> 32)) * 1_000 / interval;
        return missed >= DEAD_AFTER
                ? Nodes.State.DEAD
                : missed >= SUSPECT_AFTER ? Nodes.State.SUSPECT : Nodes.State.LIVE;
    }

    private static long silence(long word) {
        return FORGET_SECONDS + (long) DEAD_AFTER * interval(word) / 1_000;
    }

    private static int interval(long word) {
        return (int) ((word >>> 16 & 0xffff) * DECISECOND_MILLIS);
    }

    /** Seconds since the table's beginning; a clock that ran backwards stands still. */
    private long time(long nowSeconds) {
        return Math.max(0, nowSeconds - beginSeconds);
    }

    private static int at(int number) {
        return number % PAGE_ROWS * ROW;
    }
}
