package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import skynet.bus.Genom;

/** What is written straight into bytes is what a tree of maps would have said. */
class EncodedJsonTest {
    @Test
    void saysTheSameAsTheTree() {
        Genom.Token odd = new Genom.Token(
                "T-0000847", "0x034F", "q\"uote \\ slash\n\u0001 ž 你 \uD83D\uDE00", "raw", "", 13.4, 6.2831);
        for (List<Genom.Token> tokens : List.of(List.<Genom.Token>of(), List.of(odd), List.of(odd, odd, odd))) {
            for (double confidence : new double[] {0, 0.57, 1}) {
                Genom.Encoded encoded = new Genom.Encoded(
                        "GENOM|NOD1|0|1|MSG|AA|00000000",
                        new Genom.Intent("👋", "greeting", confidence),
                        tokens,
                        3,
                        17,
                        23);
                assertEquals(
                        GenomRoutes.encoded(encoded).encode(),
                        EncodedJson.of(encoded).toString());
            }
        }
    }

    @Test
    void writesDecimalsWithoutZerosAtTheEnd() {
        assertEquals("0.0", decimal(0, 1));
        assertEquals("0.0", decimal(0, 4));
        assertEquals("0.0005", decimal(5, 4));
        assertEquals("0.05", decimal(500, 4));
        assertEquals("3.1416", decimal(31_416, 4));
        assertEquals("3.0", decimal(30_000, 4));
        assertEquals("13.4", decimal(134, 1));
        assertEquals("-2.5", decimal(-25, 1));
        assertEquals("922337203685477.5807", decimal(Long.MAX_VALUE, 4));
    }

    @Test
    void growsAsLongAsTheTextIs() {
        String text = "\"a\u0007ž\uD83D\uDE00".repeat(10_000);
        assertEquals(
                new JsonObject().put("t", text).encode(),
                new JsonText(1)
                        .ascii(JsonText.ascii8("{\"t\":"))
                        .text(text)
                        .ascii(JsonText.ascii8("}"))
                        .buffer()
                        .toString());
    }

    @Test
    void replacesHalfASurrogatePair() {
        assertEquals("\"a?b\"", new JsonText(8).text("a\uD83Db").buffer().toString());
    }

    private static String decimal(long units, int places) {
        return new JsonText(1).decimal(units, places).buffer().toString();
    }
}
