package skynet.cascade.tools;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads an expression and works it out as it goes. Nothing but what stands here can be said in it:
 *
 * <pre>
 * sum      = product { ("+" | "-") product }
 * product  = signed { ("*" | "/" | "%") signed }
 * signed   = ("+" | "-") signed | power
 * power    = counted [ "^" signed ]
 * counted  = value { "!" }
 * value    = number | "pi" | "e" | function "(" sum { "," sum } ")" | "(" sum ")"
 * </pre>
 */
final class Formula {
    /** Longest expression. */
    static final int CHARS_MAX = 500;

    /** Deepest nesting: of brackets, signs and powers. */
    static final int DEPTH_MAX = 50;

    private final String text;
    private int at;
    private int depth;

    private Formula(String text) {
        this.text = text;
    }

    /** The value of an expression; throws IllegalArgumentException, with the place, where it is none. */
    static Fraction valueOf(String expression) {
        if (expression.length() > CHARS_MAX) {
            throw new IllegalArgumentException(
                    "expression: " + expression.length() + " characters (expected: at most " + CHARS_MAX + ")");
        }
        String plain =
                expression.replace('×', '*').replace('·', '*').replace('÷', '/').replace('−', '-');
        Formula formula = new Formula(plain.replace("**", "^"));
        Fraction value = formula.sum();
        if (formula.peek() != '\0') {
            throw formula.unexpected("an operator or the end");
        }
        return value;
    }

    private Fraction sum() {
        Fraction value = product();
        for (; ; ) {
            if (take('+')) {
                value = value.plus(product());
            } else if (take('-')) {
                value = value.minus(product());
            } else {
                return value;
            }
        }
    }

    private Fraction product() {
        Fraction value = signed();
        for (; ; ) {
            if (take('*')) {
                value = value.times(signed());
            } else if (take('/')) {
                value = value.over(signed());
            } else if (take('%')) {
                value = value.remainder(signed());
            } else {
                return value;
            }
        }
    }

    private Fraction signed() {
        if (++depth > DEPTH_MAX) {
            throw new IllegalArgumentException("expression: nested too deep (expected: at most " + DEPTH_MAX + ")");
        }
        Fraction value = take('-') ? signed().negated() : take('+') ? signed() : power();
        depth--;
        return value;
    }

    private Fraction power() {
        Fraction value = counted();
        return take('^') ? value.power(signed()) : value;
    }

    private Fraction counted() {
        Fraction value = value();
        while (take('!')) {
            value = value.factorial();
        }
        return value;
    }

    private Fraction value() {
        char first = peek();
        if (first >= '0' && first <= '9' || first == '.') {
            return number();
        }
        if (first >= 'a' && first <= 'z' || first >= 'A' && first <= 'Z') {
            return named(name());
        }
        if (!take('(')) {
            throw unexpected("a number, a name or (");
        }
        Fraction value = sum();
        close();
        return value;
    }

    private Fraction number() {
        int start = at;
        digits();
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            digits();
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            int mark = at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            int exponent = at;
            digits();
            if (at == exponent) {
                at = mark;
            }
        }
        try {
            return Fraction.of(new BigDecimal(text.substring(start, at)));
        } catch (NumberFormatException e) {
            at = start;
            throw unexpected("a number");
        }
    }

    private void digits() {
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
    }

    private String name() {
        int start = at;
        while (at < text.length() && Character.isLetter(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at).toLowerCase(Locale.ROOT);
    }

    private Fraction named(String name) {
        if (name.equals("pi")) {
            return Fraction.PI;
        }
        if (name.equals("e")) {
            return Fraction.E;
        }
        if (!take('(')) {
            throw unexpected("pi, e or a function and (");
        }
        List<Fraction> given = new ArrayList<>();
        do {
            given.add(sum());
        } while (take(','));
        close();
        return switch (name) {
            case "abs" -> only(name, given).abs();
            case "ceil" -> only(name, given).ceil();
            case "floor" -> only(name, given).floor();
            case "round" -> only(name, given).round();
            case "sqrt" -> only(name, given).root();
            case "gcd" -> given.stream().reduce(Fraction.of(0), Fraction::gcd);
            case "max" -> given.stream().max(Fraction::compareTo).orElseThrow();
            case "min" -> given.stream().min(Fraction::compareTo).orElseThrow();
            default ->
                throw new IllegalArgumentException(
                        "expression: no such function (expected: abs, ceil, floor, gcd, max, min, round or sqrt)");
        };
    }

    private static Fraction only(String name, List<Fraction> given) {
        if (given.size() != 1) {
            throw new IllegalArgumentException(
                    "expression: " + name + " of " + given.size() + " values (expected: of one)");
        }
        return given.get(0);
    }

    private void close() {
        if (!take(')')) {
            throw unexpected(")");
        }
    }

    private boolean take(char wanted) {
        if (peek() == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private IllegalArgumentException unexpected(String expected) {
        String found = at < text.length() ? "'" + text.charAt(at) + "' at character " + at : "its end";
        return new IllegalArgumentException("expression: " + found + " (expected: " + expected + ")");
    }
}
