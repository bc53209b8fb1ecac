package skynet.bench;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import skynet.dictionary.CoordinateTable;
import skynet.genom.BinaryFrame;
import skynet.genom.CodeRun;
import skynet.genom.Decoder;
import skynet.genom.Encoder;
import skynet.genom.Frame;
import skynet.genom.FrameType;

/**
 * How fast does one thread encode text, compared with a BPE tokenizer and with Lucene's tokenizer plus a hash map?
 *
 * <p>Peers run in the same process, in turn; the figures are medians of CPU time. Every text is decoded and compared
 * before anything is measured. What the encoder and decoder allocate a round is printed too. JTokkit and Lucene start from a String, as their interfaces ask; we start from bytes.
 *
 * <p>Command, in the root: {@code java -cp <test class path of src-test> skynet.bench.EncodeBenchmark [MB]}
 */
public final class EncodeBenchmark {
    private static final int WARM = 8;
    private static final int MEASURED = 7;

    private EncodeBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        int bytes = (arguments.length == 0 ? 2 : Integer.parseInt(arguments[0])) << 20;
        CoordinateTable table = CoordinateTable.openBundled(Files.createTempDirectory("skynet-bench"));
        System.out.println(Rounds.load());
        measure(table, "prose", Corpora.prose(table, bytes));
        measure(table, "random words", Corpora.words(table, bytes));
        measure(table, "our documents, Markdown", Corpora.files(".md"));
        measure(table, "our sources, Java", Corpora.files(".java"));
    }

    private static void measure(CoordinateTable table, String name, String text) {
        byte[][] chunks = chunks(text.getBytes(StandardCharsets.UTF_8));
        String[] strings = Arrays.stream(chunks)
                .map(chunk -> new String(chunk, StandardCharsets.UTF_8))
                .toArray(String[]::new);
        int repeats = Math.max(1, ROUND_BYTES / text.length());
        Encoder encoder = new Encoder(table);
        Decoder decoder = new Decoder(table);
        int[] codes = new int[CHUNK_BYTES];
        int[][] encoded = new int[chunks.length][];
        long size = 0;
        long codeCount = 0;
        long frameBytes = 0;
        for (int index = 0; index < chunks.length; index++) {
            int count = encoder.encode(chunks[index], chunks[index].length, codes);
            encoded[index] = Arrays.copyOf(codes, count);
            int length = decoder.decode(encoded[index], count);
            if (!Arrays.equals(decoder.bytes(), 0, length, chunks[index], 0, chunks[index].length)) {
                throw new AssertionError(name + ": chunk " + index + " does not come back");
            }
            size += chunks[index].length;
            codeCount += count;
            frameBytes +=
                    BinaryFrame.write(new Frame(1, 0, 0, FrameType.MSG, CodeRun.of(encoded[index], count))).length;
        }
        Encoding jtokkit = Encodings.newDefaultEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < table.count(); id++) {
            ids.put(table.canonical(id), id);
        }
        Map<String, Double> medians = new Rounds()
                .add("skynet encode", () -> {
                    for (byte[] chunk : chunks) {
                        sink += encoder.encode(chunk, chunk.length, codes);
                    }
                })
                .add("skynet decode", () -> {
                    for (int[] chunk : encoded) {
                        sink += decoder.decode(chunk, chunk.length);
                    }
                })
                .add("jtokkit cl100k", () -> {
                    for (String chunk : strings) {
                        sink += jtokkit.encodeOrdinary(chunk).size();
                    }
                })
                .add("lucene + HashMap", () -> {
                    for (String chunk : strings) {
                        sink += lucene(chunk, ids);
                    }
                })
                .add("new String", () -> {
                    for (byte[] chunk : chunks) {
                        sink += new String(chunk, StandardCharsets.UTF_8).length();
                    }
                })
                .run(WARM, MEASURED, repeats);
        long allocated = Rounds.allocated(() -> {
            for (int index = 0; index < chunks.length; index++) {
                sink += encoder.encode(chunks[index], chunks[index].length, codes);
                sink += decoder.decode(encoded[index], encoded[index].length);
            }
        });
        double ours = medians.get("skynet encode");
        System.out.printf(
                "%s: %d bytes, %.2f bytes/code, binary frames %.3f of the text, %d bytes allocated%n",
                name, size, (double) size / codeCount, (double) frameBytes / size, allocated);
        for (Map.Entry<String, Double> median : medians.entrySet()) {
            System.out.printf(
                    "  %-18s %8.1f MB/s   skynet encode is %.2f times as fast%n",
                    median.getKey(), repeats * size * 1e3 / median.getValue(), median.getValue() / ours);
        }
    }

    private static int lucene(String text, Map<String, Integer> ids) {
        int sum = 0;
        StandardTokenizer tokenizer = new StandardTokenizer();
        tokenizer.setReader(new StringReader(text));
        try (TokenStream stream = new LowerCaseFilter(tokenizer)) {
            CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken()) {
                sum += ids.getOrDefault(term.toString(), -1);
            }
            stream.end();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return sum;
    }

    private static byte[][] chunks(byte[] text) {
        byte[][] chunks = new byte[(text.length + CHUNK_BYTES - 1) / CHUNK_BYTES][];
        for (int index = 0; index < chunks.length; index++) {
            chunks[index] =
                    Arrays.copyOfRange(text, index * CHUNK_BYTES, Math.min(text.length, (index + 1) * CHUNK_BYTES));
        }
        return chunks;
    }

    private static final int CHUNK_BYTES = 16 << 10;

    /** A shorter text is gone through several times a round, by every competitor. */
    private static final int ROUND_BYTES = 1 << 20;

    private static volatile long sink;
}
