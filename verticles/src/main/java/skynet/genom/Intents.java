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
import java.util.regex.Pattern;
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
    private static final Pattern SUM = Pattern.compile("\\d\\s*[-+*/×÷=^%]\\s*\\d|\\d\\s*%");
    private static final Pattern CLOCK = Pattern.compile("\\b\\d{1,2}:\\d{2}\\b");

    private final List<Kind> kinds = new ArrayList<>();
    private final Step first = new Step();
    private final int question;
    private final int measure;
    private final int time;

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
        question = kind("question");
        measure = kind("measure");
        time = kind("time");
    }

    private void add(String[] row) {
        if (row.length == 3) {
            kinds.add(new Kind(row[0], row[1], Double.parseDouble(row[2])));
            return;
        }
        for (String entry : row[1].split(";")) {
            boolean start = entry.startsWith("^");
            Step step = first;
            for (String word : entry.substring(start ? 1 : 0).split(" ")) {
                step = step.next.computeIfAbsent(word, name -> new Step());
            }
            step.triggers.add(new Trigger(kinds.size() - 1, start));
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

    /** Scores the longest trigger that begins at a word and returns its words; few words begin any. */
    private int match(List<String> words, int at, double[] scores) {
        Step step = first;
        List<Trigger> longest = List.of();
        int matched = 0;
        for (int length = 1; length <= TRIGGER_WORDS_MAX && at + length <= words.size(); length++) {
            step = step.next.get(words.get(at + length - 1));
            if (step == null) {
                break;
            }
            if (step.counts(at == 0)) {
                longest = step.triggers;
                matched = length;
            }
        }
        double longer = 1 + LONGER * (matched - 1);
        for (Trigger trigger : longest) {
            if (at == 0 || !trigger.start) {
                scores[trigger.kind] += kinds.get(trigger.kind).weight * longer * (at == 0 ? AT_START : 1);
            }
        }
        return matched;
    }

    private void hint(String lower, double[] scores) {
        if (lower.indexOf('?') >= 0) {
            scores[question] += 0.8;
        }
        if (!hasDigit(lower)) {
            return;
        }
        if (SUM.matcher(lower).find()) {
            scores[measure] += 1.5;
        }
        if (CLOCK.matcher(lower).find()) {
            scores[time] += 1;
        }
    }

    private static boolean hasDigit(String lower) {
        for (int at = 0; at < lower.length(); at++) {
            if (lower.charAt(at) >= '0' && lower.charAt(at) <= '9') {
                return true;
            }
        }
        return false;
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

    /** A word of triggers: the triggers that end with it, and the words that may follow. */
    private static final class Step {
        private final Map<String, Step> next = new HashMap<>();
        private final List<Trigger> triggers = new ArrayList<>();

        /** Whether a trigger that ends here counts at this place. */
        boolean counts(boolean atStart) {
            return atStart ? !triggers.isEmpty() : triggers.stream().anyMatch(trigger -> !trigger.start);
        }
    }
}
