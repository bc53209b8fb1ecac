package skynet.web;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import skynet.bus.Cascade;
import skynet.bus.Chat;
import skynet.bus.Knowledge;
import skynet.bus.codec.Lines;

/** The one form in JSON that an answer has behind every door of chat. */
final class AnswerJson {
    private AnswerJson() {}

    static JsonObject json(Chat.Said said) {
        Cascade.Answer answer = said.answer();
        JsonArray route = new JsonArray();
        answer.route().forEach(step -> route.add(json(step)));
        JsonArray citations = new JsonArray();
        answer.citations().forEach(citation -> citations.add(json(citation)));
        JsonArray seams = new JsonArray();
        answer.seams().forEach(seam -> seams.add(json(seam)));
        JsonObject json = new JsonObject()
                .put("message_id", said.message())
                .put("conversation_id", said.conversation())
                .put("answer", answer.text())
                .put("answered", answer.answered())
                .put("level", answer.level().name())
                .put("brand", answer.brand())
                .put("route", route)
                .put("citations", citations)
                .put("ms", answer.millis())
                .put("segments", Lines.segments(answer.segments()))
                .put("seams", seams)
                .put("finish", answer.finish().isEmpty() ? "stop" : answer.finish());
        return withMore(json, answer.explained(), answer.calls());
    }

    /** The choice of the level and the calls of tools, where there are some. */
    private static JsonObject withMore(JsonObject json, String explained, String calls) {
        if (!explained.isEmpty()) {
            json.put("explain", new JsonObject(explained));
        }
        if (!calls.isEmpty()) {
            json.put("tool_calls", new JsonArray(calls));
        }
        return json;
    }

    /** What is told beside the text of an answer, as it is read piece by piece. */
    static JsonObject event(String name, String line) {
        return switch (name) {
            case "route" -> json(Lines.step(line));
            case "cite" -> json(Lines.citation(line));
            default -> json(Lines.usage(line));
        };
    }

    static JsonObject json(Cascade.Usage usage) {
        JsonObject json = new JsonObject()
                .put("level", usage.level().name())
                .put("brand", usage.brand())
                .put("answered", usage.answered())
                .put("ms", usage.millis())
                .put("segments", Lines.segments(usage.segments()));
        return withMore(json, usage.explained(), usage.calls());
    }

    /** Another level goes on. */
    static JsonObject json(Cascade.Seam seam) {
        return new JsonObject()
                .put("after", seam.after().name())
                .put("level", seam.level().name())
                .put("mode", seam.mode().name().toLowerCase(Locale.ROOT))
                .put("reason", seam.reason())
                .put("offset", seam.offset());
    }

    static JsonObject json(Chat.Begun begun) {
        return new JsonObject()
                .put("message_id", begun.message())
                .put("conversation_id", begun.conversation())
                .put("owner", begun.owner())
                .put("attempt", begun.attempt());
    }

    static JsonObject json(Cascade.Step step) {
        return new JsonObject()
                .put("level", step.level().name())
                .put("outcome", step.outcome().name().toLowerCase(Locale.ROOT))
                .put("ms", step.millis())
                .put("reason", step.reason());
    }

    static JsonObject json(Knowledge.Citation citation) {
        return new JsonObject()
                .put("document", citation.document())
                .put("title", citation.title())
                .put("chunk", citation.chunk())
                .put("start", citation.start())
                .put("end", citation.end())
                .put("text", citation.text())
                .put("page", citation.page())
                .put("collection", citation.collection())
                .put("shared", citation.shared())
                .put("mark", citation.mark());
    }
}
