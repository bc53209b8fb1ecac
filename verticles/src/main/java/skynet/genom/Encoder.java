package skynet.genom;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import skynet.bus.Genom;
import skynet.bus.TooLarge;
import skynet.dictionary.CoordinateTable;

/**
 * Encodes UTF-8 bytes as {@link Codes}, losslessly: any byte sequence comes back from {@link Decoder} unchanged.
 *
 * <p>Words are scanned in blocks, looked up together so that their cache misses overlap, and then written one after
 * the other: the longest phrase of the dictionary first, else the word, else its parts at apostrophes, hyphens and
 * dots, else its bytes as a raw span. Single spaces are implied. One instance serves one thread; it allocates only
 * when a text is longer than all before.
 */
public final class Encoder {
    private static final int PHRASE_WORDS_MAX = 5;
    private static final int PARTS_TRIED_MAX = 4;

    private final CoordinateTable table;
    private final WordScanner scanner = new WordScanner();
    private final int[] ids = new int[WordScanner.CAPACITY];
    private final byte[] maybePhrase = new byte[WordScanner.CAPACITY];

    private byte[] text;
    private int[] codes;
    private int size;
    private int written;
    private boolean spaced;
    private int rawStart;
    private int rawEnd;
    private int rawJoin;
    private int phraseId;
    private int phraseCase;

    /** An encoder over an open table. */
    public Encoder(CoordinateTable table) {
        this.table = table;
    }

    /**
     * Encodes a text that is given as a string.
     *
     * @throws IllegalArgumentException when it holds a lone surrogate or is longer than
     *     {@link Genom#TEXT_BYTES_MAX} bytes of UTF-8
     */
    public int[] encode(String source) {
        byte[] bytes = source.getBytes(StandardCharsets.UTF_8);
        if (!new String(bytes, StandardCharsets.UTF_8).equals(source)) {
            throw new IllegalArgumentException("text: lone surrogate (expected: well-formed Unicode)");
        }
        int[] target = new int[bytes.length];
        return Arrays.copyOf(target, encode(bytes, bytes.length, target));
    }

    /**
     * Encodes the first {@code length} bytes of {@code source} into {@code target} and returns the number of codes.
     *
     * @throws TooLarge when the text is longer than {@link Genom#TEXT_BYTES_MAX} bytes
     * @throws IllegalArgumentException when {@code target} holds fewer than {@code length} codes
     */
    public int encode(byte[] source, int length, int[] target) {
        if (length > Genom.TEXT_BYTES_MAX) {
            throw new TooLarge("text: " + length + " bytes (expected: at most " + Genom.TEXT_BYTES_MAX + ")");
        }
        if (length < 0 || length > source.length) {
            throw new IllegalArgumentException("text: " + length + " bytes (expected: 0 to " + source.length + ")");
        }
        if (target.length < length) {
            throw new IllegalArgumentException(
                    "target: " + target.length + " codes (expected: at least " + length + ")");
        }
        text = source;
        codes = target;
        size = 0;
        written = 0;
        spaced = false;
        rawStart = 0;
        rawEnd = 0;
        scanner.begin(source, length);
        int kept = 0;
        boolean more;
        do {
            more = scanner.fill(kept);
            table.findBatch(scanner.folded, scanner.starts, scanner.lengths, scanner.count, ids);
            table.mayContinueBatch(ids, scanner.count, maybePhrase);
            kept = write(more ? scanner.count - PHRASE_WORDS_MAX : scanner.count);
        } while (more);
        rest(length);
        flush();
        text = null;
        codes = null;
        return size;
    }

    /** Writes the words up to {@code limit}; a phrase may reach beyond. Returns the first word not written. */
    private int write(int limit) {
        int at = 0;
        int next = size;
        int done = written;
        while (at < limit) {
            int start = scanner.starts[at];
            int join;
            if (start == done) {
                join = start == 0 ? 0 : Codes.JOIN;
            } else if (start - done == 1 && text[done] == ' ' && done != 0) {
                join = 0;
            } else {
                size = next;
                gap(done, start);
                next = size;
                join = spaced ? 0 : Codes.JOIN;
            }
            int id = ids[at];
            int last = id >= 0 && maybePhrase[at] != 0 ? phrase(at, id) : at;
            if (id < 0 || last > at || rawEnd != 0) {
                size = next;
                spaced = join == 0;
                if (id < 0) {
                    parts(start, scanner.ends[at], scanner.cases[at] == WordScanner.LITERAL);
                } else if (last > at) {
                    token(phraseId, phraseCase);
                } else {
                    token(id, scanner.cases[at]);
                }
                next = size;
            } else {
                codes[next++] = Codes.token(id, scanner.cases[at], join);
            }
            spaced = false;
            done = scanner.ends[last];
            at = last + 1;
        }
        size = next;
        written = done;
        return at;
    }

    private void token(int id, int letterCase) {
        flush();
        codes[size] = Codes.token(id, letterCase, spaced || size == 0 ? 0 : Codes.JOIN);
        size++;
        spaced = false;
    }

    /** Finds the longest phrase that begins at a word and returns its last word, or the word itself when none does. */
    private int phrase(int first, int id) {
        if (!follows(first) || !table.startsPhrase(id)) {
            return first;
        }
        int start = scanner.starts[first];
        int last = first + 1;
        while (last - first < PHRASE_WORDS_MAX - 1 && follows(last)) {
            last++;
        }
        for (; last > first; last--) {
            int length = scanner.ends[last] - start;
            if (length > WordScanner.WORD_BYTES_MAX) {
                continue;
            }
            int found = table.find(scanner.folded, start, length);
            if (found >= 0) {
                int letterCase = LetterCase.between(text, scanner.folded, start, length);
                if (letterCase != LetterCase.NONE) {
                    phraseId = found;
                    phraseCase = letterCase;
                    return last;
                }
            }
        }
        return first;
    }

    private boolean follows(int word) {
        int next = word + 1;
        return next < scanner.count
                && scanner.starts[next] == scanner.ends[word] + 1
                && text[scanner.ends[word]] == ' '
                && ids[next] >= 0;
    }

    /** Writes a word that is no token: the longest known parts between its joiners, all else raw. */
    private void parts(int start, int end, boolean literal) {
        if (literal) {
            raw(start, end);
            return;
        }
        int at = start;
        while (at < end) {
            int stop = part(at, end, at == start);
            if (stop < 0) {
                stop = at;
                while (stop < end && !isJoiner(text[stop])) {
                    stop++;
                }
                raw(at, stop);
            }
            at = stop;
            if (at < end && isJoiner(text[at])) {
                if (rawEnd == at) {
                    rawEnd++;
                } else {
                    byteRun(text[at], 1);
                }
                at++;
            }
        }
    }

    /** Writes the longest token that begins at a part and returns its end, or -1. */
    private int part(int start, int end, boolean wholeIsUnknown) {
        int stop = end;
        for (int tried = 0; tried < PARTS_TRIED_MAX && stop > start; tried++) {
            if (!wholeIsUnknown || stop < end) {
                int found = table.find(scanner.folded, start, stop - start);
                int letterCase =
                        found < 0 ? LetterCase.NONE : LetterCase.between(text, scanner.folded, start, stop - start);
                if (letterCase != LetterCase.NONE) {
                    token(found, letterCase);
                    return stop;
                }
            }
            stop--;
            while (stop > start && !isJoiner(text[stop])) {
                stop--;
            }
        }
        return -1;
    }

    private static boolean isJoiner(byte value) {
        return value == '\'' || value == '-' || value == '.';
    }

    /** Opens a raw span, or prolongs the one that ends here. */
    private void raw(int start, int end) {
        if (rawEnd != 0 && rawEnd == start && !spaced) {
            rawEnd = end;
            return;
        }
        flush();
        rawStart = start;
        rawEnd = end;
        rawJoin = spaced || size == 0 ? 0 : Codes.JOIN;
        spaced = false;
    }

    /** Writes the open raw span, if there is one. */
    private void flush() {
        int length = rawEnd - rawStart;
        if (length == 0) {
            return;
        }
        if (length == 1) {
            codes[size++] = Codes.byteRun(text[rawStart] & 0xFF, 1, rawJoin);
        } else {
            codes[size++] = Codes.raw(length, rawJoin);
            for (int at = rawStart; at < rawEnd; at += 4) {
                int word = 0;
                for (int index = Math.min(3, rawEnd - at - 1); index >= 0; index--) {
                    word = word << 8 | text[at + index] & 0xFF;
                }
                codes[size++] = word;
            }
        }
        rawStart = 0;
        rawEnd = 0;
    }

    private void byteRun(byte value, int repeats) {
        flush();
        codes[size] = Codes.byteRun(value & 0xFF, repeats, spaced ? 0 : Codes.JOIN);
        size++;
        spaced = false;
    }

    /** Writes what stands between two words; the last single space is implied by the word that follows. */
    private void gap(int start, int end) {
        byte first = text[start];
        if (end - start == 1) {
            byteRun(first, 1);
        } else if (end - start == 2 && first != ' ' && text[start + 1] == ' ') {
            byteRun(first, 1);
            spaced = true;
        } else {
            runs(start, end);
        }
    }

    /** Writes what stands after the last word, where no space is implied. */
    private void rest(int end) {
        int stop = end;
        while (stop > written && text[stop - 1] == ' ') {
            stop--;
        }
        runs(written, stop);
        for (int at = stop; at < end; at += Codes.RUN_MAX) {
            byteRun((byte) ' ', Math.min(Codes.RUN_MAX, end - at));
        }
    }

    private void runs(int start, int end) {
        int at = start;
        while (at < end) {
            byte value = text[at];
            int stop = scanner.runEnd(at, Math.min(end, at + Codes.RUN_MAX));
            if (value != ' ' || spaced || size + rawEnd == 0) {
                byteRun(value, stop - at);
            } else {
                if (stop - at > 1) {
                    byteRun(value, stop - at - 1);
                }
                spaced = true;
            }
            at = stop;
        }
    }
}
