package skynet.crypto;

import java.util.ArrayList;
import java.util.List;
import skynet.bus.Crypto;
import skynet.bus.Genom;

/** The phase rotation on the dictionary's plane, where an angle is a whole number of 2^15 steps, and how it is undone. */
final class Demonstration {
    private static final double STEP = 2 * Math.PI / Crypto.PLANE_STEPS;

    private Demonstration() {}

    /** Every token turned by as many steps and back; {@code text} is what the frame of the tokens says. */
    static Crypto.Rotated of(List<Genom.Token> tokens, int steps, String text) {
        List<Crypto.Point> points = new ArrayList<>();
        boolean exact = true;
        for (Genom.Token token : tokens) {
            int angle = angle(token.thetaRadians());
            int rotated = angle + steps & Crypto.PLANE_STEPS - 1;
            int restored = rotated - steps & Crypto.PLANE_STEPS - 1;
            exact &= restored == angle;
            points.add(new Crypto.Point(token.id(), token.r(), token.thetaRadians(), rotated * STEP, restored * STEP));
        }
        int guessed =
                angle(points.get(0).rotatedRadians()) - angle(points.get(0).thetaRadians());
        return new Crypto.Rotated(points, guessed & Crypto.PLANE_STEPS - 1, exact ? text : "");
    }

    private static int angle(double thetaRadians) {
        return (int) Math.round(thetaRadians / STEP) & Crypto.PLANE_STEPS - 1;
    }
}
