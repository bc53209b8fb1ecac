package skynet.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Cuts a text into passages small enough to be quoted and embedded.
 *
 * <p>Blocks are gathered until a passage has about {@value #TOKENS_GOAL} tokens; a heading begins a new passage once
 * the one before is worth reading alone, and never ends one. A block too large is cut into sentences, a sentence too
 * large at a space near its middle, and where there is no space between two characters. Passages are in order, do
 * not overlap, and only white space lies between them.
 */
final class Chunker {

    /** No passage takes more tokens; the model reads 512 with its marks. */
    static final int TOKENS_MAX = 500;

    /** No passage is longer: unspellable text takes few tokens but still has to be read. */
    static final int CHARS_MAX = 2_400;

    /** A passage is closed before it would grow over this. */
    private static final int TOKENS_GOAL = 200;

    /** From here on a heading begins a new passage. */
    private static final int TOKENS_READABLE = 40;

    private final WordPiece tokenizer;

    Chunker(WordPiece tokenizer) {
        this.tokenizer = Objects.requireNonNull(tokenizer, "tokenizer");
    }

    List<Chunk> chunks(String text) {
        Gathering gathering = new Gathering();
        for (Block block : Block.of(text)) {
            if (block.kind() == Block.Kind.HEADING && gathering.tokens >= TOKENS_READABLE) gathering.close();
            for (Unit unit : units(text, block)) gathering.add(unit);
        }
        gathering.close();
        return List.copyOf(gathering.chunks);
    }

    private List<Unit> units(String text, Block block) {
        List<Unit> units = new ArrayList<>();
        boolean heading = block.kind() == Block.Kind.HEADING;
        if (fits(text, block.span())) {
            units.add(unit(text, block.span(), heading));
        } else if (block.kind() == Block.Kind.CODE || block.span().length() > CHARS_MAX * 400) {
            cut(text, block.span(), units);
        } else {
            for (Span sentence : Sentences.of(text, block.span())) cut(text, sentence, units);
        }
        return units;
    }

    private void cut(String text, Span span, List<Unit> units) {
        if (span.length() == 0) return;
        if (fits(text, span)) {
            units.add(unit(text, span, false));
            return;
        }
        int middle = breakNearMiddle(text, span);
        cut(text, new Span(span.start(), middle).strip(text), units);
        cut(text, new Span(middle, span.end()).strip(text), units);
    }

    private boolean fits(String text, Span span) {
        return span.length() <= CHARS_MAX / 2 && tokenizer.count(span.of(text)) <= TOKENS_GOAL;
    }

    private Unit unit(String text, Span span, boolean heading) {
        return new Unit(span, tokenizer.count(span.of(text)), heading);
    }

    /** A line's end if there is one in the middle third, else a space, else a place between two characters. */
    private static int breakNearMiddle(String text, Span span) {
        int middle = span.start() + span.length() / 2;
        int reach = Math.min(span.length() / 6, CHARS_MAX);
        for (String wanted : List.of("\n", " ")) {
            for (int away = 0; away < reach; away++) {
                if (text.charAt(middle + away) == wanted.charAt(0)) return middle + away;
                if (text.charAt(middle - away) == wanted.charAt(0)) return middle - away;
            }
        }
        boolean insideCharacter =
                Character.isLowSurrogate(text.charAt(middle)) && Character.isHighSurrogate(text.charAt(middle - 1));
        return insideCharacter ? middle + 1 : middle;
    }

    /** A piece of text that is not divided further. */
    private record Unit(Span span, int tokens, boolean heading) {}

    /** The passage being filled, and those already closed. */
    private static final class Gathering {
        private final List<Chunk> chunks = new ArrayList<>();
        private final List<Unit> units = new ArrayList<>();
        private int tokens;

        void add(Unit unit) {
            if (!units.isEmpty() && (tokens + unit.tokens > TOKENS_GOAL || chars(unit) > CHARS_MAX)) {
                List<Unit> headings = trailingHeadings();
                close();
                headings.forEach(this::put);
            }
            put(unit);
        }

        void close() {
            if (!units.isEmpty()) {
                int start = units.get(0).span.start();
                int end = units.get(units.size() - 1).span.end();
                chunks.add(new Chunk(chunks.size(), start, end));
            }
            units.clear();
            tokens = 0;
        }

        private void put(Unit unit) {
            units.add(unit);
            tokens += unit.tokens;
        }

        private int chars(Unit unit) {
            return unit.span.end() - units.get(0).span.start();
        }

        /** Takes the headings off the end, unless nothing else would remain: they belong to what follows. */
        private List<Unit> trailingHeadings() {
            int from = units.size();
            while (from > 0 && units.get(from - 1).heading) from--;
            if (from == 0 || chars(units.get(units.size() - 1)) > CHARS_MAX) return List.of();
            List<Unit> headings = List.copyOf(units.subList(from, units.size()));
            units.subList(from, units.size()).clear();
            headings.forEach(heading -> tokens -= heading.tokens);
            return headings;
        }
    }
}
