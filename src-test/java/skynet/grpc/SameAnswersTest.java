package skynet.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.MessageLite;
import io.grpc.StatusRuntimeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import skynet.bus.BusMessage;
import skynet.bus.Fault;
import skynet.bus.Genom;
import skynet.bus.Request;
import skynet.grpc.v1.DecodeRequest;
import skynet.grpc.v1.DecodeResponse;
import skynet.grpc.v1.EncodeRequest;
import skynet.grpc.v1.EncodeResponse;
import skynet.grpc.v1.LookupRequest;
import skynet.grpc.v1.LookupResponse;
import skynet.grpc.v1.SearchRequest;
import skynet.grpc.v1.SearchResponse;
import skynet.grpc.v1.StatsRequest;
import skynet.grpc.v1.StatsResponse;
import skynet.grpc.v1.Tally;
import skynet.grpc.v1.Token;

/** The bus, REST and gRPC, each asked the questions of {@code vectors.json}, give the same answers. */
class SameAnswersTest {
    private static Doors doors;
    private static JsonObject vectors;

    @BeforeAll
    static void open() throws Exception {
        doors = Doors.open();
        try (var file = SameAnswersTest.class.getResourceAsStream("/skynet/grpc/vectors.json")) {
            vectors = new JsonObject(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @AfterAll
    static void close() throws Exception {
        doors.close();
    }

    @Test
    void everyTextIsEncodedAlikeAndComesBack() throws Exception {
        for (String text : texts("texts")) {
            Genom.Encoded bus = Doors.await(doors.bus.ask(new Genom.Encode(text)));
            EncodeResponse grpc = doors.encode(text);
            JsonObject rest = doors.post("/v1/encode", new JsonObject().put("text", text));
            assertEquals(rest(Mapping.message(bus)), rest(grpc), text);
            assertEquals(rest(grpc), unnumbered(rest), text);
            DecodeResponse back = doors.ask(
                    "skynet.v1.Encoder/Decode",
                    DecodeRequest.newBuilder()
                            .setGenomMessage(rest.getString("genom_message"))
                            .build(),
                    DecodeResponse.getDefaultInstance());
            assertEquals(text, back.getText());
            assertEquals(
                    text,
                    doors.post("/v1/decode", new JsonObject().put("genom_message", grpc.getGenomMessage()))
                            .getString("text"));
        }
    }

    @Test
    void everyBadFrameIsRefusedAlike() throws Exception {
        for (String frame : texts("badFrames")) {
            refusedAlike(
                    new Genom.Decode(frame),
                    doors.post("/v1/decode", new JsonObject().put("genom_message", frame)),
                    "skynet.v1.Encoder/Decode",
                    DecodeRequest.newBuilder().setGenomMessage(frame).build(),
                    DecodeResponse.getDefaultInstance());
        }
    }

    @Test
    void aTextThatIsTooLongIsRefusedAlikeAsAMatterOfSize() throws Exception {
        String text = "x".repeat(Genom.TEXT_BYTES_MAX + 1);
        JsonObject rest = doors.post("/v1/encode", new JsonObject().put("text", text));
        assertEquals(413, rest.getInteger("status"));
        refusedAlike(
                new Genom.Encode(text),
                rest,
                "skynet.v1.Encoder/Encode",
                EncodeRequest.newBuilder().setText(text).build(),
                EncodeResponse.getDefaultInstance());
    }

    @Test
    void everyTokenIsFoundOrMissedAlike() throws Exception {
        for (String word : texts("words")) {
            lookup(Genom.Key.WORD, word, LookupRequest.newBuilder().setWord(word));
        }
        for (String id : texts("ids")) {
            lookup(Genom.Key.ID, id, LookupRequest.newBuilder().setId(id));
        }
        for (String hex : texts("hexes")) {
            lookup(Genom.Key.HEX, hex, LookupRequest.newBuilder().setHex(hex));
        }
    }

    @Test
    void everyPageIsTheSame() throws Exception {
        for (Object each : vectors.getJsonArray("searches")) {
            JsonObject vector = (JsonObject) each;
            SearchRequest ask = SearchRequest.newBuilder()
                    .setSector(vector.getString("sector"))
                    .setQuadrant(vector.getString("quadrant"))
                    .setCursor(vector.getInteger("cursor"))
                    .setLimit(vector.getInteger("limit"))
                    .build();
            JsonObject rest = doors.get("/v1/dictionary?sector=" + ask.getSector() + "&quadrant=" + ask.getQuadrant()
                    + "&cursor=" + ask.getCursor() + "&limit=" + ask.getLimit());
            if (rest.containsKey("status")) {
                refusedAlike(null, rest, "skynet.v1.Dictionary/Search", ask, SearchResponse.getDefaultInstance());
                continue;
            }
            SearchResponse grpc = doors.ask("skynet.v1.Dictionary/Search", ask, SearchResponse.getDefaultInstance());
            assertEquals(Mapping.message(Doors.await(doors.bus.ask(Mapping.word(ask)))), grpc);
            JsonArray items = new JsonArray();
            grpc.getItemsList().forEach(token -> items.add(rest(token)));
            assertEquals(rest.getJsonArray("items"), items);
            assertEquals(rest.getInteger("next", -1), grpc.hasNext() ? grpc.getNext() : -1);
        }
    }

    @Test
    void anglesHaveFourDecimalsAtEveryDoor() throws Exception {
        for (String word : texts("words")) {
            JsonObject rest = doors.get("/v1/lookup?word=" + URLEncoder.encode(word, StandardCharsets.UTF_8));
            if (rest.containsKey("status")) {
                continue;
            }
            int id = Integer.parseInt(rest.getString("token_id").substring(2));
            double exact = Doors.table().theta(id);
            assertEquals(
                    java.math.BigDecimal.valueOf(exact)
                            .setScale(4, java.math.RoundingMode.HALF_UP)
                            .doubleValue(),
                    rest.getDouble("theta"),
                    word);
        }
    }

    @Test
    void aPageWithoutALimitHasAsManyRowsAsInRest() throws Exception {
        SearchResponse grpc = doors.ask(
                "skynet.v1.Dictionary/Search", SearchRequest.getDefaultInstance(), SearchResponse.getDefaultInstance());
        assertEquals(doors.get("/v1/dictionary").getJsonArray("items").size(), grpc.getItemsCount());
    }

    @Test
    void theCountsAreTheSame() throws Exception {
        StatsResponse grpc = doors.ask(
                "skynet.v1.Dictionary/Stats", StatsRequest.getDefaultInstance(), StatsResponse.getDefaultInstance());
        JsonObject rest = doors.get("/v1/stats");
        assertEquals(Mapping.message(Doors.await(doors.bus.ask(new Genom.Count()))), grpc);
        assertEquals(
                rest,
                new JsonObject()
                        .put("tokens", grpc.getTokens())
                        .put("version", grpc.getVersion())
                        .put("sectors", rest(grpc.getSectorsList()))
                        .put("quadrants", rest(grpc.getQuadrantsList()))
                        .put("languages", rest(grpc.getLanguagesList()))
                        .put("compression", compression(grpc)));
    }

    @Test
    void aLookupByNothingIsRefusedAlike() throws Exception {
        JsonObject rest = doors.get("/v1/lookup");
        StatusRuntimeException grpc = refusal(
                "skynet.v1.Dictionary/Lookup", LookupRequest.getDefaultInstance(), LookupResponse.getDefaultInstance());
        assertEquals(400, rest.getInteger("status"));
        assertEquals(io.grpc.Status.Code.INVALID_ARGUMENT, grpc.getStatus().getCode());
    }

    private void lookup(Genom.Key key, String value, LookupRequest.Builder ask) throws Exception {
        String name = key.name().toLowerCase(java.util.Locale.ROOT);
        JsonObject rest = doors.get("/v1/lookup?" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        if (rest.containsKey("status")) {
            refusedAlike(
                    new Genom.Lookup(key, value),
                    rest,
                    "skynet.v1.Dictionary/Lookup",
                    ask.build(),
                    LookupResponse.getDefaultInstance());
            return;
        }
        LookupResponse grpc =
                doors.ask("skynet.v1.Dictionary/Lookup", ask.build(), LookupResponse.getDefaultInstance());
        assertEquals(rest, rest(grpc.getToken()));
        assertEquals(Mapping.message(Doors.await(doors.bus.ask(new Genom.Lookup(key, value)))), grpc);
    }

    private static <Q extends MessageLite, A extends MessageLite> void refusedAlike(
            Request<? extends BusMessage> bus, JsonObject rest, String method, Q ask, A shape) {
        StatusRuntimeException grpc = refusal(method, ask, shape);
        assertEquals(rest.getString("detail"), grpc.getStatus().getDescription());
        assertEquals(statusOf(rest.getInteger("status")), grpc.getStatus().getCode());
        assertEquals(rest.getString("type"), "/docs/errors/" + DetailsTest.reason(grpc));
        if (bus != null) {
            ExecutionException failure = assertThrows(ExecutionException.class, () -> Doors.await(doors.bus.ask(bus)));
            Fault fault = (Fault) failure.getCause();
            assertEquals(rest.getString("detail"), fault.getMessage());
            assertEquals(rest.getInteger("status"), fault.kind().status());
        }
    }

    private static <Q extends MessageLite, A extends MessageLite> StatusRuntimeException refusal(
            String method, Q ask, A shape) {
        return assertThrows(StatusRuntimeException.class, () -> doors.ask(method, ask, shape));
    }

    private static io.grpc.Status.Code statusOf(int http) {
        return switch (http) {
            case 400 -> io.grpc.Status.Code.INVALID_ARGUMENT;
            case 404 -> io.grpc.Status.Code.NOT_FOUND;
            case 413 -> io.grpc.Status.Code.RESOURCE_EXHAUSTED;
            default -> throw new AssertionError("HTTP " + http);
        };
    }

    /** An answer of gRPC as REST shows it. */
    private static JsonObject rest(EncodeResponse grpc) {
        JsonArray tokens = new JsonArray();
        grpc.getTokensList().forEach(token -> tokens.add(rest(token)));
        return unnumbered(new JsonObject()
                .put("genom_message", grpc.getGenomMessage())
                .put(
                        "intent",
                        new JsonObject()
                                .put("symbol", grpc.getIntent().getSymbol())
                                .put("name", grpc.getIntent().getName())
                                .put("confidence", grpc.getIntent().getConfidence()))
                .put("tokens", tokens)
                .put("token_count", grpc.getTokenCount())
                .put("compression_ratio", Math.round(grpc.getCompressionRatio() * 1e4) / 1e4)
                .put("binary_bytes", grpc.getBinaryBytes())
                .put("text_bytes", grpc.getTextBytes()));
    }

    private static JsonObject rest(Token token) {
        return new JsonObject()
                .put("token_id", token.getTokenId())
                .put("hex", token.getHex())
                .put("canonical", token.getCanonical())
                .put("sector", token.getSector())
                .put("language", token.getLanguage())
                .put("r", token.getR())
                .put("theta", token.getTheta());
    }

    private static JsonObject rest(List<Tally> tallies) {
        JsonObject json = new JsonObject();
        tallies.forEach(tally -> json.put(tally.getName(), tally.getTokens()));
        return json;
    }

    private static JsonArray compression(StatsResponse grpc) {
        JsonArray texts = new JsonArray();
        grpc.getCompressionList()
                .forEach(one -> texts.add(new JsonObject()
                        .put("text", one.getName())
                        .put("text_bytes", one.getTextBytes())
                        .put("genom_ratio", Math.round(1e4 * one.getGenomBytes() / one.getTextBytes()) / 1e4)
                        .put("zstd_ratio", Math.round(1e4 * one.getZstdBytes() / one.getTextBytes()) / 1e4)));
        return texts;
    }

    /** Without what makes each frame another: its sequence number and so its checksum. */
    private static JsonObject unnumbered(JsonObject encoded) {
        String frame = encoded.getString("genom_message");
        assertTrue(frame.matches("GENOM\\|NOD1\\|0\\|\\d+\\|MSG\\|[\\w-]*\\|[0-9a-f]{8}"), frame);
        String[] parts = frame.split("\\|", -1);
        parts[3] = "";
        parts[6] = "";
        return encoded.copy().put("genom_message", String.join("|", parts));
    }

    private static List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        vectors.getJsonArray(name).forEach(text -> texts.add((String) text));
        return texts;
    }
}
