package skynet.knowledge;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The tokenizer of uncased BERT models: text to the numbers the model was trained on.
 *
 * <p>Text is cleaned of control characters, Chinese characters are set apart, accents and case are dropped; what
 * remains is split at white space and punctuation, and each word is spelled greedily with the longest pieces of the
 * vocabulary, later pieces marked by {@code ##}. A word that cannot be spelled is one unknown token. Unlike the
 * reference implementation, the names of special tokens inside a text are ordinary text: a document cannot end
 * itself. Characters younger than Unicode 8, none of which the model knows, may be grouped in another way. Immutable;
 * safe for any thread.
 */
final class WordPiece {

    /** A word of more code points than this is unknown to the model. */
    private static final int WORD_CHARS_MAX = 100;

    private static final String UNKNOWN = "[UNK]";
    private static final String FIRST = "[CLS]";
    private static final String FINAL = "[SEP]";

    private final Map<String, Integer> vocabulary;
    private final int pieceCharsMax;
    private final int unknown;
    private final int first;
    private final int last;

    private WordPiece(Map<String, Integer> vocabulary) {
        this.vocabulary = vocabulary;
        this.pieceCharsMax =
                vocabulary.keySet().stream().mapToInt(String::length).max().orElse(0);
        this.unknown = required(UNKNOWN);
        this.first = required(FIRST);
        this.last = required(FINAL);
    }

    /**
     * Reads a {@code tokenizer.json}. What it says of another kind of tokenizer, or of one that keeps case, is refused: its
     * model would be fed nonsense.
     */
    static WordPiece read(InputStream tokenizerJson) throws IOException {
        Map<String, Integer> vocabulary = new HashMap<>(1 << 16);
        try (JsonParser json = new JsonFactory().createParser(tokenizerJson)) {
            Deque<String> within = new ArrayDeque<>();
            while (json.nextToken() != null) {
                JsonToken token = json.currentToken();
                String name = json.currentName() == null ? "" : json.currentName();
                if (token == JsonToken.START_OBJECT && name.equals("vocab")) {
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String piece = json.currentName();
                        json.nextToken();
                        vocabulary.put(piece, json.getIntValue());
                    }
                } else if (token == JsonToken.START_OBJECT) {
                    within.push(name);
                } else if (token == JsonToken.END_OBJECT) {
                    within.pop();
                } else if (token.isScalarValue()) {
                    requireFit(within.isEmpty() ? "" : within.peek(), name, json.getText());
                }
            }
        }
        return new WordPiece(vocabulary);
    }

    /** Reads a {@code vocab.txt}: a piece a line, numbered from 0. */
    static WordPiece readLines(InputStream vocabularyText) throws IOException {
        Map<String, Integer> vocabulary = new HashMap<>(1 << 16);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(vocabularyText, StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                vocabulary.put(line, number++);
            }
        }
        return new WordPiece(vocabulary);
    }

    private static void requireFit(String within, String name, String value) {
        if (within.equals("model") && name.equals("type") && !value.equals("WordPiece")) {
            throw new IllegalArgumentException("tokenizer: " + value + " (expected: WordPiece, as BERT has it)");
        }
        if (within.equals("model") && name.equals("continuing_subword_prefix") && !value.equals("##")) {
            throw new IllegalArgumentException("tokenizer: marks later pieces by " + value + " (expected: ##)");
        }
        if (within.equals("normalizer") && name.equals("lowercase") && !value.equals("true")) {
            throw new IllegalArgumentException("tokenizer: keeps case (expected: one of an uncased model)");
        }
    }

    /** The tokens of a text between the model's start and end marks, at most {@code limit} in all. */
    int[] encode(String text, int limit) {
        if (limit < 2) throw new IllegalArgumentException("limit: " + limit + " (expected: 2 or more)");
        Tokens tokens = new Tokens(limit - 1);
        tokens.add(first);
        spell(normalise(text), tokens);
        int[] ids = Arrays.copyOf(tokens.ids, tokens.count + 1);
        ids[tokens.count] = last;
        return ids;
    }

    /** How many tokens the words of a text take, without the two marks. */
    int count(String text) {
        Tokens tokens = new Tokens(0);
        spell(normalise(text), tokens);
        return tokens.seen;
    }

    private int required(String piece) {
        Integer id = vocabulary.get(piece);
        if (id == null)
            throw new IllegalArgumentException("vocabulary: no " + piece + " (expected: a BERT vocabulary)");
        return id;
    }

    private static String normalise(String text) {
        StringBuilder clean = new StringBuilder(text.length() + 16);
        boolean ascii = true;
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            ascii &= c < 0x80;
            if (c == '\t' || c == '\n' || c == '\r' || CharacterClass.isSpace(c)) clean.append(' ');
            else if (CharacterClass.isChinese(c))
                clean.append(' ').appendCodePoint(c).append(' ');
            else if (!CharacterClass.isOther(c)) clean.appendCodePoint(c);
        }
        return ascii ? lowerCase(clean) : lowerCase(Normalizer.normalize(clean, Normalizer.Form.NFD));
    }

    private static String lowerCase(CharSequence text) {
        StringBuilder lower = new StringBuilder(text.length());
        text.codePoints()
                .filter(c -> !CharacterClass.isAccent(c))
                .map(Character::toLowerCase)
                .forEach(lower::appendCodePoint);
        return lower.toString();
    }

    private void spell(String text, Tokens tokens) {
        int start = 0;
        int at = 0;
        while (at < text.length() && !tokens.full()) {
            int c = text.codePointAt(at);
            int next = at + Character.charCount(c);
            boolean space = CharacterClass.isSpace(c);
            if (space || CharacterClass.isPunctuation(c)) {
                spellWord(text, start, at, tokens);
                if (!space) spellWord(text, at, next, tokens);
                start = next;
            }
            at = next;
        }
        spellWord(text, start, at, tokens);
    }

    private void spellWord(String text, int start, int end, Tokens tokens) {
        if (start >= end) return;
        if (end - start > WORD_CHARS_MAX && text.codePointCount(start, end) > WORD_CHARS_MAX) {
            tokens.add(unknown);
            return;
        }
        int mark = tokens.mark();
        int at = start;
        while (at < end) {
            String prefix = at == start ? "" : "##";
            int stop = Math.min(end, at + pieceCharsMax);
            Integer id = null;
            while (stop > at && (id = vocabulary.get(prefix + text.substring(at, stop))) == null) stop--;
            if (id == null) {
                tokens.reset(mark);
                tokens.add(unknown);
                return;
            }
            tokens.add(id);
            at = stop;
        }
    }

    /** A bounded list of numbers that goes on counting what no longer fits. */
    private static final class Tokens {
        private int[] ids;
        private final int limit;
        private int count;
        private int seen;

        Tokens(int limit) {
            this.limit = limit;
            this.ids = new int[Math.min(limit, 64)];
        }

        boolean full() {
            return limit > 0 && seen >= limit;
        }

        void add(int id) {
            seen++;
            if (count == limit) return;
            if (count == ids.length) ids = Arrays.copyOf(ids, Math.min(limit, 2 * count));
            ids[count++] = id;
        }

        int mark() {
            return seen;
        }

        void reset(int mark) {
            seen = mark;
            count = Math.min(count, mark);
        }
    }
}
