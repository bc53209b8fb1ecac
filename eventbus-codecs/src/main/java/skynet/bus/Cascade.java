package skynet.bus;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

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

    /**
     * Begins an answer that is computed piece by piece and read by the words of {@link Stream}, or tells where it stands when
     * it was begun before. One that failed is begun anew.
     *
     * @param id a UUID, which nobody else uses: that of the message that is answered
     */
    @Wire("cascade.begin")
    record Begin(String tenant, String id, String question) implements Cascade, Request<Placed> {
        public Begin {
            requireTenant(tenant);
            requireUuid(id);
            if (question.isBlank() || question.length() > Knowledge.QUESTION_CHARS_MAX) {
                throw new IllegalArgumentException("question: " + question.length() + " characters (expected: 1 to "
                        + Knowledge.QUESTION_CHARS_MAX + ", not blank)");
            }
        }
    }

    /** Asks where an answer stands. To another tenant it is ABSENT. */
    @Wire("cascade.find")
    record Find(String tenant, String id) implements Cascade, Request<Placed> {
        public Find {
            requireTenant(tenant);
            requireUuid(id);
        }
    }

    /** The owner of an attempt does not answer: whoever serves this computes the rest, unless somebody does already. */
    @Wire("cascade.take-over")
    record TakeOver(String tenant, String id, int attempt) implements Cascade, Request<Placed> {
        public TakeOver {
            requireTenant(tenant);
            requireUuid(id);
        }
    }

    /** Ends an answer where it is, wherever it is computed. One that has ended stays as it is. */
    @Wire("cascade.halt")
    record Halt(String tenant, String id, String reason) implements Cascade, Request<Placed> {
        public Halt {
            requireTenant(tenant);
            requireUuid(id);
            if (reason.isBlank() || reason.length() > 200) {
                throw new IllegalArgumentException(
                        "reason: " + reason.length() + " characters (expected: 1 to 200, not blank)");
            }
        }
    }

    /**
     * Where an answer stands.
     *
     * @param owner the node that computes it; 0 when nobody does
     * @param begins where each attempt began, the running one last
     * @param lastSeq number of the last piece that is kept
     */
    @Wire("cascade.placed")
    record Placed(String id, State state, int owner, List<Stream.Begin> begins, long lastSeq) implements Cascade {
        public Placed {
            requireUuid(id);
            Objects.requireNonNull(state, "state");
            begins = Stream.Begin.inOrder(begins);
        }

        /** The last attempt. */
        public int attempt() {
            return begins.size();
        }
    }

    /** How an answer does. The order is part of the wire: append only. */
    enum State {
        RUNNING,
        /** All of it is kept. */
        ENDED,
        /** It cannot be completed; begun again, it is computed anew. */
        FAILED
    }

    /** Reads kept pieces from a number on, oldest first, as many as one frame of the bus holds. */
    @Wire("cascade.read")
    record Read(String tenant, String id, long from) implements Cascade, Request<Page> {
        public Read {
            requireTenant(tenant);
            requireUuid(id);
        }
    }

    @Wire("cascade.page")
    record Page(List<Stream.Frame> frames) implements Cascade {
        public Page {
            frames = List.copyOf(frames);
        }
    }

    /** Asks for an answer that has ended, as a whole. ABSENT when it was never begun or failed, CONFLICT while it runs. */
    @Wire("cascade.whole")
    record Whole(String tenant, String id) implements Cascade, Request<Answer> {
        public Whole {
            requireTenant(tenant);
            requireUuid(id);
        }
    }

    /** Told on the node that computed an answer when the last of it is kept. */
    @Wire("cascade.ended")
    record Ended(String tenant, String id) implements Cascade, Event {
        public Ended {
            requireTenant(tenant);
            requireUuid(id);
        }
    }

    /** What an answer was, told after its text: the level that gave it, and the time that it took. */
    record Usage(Level level, boolean answered, long millis) {}

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

    private static void requireTenant(String tenant) {
        if (tenant.isBlank() || tenant.length() > 200) {
            throw new IllegalArgumentException(
                    "tenant: " + tenant.length() + " characters (expected: 1 to 200, not blank)");
        }
    }

    private static void requireUuid(String id) {
        UUID.fromString(id);
    }
}
