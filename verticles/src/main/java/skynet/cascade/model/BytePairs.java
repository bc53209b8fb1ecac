package skynet.cascade.model;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tokenizer of most language models, as a {@code tokenizer.json} describes it: text is cut into words, each word into
 * bytes or characters, and of these the pair is joined again and again that the vocabulary ranks first.
 *
 * <p>Words are cut by the pattern in the file. Their pieces are bytes, written as 256 letters, or, in files that know a
 * fallback to bytes, characters. What the file marks as special, such as the end of a turn, is ordinary text here wherever it
 * stands in a text: nobody ends another one's turn by writing it. Other kinds of tokenizer are refused by name. Letters that are
 * younger than this Java's Unicode may be cut in another way. Immutable; safe for any thread.
 */
public final class BytePairs {
    private static final int NOTHING = -1;
    private static final Pattern BYTE = Pattern.compile("<0x([0-9A-F]{2})>");

    private final Map<String, Integer> vocabulary = new HashMap<>();
    private final Map<String, Integer> marks = new HashMap<>();
    private final Map<String, Integer> named = new HashMap<>();
    private final Set<Integer> special = new HashSet<>();
    private final Merges merges = new Merges();
    private final String[] pieces;
    private final int longest;
    private final Pattern rawMarks;
    private final Pattern normalMarks;
    private final Normal normal;
    private final WordCutter cutter;
    private final List<Integer> preface;
    private final int[] byteIds = new int[256];
    private final boolean fallback;
    private final boolean whole;
    private final int unknown;

    private BytePairs(JsonObject file) {
        JsonObject model = file.getJsonObject("model");
        if (model == null || !model.getString("type", "BPE").equals("BPE") || !model.containsKey("merges")) {
            throw new IllegalArgumentException(
                    "model: " + (model == null ? "none" : model.getValue("type", "another kind"))
                            + " (expected: BPE, pairs of bytes or characters)");
        }
        for (String affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
            if (!model.getString(affix, "").isEmpty()) {
                throw new IllegalArgumentException(affix + ": " + model.getString(affix) + " (expected: none)");
            }
        }
        for (Map.Entry<String, Object> piece : model.getJsonObject("vocab")) {
            vocabulary.put(piece.getKey(), ((Number) piece.getValue()).intValue());
        }
        fallback = model.getBoolean("byte_fallback", false);
        whole = model.getBoolean("ignore_merges", false);
        unknown = vocabulary.getOrDefault(model.getString("unk_token", ""), NOTHING);
        learn(model.getJsonArray("merges"));
        normal = Normal.of(file.getJsonObject("normalizer"));
        cutter = WordCutter.of(file.getJsonObject("pre_tokenizer"));
        if (!fallback && !cutter.isOfBytes()) {
            throw new IllegalArgumentException(
                    "pre_tokenizer: none of bytes (expected: ByteLevel, or a fallback to bytes)");
        }
        List<JsonObject> raw = new ArrayList<>();
        List<JsonObject> normalised = new ArrayList<>();
        for (Object entry : file.getJsonArray("added_tokens", new JsonArray())) {
            JsonObject mark = (JsonObject) entry;
            String content = mark.getString("content");
            named.put(content, mark.getInteger("id"));
            // What is written by people never becomes a mark of the conversation.
            if (mark.getBoolean("special", false) || Layout.isMark(content)) {
                special.add(mark.getInteger("id"));
            } else if (!content.isEmpty()) {
                marks.put(content, mark.getInteger("id"));
                (mark.getBoolean("normalized", true) ? normalised : raw).add(mark);
            }
        }
        rawMarks = pattern(raw);
        normalMarks = pattern(normalised);
        pieces = pieces();
        longest = Arrays.stream(pieces)
                .filter(Objects::nonNull)
                .mapToInt(String::length)
                .max()
                .orElse(1);
        for (int value = 0; value < byteIds.length; value++) {
            byteIds[value] = vocabulary.getOrDefault(String.format("<0x%02X>", value), NOTHING);
        }
        preface = new Preface(file.getJsonObject("post_processor")).ids();
    }

    /** Reads a {@code tokenizer.json}. Throws IllegalArgumentException that names what is not supported in it. */
    public static BytePairs of(JsonObject file) {
        return new BytePairs(JsonFile.withoutNulls(file));
    }

    /** One more than the highest number of a token. */
    int size() {
        return pieces.length;
    }

    /** Characters for which one token stands at most. */
    int longest() {
        return longest;
    }

    /** What the model wants to read before any text. */
    List<Integer> preface() {
        return preface;
    }

    /** The token of a mark such as {@code <|im_end|>}, which only the layout of a conversation may use. */
    OptionalInt mark(String content) {
        Integer id = named.get(content);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** The tokens of a text. */
    public int[] encode(String text) {
        Tokens tokens = new Tokens();
        encode(text, true, tokens);
        return tokens.ids();
    }

    /**
     * Adds the tokens of a text.
     *
     * @param first whether nothing stands before it
     */
    void encode(String text, boolean first, Tokens tokens) {
        int before = tokens.count;
        split(rawMarks, text, tokens, plain -> {
            String normalised = normal.of(plain);
            split(
                    normalMarks,
                    normalised,
                    tokens,
                    words -> cutter.cut(words, first && tokens.count == before, word -> spell(word, tokens)));
        });
    }

    /** The bytes of UTF-8 for which a token stands: perhaps a part of a character; none for a mark. */
    byte[] bytes(int id) {
        if (id < 0 || id >= pieces.length || pieces[id] == null || special.contains(id)) {
            return new byte[0];
        }
        String piece = pieces[id];
        if (!fallback) {
            return marks.containsKey(piece) ? piece.getBytes(StandardCharsets.UTF_8) : ByteLetters.bytes(piece);
        }
        Matcher value = BYTE.matcher(piece);
        return value.matches()
                ? new byte[] {(byte) Integer.parseInt(value.group(1), 16)}
                : piece.replace(Normal.SPACE, ' ').getBytes(StandardCharsets.UTF_8);
    }

    private void learn(JsonArray pairs) {
        for (int rank = 0; rank < pairs.size(); rank++) {
            String left;
            String right;
            if (pairs.getValue(rank) instanceof JsonArray pair) {
                left = pair.getString(0);
                right = pair.getString(1);
            } else {
                String pair = pairs.getString(rank);
                int space = pair.indexOf(' ', 1);
                left = pair.substring(0, Math.max(0, space));
                right = pair.substring(space + 1);
            }
            Integer one = vocabulary.get(left);
            Integer other = vocabulary.get(right);
            Integer both = vocabulary.get(left + right);
            if (one == null || other == null || both == null) {
                throw new IllegalArgumentException(
                        "merges: " + left + " " + right + " (expected: pieces of the vocabulary)");
            }
            merges.add(one, other, both);
        }
    }

    private String[] pieces() {
        Map<String, Integer> all = new HashMap<>(vocabulary);
        all.putAll(named);
        int most = all.values().stream().mapToInt(id -> id).max().orElse(NOTHING);
        int least = all.values().stream().mapToInt(id -> id).min().orElse(NOTHING);
        if (least < 0 || most >= 4 * all.size() + 1_000) {
            throw new IllegalArgumentException(
                    "vocab: numbers from " + least + " to " + most + " (expected: 0 and up)");
        }
        String[] byId = new String[most + 1];
        all.forEach((piece, id) -> byId[id] = piece);
        return byId;
    }

    /** The longest of several marks that begin at one place counts. */
    private static Pattern pattern(List<JsonObject> marks) {
        if (marks.isEmpty()) {
            return null;
        }
        List<String> all = new ArrayList<>();
        marks.sort(Comparator.comparingInt(mark -> -mark.getString("content").length()));
        for (JsonObject mark : marks) {
            String one = Pattern.quote(mark.getString("content"));
            if (mark.getBoolean("single_word", false)) {
                one = "(?<!\\w)" + one + "(?!\\w)";
            }
            all.add((mark.getBoolean("lstrip", false) ? "\\s*" : "")
                    + one
                    + (mark.getBoolean("rstrip", false) ? "\\s*" : ""));
        }
        return Pattern.compile(String.join("|", all), Pattern.UNICODE_CHARACTER_CLASS);
    }

    private void split(Pattern pattern, String text, Tokens tokens, Consumer<String> plain) {
        int from = 0;
        if (pattern != null) {
            Matcher mark = pattern.matcher(text);
            while (mark.find()) {
                if (mark.start() > from) {
                    plain.accept(text.substring(from, mark.start()));
                }
                Integer id = marks.get(mark.group());
                tokens.add(id == null ? marks.get(mark.group().strip()) : id);
                from = mark.end();
            }
        }
        if (from < text.length()) {
            plain.accept(text.substring(from));
        }
    }

    private void spell(String word, Tokens tokens) {
        Integer one = whole ? vocabulary.get(word) : null;
        if (one != null && !special.contains(one)) {
            tokens.add(one);
            return;
        }
        int[] ids = new int[word.length() * (fallback ? 3 : 1)];
        int count = 0;
        for (int at = 0; at < word.length(); ) {
            int next = word.offsetByCodePoints(at, 1);
            String piece = word.substring(at, next);
            Integer id = vocabulary.get(piece);
            if (id != null) {
                ids[count++] = id;
            } else if (fallback) {
                count = inBytes(piece, ids, count);
            } else if (unknown != NOTHING) {
                ids[count++] = unknown;
            }
            at = next;
        }
        merges.join(ids, count, tokens::add);
    }

    private int inBytes(String piece, int[] ids, int from) {
        int count = from;
        for (byte value : piece.getBytes(StandardCharsets.UTF_8)) {
            int id = byteIds[value & 0xff];
            if (id != NOTHING) {
                ids[count++] = id;
            }
        }
        return count;
    }

    /** What the post-processor puts before a text. */
    private record Preface(JsonObject processor) {
        List<Integer> ids() {
            List<Integer> ids = new ArrayList<>();
            if (processor == null) {
                return ids;
            }
            for (Object one : processor.getJsonArray("processors", new JsonArray())) {
                ids.addAll(new Preface((JsonObject) one).ids());
            }
            for (Object step : processor.getJsonArray("single", new JsonArray())) {
                JsonObject mark = ((JsonObject) step).getJsonObject("SpecialToken");
                if (mark == null) {
                    break;
                }
                processor
                        .getJsonObject("special_tokens")
                        .getJsonObject(mark.getString("id"))
                        .getJsonArray("ids")
                        .forEach(id -> ids.add(((Number) id).intValue()));
            }
            return ids;
        }
    }
}
