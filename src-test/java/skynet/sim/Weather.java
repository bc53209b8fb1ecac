package skynet.sim;

import java.util.SplittableRandom;

/**
 * How bad the links are. Between two nodes messages keep their order, as on one connection; a doubled one comes later once
 * more, out of order.
 *
 * @param lossPermille how many of 1,000 messages are lost
 * @param doublePermille how many of 1,000 arrive twice
 * @param delayMillisMax longest way
 * @param troubles how many times a node dies, freezes, is cut off or comes back
 */
public record Weather(int lossPermille, int doublePermille, int delayMillisMax, int troubles) {
    /** Nothing is lost, doubled or dies. */
    public static final Weather FAIR = new Weather(0, 0, 5, 0);

    /** Nothing is lost, doubled or dies; it may be slow. */
    public boolean isFair() {
        return lossPermille == 0 && doublePermille == 0 && troubles == 0;
    }

    /** From fair to awful. */
    public static Weather of(SplittableRandom random) {
        int badness = random.nextInt(4);
        return new Weather(
                badness == 0 ? 0 : random.nextInt(80 * badness),
                badness == 0 ? 0 : random.nextInt(80 * badness),
                1 + random.nextInt(1 + 60 * badness),
                badness == 0 ? 0 : random.nextInt(1 + 3 * badness));
    }
}
