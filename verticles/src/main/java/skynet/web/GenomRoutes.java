package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import skynet.bus.Bus;
import skynet.bus.Genom;

/** The doors of GENOM: encode, decode, and what the dictionary knows. */
final class GenomRoutes {
    private static final Set<String> KEYS = Set.of("word", "id", "hex");
    private static final Set<String> TEXT = Set.of("text");
    private static final int NEAREST_SHOWN = 20;

    private final Bus bus;

    GenomRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(Router router) {
        router.post("/v1/encode").handler(this::encode);
        router.post("/api/genom/encode").handler(this::encode);
        router.post(Batch.PATH).handler(this::encodeLines);
        router.post("/v1/decode").handler(request -> Exchange.body(request, decode()));
        router.post("/api/genom/decode").handler(request -> Exchange.body(request, decode()));
        router.post("/v1/translate").handler(request -> Exchange.body(request, translate()));
        router.get("/v1/lookup").handler(this::lookup);
        router.get("/v1/stats").handler(this::stats);
        router.get("/v1/dictionary").handler(this::browse);
        router.get("/v1/dictionary/nearest").handler(this::nearest);
    }

    /** What pages may ask over the browser bus. */
    List<Operation> operations() {
        return List.of(
                encode(),
                decode(),
                translate(),
                new Operation("api.genom.lookup", "dictionary:read", JsonBody.BYTES_MAX, KEYS, (caller, body) -> {
                    List<String> given = KEYS.stream().filter(body::has).toList();
                    return lookup(given, body::text);
                }),
                new Operation(
                        "api.genom.near",
                        "dictionary:read",
                        JsonBody.BYTES_MAX,
                        Set.of("word", "limit"),
                        (caller, body) -> page(
                                bus.ask(new Genom.Nearest(body.text("word"), body.number("limit", NEAREST_SHOWN))))));
    }

    private void encode(RoutingContext request) {
        Exchange.written(request, JsonBody.TEXT_BYTES_MAX, TEXT, body -> bus.ask(new Genom.Encode(body.text("text")))
                .map(EncodedJson::of));
    }

    private Operation encode() {
        return new Operation("api.genom.encode", "genom:read", JsonBody.TEXT_BYTES_MAX, TEXT, (caller, body) -> bus.ask(
                        new Genom.Encode(body.text("text")))
                .map(GenomRoutes::encoded));
    }

    /** Many texts, a line each; the tokens are left out, a frame holds them all. */
    private void encodeLines(RoutingContext request) {
        if (Exchange.refusesType(request, Batch.MEDIA_TYPE, "Send a JSON object a line")) {
            return;
        }
        Operation line = new Operation(
                "api.genom.encode",
                "genom:read",
                JsonBody.TEXT_BYTES_MAX,
                Set.of("text", "id"),
                (caller, body) -> bus.ask(new Genom.Encode(body.text("text"))).map(encoded -> {
                    JsonObject answer = untold(encoded);
                    return body.has("id") ? answer.put("id", body.text("id")) : answer;
                }));
        new Batch(line, request).begin();
    }

    private Operation decode() {
        return new Operation(
                "api.genom.decode",
                "genom:read",
                JsonBody.TEXT_BYTES_MAX,
                Set.of("genom_message"),
                (caller, body) -> bus.ask(new Genom.Decode(body.text("genom_message")))
                        .map(decoded -> new JsonObject().put("text", decoded.text())));
    }

    private Operation translate() {
        return new Operation(
                "api.genom.translate",
                "genom:read",
                JsonBody.BYTES_MAX,
                Set.of("text", "target"),
                (caller, body) -> bus.ask(new Genom.Translate(body.text("text"), body.text("target")))
                        .map(GenomRoutes::translated));
    }

    private void lookup(RoutingContext request) {
        Exchange.query(request, KEYS, query -> {
            List<String> given = request.queryParams().names().stream().toList();
            return lookup(given, query::text);
        });
    }

    private Future<JsonObject> lookup(List<String> given, UnaryOperator<String> valueOf) {
        if (given.size() != 1) {
            throw new IllegalArgumentException("lookup: " + given.size() + " keys (expected: one of word, id, hex)");
        }
        String name = given.get(0);
        Genom.Key key = Genom.Key.valueOf(name.toUpperCase(Locale.ROOT));
        return bus.ask(new Genom.Lookup(key, valueOf.apply(name))).map(found -> json(found.token()));
    }

    private void stats(RoutingContext request) {
        Exchange.query(request, Set.of(), query -> bus.ask(new Genom.Count()).map(counts -> new JsonObject()
                .put("tokens", counts.tokens())
                .put("version", counts.version())
                .put("sectors", tallies(counts.sectors()))
                .put("quadrants", tallies(counts.quadrants()))
                .put("languages", tallies(counts.languages()))
                .put("compression", compression(counts.compression()))));
    }

    private void browse(RoutingContext request) {
        Exchange.query(
                request,
                Set.of("sector", "quadrant", "cursor", "limit"),
                query -> page(bus.ask(new Genom.Browse(
                        query.text("sector"),
                        query.text("quadrant"),
                        query.number("cursor", 0),
                        query.number("limit", 100)))));
    }

    private void nearest(RoutingContext request) {
        Exchange.query(request, Set.of("word", "limit"), query -> {
            if (!query.has("word")) {
                throw new IllegalArgumentException("word: missing (expected: a word of the dictionary)");
            }
            return page(bus.ask(new Genom.Nearest(query.text("word"), query.number("limit", NEAREST_SHOWN))));
        });
    }

    private static Future<JsonObject> page(Future<Genom.Page> page) {
        return page.map(found -> {
            JsonArray items = new JsonArray();
            found.items().forEach(token -> items.add(json(token)));
            JsonObject answer = new JsonObject().put("items", items);
            return found.next() < 0 ? answer : answer.put("next", found.next());
        });
    }

    static JsonObject encoded(Genom.Encoded encoded) {
        JsonArray tokens = new JsonArray();
        encoded.tokens().forEach(token -> tokens.add(json(token)));
        return untold(encoded).put("tokens", tokens);
    }

    /** The same without its tokens, which are most of it; the frame holds them all. */
    private static JsonObject untold(Genom.Encoded encoded) {
        return new JsonObject()
                .put("genom_message", encoded.frame())
                .put(
                        "intent",
                        new JsonObject()
                                .put("symbol", encoded.intent().symbol())
                                .put("name", encoded.intent().name())
                                .put("confidence", encoded.intent().confidence()))
                .put("token_count", encoded.tokenCount())
                .put("compression_ratio", Math.round(encoded.compressionRatio() * 1e4) / 1e4)
                .put("binary_bytes", encoded.binaryBytes())
                .put("text_bytes", encoded.textBytes());
    }

    private static JsonObject translated(Genom.Translated translated) {
        JsonArray words = new JsonArray();
        for (Genom.Word word : translated.words()) {
            JsonArray candidates = new JsonArray();
            word.candidates()
                    .forEach(c -> candidates.add(new JsonObject()
                            .put("word", c.word())
                            .put("via", c.via())
                            .put("confidence", c.confidence())));
            JsonObject shown = new JsonObject().put("source", word.source()).put("candidates", candidates);
            words.add(candidates.isEmpty() ? shown.put("untranslated", true) : shown);
        }
        return new JsonObject().put("words", words);
    }

    static JsonObject json(Genom.Token token) {
        return new JsonObject()
                .put("token_id", token.id())
                .put("hex", token.hex())
                .put("canonical", token.canonical())
                .put("sector", token.sector())
                .put("language", token.language())
                .put("r", Math.round(token.r() * 10) / 10.0)
                .put("theta", Math.round(token.thetaRadians() * 1e4) / 1e4);
    }

    private static JsonArray compression(List<Genom.Compression> measured) {
        JsonArray texts = new JsonArray();
        measured.forEach(one -> texts.add(new JsonObject()
                .put("text", one.text())
                .put("text_bytes", one.textBytes())
                .put("genom_ratio", ratio(one.genomBytes(), one.textBytes()))
                .put("zstd_ratio", ratio(one.zstdBytes(), one.textBytes()))));
        return texts;
    }

    private static double ratio(int bytes, int textBytes) {
        return Math.round(1e4 * bytes / textBytes) / 1e4;
    }

    private static JsonObject tallies(List<Genom.Tally> tallies) {
        JsonObject json = new JsonObject();
        tallies.forEach(tally -> json.put(tally.name(), tally.tokens()));
        return json;
    }
}
