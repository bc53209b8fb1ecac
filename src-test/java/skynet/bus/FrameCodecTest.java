package skynet.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import skynet.bus.codec.FrameCodec;
import skynet.bus.codec.RecordCodec;

class FrameCodecTest {
    private static final Cascade.Answer ANSWER = new Cascade.Answer(
            "Žluťoučký",
            true,
            Cascade.Level.L1,
            List.of(new Cascade.Step(Cascade.Level.L0, Cascade.Outcome.MISS, 3, "not asked before")),
            List.of(new Knowledge.Citation("a/b.md", "B", 2, 5, 9, "text")),
            42);

    private final Catalog catalog = new Catalog();
    private final FrameCodec codec = new FrameCodec(catalog);

    @Test
    void everyWordHasItsOwnWireName() {
        assertTrue(catalog.types().size() >= 20);
        catalog.types().forEach((name, type) -> assertEquals(name, catalog.nameOf(type)));
    }

    @Test
    void aMessageComesBackAsItWas() {
        assertEquals(ANSWER, codec.decode(0, codec.encode(ANSWER)));
    }

    /** These bytes were written by release 0.1.0: if this fails, nodes of two releases no longer understand each other. */
    @Test
    void theBytesOfReleaseOneAreReadAndWrittenAsThen() {
        String golden = "0d67656e6f6d2e6465636f646564" + "00000006" + "00000002" + "6869";
        assertEquals(
                golden,
                HexFormat.of().formatHex(codec.encode(new Genom.Decoded("hi")).getBytes()));
        assertEquals(
                new Genom.Decoded("hi"),
                codec.decode(0, Buffer.buffer(HexFormat.of().parseHex(golden))));
    }

    @Test
    void componentsThatAnOlderNodeDidNotSendAreFilled() {
        Buffer older = Buffer.buffer();
        RecordCodec.write(older, new Older("doc"));
        assertEquals(new Newer("doc", 0, List.of(), ""), RecordCodec.read(older, 0, Newer.class));
    }

    @Test
    void componentsThatAnOlderNodeDoesNotKnowAreSkipped() {
        Buffer newer = Buffer.buffer();
        RecordCodec.write(newer, new Pair(new Newer("doc", 7, List.of("x"), "more"), 9));
        assertEquals(new OldPair(new Older("doc"), 9), RecordCodec.read(newer, 0, OldPair.class));
    }

    @Test
    void aFrameCutAnywhereIsRefused() {
        byte[] whole = codec.encode(ANSWER).getBytes();
        for (int length = 0; length < whole.length; length++) {
            Buffer cut = Buffer.buffer(java.util.Arrays.copyOf(whole, length));
            assertThrows(IllegalArgumentException.class, () -> codec.decode(0, cut), "cut at " + length);
        }
    }

    @Test
    void nonsenseIsRefusedOrReadButNeverBreaks() {
        SplittableRandom random = new SplittableRandom(42);
        byte[] whole = codec.encode(ANSWER).getBytes();
        for (int round = 0; round < 50_000; round++) {
            byte[] bent = whole.clone();
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                bent[random.nextInt(bent.length)] = (byte) random.nextInt(256);
            }
            try {
                codec.decode(0, Buffer.buffer(bent));
            } catch (IllegalArgumentException refused) {
                assertTrue(refused.getMessage().length() > 3);
            }
        }
    }

    @Test
    void aFrameBeyondItsBoundIsNotSent() {
        codec.encode(new Genom.Decoded("a".repeat(FrameCodec.FRAME_BYTES_MAX - 22)));
        assertThrows(
                IllegalArgumentException.class,
                () -> codec.encode(new Genom.Decoded("a".repeat(FrameCodec.FRAME_BYTES_MAX - 21))));
    }

    @Test
    void aFrameBeyondItsBoundIsNotRead() {
        Buffer whole = codec.encode(new Genom.Decoded("a".repeat(FrameCodec.FRAME_BYTES_MAX - 22)));
        assertEquals(FrameCodec.FRAME_BYTES_MAX, whole.length());
        codec.decode(0, whole);
        assertThrows(IllegalArgumentException.class, () -> codec.decode(0, whole.appendByte((byte) 0)));
    }

    public record Older(String name) {}

    public record Newer(String name, int size, List<String> tags, String note) {}

    public record Pair(Newer first, int second) {}

    public record OldPair(Older first, int second) {}
}
