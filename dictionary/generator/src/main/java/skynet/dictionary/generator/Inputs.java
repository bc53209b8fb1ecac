package skynet.dictionary.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The folder of sources that no Maven repository holds: the unpacked Debian packages
 * {@code freedict/dict-freedict-xxx-yyy} and {@code npm/czech.txt}. SOURCES.md says where each comes from.
 */
record Inputs(Path folder) {

    /**
     * In the order of trust: where two dictionaries give the same link, the first names it. Left out for their
     * licences: eng-deu, deu-eng, eng-pol.
     */
    private static final String PAIRS =
            "eng-ces ces-eng eng-fra fra-eng eng-spa spa-eng eng-ita ita-eng eng-por por-eng"
                    + " pol-eng deu-fra fra-deu deu-spa spa-deu deu-ita ita-deu deu-por por-deu deu-pol pol-deu fra-spa fra-ita"
                    + " fra-pol pol-fra fra-por por-fra ita-spa ita-por ita-pol spa-por por-spa pol-spa";

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
