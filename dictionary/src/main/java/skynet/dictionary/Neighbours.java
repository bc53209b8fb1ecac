package skynet.dictionary;

import java.util.Arrays;

/**
 * Finds the neighbours of a token on the plane: walks outward from its slot, one step of angle at a time and at each
 * step from the nearest ring to the farthest.
 *
 * <p>About thirty tokens share a slot, one on each ring that has one there, and crowding pushes others a few slots
 * aside, so that angle alone cannot order the nearest. What lies within the band is therefore put in order of meaning:
 * by distance in the tree of senses, then by rank. A token without a place in the tree has its inflections and
 * translations first. Beyond the band, angle decides.
 */
final class Neighbours {
    /** On either side. Three quarters of all tokens lie within one slot of where their meaning wants them. */
    static final int BAND_SLOTS = 48;

    private final CoordinateTable table;
    private final PlaneIndex plane;
    private final int ring;
    private int[] found;
    private int size;

    private Neighbours(CoordinateTable table, PlaneIndex plane, int ring) {
        this.table = table;
        this.plane = plane;
        this.ring = ring;
        this.found = new int[CoordinateTable.NEAREST_MAX];
    }

    static int[] of(CoordinateTable table, PlaneIndex plane, int id, int limit) {
        int code = table.code(id);
        int slot = code & Plane.SLOTS - 1;
        Neighbours neighbours = new Neighbours(table, plane, code >>> Plane.SLOT_BITS);
        int step = 0;
        while (step <= BAND_SLOTS) {
            neighbours.visit(slot, step++);
        }
        neighbours.sort(id);
        while (step <= Plane.SLOTS / 2 && neighbours.size < limit) {
            neighbours.visit(slot, step++);
        }
        return Arrays.copyOf(neighbours.found, Math.min(limit, neighbours.size));
    }

    private void visit(int slot, int step) {
        int rings = plane.rings();
        int below = slot - step & Plane.SLOTS - 1;
        int above = slot + step & Plane.SLOTS - 1;
        for (int distance = step == 0 ? 1 : 0; distance < rings; distance++) {
            take(ring - distance, below);
            if (above != below) {
                take(ring - distance, above);
            }
            if (distance > 0) {
                take(ring + distance, below);
                if (above != below) {
                    take(ring + distance, above);
                }
            }
        }
    }

    private void take(int atRing, int slot) {
        if (atRing >= 0 && atRing < plane.rings()) {
            int id = plane.idOf(atRing, slot);
            if (id >= 0) {
                if (size == found.length) {
                    found = Arrays.copyOf(found, 2 * size);
                }
                found[size++] = id;
            }
        }
    }

    private void sort(int id) {
        int sense = table.sense(id);
        boolean known = sense != TokenLayout.SENSE_UNKNOWN;
        int lemma = table.lemma(id);
        int[] links = table.links(id);
        long[] keys = new long[size];
        for (int i = 0; i < size; i++) {
            int otherSense = table.sense(found[i]);
            long distance = TokenLayout.SENSE_UNKNOWN;
            if (known && otherSense != TokenLayout.SENSE_UNKNOWN) {
                distance = Math.abs(sense - otherSense);
            } else if (lemma == table.lemma(found[i]) || Arrays.binarySearch(links, found[i]) >= 0) {
                distance = 0;
            }
            int tieBreak = known ? found[i] : i;
            keys[i] = distance << 40 | (long) tieBreak << 20 | i;
        }
        Arrays.sort(keys);
        int[] sorted = new int[size];
        for (int i = 0; i < size; i++) {
            sorted[i] = found[(int) keys[i] & TokenLayout.ID_MASK];
        }
        System.arraycopy(sorted, 0, found, 0, size);
    }
}
