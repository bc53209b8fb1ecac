package skynet.genom;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import skynet.bus.Genom;
import skynet.dictionary.CoordinateTable;

/** Text to GENOM and back, as one node says it: its number, the epoch of its start, and its own sequence. */
final class Speaker {
    /** Tokens listed with an encoded text; the frame always holds all. */
    static final int TOKENS_LISTED_MAX = 20_000;

    /** What a message is about shows in its beginning. */
    private static final int INTENT_CHARS_MAX = 2_000;

    private final CoordinateTable table;
    private final Tokens tokens;
    private final Intents intents;
    private final int node;
    private final long epoch;
    private final AtomicLong sequence = new AtomicLong();
    private final ThreadLocal<Encoder> encoders;
    private final ThreadLocal<Decoder> decoders;

    Speaker(CoordinateTable table, int node, long epoch) {
        this.table = table;
        this.tokens = new Tokens(table);
        this.intents = new Intents();
        this.node = node;
        this.epoch = epoch;
        this.encoders = ThreadLocal.withInitial(() -> new Encoder(this.table));
        this.decoders = ThreadLocal.withInitial(() -> new Decoder(this.table));
    }

    Genom.Encoded encode(String text) {
        int[] codes = encoders.get().encode(text);
        Frame frame =
                new Frame(node, epoch, sequence.getAndIncrement(), FrameType.MSG, CodeRun.of(codes, codes.length));
        return new Genom.Encoded(
                GenomFrame.format(frame),
                intents.classify(text.substring(0, Math.min(text.length(), INTENT_CHARS_MAX))),
                tokens.of(codes, codes.length, TOKENS_LISTED_MAX),
                frame.codes().tokenCount(),
                BinaryFrame.length(frame),
                text.getBytes(StandardCharsets.UTF_8).length);
    }

    Genom.Decoded decode(String line) {
        try {
            int[] codes = GenomFrame.parse(line).codes().toArray();
            return new Genom.Decoded(decoders.get().text(codes, codes.length));
        } catch (FrameException e) {
            throw new IllegalArgumentException("genom_message: " + e.getMessage() + " at character " + e.position());
        }
    }
}
