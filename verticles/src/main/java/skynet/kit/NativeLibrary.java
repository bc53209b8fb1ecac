package skynet.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The ONNX runtime's native code, unpacked once into a directory of ours and used from there.
 *
 * <p>Left alone the runtime unpacks 23 MB into the temporary directory at every start and leaves them there after a
 * crash. Its property {@value #PATH_PROPERTY} names a directory to load from instead; it is read once per JVM.
 */
public final class NativeLibrary {

    public static final String VERSION = "1.26.0";
    private static final String PATH_PROPERTY = "onnxruntime.native.path";
    private static final String FOLDER_PREFIX = "onnxruntime-";
    private static final String UNFINISHED = ".part";
    private static final List<String> LIBRARIES = List.of("onnxruntime", "onnxruntime4j_jni");

    private NativeLibrary() {}

    /** Makes the libraries of this version present under {@code directory} and tells the runtime. */
    public static synchronized Path install(Path directory) throws IOException {
        String platform = platform(System.getProperty("os.name"), System.getProperty("os.arch"));
        Path folder =
                directory.resolve(FOLDER_PREFIX + VERSION + "-" + platform).toAbsolutePath();
        Files.createDirectories(folder);
        for (String library : LIBRARIES) unpack(platform, System.mapLibraryName(library), folder);
        removeOthers(directory, folder);
        removeUnfinished(folder);
        if (System.getProperty(PATH_PROPERTY) == null) System.setProperty(PATH_PROPERTY, folder.toString());
        return folder;
    }

    /** The runtime's own name for a system and processor, for example {@code linux-x64}. */
    public static String platform(String system, String processor) {
        String os = system.toLowerCase(Locale.ROOT);
        String osName = os.contains("mac") ? "osx" : os.contains("win") ? "win" : "linux";
        return osName
                + switch (processor.toLowerCase(Locale.ROOT)) {
                    case "amd64", "x86_64" -> "-x64";
                    case "aarch64", "arm64" -> "-aarch64";
                    default ->
                        throw new IllegalStateException("processor: " + processor + " (expected: amd64 or aarch64)");
                };
    }

    private static void unpack(String platform, String file, Path folder) throws IOException {
        String resource = "/ai/onnxruntime/native/" + platform + "/" + file;
        Path target = folder.resolve(file);
        try (InputStream packed = NativeLibrary.class.getResourceAsStream(resource)) {
            if (packed == null) {
                throw new IllegalStateException("native library: " + resource + " absent (expected: in this build)");
            }
            if (Files.exists(target)) return;
            Path unfinished = Files.createTempFile(folder, file, UNFINISHED);
            try {
                Files.copy(packed, unfinished, StandardCopyOption.REPLACE_EXISTING);
                Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        }
    }

    /** Removes what earlier versions of this node unpacked. */
    private static void removeOthers(Path directory, Path kept) throws IOException {
        try (Stream<Path> folders = Files.list(directory)) {
            for (Path folder : folders.filter(f -> f.getFileName().toString().startsWith(FOLDER_PREFIX))
                    .filter(f -> !f.toAbsolutePath().equals(kept))
                    .toList()) {
                try (Stream<Path> old = Files.walk(folder)) {
                    old.sorted(Comparator.reverseOrder()).forEach(NativeLibrary::delete);
                }
            }
        }
    }

    /** Removes what a node that was killed while it unpacked left behind; the directory is held by one node. */
    private static void removeUnfinished(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.toString().endsWith(UNFINISHED)).forEach(NativeLibrary::delete);
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
