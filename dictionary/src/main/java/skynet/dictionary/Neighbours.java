package skynet.dictionary;

/** Walks outward from a slot, one step of angle at a time and at each step from the nearest ring to the farthest. */
final class Neighbours {
    private final PlaneIndex plane;
    private final int ring;
    private final int[] found;
    private int size;

    private Neighbours(PlaneIndex plane, int ring, int limit) {
        this.plane = plane;
        this.ring = ring;
        this.found = new int[limit];
    }

    static int[] of(PlaneIndex plane, int ring, int slot, int limit) {
        Neighbours neighbours = new Neighbours(plane, ring, limit);
        for (int step = 0; step <= Plane.SLOTS / 2 && neighbours.size < limit; step++) {
            neighbours.visit(slot, step);
        }
        return neighbours.found;
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
        if (size < found.length && atRing >= 0 && atRing < plane.rings()) {
            int id = plane.idOf(atRing, slot);
            if (id >= 0) {
                found[size++] = id;
            }
        }
    }
}
