package skynet.web;

import java.util.List;
import java.util.Locale;
import skynet.bus.Cascade;
import skynet.bus.Chat;
import skynet.bus.Knowledge;

/** A conversation as a file: JSON for programs, Markdown for people. Written from the top, one message after the other. */
enum Export {
    JSON("application/json", "json") {
        @Override
        String head(Chat.Conversation conversation) {
            String opened = HistoryJson.json(conversation).encode();
            return opened.substring(0, opened.length() - 1) + ",\"messages\":[";
        }

        @Override
        String message(Chat.Conversation conversation, Chat.Message message, boolean first) {
            return (first ? "\n" : ",\n")
                    + HistoryJson.json(conversation, message).encode();
        }

        @Override
        String foot() {
            return "\n]}\n";
        }
    },

    MARKDOWN("text/markdown; charset=utf-8", "md") {
        @Override
        String head(Chat.Conversation conversation) {
            return "# " + line(conversation.title()) + "\n\nBegun " + HistoryJson.time(conversation.begunMillis())
                    + ".\n";
        }

        @Override
        String message(Chat.Conversation conversation, Chat.Message message, boolean first) {
            StringBuilder text = new StringBuilder("\n## ").append(HistoryJson.time(message.saidMillis()));
            text.append("\n\n> ")
                    .append(message.question().replace("\n", "\n> "))
                    .append('\n');
            List<Chat.Version> versions = message.versions();
            for (int at = 0; at < versions.size(); at++) {
                if (versions.size() > 1) {
                    text.append("\n### Answer ").append(at + 1).append('\n');
                }
                answer(text, versions.get(at));
            }
            return text.toString();
        }

        @Override
        String foot() {
            return "";
        }
    };

    private final String mediaType;
    private final String suffix;

    Export(String mediaType, String suffix) {
        this.mediaType = mediaType;
        this.suffix = suffix;
    }

    /** The format of a name; JSON when none is given. */
    static Export of(String format) {
        return switch (format) {
            case "", "json" -> JSON;
            case "markdown" -> MARKDOWN;
            default -> throw new IllegalArgumentException("format: unknown (expected: json or markdown)");
        };
    }

    String mediaType() {
        return mediaType;
    }

    /** A name that every file system takes; the title stands in the file. */
    String file(Chat.Conversation conversation) {
        String words = conversation.title().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String name = words.substring(0, Math.min(words.length(), 40)).replaceAll("^-+|-+$", "");
        return (name.isEmpty() ? "conversation" : name) + "." + suffix;
    }

    /** What stands before the first message. */
    abstract String head(Chat.Conversation conversation);

    /** One message with its answers. */
    abstract String message(Chat.Conversation conversation, Chat.Message message, boolean first);

    /** What stands behind the last message. */
    abstract String foot();

    private static void answer(StringBuilder text, Chat.Version version) {
        if (version.answer().isEmpty()) {
            text.append("\nNot answered.\n");
            return;
        }
        Cascade.Answer answer = version.answer().get(0);
        text.append('\n');
        String said = answer.text();
        int told = 0;
        for (Cascade.Seam seam : answer.seams()) {
            // Those of a release that knew no places stand at 0.
            int place = Math.max(told, Math.min(seam.offset(), said.length()));
            text.append(said, told, place).append("\n\n*").append(words(seam)).append("*\n\n");
            told = place;
        }
        text.append(said, told, said.length()).append('\n');
        int number = 1;
        for (Knowledge.Citation citation : answer.citations()) {
            text.append(number == 1 ? "\n" : "")
                    .append('[')
                    .append(citation.mark() > 0 ? citation.mark() : number)
                    .append("] ");
            number++;
            text.append(line(citation.title().isEmpty() ? citation.document() : citation.title()));
            text.append(", `")
                    .append(line(citation.document()).replace('`', '\''))
                    .append("`\n");
        }
        text.append("\n*").append(answer.level().brand()).append(", ").append(answer.level());
        text.append(", ").append(answer.millis()).append(" ms*\n");
        if (!version.correction().isEmpty()) {
            text.append("\nCorrected by its reader:\n\n")
                    .append(version.correction())
                    .append('\n');
        }
    }

    /** As the chat page tells it. */
    private static String words(Cascade.Seam seam) {
        return seam.after() + " broke off. "
                + switch (seam.mode()) {
                    case CONTINUE -> seam.level() + " goes on here.";
                    case RESTART -> seam.level() + " answers anew.";
                    case MISSING -> "The rest is missing.";
                };
    }

    private static String line(String text) {
        return text.replaceAll("\\s+", " ");
    }
}
