package skynet.dictionary.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Generates the dictionary: {@code GenerateDictionary <inputs> <output>}. Same inputs, same bytes. */
public final class GenerateDictionary {

    private static final int TOKENS = 1_000_000;

    private GenerateDictionary() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException(
                    "arguments: " + arguments.length + " (expected: folder of inputs, folder of outputs)");
        }
        Inputs inputs = new Inputs(Path.of(arguments[0]));
        inputs.verify();
        Path folder = Files.createDirectories(Path.of(arguments[1]));

        Curated curated = Curated.read();
        WordNet wordNet = WordNet.read();
        Lexica lexica = Lexica.read(inputs, wordNet, curated);
        Selection selection = Selection.of(lexica, TOKENS);
        Translations translations = Translations.read(inputs, lexica, selection);
        Lemmas lemmas = Lemmas.read(translations);
        Classifier classifier = new Classifier(wordNet, lexica, lemmas, translations, curated);
        List<Classified> tokens = new ArrayList<>(TOKENS);
        for (Token token : selection.tokens()) {
            tokens.add(classifier.classify(token));
        }

        Output output = new Output(folder);
        output.tokens(tokens, selection);
        output.links(translations.links());
        output.statistics(tokens, translations.links(), selection.candidateCount());
    }
}
