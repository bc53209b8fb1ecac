package skynet.web;

import io.vertx.core.json.JsonObject;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a refusal looks like to clients of OpenAI's interface, on the paths of that interface. */
final class OpenAiError {
    private static final Pattern FIELD =
            Pattern.compile("([a-z_]+(?:\\[\\d+])?(?:\\.[a-z_]+(?:\\[\\d+])?)*): .*", Pattern.DOTALL);

    private OpenAiError() {}

    /** Whether a path is one of that interface. */
    static boolean speaks(String path) {
        return path != null
                && (path.startsWith("/v1/chat/")
                        || path.equals("/v1/models")
                        || path.startsWith("/v1/models/")
                        || path.equals("/v1/embeddings"));
    }

    static JsonObject json(Refusal refusal) {
        return new JsonObject()
                .put(
                        "error",
                        new JsonObject()
                                .put("message", refusal.getMessage())
                                .put("type", type(refusal.status()))
                                .put("param", param(refusal))
                                .put("code", code(refusal)));
    }

    private static String type(int status) {
        return switch (status) {
            case 403 -> "permission_error";
            case 429 -> "rate_limit_error";
            default -> status >= 500 ? "server_error" : "invalid_request_error";
        };
    }

    private static String code(Refusal refusal) {
        return switch (refusal.slug()) {
            case "unauthenticated" -> "invalid_api_key";
            case "throttled" -> "rate_limit_exceeded";
            case "too-large" -> "context_length_exceeded";
            case "invalid", "json" -> null;
            default -> refusal.slug().replace('-', '_');
        };
    }

    /** The field that is wrong, as our messages name it first; those of the node's own inside are no fields of a request. */
    private static String param(Refusal refusal) {
        if (refusal.slug().equals("model-not-found")) {
            return "model";
        }
        Matcher field = FIELD.matcher(String.valueOf(refusal.getMessage()));
        return refusal.status() == 400 && field.matches() && !field.group(1).equals("body") ? field.group(1) : null;
    }
}
