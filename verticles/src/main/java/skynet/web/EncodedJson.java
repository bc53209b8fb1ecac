package skynet.web;

import io.vertx.core.buffer.Buffer;
import skynet.bus.Genom;

/** An encoded text as the bytes of its JSON, in the form that {@link GenomRoutes} gives it on the browser bus. */
final class EncodedJson {
    private static final int HEAD_BYTES = 256;
    private static final int TOKEN_BYTES = 128;
    private static final byte[] FRAME = JsonText.ascii8("{\"genom_message\":");
    private static final byte[] SYMBOL = JsonText.ascii8(",\"intent\":{\"symbol\":");
    private static final byte[] NAME = JsonText.ascii8(",\"name\":");
    private static final byte[] CONFIDENCE = JsonText.ascii8(",\"confidence\":");
    private static final byte[] TOKEN_COUNT = JsonText.ascii8("},\"token_count\":");
    private static final byte[] RATIO = JsonText.ascii8(",\"compression_ratio\":");
    private static final byte[] BINARY_BYTES = JsonText.ascii8(",\"binary_bytes\":");
    private static final byte[] TEXT_BYTES = JsonText.ascii8(",\"text_bytes\":");
    private static final byte[] TOKENS = JsonText.ascii8(",\"tokens\":[");
    private static final byte[] ID = JsonText.ascii8("{\"token_id\":");
    private static final byte[] NEXT_ID = JsonText.ascii8(",{\"token_id\":");
    private static final byte[] HEX = JsonText.ascii8(",\"hex\":");
    private static final byte[] CANONICAL = JsonText.ascii8(",\"canonical\":");
    private static final byte[] SECTOR = JsonText.ascii8(",\"sector\":");
    private static final byte[] LANGUAGE = JsonText.ascii8(",\"language\":");
    private static final byte[] R = JsonText.ascii8(",\"r\":");
    private static final byte[] THETA = JsonText.ascii8(",\"theta\":");
    private static final byte[] TOKEN_END = JsonText.ascii8("}");
    private static final byte[] END = JsonText.ascii8("]}");

    private EncodedJson() {}

    static Buffer of(Genom.Encoded encoded) {
        JsonText json = new JsonText(HEAD_BYTES
                + 2 * encoded.frame().length()
                + TOKEN_BYTES * encoded.tokens().size());
        json.ascii(FRAME).text(encoded.frame());
        json.ascii(SYMBOL).text(encoded.intent().symbol());
        json.ascii(NAME).text(encoded.intent().name());
        json.ascii(CONFIDENCE)
                .ascii(JsonText.ascii8(Double.toString(encoded.intent().confidence())));
        json.ascii(TOKEN_COUNT).number(encoded.tokenCount());
        json.ascii(RATIO).decimal(Math.round(encoded.compressionRatio() * 1e4), 4);
        json.ascii(BINARY_BYTES).number(encoded.binaryBytes());
        json.ascii(TEXT_BYTES).number(encoded.textBytes()).ascii(TOKENS);
        byte[] begin = ID;
        for (Genom.Token token : encoded.tokens()) {
            json.ascii(begin).text(token.id());
            json.ascii(HEX).text(token.hex());
            json.ascii(CANONICAL).text(token.canonical());
            json.ascii(SECTOR).text(token.sector());
            json.ascii(LANGUAGE).text(token.language());
            json.ascii(R).decimal(Math.round(token.r() * 10), 1);
            json.ascii(THETA).decimal(Math.round(token.thetaRadians() * 1e4), 4).ascii(TOKEN_END);
            begin = NEXT_ID;
        }
        return json.ascii(END).buffer();
    }
}
