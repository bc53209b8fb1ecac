package skynet.web;

import java.util.Set;
import skynet.bus.Cascade.Band;
import skynet.bus.Cascade.Policy;
import skynet.bus.Cascade.Wish;
import skynet.bus.Chat;
import skynet.bus.Principal;

/** What somebody says to chat, in the one form that it has behind every door. */
final class Saying {
    static final Set<String> FIELDS =
            Set.of("message", "conversation_id", "message_id", "regenerate", "model", "policy", "explain");

    private Saying() {}

    /** To be answered as a whole. */
    static Chat.Say say(JsonBody body, Principal by) {
        return say(body, by, false);
    }

    /** The same, told how its level was chosen when the body or the query says so. */
    static Chat.Say say(JsonBody body, Principal by, boolean explained) {
        String of = body.textOrEmpty("regenerate");
        return new Chat.Say(
                body.textOrEmpty("conversation_id"),
                body.textOrEmpty("message_id"),
                of.isEmpty() ? body.text("message") : body.textOrEmpty("message"),
                by,
                wish(body, explained),
                of);
    }

    /** To be answered piece by piece. */
    static Chat.Begin begin(JsonBody body, Principal by, boolean explained) {
        Chat.Say say = say(body, by, explained);
        return new Chat.Begin(say.conversation(), say.message(), say.text(), by, say.wish(), say.of());
    }

    private static Wish wish(JsonBody body, boolean explainedAnyway) {
        Band band = band(body.textOrEmpty("model"));
        Policy policy = policy(body.textOrEmpty("policy"));
        boolean explained = body.flag("explain") || explainedAnyway;
        return band == Band.ANY && policy == Policy.NODE && !explained
                ? Wish.NONE
                : new Wish(band, policy, 0, explained, Wish.NONE.before(), "");
    }

    private static Band band(String model) {
        return switch (model) {
            case "", "skyai-auto" -> Band.ANY;
            case "skyai-standard" -> Band.STANDARD;
            case "skyai-advanced" -> Band.ADVANCED;
            case "skyai-pro" -> Band.PRO;
            default ->
                throw new IllegalArgumentException(
                        "model: unknown (expected: skyai-auto, skyai-standard, skyai-advanced or skyai-pro)");
        };
    }

    private static Policy policy(String name) {
        return switch (name) {
            case "" -> Policy.NODE;
            case "cost" -> Policy.COST;
            case "speed" -> Policy.SPEED;
            case "quality" -> Policy.QUALITY;
            default -> throw new IllegalArgumentException("policy: unknown (expected: cost, speed or quality)");
        };
    }
}
