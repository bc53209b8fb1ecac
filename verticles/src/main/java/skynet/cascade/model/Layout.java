package skynet.cascade.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How a conversation is laid out for a model: which marks begin and end what somebody says. A model that was shown another
 * layout than it has learned answers badly, so its files are looked at for the marks; without any the layout is plain text.
 */
public enum Layout {
    /** {@code <|im_start|>user …<|im_end|>}. */
    CHATML("<|im_start|>", "<|im_end|>") {
        @Override
        void lay(String role, Optional<String> text, Writer to) {
            to.mark("<|im_start|>");
            to.text(role + "\n" + text.orElse(""));
            text.ifPresent(whole -> {
                to.mark("<|im_end|>");
                to.text("\n");
            });
        }
    },
    /** {@code <|start_header_id|>user<|end_header_id|> …<|eot_id|>}. */
    LLAMA3("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>") {
        @Override
        void lay(String role, Optional<String> text, Writer to) {
            to.mark("<|start_header_id|>");
            to.text(role);
            to.mark("<|end_header_id|>");
            to.text("\n\n" + text.map(String::strip).orElse(""));
            text.ifPresent(whole -> to.mark("<|eot_id|>"));
        }
    },
    /** {@code <|user|> …<|end|>}. */
    PHI("<|user|>", "<|assistant|>", "<|end|>") {
        @Override
        void lay(String role, Optional<String> text, Writer to) {
            // The oldest of them have no mark for a system.
            to.mark(to.knows("<|" + role + "|>") ? "<|" + role + "|>" : "<|user|>");
            text.ifPresent(whole -> {
                to.text(whole);
                to.mark("<|end|>");
            });
        }
    },
    /** {@code <|user|> …</s>}, of which only the end is a mark. */
    ZEPHYR("</s>") {
        @Override
        void lay(String role, Optional<String> text, Writer to) {
            to.text("<|" + role + "|>\n" + text.orElse(""));
            text.ifPresent(whole -> {
                to.mark("</s>");
                to.text("\n");
            });
        }
    },
    /** Names and colons, for a model that knows no conversation. */
    PLAIN {
        @Override
        void lay(String role, Optional<String> text, Writer to) {
            String name = role.equals("user") ? USER : role.equals("assistant") ? ASSISTANT : "";
            to.text(name + text.map(said -> said + "\n").orElse(""));
        }

        @Override
        List<String> stops() {
            return List.of("\n" + USER.strip());
        }
    };

    private static final Set<String> MARKS =
            Arrays.stream(values()).flatMap(layout -> layout.marks.stream()).collect(Collectors.toUnmodifiableSet());
    private static final String AUTO = "auto";
    private static final String USER = "User: ";
    private static final String ASSISTANT = "Assistant:";

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable.
    private final List<String> marks;

    Layout(String... marks) {
        this.marks = List.of(marks);
    }

    /** Whether a text stands for a mark of any layout, whatever the model's files call it. */
    static boolean isMark(String text) {
        return MARKS.contains(text);
    }

    /** The one that a setting names, or for {@code auto} the one whose marks the model's files have. */
    static Layout of(String name, ModelFiles files) {
        if (!name.equals(AUTO)) {
            Layout named = valueOf(name.toUpperCase(Locale.ROOT));
            for (String mark : named.marks) {
                if (files.tokenizer().mark(mark).isEmpty()) {
                    throw new IllegalArgumentException("cascade.local-template: " + name + ", without " + mark
                            + " (expected: one that the tokenizer knows)");
                }
            }
            return named;
        }
        List<Layout> able = Arrays.stream(values())
                .filter(layout -> layout != ZEPHYR || files.template().contains("<|user|>"))
                .filter(layout -> layout.marks.stream()
                        .allMatch(mark -> files.tokenizer().mark(mark).isPresent()))
                .toList();
        return able.stream()
                .filter(layout -> !layout.marks.isEmpty() && files.template().contains(layout.marks.get(0)))
                .findFirst()
                .orElse(able.get(0));
    }

    /** Begins what somebody says, and ends it when its text is given. */
    abstract void lay(String role, Optional<String> text, Writer to);

    /** Texts before which an answer ends, of a layout that has no mark for that. */
    List<String> stops() {
        return List.of();
    }

    /** The tokens with which an answer ends in this layout. */
    Set<Integer> ends(BytePairs tokenizer) {
        Set<Integer> ends = new TreeSet<>();
        if (!marks.isEmpty()) {
            tokenizer.mark(marks.get(marks.size() - 1)).ifPresent(ends::add);
        }
        return ends;
    }

    /**
     * The tokens of a conversation up to where the model is to go on. The oldest lines are left out when all are too many,
     * but neither what a system says nor the last line; empty when that is still too much.
     *
     * @param said the beginning of the answer
     */
    Optional<int[]> prompt(BytePairs tokenizer, List<Line> lines, String said, int tokensMax) {
        Writer tail = new Writer(tokenizer, false);
        lay("assistant", Optional.empty(), tail);
        if (!said.isEmpty()) {
            tail.text(said);
        }
        List<int[]> laid = new ArrayList<>();
        boolean[] kept = new boolean[lines.size()];
        Arrays.fill(kept, true);
        long length = tokenizer.preface().size() + (long) tail.tokens.count;
        for (Line line : lines) {
            Writer writer = new Writer(tokenizer, laid.isEmpty());
            lay(line.role(), Optional.of(line.text()), writer);
            laid.add(writer.tokens.ids());
            length += writer.tokens.count;
        }
        for (int at = 0; at < laid.size() - 1 && length > tokensMax; at++) {
            if (!lines.get(at).role().equals("system")) {
                kept[at] = false;
                length -= laid.get(at).length;
            }
        }
        if (length > tokensMax) {
            return Optional.empty();
        }
        Tokens all = new Tokens();
        tokenizer.preface().forEach(all::add);
        for (int at = 0; at < kept.length; at++) {
            if (kept[at]) {
                all.addAll(laid.get(at));
            }
        }
        all.addAll(tail.tokens.ids());
        return Optional.of(all.ids());
    }

    /** Writes marks and texts as tokens. */
    static final class Writer {
        private final BytePairs tokenizer;
        private final Tokens tokens = new Tokens();
        private final boolean first;

        Writer(BytePairs tokenizer, boolean first) {
            this.tokenizer = tokenizer;
            this.first = first;
        }

        boolean knows(String mark) {
            return tokenizer.mark(mark).isPresent();
        }

        void mark(String mark) {
            OptionalInt id = tokenizer.mark(mark);
            tokens.add(id.orElseThrow());
        }

        void text(String text) {
            tokenizer.encode(text, first && tokens.count == 0, tokens);
        }
    }
}
