package skynet.web;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import skynet.bus.Chat;

/** The one form in JSON that conversations of the past have, in answers and in exports. */
final class HistoryJson {
    private HistoryJson() {}

    static JsonObject json(Chat.Conversation conversation) {
        JsonObject json = new JsonObject()
                .put("conversation_id", conversation.id())
                .put("title", conversation.title())
                .put("begun", time(conversation.begunMillis()))
                .put("said", time(conversation.saidMillis()))
                .put("count", conversation.messages());
        if (!conversation.message().isEmpty()) {
            json.put("message_id", conversation.message()).put("excerpt", conversation.excerpt());
        }
        return json;
    }

    static JsonObject json(Chat.Conversation conversation, Chat.Message message) {
        JsonArray answers = new JsonArray();
        message.versions().forEach(version -> answers.add(json(conversation, version)));
        return new JsonObject()
                .put("message_id", message.message())
                .put("said", time(message.saidMillis()))
                .put("message", message.question())
                .put("answers", answers);
    }

    /** An answer as chat gave it, and what its reader said of it; one that is not there has no text. */
    private static JsonObject json(Chat.Conversation conversation, Chat.Version version) {
        JsonObject json = version.answer().isEmpty()
                ? new JsonObject().put("message_id", version.message()).put("conversation_id", conversation.id())
                : AnswerJson.json(new Chat.Said(
                        conversation.id(), version.message(), version.answer().get(0)));
        json.put("asked", time(version.askedMillis())).put("rating", name(version.rating()));
        if (!version.reason().isEmpty()) {
            json.put("reason", version.reason());
        }
        return version.correction().isEmpty() ? json : json.put("correction", version.correction());
    }

    static String name(Chat.Rating rating) {
        return rating.name().toLowerCase(Locale.ROOT);
    }

    static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
