package skynet.cascade.model;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Cuts a text into the words within which tokens are joined, by the steps of a {@code pre_tokenizer}. */
final class WordCutter {
    /** How the first models of this kind cut: short endings, letters, digits and other signs, each with a space before it. */
    private static final String CLASSIC =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    private final List<Step> steps = new ArrayList<>();
    private boolean ofBytes;

    private WordCutter() {}

    /** One cut more. */
    private interface Step {
        void cut(String text, boolean first, Consumer<String> words);
    }

    /** Throws IllegalArgumentException that names a step that is not supported. */
    static WordCutter of(JsonObject file) {
        WordCutter cutter = new WordCutter();
        if (file != null) {
            cutter.add(file);
        }
        return cutter;
    }

    /** Whether its words are written in {@link ByteLetters}. */
    boolean isOfBytes() {
        return ofBytes;
    }

    /**
     * Cuts a text.
     *
     * @param first whether nothing stands before it
     */
    void cut(String text, boolean first, Consumer<String> words) {
        cut(text, first, 0, words);
    }

    private void cut(String text, boolean first, int step, Consumer<String> words) {
        if (step == steps.size()) {
            words.accept(text);
            return;
        }
        steps.get(step).cut(text, first, word -> cut(word, first, step + 1, words));
    }

    private void add(JsonObject file) {
        String type = file.getString("type", "");
        switch (type) {
            case "Sequence" ->
                file.getJsonArray("pretokenizers", new JsonArray()).forEach(one -> add((JsonObject) one));
            case "ByteLevel" -> bytes(file);
            case "Digits" ->
                steps.add(cutting(
                        Pattern.compile(file.getBoolean("individual_digits", false) ? "\\p{N}" : "\\p{N}+"),
                        "Isolated"));
            case "Split" -> split(file);
            case "Metaspace" -> spaces(file);
            default ->
                throw new IllegalArgumentException(
                        "pre_tokenizer: " + type + " (expected: ByteLevel, Split, Digits or Metaspace)");
        }
    }

    private void bytes(JsonObject file) {
        if (file.getBoolean("add_prefix_space", true)) {
            steps.add((text, first, words) -> words.accept(text.startsWith(" ") ? text : " " + text));
        }
        if (file.getBoolean("use_regex", true)) {
            steps.add(cutting(pattern(CLASSIC), "Isolated"));
        }
        steps.add((text, first, words) -> words.accept(ByteLetters.letters(text)));
        ofBytes = true;
    }

    private void split(JsonObject file) {
        JsonObject pattern = file.getJsonObject("pattern");
        String behaviour = file.getString("behavior", "");
        if (file.getBoolean("invert", false)
                || !List.of("Isolated", "Removed", "MergedWithPrevious").contains(behaviour)) {
            throw new IllegalArgumentException(
                    "pre_tokenizer: Split " + behaviour + " (expected: Isolated, Removed or MergedWithPrevious)");
        }
        String text = pattern.getString("String");
        steps.add(cutting(
                text == null ? pattern(pattern.getString("Regex")) : Pattern.compile(Pattern.quote(text)), behaviour));
    }

    private void spaces(JsonObject file) {
        if (file.getBoolean("split", true)) {
            throw new IllegalArgumentException("pre_tokenizer: Metaspace that splits (expected: one that does not)");
        }
        String scheme = file.getString("prepend_scheme", "always");
        steps.add((text, first, words) -> {
            String marked = text.replace(' ', Normal.SPACE);
            boolean prepended = scheme.equals("always") || scheme.equals("first") && first;
            words.accept(prepended && marked.charAt(0) != Normal.SPACE ? Normal.SPACE + marked : marked);
        });
    }

    /** Space and letters are Unicode's here, as in the files' own dialect. */
    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text, Pattern.UNICODE_CHARACTER_CLASS);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("pre_tokenizer: " + text + " (expected: a pattern that Java knows)", e);
        }
    }

    private static Step cutting(Pattern pattern, String behaviour) {
        boolean merged = behaviour.equals("MergedWithPrevious");
        boolean removed = behaviour.equals("Removed");
        return (text, first, words) -> {
            Matcher match = pattern.matcher(text);
            int from = 0;
            while (match.find()) {
                if (match.end() == match.start()) {
                    continue;
                }
                int cut = merged ? match.end() : match.start();
                if (cut > from) {
                    words.accept(text.substring(from, cut));
                }
                if (!merged && !removed) {
                    words.accept(match.group());
                }
                from = match.end();
            }
            if (from < text.length()) {
                words.accept(text.substring(from));
            }
        };
    }
}
