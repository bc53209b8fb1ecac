package skynet.dictionary;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Compares what is inside, for the bytes of gzip may differ between JDKs. */
class RebuiltPackTest {
    @Test
    void holdsWhatTheShippedPackHolds() throws IOException {
        byte[] rebuilt = Files.readAllBytes(Path.of(System.getProperty("dictionary.output"), "genom.pack"));
        assertEquals(contentDigest(BundledPack.read()), contentDigest(rebuilt));
    }

    private static String contentDigest(byte[] pack) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(pack))) {
            return HexFormat.of().formatHex(TableHeader.sha256().digest(in.readAllBytes()));
        }
    }
}
