package skynet.cascade;

import java.util.List;
import skynet.bus.Cascade.Outcome;
import skynet.bus.Fault;
import skynet.bus.Knowledge.Citation;

/** What a level tells of its answer: either it passes or fails, or it answers, then gives text and citations, then ends or breaks. */
interface Telling {
    /** This level answers; said once, before the first text. */
    void answers(String why);

    /** A step of its work is done, of a level that works in several. */
    default void progress(String done) {}

    /** Who is behind this level: the upstream's name and the model that it names. */
    default void from(String upstream, String model) {}

    /**
     * What a model is given beside what was asked. Said before it answers; the last report holds.
     *
     * @param passages on which the answer may stand, whether it says so or not
     * @param chars how much it has to read more, for when its upstream counts nothing
     */
    default void given(List<Citation> passages, int chars) {}

    /** Tokens that the upstream counted, of what it read and of what it gave. The last report holds. */
    default void used(int tokensIn, int tokensOut) {}

    /** The tools that the model wants called: a JSON array in OpenAI's form. Said once, before the end. */
    default void calls(String calls) {}

    /** The next text, at most {@link skynet.bus.stream.StreamSource#CHUNK_BYTES_MAX} bytes of UTF-8. */
    void text(String chunk);

    /** A passage that the answer stands on. */
    void cite(Citation citation);

    /** All is said: {@code stop}, {@code length} when the level was not allowed to say more, or {@code tool_calls}. */
    void end(String reason);

    /** Another level is to answer: this one has nothing, or was not meant. */
    void passes(Outcome outcome, String reason);

    /** It cannot now. Another level is asked: silently before the first text, behind a seam after it. */
    void fails(Fault fault);
}
