package skynet.genom;

import io.airlift.compress.zstd.ZstdCompressor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import skynet.bus.Genom;
import skynet.dictionary.CoordinateTable;

/**
 * Measures GENOM and zstd on the same texts, so that a compression ratio is never seen alone.
 *
 * <p>The texts are a greeting, a sentence, each document that ships with the node for itself, and all of them as one:
 * GENOM brings its dictionary along and does well on short texts, zstd learns from the text and gains with its length.
 */
final class Yardstick {
    private static final String COLLECTION = "/skynet/knowledge/collection/";
    private static final String GREETING = "Hello world";
    private static final String SENTENCE = "The quick brown fox jumps over the lazy dog near the river bank.";

    private final CoordinateTable table;

    Yardstick(CoordinateTable table) {
        this.table = table;
    }

    /** Takes some milliseconds. */
    List<Genom.Compression> measure() {
        List<String> documents = documents();
        return List.of(
                of(GREETING, List.of(GREETING)),
                of(SENTENCE, List.of(SENTENCE)),
                of("the " + documents.size() + " documents of the node, one by one", documents),
                of(
                        "the " + documents.size() + " documents of the node as one text",
                        List.of(String.join("", documents))));
    }

    private Genom.Compression of(String name, List<String> texts) {
        Encoder encoder = new Encoder(table);
        ZstdCompressor zstd = new ZstdCompressor();
        int textBytes = 0;
        int genomBytes = 0;
        int zstdBytes = 0;
        for (String text : texts) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            int[] codes = encoder.encode(text);
            byte[] compressed = new byte[zstd.maxCompressedLength(utf8.length)];
            textBytes += utf8.length;
            genomBytes += BinaryFrame.write(new Frame(1, 0, 0, FrameType.MSG, CodeRun.of(codes, codes.length))).length;
            zstdBytes += zstd.compress(utf8, 0, utf8.length, compressed, 0, compressed.length);
        }
        return new Genom.Compression(name, textBytes, genomBytes, zstdBytes);
    }

    private static List<String> documents() {
        List<String> documents = new ArrayList<>();
        for (String line : resource("index.txt").lines().toList()) {
            String name = line.strip().split("\\s+", 2)[0];
            if (name.endsWith(".md")) {
                documents.add(resource(name));
            }
        }
        return documents;
    }

    private static String resource(String name) {
        try (InputStream in = Yardstick.class.getResourceAsStream(COLLECTION + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
