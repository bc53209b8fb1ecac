package skynet.dictionary.generator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The thirty thousand commonest tokens of one language with the number of documents that hold them, as Apache Tika
 * keeps them: lower case and without accents.
 */
final class CommonTokens {

    private static final double BILLION = 1e9;

    private final Map<String, Integer> documents = new HashMap<>(1 << 16);
    private double total;

    static CommonTokens read(Language language) throws IOException {
        CommonTokens tokens = new CommonTokens();
        for (String line : new Resource("/common_tokens/" + language.iso3()).lines(StandardCharsets.UTF_8)) {
            String[] fields = line.split("\t");
            if (fields.length > 1 && !line.startsWith("#") && !line.startsWith("_")) {
                int count = Integer.parseInt(fields[1]);
                tokens.documents.put(fields[0], count);
                tokens.total += count;
            }
        }
        return tokens;
    }

    /** Base-ten logarithm of the share per billion of a token that is bare already. */
    OptionalDouble zipf(String bare) {
        Integer count = documents.get(bare);
        return count == null ? OptionalDouble.empty() : OptionalDouble.of(Math.log10(count / total * BILLION));
    }
}
