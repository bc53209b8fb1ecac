package skynet.bus;

import java.util.List;
import java.util.Objects;
import skynet.bus.Cascade.Level;

/** What is said to and by the cascade room about its own work: what each level took, cost and was worth. */
public sealed interface Telemetry extends BusMessage {
    /** Most days that are summed up at once. */
    int DAYS_MAX = 366;

    /** Most prices in a table. */
    int PRICES_MAX = 1_000;

    /** Asks which levels this node has and how they do. */
    @Wire(value = "telemetry.levels", reach = Reach.THIS_NODE)
    record LookAtLevels() implements Telemetry, Request<Levels> {}

    /** All six levels, cheapest first. */
    @Wire("telemetry.levels-seen")
    record Levels(List<Condition> levels) implements Telemetry {
        public Levels {
            levels = List.copyOf(levels);
        }
    }

    /**
     * How one level does on this node.
     *
     * @param reason why it cannot answer; empty when it can
     */
    record Condition(Level level, boolean available, String reason) {}

    /** Asks how long the levels took of late, on all nodes together. */
    @Wire("telemetry.slo")
    record LookAtSlo() implements Telemetry, Request<Slo> {}

    /** How long the levels took of late, cheapest first. */
    @Wire("telemetry.slo-seen")
    record Slo(List<Timing> levels) implements Telemetry {
        public Slo {
            levels = List.copyOf(levels);
        }
    }

    /**
     * How long one level took from the moment in which it was asked to the first text of its answer.
     *
     * @param targetMillis what it may take
     * @param answers how many answers that is from; without any the other figures are 0
     * @param within how many of them came within the target
     */
    record Timing(Level level, int targetMillis, int answers, int p50Millis, int p95Millis, int within) {}

    /** Asks for the sums of the last days, today included. */
    @Wire("telemetry.summary")
    record Summarise(int days) implements Telemetry, Request<Summary> {
        public Summarise {
            if (days < 1 || days > DAYS_MAX) {
                throw new IllegalArgumentException("days: " + days + " (expected: 1 to " + DAYS_MAX + ")");
            }
        }
    }

    /**
     * Sums by day, level and outcome, the newest day first.
     *
     * @param dropped requests that this node did not write down since its start, because the database was too slow
     * @param waiting requests that this node will write down
     */
    @Wire("telemetry.summary-seen")
    record Summary(List<Sum> sums, long dropped, int waiting) implements Telemetry {
        public Summary {
            sums = List.copyOf(sums);
        }
    }

    /**
     * The requests of one day that ended alike at one level, and what this level took of all that ended so: where several gave
     * an answer, each took its own tokens.
     *
     * @param epochDay days since 1970-01-01, UTC
     * @param outcome {@code hit}, {@code unknown}, {@code failed} or {@code stopped}
     * @param requests 0 when it gave only what others went on from
     * @param unpriced requests with an upstream that had no price
     * @param meanMillis from the question to the end of the answer
     */
    record Sum(
            int epochDay,
            Level level,
            String outcome,
            long requests,
            long tokensIn,
            long tokensOut,
            double cost,
            long unpriced,
            int meanMillis,
            int mostMillis,
            long praised,
            long blamed) {}

    /** Asks for the prices that hold now. */
    @Wire("telemetry.prices")
    record LookAtPrices() implements Telemetry, Request<Prices> {}

    /**
     * Sets the whole table of prices, as its next version.
     *
     * @param after the version that it was made from; another one in between is CONFLICT. -1 replaces whichever there is
     * @param by who sets it
     */
    @Wire("telemetry.set-prices")
    record SetPrices(int after, List<Price> prices, String by) implements Telemetry, Request<Prices> {
        public SetPrices {
            prices = List.copyOf(prices);
            Objects.requireNonNull(by, "by");
            if (after < -1) {
                throw new IllegalArgumentException("version: " + after + " (expected: 0 or more)");
            }
            if (prices.size() > PRICES_MAX) {
                throw new TooLarge("prices: " + prices.size() + " (expected: at most " + PRICES_MAX + ")");
            }
            if (prices.stream().map(Price::upstream).distinct().count() < prices.size()) {
                throw new IllegalArgumentException("prices: an upstream twice (expected: each once)");
            }
        }

        /** The same after a certain version. */
        public SetPrices after(int version) {
            return new SetPrices(version, prices, by);
        }
    }

    /**
     * The prices of one version.
     *
     * @param version 0 when none were ever set
     * @param sinceSeconds from when they hold, in seconds since 1970
     */
    @Wire("telemetry.prices-seen")
    record Prices(int version, long sinceSeconds, String by, List<Price> prices) implements Telemetry {
        public Prices {
            prices = List.copyOf(prices);
        }
    }

    /**
     * What one upstream takes for a million tokens, in the currency of the node's owner.
     *
     * @param upstream its name in the settings
     */
    record Price(String upstream, double input, double output) {
        private static final double MAX = 1e6;

        public Price {
            if (upstream.isBlank()
                    || upstream.length() > 100
                    || upstream.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("upstream: " + upstream.length()
                        + " characters (expected: 1 to 100, no control characters, not blank)");
            }
            requirePrice("input", input);
            requirePrice("output", output);
        }

        private static void requirePrice(String what, double price) {
            if (!(price >= 0 && price <= MAX)) {
                throw new IllegalArgumentException(
                        what + ": " + price + " (expected: 0 to " + (long) MAX + " for a million tokens)");
            }
        }
    }

    /** Said when new prices hold; all nodes read them. */
    @Wire("telemetry.prices-changed")
    record PricesChanged(int version) implements Telemetry, Event {}

    /** What somebody thinks of an answer; noted beside what it cost. */
    @Wire("telemetry.rate")
    record Rate(String tenant, String message, Verdict verdict) implements Telemetry, Request<Noted> {
        public Rate {
            Objects.requireNonNull(tenant, "tenant");
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(verdict, "verdict");
        }
    }

    /** How many requests of the diary the verdict is on: 0 when they are not written down yet, or not any more. */
    @Wire("telemetry.noted")
    record Noted(int requests) implements Telemetry {}

    /** What somebody thinks of an answer. The order is part of the wire: append only. */
    enum Verdict {
        NONE,
        GOOD,
        BAD
    }
}
