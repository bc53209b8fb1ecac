package skynet.genom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import skynet.bus.Genom;

/** Shows GENOM beside zstd where it is better and where it is not. */
class YardstickTest {
    @Test
    void measuresShortTextsAndLongOnes() throws Exception {
        List<Genom.Compression> measured = new Yardstick(Tables.open()).measure();
        Genom.Compression greeting = measured.get(0);
        Genom.Compression documents = measured.get(measured.size() - 1);
        assertEquals("Hello world", greeting.text());
        assertEquals(11, greeting.textBytes());
        assertTrue(greeting.genomBytes() < greeting.zstdBytes(), greeting.toString());
        assertTrue(documents.textBytes() > 30_000, documents.toString());
        assertTrue(documents.genomBytes() < documents.textBytes(), documents.toString());
        assertTrue(documents.zstdBytes() < documents.textBytes(), documents.toString());
        System.out.println("compression: " + measured);
    }
}
