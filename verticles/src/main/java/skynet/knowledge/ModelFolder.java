package skynet.knowledge;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A folder with a sentence model: {@value #MODEL}, and {@value #TOKENIZER} or {@value #VOCABULARY} of an uncased BERT. Its name
 * tells its content, so that another file under the same name is another model.
 */
public final class ModelFolder {
    static final String MODEL = "model.onnx";
    static final String TOKENIZER = "tokenizer.json";
    static final String VOCABULARY = "vocab.txt";

    private static final int DIGEST_CHARS = 12;
    private static final int NAME_CHARS_MAX = 100;

    private final Path path;
    private final String name;
    private final WordPiece tokenizer;

    private ModelFolder(Path path, String name, WordPiece tokenizer) {
        this.path = path;
        this.name = name;
        this.tokenizer = tokenizer;
    }

    /** Reads what a folder holds and refuses by name what is missing or of another kind. Reads the whole model once. */
    public static ModelFolder read(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            throw new IOException("model folder: " + path + " is none (expected: a folder with " + MODEL + ")");
        }
        if (!Files.isReadable(path.resolve(MODEL))) {
            throw new IOException(
                    "model folder: " + path + " has no " + MODEL + " that may be read (expected: a model in ONNX)");
        }
        WordPiece tokenizer = tokenizer(path);
        return new ModelFolder(path, nameOf(path) + ':' + digest(path), tokenizer);
    }

    private static WordPiece tokenizer(Path path) throws IOException {
        Path json = path.resolve(TOKENIZER);
        Path lines = path.resolve(VOCABULARY);
        Path there = Files.exists(json) ? json : lines;
        if (!Files.exists(there)) {
            throw new IOException("model folder: " + path + " has neither " + TOKENIZER + " nor " + VOCABULARY
                    + " (expected: one of an uncased BERT)");
        }
        try (InputStream in = Files.newInputStream(there)) {
            return there.equals(json) ? WordPiece.read(in) : WordPiece.readLines(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    "model folder: " + there + ": "
                            + (e instanceof IllegalArgumentException ? e.getMessage() : "not to be read"),
                    e);
        }
    }

    private static String nameOf(Path path) {
        Path last = path.toAbsolutePath().normalize().getFileName();
        String name = last == null ? "model" : last.toString();
        return name.substring(0, Math.min(name.length(), NAME_CHARS_MAX));
    }

    private static String digest(Path path) throws IOException {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (String file : new String[] {MODEL, TOKENIZER, VOCABULARY}) {
                if (Files.exists(path.resolve(file))) {
                    try (InputStream in = new DigestInputStream(Files.newInputStream(path.resolve(file)), sha256)) {
                        in.transferTo(OutputStream.nullOutputStream());
                    }
                }
            }
            return HexFormat.of().formatHex(sha256.digest()).substring(0, DIGEST_CHARS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: not in this Java (expected: in every one)", e);
        }
    }

    /** What it is called: the folder's own name and a digest of the files. */
    public String name() {
        return name;
    }

    Path model() {
        return path.resolve(MODEL);
    }

    WordPiece tokenizer() {
        return tokenizer;
    }
}
