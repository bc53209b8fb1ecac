package skynet.bus;

import java.util.List;
import java.util.Objects;

/** What is said to and by the genom room: text as points of the complex plane, and back. */
public sealed interface Genom extends BusMessage {
    /** Longest text of one request, in bytes of UTF-8. */
    int TEXT_BYTES_MAX = 1 << 20;

    /** Most rows of one page. */
    int PAGE_MAX = 1_000;

    /** Encodes a text. At most {@value #TEXT_BYTES_MAX} bytes of UTF-8; longer is refused, not cut. */
    @Wire("genom.encode")
    record Encode(String text) implements Genom, Request<Encoded> {
        public Encode {
            Objects.requireNonNull(text, "text");
        }
    }

    /**
     * A text in GENOM.
     *
     * @param frame the textual frame, which alone decodes to the text
     * @param tokenCount tokens of the whole text
     * @param binaryBytes bytes of the compact binary frame
     * @param textBytes bytes of the text in UTF-8
     */
    @Wire("genom.encoded")
    record Encoded(String frame, Intent intent, List<Token> tokens, int tokenCount, int binaryBytes, int textBytes)
            implements Genom {
        public Encoded {
            tokens = List.copyOf(tokens);
        }

        /** Bytes of the binary frame for each byte of UTF-8; 0 for the empty text. */
        public double compressionRatio() {
            return textBytes == 0 ? 0 : (double) binaryBytes / textBytes;
        }
    }

    /** Decodes a textual frame. */
    @Wire("genom.decode")
    record Decode(String frame) implements Genom, Request<Decoded> {
        public Decode {
            Objects.requireNonNull(frame, "frame");
        }
    }

    @Wire("genom.decoded")
    record Decoded(String text) implements Genom {}

    /** Finds one token of the dictionary by word, id or hex; case is ignored. */
    @Wire("genom.lookup")
    record Lookup(Key key, String value) implements Genom, Request<Found> {
        public Lookup {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
        }
    }

    /** By what a token is looked up. The order is part of the wire: append only. */
    enum Key {
        WORD,
        ID,
        HEX
    }

    @Wire("genom.found")
    record Found(Token token) implements Genom {}

    /** The tokens whose angle is nearest to that of a word: neighbours in meaning. */
    @Wire("genom.nearest")
    record Nearest(String word, int limit) implements Genom, Request<Page> {
        public Nearest {
            Objects.requireNonNull(word, "word");
            requireLimit(limit);
        }
    }

    /**
     * A page of the dictionary in the order of ids.
     *
     * @param sector only this sector; empty for all
     * @param quadrant only this quadrant (I to IV); empty for all
     * @param cursor id from which to go on; 0 at first
     */
    @Wire("genom.browse")
    record Browse(String sector, String quadrant, int cursor, int limit) implements Genom, Request<Page> {
        public Browse {
            requireLimit(limit);
            if (cursor < 0) {
                throw new IllegalArgumentException("cursor: " + cursor + " (expected: 0 or more)");
            }
        }
    }

    /** Some tokens; {@code next} is the cursor of the page that follows, -1 at the end. */
    @Wire("genom.page")
    record Page(List<Token> items, int next) implements Genom {
        public Page {
            items = List.copyOf(items);
        }
    }

    /** Asks for word candidates in another language; not a translation of sentences. */
    @Wire("genom.translate")
    record Translate(String text, String target) implements Genom, Request<Translated> {
        public Translate {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(target, "target");
        }
    }

    @Wire("genom.translated")
    record Translated(List<Word> words) implements Genom {
        public Translated {
            words = List.copyOf(words);
        }
    }

    /** What the dictionary holds. */
    @Wire("genom.count")
    record Count() implements Genom, Request<Counts> {}

    /**
     * The dictionary in figures.
     *
     * @param compression what GENOM and zstd make of the same texts, the shortest first
     */
    @Wire("genom.counts")
    record Counts(
            int tokens,
            String version,
            List<Tally> sectors,
            List<Tally> quadrants,
            List<Tally> languages,
            List<Compression> compression)
            implements Genom {
        public Counts {
            sectors = List.copyOf(sectors);
            quadrants = List.copyOf(quadrants);
            languages = List.copyOf(languages);
            compression = List.copyOf(compression);
        }
    }

    /**
     * What becomes of one text.
     *
     * @param text which text it is
     * @param textBytes its bytes in UTF-8
     * @param genomBytes bytes of its binary frame, or of its frames when it is several texts
     * @param zstdBytes bytes that zstd makes of the same texts, one by one, at its default level
     */
    record Compression(String text, int textBytes, int genomBytes, int zstdBytes) {}

    /** How many tokens bear a name. */
    record Tally(String name, int tokens) {}

    /** One word of a text and its candidates, the best first; none means untranslated. */
    record Word(String source, List<Candidate> candidates) {
        public Word {
            candidates = List.copyOf(candidates);
        }
    }

    /**
     * A word of the other language.
     *
     * @param via how it was found: direct, lemma or pivot:xx
     * @param confidence 0 to 1
     */
    record Candidate(String word, String via, double confidence) {}

    /**
     * One token as people read it.
     *
     * @param id {@code T-0000847}; {@code B-} and {@code RAW} for the fallback
     * @param language ISO 639-1; empty where none is known
     * @param r 1.0 or more, to one decimal
     * @param thetaRadians 0 to 2π, to the nearest of four decimals, at every door
     */
    record Token(
            String id, String hex, String canonical, String sector, String language, double r, double thetaRadians) {}

    /** What a message is about; {@code unknown} is allowed. Confidence from 0 to 1. */
    record Intent(String symbol, String name, double confidence) {}

    private static void requireLimit(int limit) {
        if (limit < 1 || limit > PAGE_MAX) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to " + PAGE_MAX + ")");
        }
    }
}
