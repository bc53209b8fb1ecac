package skynet.cascade.tools;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * A number as a fraction in lowest terms, and whether it is the true one or was rounded on the way. Neither part has more than
 * {@value #BITS_MAX} bits, so that every step ends within a millisecond or so.
 */
final class Fraction {
    static final int BITS_MAX = 16_384;

    /** Largest number whose factorial is worked out: its factorial has 8,530 bits. */
    static final int FACTORIAL_MAX = 1_000;

    /** Digits of what is rounded. */
    static final int DIGITS = 34;

    static final Fraction PI = rounded(new BigDecimal("3.141592653589793238462643383279502884197169399375"));
    static final Fraction E = rounded(new BigDecimal("2.718281828459045235360287471352662497757247093700"));

    private static final MathContext ROUNDED = new MathContext(DIGITS, RoundingMode.HALF_EVEN);

    private final BigInteger above;
    private final BigInteger below;
    private final boolean exact;

    private Fraction(BigInteger above, BigInteger below, boolean exact) {
        if (below.signum() == 0) {
            throw new IllegalArgumentException("expression: divides by zero (expected: a number that exists)");
        }
        BigInteger divisor = above.gcd(below);
        BigInteger sign = below.signum() < 0 ? divisor.negate() : divisor;
        this.above = above.divide(sign);
        this.below = below.divide(sign);
        this.exact = exact;
        if (this.above.bitLength() > BITS_MAX || this.below.bitLength() > BITS_MAX) {
            throw tooLarge();
        }
    }

    static Fraction of(BigDecimal value) {
        if (Math.abs((long) value.scale()) > BITS_MAX / 4) {
            throw tooLarge();
        }
        return value.scale() > 0
                ? new Fraction(value.unscaledValue(), BigInteger.TEN.pow(value.scale()), true)
                : new Fraction(value.toBigIntegerExact(), BigInteger.ONE, true);
    }

    static Fraction of(long value) {
        return new Fraction(BigInteger.valueOf(value), BigInteger.ONE, true);
    }

    private static Fraction rounded(BigDecimal value) {
        Fraction exact = of(value);
        return new Fraction(exact.above, exact.below, false);
    }

    Fraction plus(Fraction other) {
        return new Fraction(
                above.multiply(other.below).add(other.above.multiply(below)),
                below.multiply(other.below),
                exact && other.exact);
    }

    Fraction minus(Fraction other) {
        return plus(other.negated());
    }

    Fraction times(Fraction other) {
        return new Fraction(above.multiply(other.above), below.multiply(other.below), exact && other.exact);
    }

    Fraction over(Fraction other) {
        return new Fraction(above.multiply(other.below), below.multiply(other.above), exact && other.exact);
    }

    /** What is left over when it is divided as often as possible; it has the sign of the divisor. */
    Fraction remainder(Fraction other) {
        return minus(over(other).floor().times(other));
    }

    Fraction negated() {
        return new Fraction(above.negate(), below, exact);
    }

    Fraction abs() {
        return above.signum() < 0 ? negated() : this;
    }

    Fraction floor() {
        BigInteger[] parts = above.divideAndRemainder(below);
        return new Fraction(
                parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0], BigInteger.ONE, exact);
    }

    Fraction ceil() {
        return negated().floor().negated();
    }

    /** To the nearest whole number, halves away from zero. */
    Fraction round() {
        Fraction half = new Fraction(BigInteger.ONE, BigInteger.TWO, true);
        return above.signum() < 0
                ? negated().plus(half).floor().negated()
                : plus(half).floor();
    }

    Fraction gcd(Fraction other) {
        return new Fraction(whole("gcd").gcd(other.whole("gcd")), BigInteger.ONE, exact && other.exact);
    }

    /** Raised to a power: exactly to a whole one; a root of two for one half; else it is refused. */
    Fraction power(Fraction exponent) {
        if (exponent.equals(new Fraction(BigInteger.ONE, BigInteger.TWO, true))) {
            return root();
        }
        BigInteger times = exponent.whole("power");
        if (above.signum() == 0 || isOne()) {
            return times.signum() < 0 ? of(1).over(this) : times.signum() == 0 ? of(1) : this;
        }
        long bits = Math.max(above.bitLength(), below.bitLength());
        // The last bit is not sure, so the bound is checked again when the power is there.
        if (times.bitLength() > 20 || (bits - 1) * Math.abs(times.longValueExact()) > BITS_MAX) {
            throw tooLarge();
        }
        int count = Math.abs(times.intValueExact());
        Fraction power = new Fraction(above.pow(count), below.pow(count), exact);
        return times.signum() < 0 ? of(1).over(power) : power;
    }

    /** The square root: exact where it is a fraction. */
    Fraction root() {
        if (above.signum() < 0) {
            throw new IllegalArgumentException("expression: the root of a negative number (expected: a real number)");
        }
        BigInteger top = above.sqrt();
        BigInteger bottom = below.sqrt();
        if (top.multiply(top).equals(above) && bottom.multiply(bottom).equals(below)) {
            return new Fraction(top, bottom, exact);
        }
        MathContext finer = new MathContext(DIGITS + 10, RoundingMode.HALF_EVEN);
        return rounded(
                new BigDecimal(above).divide(new BigDecimal(below), finer).sqrt(finer));
    }

    Fraction factorial() {
        BigInteger last = whole("factorial");
        if (last.signum() < 0 || last.compareTo(BigInteger.valueOf(FACTORIAL_MAX)) > 0) {
            throw new IllegalArgumentException(
                    "expression: a factorial out of bounds (expected: of 0 to " + FACTORIAL_MAX + ")");
        }
        BigInteger product = BigInteger.ONE;
        for (int factor = 2; factor <= last.intValueExact(); factor++) {
            product = product.multiply(BigInteger.valueOf(factor));
        }
        return new Fraction(product, BigInteger.ONE, exact);
    }

    int compareTo(Fraction other) {
        return above.multiply(other.below).compareTo(other.above.multiply(below));
    }

    /** Whether nothing was rounded on the way. */
    boolean isExact() {
        return exact;
    }

    /** Whether it can be written with an end: its denominator has no other factors than two and five. */
    boolean isDecimal() {
        BigInteger rest = below.shiftRight(below.getLowestSetBit());
        BigInteger five = BigInteger.valueOf(5);
        while (rest.mod(five).signum() == 0) {
            rest = rest.divide(five);
        }
        return rest.equals(BigInteger.ONE);
    }

    /** In digits: all of them when it is exact and has an end, else {@value #DIGITS}. */
    String decimal() {
        BigDecimal top = new BigDecimal(above);
        BigDecimal value =
                exact && isDecimal() ? top.divide(new BigDecimal(below)) : top.divide(new BigDecimal(below), ROUNDED);
        BigDecimal plain = value.stripTrailingZeros();
        return Math.abs((long) plain.precision() - plain.scale()) > 10_000 ? plain.toString() : plain.toPlainString();
    }

    String fraction() {
        return above + "/" + below;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Fraction that && above.equals(that.above) && below.equals(that.below);
    }

    @Override
    public int hashCode() {
        return 31 * above.hashCode() + below.hashCode();
    }

    private boolean isOne() {
        return above.equals(BigInteger.ONE) && below.equals(BigInteger.ONE);
    }

    private BigInteger whole(String what) {
        if (!below.equals(BigInteger.ONE)) {
            throw new IllegalArgumentException("expression: " + what + " of a fraction (expected: of a whole number)");
        }
        return above;
    }

    private static IllegalArgumentException tooLarge() {
        return new IllegalArgumentException(
                "expression: a number too large or too fine (expected: at most " + BITS_MAX + " bits)");
    }
}
