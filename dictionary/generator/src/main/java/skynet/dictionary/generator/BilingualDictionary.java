package skynet.dictionary.generator;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * A FreeDict dictionary in dictd form: an index of (headword, offset, length), the numbers in base 64, over one
 * compressed text whose articles start with the headword and continue with one translation list a line.
 */
record BilingualDictionary(Language source, Language target, Path index, Path text) {

    /** Longer translations are explanations, not words. */
    private static final int PHRASE_WORDS_MAX = 4;

    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final Pattern NOTES = Pattern.compile(
            "<[^>]*>|\\[[^\\]]*\\]|\\([^)]*\\)|\\{[^}]*\\}|/[^/\\n]*/|^\\s*\\d+\\.\\s*|\\s\\d+\\.\\s*$");
    private static final Pattern REMARK = Pattern.compile("Synonym|Note:|see:");
    private static final Pattern SEPARATOR = Pattern.compile("[,;|]");

    /** Receives one translation, both sides canonical. */
    interface Reader {
        void translation(Side headword, Side translation, Optional<PartOfSpeech> partOfSpeech);
    }

    /** One side of a translation: how the dictionary spells it and its canonical spelling. */
    record Side(String spelling, String canonical) {}

    static BilingualDictionary in(Path folder, String pair) {
        Path name = folder.resolve("dict-freedict-" + pair + "/usr/share/dictd/freedict-" + pair);
        return new BilingualDictionary(
                Language.ofIso3(pair.substring(0, 3)),
                Language.ofIso3(pair.substring(4)),
                name.resolveSibling(name.getFileName() + ".index"),
                name.resolveSibling(name.getFileName() + ".dict.dz"));
    }

    /** Four letters that name the direction, as they stand in the link file. */
    String code() {
        return source.code() + target.code();
    }

    void read(Reader reader) throws IOException {
        byte[] articles;
        try (InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(text)))) {
            articles = in.readAllBytes();
        }
        for (String line : Files.readAllLines(index)) {
            String[] fields = line.split("\t");
            if (fields.length < 3 || fields[0].startsWith("00")) {
                continue;
            }
            int offset = number(fields[1]);
            int length = number(fields[2]);
            if (offset + length <= articles.length) {
                article(new String(articles, offset, length, StandardCharsets.UTF_8).split("\n"), reader);
            }
        }
    }

    private static int number(String digits) {
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            value = value * DIGITS.length() + DIGITS.indexOf(digits.charAt(i));
        }
        return value;
    }

    private void article(String[] lines, Reader reader) {
        Optional<Side> headword = side(lines[0]);
        if (headword.isEmpty()) {
            return;
        }
        Optional<PartOfSpeech> partOfSpeech = partOfSpeech(lines[0]);
        for (int i = 1; i < lines.length; i++) {
            boolean aside = lines[i].isBlank() || lines[i].startsWith("   ") || lines[i].startsWith("\t");
            if (aside || REMARK.matcher(lines[i]).find()) {
                continue;
            }
            for (String item : SEPARATOR.split(NOTES.matcher(lines[i]).replaceAll(" "))) {
                side(item)
                        .filter(side -> side.canonical().split(" ").length <= PHRASE_WORDS_MAX)
                        .ifPresent(side -> reader.translation(headword.get(), side, partOfSpeech));
            }
        }
    }

    private static Optional<Side> side(String text) {
        String spelling =
                NOTES.matcher(text).replaceAll(" ").replaceAll("\\s+", " ").strip();
        return Spelling.canonical(spelling).map(canonical -> new Side(spelling, canonical));
    }

    private static Optional<PartOfSpeech> partOfSpeech(String headline) {
        int open = headline.indexOf('<');
        if (open < 0) {
            return Optional.empty();
        }
        String tag = headline.substring(open + 1).toLowerCase(Locale.ROOT);
        if (tag.startsWith("adj")) {
            return Optional.of(PartOfSpeech.ADJECTIVE);
        }
        if (tag.startsWith("adv")) {
            return Optional.of(PartOfSpeech.ADVERB);
        }
        if (tag.startsWith("v")) {
            return Optional.of(PartOfSpeech.VERB);
        }
        if (tag.startsWith("n") || tag.startsWith("masc") || tag.startsWith("fem")) {
            return Optional.of(PartOfSpeech.NOUN);
        }
        return tag.startsWith("int") ? Optional.of(PartOfSpeech.INTERJECTION) : Optional.empty();
    }
}
