package skynet.dictionary;

/**
 * Gives every token its slot: as near as possible to where its meaning wants it, in order of meaning, none twice.
 *
 * <p>The place a token wants is its position among all tokens of its quadrant. Within one ring and quadrant the tokens
 * are few and want uneven places, so the least-squares order-preserving assignment is taken (isotonic regression by
 * pooling adjacent violators over {@code wanted[i] - i}). All arithmetic is in integers: the same everywhere.
 */
final class SlotAssignment {
    private final Lexicon lexicon;
    private final int[] wanted;
    private final int[] slot;
    private final long[] poolSum = new long[Plane.SLOTS_PER_QUADRANT];
    private final int[] poolSize = new int[Plane.SLOTS_PER_QUADRANT];

    private SlotAssignment(Lexicon lexicon) {
        this.lexicon = lexicon;
        this.wanted = new int[lexicon.count];
        this.slot = new int[lexicon.count];
    }

    /** The slot of every id, given the ids in order of meaning. */
    static int[] assign(Lexicon lexicon, int[] byMeaning) {
        SlotAssignment assignment = new SlotAssignment(lexicon);
        assignment.wish(byMeaning);
        assignment.assignRings(byMeaning);
        return assignment.slot;
    }

    private int quadrant(int id) {
        return Sector.of(lexicon.sector[id]).quadrant().ordinal();
    }

    private void wish(int[] byMeaning) {
        int[] size = new int[4];
        for (int id : byMeaning) {
            size[quadrant(id)]++;
        }
        int[] seen = new int[4];
        for (int id : byMeaning) {
            int quadrant = quadrant(id);
            long middle = 2L * seen[quadrant]++ + 1;
            wanted[id] = quadrant * Plane.SLOTS_PER_QUADRANT
                    + (int) (middle * Plane.SLOTS_PER_QUADRANT / (2L * size[quadrant]));
        }
    }

    private void assignRings(int[] byMeaning) {
        int rings = Plane.ringsFor(lexicon.count);
        int[] next = new int[rings];
        for (int ring = 0; ring < rings; ring++) {
            next[ring] = Plane.firstIdOf(ring);
        }
        int[] byRing = new int[lexicon.count];
        for (int id : byMeaning) {
            byRing[next[Plane.ringOf(id)]++] = id;
        }
        for (int from = 0; from < byRing.length; ) {
            int to = from + 1;
            while (to < byRing.length && sameArc(byRing[from], byRing[to])) {
                to++;
            }
            assignArc(byRing, from, to);
            from = to;
        }
    }

    private boolean sameArc(int one, int other) {
        return Plane.ringOf(one) == Plane.ringOf(other) && quadrant(one) == quadrant(other);
    }

    private void assignArc(int[] byRing, int from, int to) {
        int size = to - from;
        if (size > Plane.SLOTS_PER_QUADRANT) {
            throw new IllegalArgumentException("tokens in one ring and quadrant: " + size + " (expected: at most "
                    + Plane.SLOTS_PER_QUADRANT + ")");
        }
        int pools = pool(byRing, from, size);
        int first = quadrant(byRing[from]) * Plane.SLOTS_PER_QUADRANT;
        int last = first + Plane.SLOTS_PER_QUADRANT;
        int previous = -1;
        int i = 0;
        for (int pool = 0; pool < pools; pool++) {
            long base = Math.floorDiv(2 * poolSum[pool] + poolSize[pool], 2L * poolSize[pool]);
            for (int member = 0; member < poolSize[pool]; member++, i++) {
                long place = Math.min(Math.max(base + i, first + i), last - (size - i));
                previous = (int) Math.max(place, previous + 1);
                slot[byRing[from + i]] = previous;
            }
        }
    }

    private int pool(int[] byRing, int from, int size) {
        int pools = 0;
        for (int i = 0; i < size; i++) {
            poolSum[pools] = wanted[byRing[from + i]] - (long) i;
            poolSize[pools] = 1;
            pools++;
            while (pools > 1 && violates(pools - 2, pools - 1)) {
                poolSum[pools - 2] += poolSum[pools - 1];
                poolSize[pools - 2] += poolSize[pools - 1];
                pools--;
            }
        }
        return pools;
    }

    private boolean violates(int left, int right) {
        return poolSum[left] * poolSize[right] > poolSum[right] * poolSize[left];
    }
}
