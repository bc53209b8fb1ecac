package skynet.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import skynet.bus.Stream.Begin;
import skynet.bus.Stream.Frame;
import skynet.bus.Stream.Grant;
import skynet.bus.Stream.Kind;
import skynet.bus.Stream.Started;
import skynet.bus.Stream.Stop;
import skynet.bus.codec.FrameCodec;

class StreamWordsTest {
    private final FrameCodec codec = new FrameCodec(new Catalog());

    /** These bytes are the wire between two nodes: if one fails, a node of a later release no longer understands this one. */
    @Test
    void theBytesOfEveryWordAreForGood() {
        assertGolden(
                new Stream.Attach("a1", 7), "0d73747265616d2e617474616368" + "0000000a" + "000000026131" + "00000007");
        assertGolden(
                new Started("a1", 2, 7, 41, List.of(new Begin(1, 1), new Begin(2, 41))),
                "0e73747265616d2e73746172746564" + "0000003a" + "000000026131" + "00000002" + "00000007"
                        + "0000000000000029" + "00000002" + "0000000c" + "00000001" + "0000000000000001" + "0000000c"
                        + "00000002" + "0000000000000029");
        assertGolden(
                new Frame("a1", 2, 41, Kind.SEAM, "ž"),
                "0c73747265616d2e6672616d65" + "0000001c" + "000000026131" + "00000002" + "0000000000000029"
                        + "00000001" + "00000002c5be");
        assertGolden(
                new Grant("a1", 2, 7, 40, 56),
                "0c73747265616d2e6772616e74" + "0000001e" + "000000026131" + "00000002" + "00000007"
                        + "0000000000000028" + "0000000000000038");
        assertGolden(
                new Stop("a1", 2, "ok"),
                "0b73747265616d2e73746f70" + "00000010" + "000000026131" + "00000002" + "000000026f6b");
    }

    @Test
    void aBodyOfFourKibIsAFrameAndOneByteMoreIsNone() {
        codec.encode(new Frame("a", 1, 1, Kind.TEXT, "é".repeat(Stream.FRAME_BYTES_MAX / 2)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Frame("a", 1, 1, Kind.TEXT, "é".repeat(Stream.FRAME_BYTES_MAX / 2) + "x"));
    }

    @Test
    void theLengthOfTextIsThatOfItsBytes() {
        for (String text : List.of("", "abc", "Žluťoučký", "漢字", "a\uD83D\uDE00b", "\uFFFF\u07FF\u0800")) {
            assertEquals(text.getBytes(StandardCharsets.UTF_8).length, Stream.utf8Bytes(text), text);
        }
    }

    @Test
    void wordsThatMeanNothingAreRefused() {
        List<Begin> first = List.of(new Begin(1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Stream.Attach("", 1));
        assertThrows(IllegalArgumentException.class, () -> new Stream.Attach("a".repeat(65), 1));
        assertThrows(IllegalArgumentException.class, () -> new Stream.Attach("a", 0));
        assertThrows(IllegalArgumentException.class, () -> new Frame("a", 1, 0, Kind.TEXT, ""));
        assertThrows(IllegalArgumentException.class, () -> new Frame("a", 17, 1, Kind.TEXT, ""));
        assertThrows(IllegalArgumentException.class, () -> new Grant("a", 1, 1, 5, 4));
        assertThrows(IllegalArgumentException.class, () -> new Grant("a", 1, 1, -1, 4));
        assertThrows(IllegalArgumentException.class, () -> new Started("a", 1, 1, 1, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Started("a", 1, 1, 0, first));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Started("a", 1, 1, 1, List.of(new Begin(1, 9), new Begin(2, 8))));
        assertThrows(IllegalArgumentException.class, () -> new Stop("a", 1, "x".repeat(201)));
    }

    private void assertGolden(BusMessage message, String golden) {
        assertEquals(golden, HexFormat.of().formatHex(codec.encode(message).getBytes()));
        assertEquals(message, codec.decode(0, Buffer.buffer(HexFormat.of().parseHex(golden))));
    }
}
