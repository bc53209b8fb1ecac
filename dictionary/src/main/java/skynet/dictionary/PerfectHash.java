package skynet.dictionary;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Finds a pilot for every bucket so that all words get index entries of their own.
 *
 * <p>Buckets are served from the fullest to the emptiest, each taking the smallest pilot that sends its words to free
 * entries; the search is the same on every machine, so the pilots are too.
 */
final class PerfectHash {
    private static final int PILOT_MAX = 0xFFFF;

    final short[] pilots;

    /** Entry of each id. */
    final int[] entries;

    private final int entryCount;
    private final long[] hashes;
    private final int[] bucketStart;
    private final int[] byBucket;
    private final BitSet taken;

    private PerfectHash(long[] hashes) {
        int count = hashes.length;
        this.hashes = hashes;
        this.entryCount = TableLayout.entries(count);
        this.pilots = new short[TableLayout.buckets(count)];
        this.entries = new int[count];
        this.bucketStart = new int[pilots.length + 1];
        this.byBucket = new int[count];
        this.taken = new BitSet(entryCount);
    }

    static PerfectHash of(Lexicon lexicon) {
        PerfectHash perfect = new PerfectHash(hashes(lexicon));
        perfect.fillBuckets();
        perfect.placeBuckets();
        return perfect;
    }

    private static long[] hashes(Lexicon lexicon) {
        byte[] padded = Arrays.copyOf(lexicon.text, lexicon.text.length + 24);
        long[] hashes = new long[lexicon.count];
        for (int id = 0; id < hashes.length; id++) {
            int offset = lexicon.start[id];
            int length = lexicon.length(id);
            long head = WordHash.head(padded, offset, length);
            long tail = WordHash.tail(padded, offset, length);
            hashes[id] = WordHash.hash(padded, offset, length, head, tail);
        }
        return hashes;
    }

    private void fillBuckets() {
        for (long hash : hashes) {
            bucketStart[WordHash.bucket(hash, pilots.length) + 1]++;
        }
        for (int bucket = 0; bucket < pilots.length; bucket++) {
            bucketStart[bucket + 1] += bucketStart[bucket];
        }
        int[] next = bucketStart.clone();
        for (int id = 0; id < hashes.length; id++) {
            byBucket[next[WordHash.bucket(hashes[id], pilots.length)]++] = id;
        }
    }

    private void placeBuckets() {
        int fullest = 0;
        for (int bucket = 0; bucket < pilots.length; bucket++) {
            fullest = Math.max(fullest, size(bucket));
        }
        int[] candidate = new int[fullest];
        for (int size = fullest; size > 0; size--) {
            for (int bucket = 0; bucket < pilots.length; bucket++) {
                if (size(bucket) == size) {
                    place(bucket, candidate);
                }
            }
        }
    }

    private int size(int bucket) {
        return bucketStart[bucket + 1] - bucketStart[bucket];
    }

    private void place(int bucket, int[] candidate) {
        for (int pilot = 0; pilot <= PILOT_MAX; pilot++) {
            if (fits(bucket, pilot, candidate)) {
                pilots[bucket] = (short) pilot;
                for (int i = 0; i < size(bucket); i++) {
                    taken.set(candidate[i]);
                    entries[byBucket[bucketStart[bucket] + i]] = candidate[i];
                }
                return;
            }
        }
        throw new IllegalArgumentException("bucket " + bucket + ": no pilot (expected: one up to " + PILOT_MAX + ")");
    }

    private boolean fits(int bucket, int pilot, int[] candidate) {
        int from = bucketStart[bucket];
        int size = size(bucket);
        for (int i = 0; i < size; i++) {
            int entry = WordHash.entry(hashes[byBucket[from + i]], pilot, entryCount);
            if (taken.get(entry)) {
                return false;
            }
            for (int earlier = 0; earlier < i; earlier++) {
                if (candidate[earlier] == entry) {
                    return false;
                }
            }
            candidate[i] = entry;
        }
        return true;
    }
}
