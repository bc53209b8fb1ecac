package skynet.cascade.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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
     * What has no room for sure, by its characters, is not cut into tokens, nor anything once there is no room or nobody waits.
     *
     * @param said the beginning of the answer
     * @param stopped whether nobody waits for it any longer; then it is empty, too
     */
    Optional<int[]> prompt(BytePairs tokenizer, List<Line> lines, String said, int tokensMax, BooleanSupplier stopped) {
        Room room = new Room(tokenizer, tokensMax - tokenizer.preface().size(), stopped);
        Optional<int[]> tail = room.take(false, to -> {
            lay("assistant", Optional.empty(), to);
            if (!said.isEmpty()) {
                to.text(said);
            }
        });
        List<Optional<int[]>> laid = new ArrayList<>(Collections.nCopies(lines.size(), Optional.empty()));
        boolean fits = tail.isPresent();
        for (int at = 0; at < lines.size() && fits; at++) {
            if (stays(lines, at)) {
                laid.set(at, take(room, lines, at));
                fits = laid.get(at).isPresent();
            }
        }
        boolean more = fits;
        for (int at = lines.size() - 2; at >= 0 && more; at--) {
            if (!stays(lines, at)) {
                laid.set(at, take(room, lines, at));
                more = laid.get(at).isPresent();
            }
        }
        if (!fits || stopped.getAsBoolean()) {
            return Optional.empty();
        }
        Tokens all = new Tokens();
        tokenizer.preface().forEach(all::add);
        laid.forEach(line -> line.ifPresent(all::addAll));
        all.addAll(tail.orElseThrow());
        return Optional.of(all.ids());
    }

    private static boolean stays(List<Line> lines, int at) {
        return at == lines.size() - 1 || lines.get(at).role().equals("system");
    }

    private Optional<int[]> take(Room room, List<Line> lines, int at) {
        Line line = lines.get(at);
        return room.take(at == 0, to -> lay(line.role(), Optional.of(line.text()), to));
    }

    /** What is left of a model's window. */
    private static final class Room {
        private final BytePairs tokenizer;
        private final BooleanSupplier stopped;
        private int left;

        Room(BytePairs tokenizer, int left, BooleanSupplier stopped) {
            this.tokenizer = tokenizer;
            this.left = left;
            this.stopped = stopped;
        }

        /** The tokens of what is laid; empty when they have no room, or nobody waits for them. */
        Optional<int[]> take(boolean first, Consumer<Writer> lay) {
            Tokens tokens = new Tokens(left, stopped);
            try {
                lay.accept(new Writer(tokenizer, tokens, first));
            } catch (Tokens.Enough noMore) {
                return Optional.empty();
            }
            left -= tokens.count;
            return Optional.of(tokens.ids());
        }
    }

    /** Writes marks and texts as tokens. */
    static final class Writer {
        private final BytePairs tokenizer;
        private final Tokens tokens;
        private final boolean first;

        Writer(BytePairs tokenizer, Tokens tokens, boolean first) {
            this.tokenizer = tokenizer;
            this.tokens = tokens;
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
            tokens.requireRoom(text.length() / tokenizer.longest());
            tokenizer.encode(text, first && tokens.count == 0, tokens);
        }
    }
}
