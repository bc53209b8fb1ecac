package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** One request and its answer in JSON: reads what came, hands it to a room, writes what came back. */
final class Exchange {
    private Exchange() {}

    /** Answers a JSON object that was sent. */
    static void body(
            RoutingContext request, int bytesMax, Set<String> fields, Function<JsonBody, Future<JsonObject>> work) {
        written(request, bytesMax, fields, body -> work.apply(body).map(JsonObject::toBuffer));
    }

    /** The same for work that writes its answer in JSON itself. */
    static void written(
            RoutingContext request, int bytesMax, Set<String> fields, Function<JsonBody, Future<Buffer>> work) {
        if (refusesType(request, "application/json", "Send JSON")) {
            return;
        }
        JsonBody.receive(request.request(), bytesMax)
                .compose(body -> parse(request, body, fields))
                .compose(work)
                .onSuccess(json -> json(request, 200, json))
                .onFailure(failure -> Problem.answer(request, failure));
    }

    /** A long body is read beside the event loop, one at a time for each of them. */
    private static Future<JsonBody> parse(RoutingContext request, Buffer body, Set<String> fields) {
        return body.length() <= JsonBody.BYTES_MAX
                ? Future.succeededFuture(JsonBody.parse(body, fields))
                : request.vertx().executeBlocking(() -> JsonBody.parse(body, fields));
    }

    /** Answers 415 when a body says to be of another type, and tells so; a body that does not say its type may come in. */
    static boolean refusesType(RoutingContext request, String mediaType, String fix) {
        String type = request.request().getHeader("Content-Type");
        boolean foreign = type != null && !type.toLowerCase(Locale.ROOT).startsWith(mediaType);
        if (foreign) {
            Problem.answer(
                    request,
                    new Refusal(
                            415,
                            "media-type",
                            "Content-Type: not " + mediaType,
                            fix + " with Content-Type: " + mediaType + "."));
        }
        return foreign;
    }

    /** Answers an operation over HTTP. */
    static void body(RoutingContext request, Operation operation) {
        body(request, operation.bytesMax(), operation.fields(), body -> operation.ask(Caller.of(request), body));
    }

    /** Answers a question asked in the query string, with just these parameters allowed. */
    static void query(RoutingContext request, Set<String> allowed, Function<Query, Future<JsonObject>> work) {
        Future<JsonObject> answer;
        try {
            answer = work.apply(new Query(request, allowed));
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        answer(request, answer);
    }

    static void answer(RoutingContext request, Future<JsonObject> answer) {
        answer.onSuccess(json -> json(request, 200, json)).onFailure(failure -> Problem.answer(request, failure));
    }

    static void json(RoutingContext request, int status, JsonObject json) {
        json(request, status, json.toBuffer());
    }

    private static void json(RoutingContext request, int status, Buffer body) {
        if (request.response().ended() || request.response().closed()) {
            return;
        }
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body);
    }

    /** The parameters of a query string, each at most once. */
    static final class Query {
        private final RoutingContext request;

        Query(RoutingContext request, Set<String> allowed) {
            this.request = request;
            for (Map.Entry<String, String> parameter : request.queryParams()) {
                if (!allowed.contains(parameter.getKey())) {
                    throw new IllegalArgumentException(
                            "parameter: unknown (expected: " + new java.util.TreeSet<>(allowed) + ")");
                }
                if (request.queryParams().getAll(parameter.getKey()).size() > 1) {
                    throw new IllegalArgumentException(parameter.getKey() + ": given twice (expected: once)");
                }
            }
        }

        boolean has(String name) {
            return request.queryParams().contains(name);
        }

        String text(String name) {
            String value = request.queryParams().get(name);
            return value == null ? "" : value;
        }

        /** A cursor that an answer gave; 0 when there is none. */
        long cursor(String name) {
            if (!has(name)) {
                return 0;
            }
            try {
                return Long.parseLong(text(name));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(name + ": no cursor (expected: next of the answer before)");
            }
        }

        int number(String name, int otherwise) {
            if (!has(name)) {
                return otherwise;
            }
            try {
                return Integer.parseInt(text(name));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(name + ": not a number (expected: a whole number below 2147483648)");
            }
        }
    }
}
