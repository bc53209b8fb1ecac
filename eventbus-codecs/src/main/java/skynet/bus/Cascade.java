package skynet.bus;

import java.util.List;
import java.util.Objects;

/** What is said to and by the cascade room: a question in, the answer of the cheapest sufficient level out. */
public sealed interface Cascade extends BusMessage {
    /** Asks a question on behalf of a tenant, whose cache no other tenant sees. */
    @Wire("cascade.ask")
    record Ask(String tenant, String question) implements Cascade, Request<Answer> {
        public Ask {
            Objects.requireNonNull(tenant, "tenant");
            Objects.requireNonNull(question, "question");
        }
    }

    /**
     * The answer, and who gave it.
     *
     * @param level the level that really answered, or the last one tried when none did
     * @param route every level tried, in order
     */
    @Wire("cascade.answer")
    record Answer(
            String text,
            boolean answered,
            Level level,
            List<Step> route,
            List<Knowledge.Citation> citations,
            long millis)
            implements Cascade {
        public Answer {
            route = List.copyOf(route);
            citations = List.copyOf(citations);
        }
    }

    /** One level tried: what came of it, how long it took and why. */
    record Step(Level level, Outcome outcome, long millis, String reason) {}

    /** What came of a level. The order is part of the wire: append only. */
    enum Outcome {
        HIT,
        MISS,
        SKIPPED,
        UNAVAILABLE
    }

    /** The six levels, cheapest first, and the brand of each. The order is part of the wire: append only. */
    enum Level {
        L0("SkyAI Standard"),
        L1("SkyAI Standard"),
        L2("SkyAI Standard"),
        L3("SkyAI Advanced"),
        L4("SkyAI Pro"),
        L5("SkyAI Pro");

        private final String brand;

        Level(String brand) {
            this.brand = brand;
        }

        /** The name shown to people for an answer that this level really gave. */
        public String brand() {
            return brand;
        }
    }
}
