package skynet.genom;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import skynet.bus.Genom;

/**
 * Names what a message is about, from trigger words in eight languages; {@code unknown} is an answer too.
 *
 * <p>Every trigger found adds its weight to its intent: longer triggers count more, and so do those at the start.
 * Triggers marked {@code ^} count only there. A question mark, or a number beside an arithmetic sign, adds a little.
 * The confidence is the share of the winner, less when the evidence is thin. Safe for several threads.
 */
public final class Intents {
    /** The answer when no intent has enough evidence. */
    public static final Genom.Intent UNKNOWN = new Genom.Intent("❔", "unknown", 0);

    private static final String RESOURCE = "/skynet/genom/intents.tsv";
    private static final int WORDS_READ_MAX = 64;
    private static final int TRIGGER_WORDS_MAX = 4;
    private static final double LONGER = 0.7;
    private static final double AT_START = 1.5;
    private static final double ENOUGH = 0.7;
    private static final double THIN = 0.35;

    private final List<Kind> kinds = new ArrayList<>();
    private final Map<String, List<Trigger>> triggers = new HashMap<>();

    /** Reads the triggers that ship with the room. */
    public Intents() {
        try (InputStream stream = Intents.class.getResourceAsStream(RESOURCE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isEmpty() && line.charAt(0) != '#') {
                    add(line.split("\t"));
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(RESOURCE, unreadable);
        }
    }

    private void add(String[] row) {
        if (row.length == 3) {
            kinds.add(new Kind(row[0], row[1], Double.parseDouble(row[2])));
            return;
        }
        for (String entry : row[1].split(";")) {
            boolean start = entry.startsWith("^");
            triggers.computeIfAbsent(entry.substring(start ? 1 : 0), word -> new ArrayList<>())
                    .add(new Trigger(kinds.size() - 1, start));
        }
    }

    /** The intent of a text. */
    public Genom.Intent classify(String text) {
        String lower = text.toLowerCase(Locale.ROOT).replace('\u2019', '\'');
        List<String> words = words(lower);
        double[] scores = new double[kinds.size()];
        for (int at = 0; at < words.size(); ) {
            at += Math.max(1, match(words, at, scores));
        }
        hint(lower, scores);
        return best(scores);
    }

    private int match(List<String> words, int at, double[] scores) {
        for (int length = Math.min(TRIGGER_WORDS_MAX, words.size() - at); length > 0; length--) {
            String phrase = String.join(" ", words.subList(at, at + length));
            int matched = 0;
            for (Trigger trigger : triggers.getOrDefault(phrase, List.of())) {
                if (at == 0 || !trigger.start) {
                    double longer = 1 + LONGER * (length - 1);
                    scores[trigger.kind] += kinds.get(trigger.kind).weight * longer * (at == 0 ? AT_START : 1);
                    matched = length;
                }
            }
            if (matched > 0) {
                return matched;
            }
        }
        return 0;
    }

    private void hint(String lower, double[] scores) {
        if (lower.indexOf('?') >= 0) {
            scores[kind("question")] += 0.8;
        }
        if (lower.matches("(?s).*\\d\\s*[-+*/×÷=^%]\\s*\\d.*|.*\\d\\s*%.*")) {
            scores[kind("measure")] += 1.5;
        }
        if (lower.matches("(?s).*\\b\\d{1,2}:\\d{2}\\b.*")) {
            scores[kind("time")] += 1;
        }
    }

    private int kind(String name) {
        for (int index = 0; index < kinds.size(); index++) {
            if (kinds.get(index).name.equals(name)) {
                return index;
            }
        }
        throw new IllegalStateException("intent: " + name + " (expected: a name in " + RESOURCE + ")");
    }

    private Genom.Intent best(double[] scores) {
        int best = 0;
        double sum = 0;
        for (int index = 0; index < scores.length; index++) {
            sum += scores[index];
            best = scores[index] > scores[best] ? index : best;
        }
        if (scores[best] < ENOUGH) {
            return UNKNOWN;
        }
        double confidence = Math.round(100 * scores[best] / (sum + THIN)) / 100.0;
        return new Genom.Intent(kinds.get(best).symbol, kinds.get(best).name, confidence);
    }

    private static List<String> words(String lower) {
        List<String> words = new ArrayList<>();
        int start = -1;
        for (int at = 0; at <= lower.length() && words.size() < WORDS_READ_MAX; at++) {
            boolean inside = at < lower.length()
                    && (Character.isLetterOrDigit(lower.charAt(at))
                            || start >= 0
                                    && lower.charAt(at) == '\''
                                    && at + 1 < lower.length()
                                    && Character.isLetter(lower.charAt(at + 1)));
            if (inside && start < 0) {
                start = at;
            } else if (!inside && start >= 0) {
                words.add(lower.substring(start, at));
                start = -1;
            }
        }
        return words;
    }

    private record Kind(String symbol, String name, double weight) {}

    private record Trigger(int kind, boolean start) {}
}
