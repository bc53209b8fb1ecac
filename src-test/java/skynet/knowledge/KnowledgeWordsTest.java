package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import skynet.bus.Knowledge;
import skynet.bus.TooLarge;
import skynet.bus.codec.RecordCodec;

class KnowledgeWordsTest {

    @Test
    void vectorsAndPagesComeBackAsTheyWere() {
        Knowledge.Embedded embedded = new Knowledge.Embedded(
                List.of(new Knowledge.Vector(List.of(0.5f, -1e-9f, Float.MAX_VALUE))), "model", 7);
        assertEquals(embedded, again(embedded, Knowledge.Embedded.class));
        Knowledge.Learn learn = new Knowledge.Learn("d", "D", "one two", "team", "notes", List.of(0, 4, 7));
        assertEquals(learn, again(learn, Knowledge.Learn.class));
    }

    @Test
    void whatAnOlderNodeSaysIsAboutTheSharedMainCollection() {
        Buffer older = Buffer.buffer();
        RecordCodec.write(older, new OldForget("d"));
        assertEquals(new Knowledge.Forget("d", "", "main"), RecordCodec.read(older, 0, Knowledge.Forget.class));
    }

    @Test
    void boundsHoldOnBothSides() {
        new Knowledge.Search("q", "", "", 100);
        assertThrows(IllegalArgumentException.class, () -> new Knowledge.Search("q", "", "", 101));
        assertThrows(IllegalArgumentException.class, () -> new Knowledge.Search("q", "", "a/b", 1));
        new Knowledge.Embed(java.util.Collections.nCopies(64, "t"));
        assertThrows(IllegalArgumentException.class, () -> new Knowledge.Embed(java.util.Collections.nCopies(65, "t")));
        assertThrows(IllegalArgumentException.class, () -> new Knowledge.Embed(List.of()));
        assertThrows(
                IllegalArgumentException.class, () -> new Knowledge.Learn("d", "D", "text", "", "main", List.of(3, 2)));
        assertThrows(
                IllegalArgumentException.class, () -> new Knowledge.Learn("d", "D", "text", "", "main", List.of(5)));
        assertThrows(
                TooLarge.class,
                () -> new Knowledge.Learn(
                        "d", "D", "text", "", "main", java.util.Collections.nCopies(Knowledge.PAGES_MAX + 1, 1)));
    }

    private static <T extends Record> T again(T value, Class<T> type) {
        Buffer bytes = Buffer.buffer();
        RecordCodec.write(bytes, value);
        return RecordCodec.read(bytes, 0, type);
    }

    /** A word as release 0.1.0 knows it. */
    public record OldForget(String document) {}
}
