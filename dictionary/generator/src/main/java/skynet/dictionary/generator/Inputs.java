package skynet.dictionary.generator;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The folder of sources that no Maven repository holds: the unpacked Debian packages
 * {@code freedict/dict-freedict-xxx-yyy}, {@code npm/czech.txt} and {@code tesseract/ces.wordlist}. SOURCES.md says where
 * each comes from, {@code inputs.sh} fetches them.
 */
record Inputs(Path folder) {

    private static final Resource DIGESTS = new Resource("/skynet/dictionary/generator/inputs.sha256");

    /**
     * In the order of trust: where two dictionaries give the same link, the first names it. Left out for their
     * licences: eng-deu, deu-eng, eng-pol.
     */
    private static final String PAIRS =
            "eng-ces ces-eng eng-fra fra-eng eng-spa spa-eng eng-ita ita-eng eng-por por-eng"
                    + " pol-eng deu-fra fra-deu deu-spa spa-deu deu-ita ita-deu deu-por por-deu deu-pol pol-deu fra-spa fra-ita"
                    + " fra-pol pol-fra fra-por por-fra ita-spa ita-por ita-pol spa-por por-spa pol-spa";

    /** Refuses a folder in which a file is missing or another than the one that was pinned. */
    void verify() throws IOException {
        for (String line : DIGESTS.lines(StandardCharsets.UTF_8)) {
            String[] fields = line.split("  ");
            Path file = folder.resolve(fields[1]);
            if (!Files.exists(file)) {
                throw new FileNotFoundException(file + ": not there (expected: put there by inputs.sh)");
            }
            String found = HexFormat.of().formatHex(sha256().digest(Files.readAllBytes(file)));
            if (!found.equals(fields[0])) {
                throw new IOException(file + ": SHA-256 " + found + " (expected: " + fields[0] + ")");
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    /** Every Czech spelling that the text recognizer's word list holds, in all its cases. */
    List<String> printedCzech() throws IOException {
        return Files.readAllLines(folder.resolve("tesseract/ces.wordlist"));
    }

    /** The ten thousand commonest Czech words, commonest first. */
    List<String> commonCzech() throws IOException {
        return Files.readAllLines(folder.resolve("npm/czech.txt"));
    }

    List<BilingualDictionary> bilingual() {
        return List.of(PAIRS.split(" ")).stream()
                .map(pair -> BilingualDictionary.in(folder.resolve("freedict"), pair))
                .toList();
    }
}
