package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Fault;
import skynet.kit.NativeLibrary;

class EmbedderTest {

    private final Embedder embedder = Library.embedder();

    @Test
    void givesUnitVectors() {
        for (String text : List.of("", "hello", "🙂", "word ".repeat(3_000))) {
            float[] vector = embedder.embed(text);
            assertEquals(Embedder.DIMENSIONS, vector.length);
            assertEquals(1, Embedder.similarity(vector, vector), 1e-5);
        }
    }

    @Test
    void putsLikeMeaningsNear() {
        float[] cat = embedder.embed("A cat sits on the mat.");
        assertTrue(Embedder.similarity(cat, embedder.embed("A kitten rests on a rug.")) > 0.5);
        assertTrue(Embedder.similarity(cat, embedder.embed("Stock prices fell sharply.")) < 0.2);
    }

    @Test
    void givesTheSameVectorToSeveralThreads() {
        float[] alone = embedder.embed("the same text");
        List<float[]> together = IntStream.range(0, 32)
                .parallel()
                .mapToObj(i -> embedder.embed("the same text"))
                .toList();
        together.forEach(vector -> assertArrayEquals(alone, vector));
    }

    @Test
    void closesOnlyWhenNobodyIsInsideAndRefusesThen() throws Exception {
        Embedder closing = new Embedder(Path.of("target", "native"), 1);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<Integer>> running = IntStream.range(0, 4)
                .mapToObj(i -> threads.submit(() -> embedUntilRefused(closing)))
                .toList();
        assertTrue(running.stream().noneMatch(Future::isDone));
        closing.close();
        for (Future<Integer> each : running) {
            assertTrue(each.get(10, TimeUnit.SECONDS) >= 0);
        }
        threads.shutdown();
    }

    /** Any other end than a refusal fails the caller. */
    private static int embedUntilRefused(Embedder embedder) {
        int count = 0;
        try {
            while (true) {
                embedder.embed("word ".repeat(400));
                count++;
            }
        } catch (Fault refused) {
            assertEquals(Fault.Kind.UNAVAILABLE, refused.kind());
            return count;
        }
    }

    @Test
    void refusesToRunWithoutThreads() {
        assertThrows(IllegalArgumentException.class, () -> new Embedder(Path.of("target", "native"), 0));
    }

    @Test
    void unpacksTheNativeCodeAndRemovesWhatEarlierNodesLeft(@TempDir Path home) throws Exception {
        Path folder = NativeLibrary.install(home);
        Path unfinished = Files.writeString(folder.resolve("libonnxruntime.so1.part"), "cut");
        Path earlier = Files.createDirectories(home.resolve("onnxruntime-1.0.0-linux-x64"));
        assertEquals(folder, NativeLibrary.install(home));
        assertFalse(Files.exists(unfinished));
        assertFalse(Files.exists(earlier));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(2, files.count());
        }
    }

    @Test
    void namesThePlatformAsTheRuntimeDoes() {
        assertEquals("linux-x64", NativeLibrary.platform("Linux", "amd64"));
        assertEquals("osx-aarch64", NativeLibrary.platform("Mac OS X", "aarch64"));
        assertEquals("win-x64", NativeLibrary.platform("Windows 11", "amd64"));
        assertThrows(IllegalStateException.class, () -> NativeLibrary.platform("Linux", "sparc"));
    }
}
