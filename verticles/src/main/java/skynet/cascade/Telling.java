package skynet.cascade;

import skynet.bus.Cascade.Outcome;
import skynet.bus.Fault;
import skynet.bus.Knowledge.Citation;

/** What a level tells of its answer: either it passes or fails, or it answers, then gives text and citations, then ends or breaks. */
interface Telling {
    /** This level answers; said once, before the first text. */
    void answers(String why);

    /** The next text, at most {@link skynet.bus.stream.StreamSource#CHUNK_BYTES_MAX} bytes of UTF-8. */
    void text(String chunk);

    /** A passage that the answer stands on. */
    void cite(Citation citation);

    /** All is said: {@code stop}, or {@code length} when the level was not allowed to say more. */
    void end(String reason);

    /** Another level is to answer: this one has nothing, or was not meant. */
    void passes(Outcome outcome, String reason);

    /** It cannot now. Before it answers, another level is asked; after that, the answer is interrupted. */
    void fails(Fault fault);
}
