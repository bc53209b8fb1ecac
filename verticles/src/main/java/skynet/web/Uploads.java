package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerFileUpload;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import skynet.bus.Bus;
import skynet.bus.Knowledge;

/**
 * The doors for files and for many documents at once. A file comes as the body of a request or as a part of a form; nothing
 * of it is written to a disk on the way. Of many documents each is one line of JSON.
 */
final class Uploads {
    /** Most files of one form. */
    static final int FILES_MAX = 20;

    /** Longest body of many documents. */
    static final int LINES_BYTES_MAX = 16 << 20;

    private static final String MEDIA_TYPE = "application/x-ndjson";
    private static final Set<String> PLACE = Set.of("collection", "shared");

    private final Bus bus;

    Uploads(Bus bus) {
        this.bus = bus;
    }

    void mount(Router router, String below) {
        router.post(below + "/upload").handler(this::upload);
        router.post(below + "/batch").handler(this::batch);
    }

    private void upload(RoutingContext request) {
        String type = header(request, "Content-Type");
        if (!header(request, "Content-Encoding").isEmpty()) {
            Problem.answer(
                    request,
                    new Refusal(415, "media-type", "Content-Encoding: packed", "Send the file as it is, not packed."));
        } else if (type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
            form(request);
        } else {
            Exchange.query(request, Set.of("name", "collection", "shared"), query -> {
                Target target = new Target(
                        KnowledgeRoutes.owner(Caller.of(request), query.text("shared")), query.text("collection"));
                return JsonBody.receive(request.request(), Knowledge.FILE_BYTES_MAX)
                        .compose(body -> take(new Part(query.text("name"), type, body), target));
            });
        }
    }

    private void form(RoutingContext request) {
        Exchange.query(request, PLACE, query -> {
            Target target = new Target(
                    KnowledgeRoutes.owner(Caller.of(request), query.text("shared")), query.text("collection"));
            return parts(request.request()).compose(parts -> all(parts, target));
        });
    }

    /** One file's refusal is the answer; of several each tells what came of it. */
    private Future<JsonObject> all(List<Part> parts, Target target) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("form: no file (expected: one part with a file name or more)");
        }
        if (parts.size() == 1) {
            return take(parts.get(0), target);
        }
        JsonArray documents = new JsonArray();
        Future<?> done = Future.succeededFuture();
        for (Part part : parts) {
            done = done.compose(before -> take(part, target)
                    .recover(failure -> Future.succeededFuture(new JsonObject()
                            .put("document", part.name())
                            .put("problem", Problem.json(failure, "", "upload"))))
                    .onSuccess(documents::add));
        }
        return done.map(all -> new JsonObject().put("documents", documents));
    }

    private Future<JsonObject> take(Part part, Target target) {
        if (part.name().isBlank()) {
            throw new IllegalArgumentException("name: missing (expected: ?name= with the document's name)");
        }
        return aside(() -> new Knowledge.Import(
                        part.name(),
                        part.type(),
                        Base64.getEncoder().encodeToString(part.body().getBytes()),
                        target.tenant(),
                        target.collection()))
                .compose(file -> bus.ask(file, KnowledgeRoutes.LEARNING))
                .map(taken -> new JsonObject()
                        .put("document", taken.document())
                        .put("title", taken.title())
                        .put("chunks", taken.chunks())
                        .put("changed", taken.changed())
                        .put("characters", taken.chars())
                        .put("pages", taken.pages()));
    }

    /** Work on megabytes is not for the event loop; one at a time for each loop is done beside it. */
    private static <T> Future<T> aside(Callable<T> work) {
        return Vertx.currentContext().executeBlocking(work);
    }

    private static Future<List<Part>> parts(HttpServerRequest request) {
        Promise<List<Part>> whole = Promise.promise();
        List<Part> parts = new ArrayList<>();
        long[] bytes = new long[1];
        request.setExpectMultipart(true);
        request.uploadHandler(upload -> {
            Part part = new Part(nameOf(upload), typeOf(upload), Buffer.buffer());
            if (parts.size() == FILES_MAX) {
                whole.tryFail(new IllegalArgumentException("form: more than " + FILES_MAX + " files"));
            } else {
                parts.add(part);
            }
            upload.handler(more -> {
                bytes[0] += more.length();
                if (bytes[0] > Knowledge.FILE_BYTES_MAX) {
                    whole.tryFail(new Refusal(
                            413,
                            "too-large",
                            "form: more than " + Knowledge.FILE_BYTES_MAX + " bytes",
                            "Send less at once."));
                } else if (!whole.future().isComplete()) {
                    part.body().appendBuffer(more);
                }
            });
        });
        request.exceptionHandler(failure ->
                whole.tryFail(new IllegalArgumentException("form: not to be read (expected: multipart/form-data)")));
        request.endHandler(ended -> whole.tryComplete(parts));
        return whole.future();
    }

    private static String nameOf(HttpServerFileUpload upload) {
        return upload.filename() == null ? "" : upload.filename().replace('\\', '/');
    }

    private static String typeOf(HttpServerFileUpload upload) {
        return upload.contentType() == null ? "" : upload.contentType();
    }

    private void batch(RoutingContext request) {
        if (Exchange.refusesType(request, MEDIA_TYPE, "Send one JSON object a line")) {
            return;
        }
        Exchange.query(request, PLACE, query -> {
            Target target = new Target(
                    KnowledgeRoutes.owner(Caller.of(request), query.text("shared")), query.text("collection"));
            return JsonBody.receive(request.request(), LINES_BYTES_MAX)
                    .compose(body -> aside(() -> Lines.read(body, target)))
                    .compose(this::learn);
        });
    }

    private Future<JsonObject> learn(Lines lines) {
        Future<List<Knowledge.Learned>> learned = lines.learns().isEmpty()
                ? Future.succeededFuture(List.of())
                : bus.ask(new Knowledge.LearnAll(lines.learns()), KnowledgeRoutes.LEARNING)
                        .map(Knowledge.LearnedAll::documents);
        return learned.map(all -> new JsonObject()
                .put("documents", all.size())
                .put("chunks", all.stream().mapToInt(Knowledge.Learned::chunks).sum())
                .put("changed", all.stream().filter(Knowledge.Learned::changed).count())
                .put("refused", lines.refused()));
    }

    private static Knowledge.Learn learn(String line, Target target) {
        JsonBody body = JsonBody.parse(line, Set.of("id", "title", "text", "pages"));
        String name = body.text("id");
        String title = body.textOrEmpty("title");
        return new Knowledge.Learn(
                name,
                title.isBlank() ? name : title,
                body.text("text"),
                target.tenant(),
                target.collection(),
                body.numbers("pages", Knowledge.PAGES_MAX));
    }

    private static String header(RoutingContext request, String name) {
        String value = request.request().getHeader(name);
        return value == null ? "" : value;
    }

    /** Documents that came as lines, and which of them cannot be taken: those keep nobody else's from being. */
    private record Lines(List<Knowledge.Learn> learns, JsonArray refused) {

        static Lines read(Buffer body, Target target) {
            List<String> lines = JsonBody.utf8(body)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .limit(Knowledge.DOCUMENTS_MAX + 1L)
                    .toList();
            if (lines.isEmpty() || lines.size() > Knowledge.DOCUMENTS_MAX) {
                throw new IllegalArgumentException("lines: " + (lines.isEmpty() ? "none" : "too many")
                        + " (expected: 1 to " + Knowledge.DOCUMENTS_MAX + ")");
            }
            List<Knowledge.Learn> learns = new ArrayList<>();
            JsonArray refused = new JsonArray();
            for (int i = 0; i < lines.size(); i++) {
                try {
                    learns.add(learn(lines.get(i), target));
                } catch (IllegalArgumentException | Refusal e) {
                    refused.add(new JsonObject().put("line", i + 1).put("detail", e.getMessage()));
                }
            }
            return new Lines(learns, refused);
        }
    }

    /** Whose collection it goes into. */
    private record Target(String tenant, String collection) {}

    /** A file as it came. */
    private record Part(String name, String type, Buffer body) {}
}
