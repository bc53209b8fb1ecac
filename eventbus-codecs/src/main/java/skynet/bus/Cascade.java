package skynet.bus;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** What is said to and by the cascade room: a question in, the answer of the cheapest sufficient level out. */
public sealed interface Cascade extends BusMessage {
    /** Longest question, in UTF-16 characters. The levels that read documents take shorter ones: {@link Knowledge}. */
    int QUESTION_CHARS_MAX = 100_000;

    /** Answers that are forgotten by one request. */
    int FORGOTTEN_MAX = 500;

    /** Longest question with all that was said before and after it, in UTF-16 characters. */
    int PROMPT_CHARS_MAX = 200_000;

    /**
     * Asks a question on behalf of a tenant, whose cache no other tenant sees.
     *
     * @param id that of the message that is answered, for the diary; empty when it has none
     * @param asker tells who asks from others who ask by the same message; empty when nobody needs to
     */
    @Wire("cascade.ask")
    record Ask(String tenant, String question, Wish wish, String id, String asker) implements Cascade, Request<Answer> {
        public Ask {
            Objects.requireNonNull(tenant, "tenant");
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(asker, "asker");
            requireQuestion(question, wish);
        }

        public Ask(String tenant, String question, Wish wish, String id) {
            this(tenant, question, wish, id, "");
        }

        public Ask(String tenant, String question, Wish wish) {
            this(tenant, question, wish, "");
        }

        public Ask(String tenant, String question) {
            this(tenant, question, Wish.NONE);
        }
    }

    /**
     * How somebody wants to be answered.
     *
     * @param tokensMax longest answer in tokens of the model; 0 leaves it to the level
     * @param explained whether the answer tells how its level was chosen
     * @param before what was said before the question, oldest first
     * @param tools what the model may call: a JSON array of OpenAI's tool definitions, or empty
     * @param options a JSON object with those of OpenAI's fields that steer a model, such as {@code temperature} and
     *     {@code tool_choice}; empty for none. A level passes on what its upstream knows
     * @param after what followed the question already: calls of tools and what came of them
     */
    record Wish(
            Band band,
            Policy policy,
            int tokensMax,
            boolean explained,
            List<Turn> before,
            String tools,
            String options,
            List<Turn> after) {
        /** As the node's settings say, of whatever level, without a past. */
        public static final Wish NONE = new Wish(Band.ANY, Policy.NODE, 0, false, List.of(), "");

        public Wish {
            Objects.requireNonNull(band, "band");
            Objects.requireNonNull(policy, "policy");
            Objects.requireNonNull(tools, "tools");
            Objects.requireNonNull(options, "options");
            if (tokensMax < 0) {
                throw new IllegalArgumentException("tokens_max: " + tokensMax + " (expected: 0 or more)");
            }
            before = List.copyOf(before);
            after = List.copyOf(after);
        }

        public Wish(Band band, Policy policy, int tokensMax, boolean explained, List<Turn> before, String tools) {
            this(band, policy, tokensMax, explained, before, tools, "", List.of());
        }

        /** All its text, in UTF-16 characters. */
        public int chars() {
            long chars = (long) tools.length() + options.length();
            for (List<Turn> turns : List.of(before, after)) {
                for (Turn turn : turns) {
                    chars += turn.text().length() + turn.calls().length();
                }
            }
            return (int) Math.min(chars, Integer.MAX_VALUE);
        }
    }

    /** Which levels may answer. The order is part of the wire: append only. */
    enum Band {
        ANY,
        /** L0 to L2. */
        STANDARD,
        /** L3. */
        ADVANCED,
        /** L4 and L5. */
        PRO
    }

    /** What the choice of a level is to save. The order is part of the wire: append only. */
    enum Policy {
        /** As the node's settings say. */
        NODE,
        COST,
        SPEED,
        QUALITY
    }

    /**
     * One thing that was said in a conversation.
     *
     * @param calls of an assistant the JSON array of the tool calls that it made, of a tool the id of the call that it answers;
     *     else empty
     */
    record Turn(Speaker speaker, String text, String calls) {
        public Turn {
            Objects.requireNonNull(speaker, "speaker");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(calls, "calls");
        }

        public Turn(Speaker speaker, String text) {
            this(speaker, text, "");
        }
    }

    /** Who said it. The order is part of the wire: append only. */
    enum Speaker {
        SYSTEM,
        USER,
        ASSISTANT,
        TOOL
    }

    /**
     * The answer, and who gave it.
     *
     * @param level the level that really answered, the last one of several, or the last one tried when none did
     * @param route every level tried, in order
     * @param segments each level that gave text, in order
     * @param explained how the level was chosen, as a JSON object, when that was wished; else empty
     * @param calls the tools that the model wants called, as a JSON array; else empty
     * @param finish {@code stop}, {@code length}, {@code tool_calls} or {@code interrupted}
     * @param seams where one level went on for another, in the order of the text
     */
    @Wire("cascade.answer")
    record Answer(
            String text,
            boolean answered,
            Level level,
            List<Step> route,
            List<Knowledge.Citation> citations,
            long millis,
            List<Segment> segments,
            String explained,
            String calls,
            String finish,
            List<Seam> seams)
            implements Cascade {
        public Answer {
            route = List.copyOf(route);
            citations = List.copyOf(citations);
            segments = List.copyOf(segments);
            seams = List.copyOf(seams);
        }

        public Answer(
                String text,
                boolean answered,
                Level level,
                List<Step> route,
                List<Knowledge.Citation> citations,
                long millis) {
            this(text, answered, level, route, citations, millis, List.of(), "", "", "stop", List.of());
        }

        /** The brand of the cheapest level that gave text. */
        public String brand() {
            return Segment.brand(segments, level);
        }
    }

    /**
     * Begins an answer that is computed piece by piece and read by the words of {@link Stream}, or tells where it stands when
     * it was begun before. One that failed is begun anew.
     *
     * @param id a UUID, which nobody else uses: that of the message that is answered
     * @param live whether the answer is for its reader alone, and ends when nobody reads it for ten seconds
     */
    @Wire("cascade.begin")
    record Begin(String tenant, String id, String question, Wish wish, boolean live)
            implements Cascade, Request<Placed> {
        public Begin {
            requireTenant(tenant);
            requireUuid(id);
            requireQuestion(question, wish);
        }

        public Begin(String tenant, String id, String question, Wish wish) {
            this(tenant, id, question, wish, false);
        }

        public Begin(String tenant, String id, String question) {
            this(tenant, id, question, Wish.NONE);
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

    /**
     * Ends an answer where it is, wherever it is computed. One that has ended stays as it is.
     *
     * @param whole whether one is meant that is asked for as a whole, and no other
     * @param heard number of the last piece that its reader has; 0 when that is not known, -1 when there is none
     * @param asker of one that is asked for as a whole, whose it is to be, as in {@link Ask}
     */
    @Wire("cascade.halt")
    record Halt(String tenant, String id, String reason, boolean whole, long heard, String asker)
            implements Cascade, Request<Placed> {
        public Halt {
            requireTenant(tenant);
            requireUuid(id);
            if (reason.isBlank() || reason.length() > 200) {
                throw new IllegalArgumentException(
                        "reason: " + reason.length() + " characters (expected: 1 to 200, not blank)");
            }
            Objects.requireNonNull(asker, "asker");
        }

        public Halt(String tenant, String id, String reason, boolean whole, long heard) {
            this(tenant, id, reason, whole, heard, "");
        }

        public Halt(String tenant, String id, String reason) {
            this(tenant, id, reason, false, 0);
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

    /** Has answers forgotten whose messages are gone: nobody goes on with them, and nothing of them is kept on any node. */
    @Wire("cascade.forget")
    record Forget(String tenant, List<String> ids) implements Cascade, Request<Gone> {
        public Forget {
            requireTenant(tenant);
            ids = requireIds(ids);
        }
    }

    /** Of how many answers pieces were kept. */
    @Wire("cascade.gone")
    record Gone(int count) implements Cascade {}

    /** Told on all nodes: what they compute of these answers ends, and what they remember of them goes. */
    @Wire("cascade.forgotten")
    record Forgotten(String tenant, List<String> ids) implements Cascade, Event {
        public Forgotten {
            requireTenant(tenant);
            ids = requireIds(ids);
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

    /**
     * What an answer was, told after its text: the level that gave it, the time that it took, and the rest of {@link Answer}
     * that is no text.
     */
    record Usage(Level level, boolean answered, long millis, List<Segment> segments, String explained, String calls) {
        public Usage {
            segments = List.copyOf(segments);
        }

        public Usage(Level level, boolean answered, long millis, List<Segment> segments) {
            this(level, answered, millis, segments, "", "");
        }

        public Usage(Level level, boolean answered, long millis) {
            this(level, answered, millis, List.of());
        }

        /** The brand of the cheapest level that gave text. */
        public String brand() {
            return Segment.brand(segments, level);
        }
    }

    /**
     * The part of an answer that one level gave.
     *
     * @param upstream name of the upstream behind the level; empty when the node gave it itself
     * @param model the model that the upstream named; empty when none
     * @param tokensIn tokens that the level read, as its upstream counted them
     * @param tokensOut tokens that it gave
     * @param estimated whether the tokens were guessed from the text, for nobody counted them
     */
    record Segment(
            Level level, String upstream, String model, int tokensIn, int tokensOut, long millis, boolean estimated) {
        private static String brand(List<Segment> segments, Level otherwise) {
            Level cheapest = segments.stream().map(Segment::level).reduce(otherwise, Segment::cheaper);
            return cheapest.brand();
        }

        private static Level cheaper(Level one, Level other) {
            return one.ordinal() <= other.ordinal() ? one : other;
        }

        /** Tokens of a text that nobody counted: about four characters of most languages make one. */
        public static int tokens(int chars) {
            return (chars + 3) / 4;
        }
    }

    /**
     * Another level goes on where one broke off, told between their texts.
     *
     * @param after the level that broke off
     * @param level the level that goes on; the same as {@code after} when nobody does
     * @param offset how much of the text stands before it, in UTF-16 characters
     */
    record Seam(Level after, Level level, Mode mode, String reason, int offset) {
        /** How it goes on. The order is part of the wire: append only. */
        public enum Mode {
            /** From the very character. */
            CONTINUE,
            /** Another answer from its beginning. */
            RESTART,
            /** Not at all: the rest is missing. */
            MISSING
        }
    }

    /** One level tried: what came of it, how long it took and why. */
    record Step(Level level, Outcome outcome, long millis, String reason) {}

    /** What came of a level. The order is part of the wire: append only. */
    enum Outcome {
        HIT,
        MISS,
        SKIPPED,
        UNAVAILABLE,
        /** Not done yet: a level that works in several steps tells one of them. */
        STEP
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

    private static void requireQuestion(String question, Wish wish) {
        if (question.isBlank()) {
            throw new IllegalArgumentException("question: blank (expected: text)");
        }
        if (question.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("question: holds U+0000 (expected: text)");
        }
        if (question.length() > QUESTION_CHARS_MAX) {
            throw new TooLarge(
                    "question: " + question.length() + " characters (expected: at most " + QUESTION_CHARS_MAX + ")");
        }
        long all = (long) question.length() + wish.chars();
        if (all > PROMPT_CHARS_MAX) {
            throw new TooLarge("prompt: " + all + " characters (expected: at most " + PROMPT_CHARS_MAX
                    + ", with all that was said before)");
        }
    }

    private static void requireTenant(String tenant) {
        if (tenant.isBlank() || tenant.length() > 200) {
            throw new IllegalArgumentException(
                    "tenant: " + tenant.length() + " characters (expected: 1 to 200, not blank)");
        }
    }

    private static List<String> requireIds(List<String> ids) {
        if (ids.size() > FORGOTTEN_MAX) {
            throw new IllegalArgumentException("ids: " + ids.size() + " (expected: at most " + FORGOTTEN_MAX + ")");
        }
        ids.forEach(Cascade::requireUuid);
        return List.copyOf(ids);
    }

    private static void requireUuid(String id) {
        UUID.fromString(id);
    }
}
