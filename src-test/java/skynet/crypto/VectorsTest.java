package skynet.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The code still makes the vectors that were published, and the text shows none that is not among them. A change of the
 * protocol writes them anew with {@code -Dskynet.vectors=write}, and takes a new version.
 */
class VectorsTest {
    private static final Path ROOT = Path.of(System.getProperty("skynet.root", ".."));
    private static final Path FILE = ROOT.resolve("webroot/sdk/test/vectors.json");
    private static final Pattern NUMBER = Pattern.compile("\\b[0-9a-f]{12,}\\b");

    @Test
    void theCodeMakesTheVectorsThatWerePublished() throws Exception {
        JsonObject made = new Vectors().all();
        if ("write".equals(System.getProperty("skynet.vectors"))) {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, made.encodePrettily() + "\n");
        }
        assertEquals(new JsonObject(Files.readString(FILE)), new JsonObject(made.encode()));
    }

    @Test
    void everyVectorInTheTextStandsInTheFile() throws Exception {
        String text = Files.readString(ROOT.resolve("eventbus-codecs/README.md"));
        String vectors = text.substring(text.indexOf("## Vectors"));
        Set<String> published = new HashSet<>();
        collect(new JsonObject(Files.readString(FILE)), published);
        Matcher shown = NUMBER.matcher(vectors);
        int count = 0;
        for (; shown.find(); count++) {
            String number = shown.group();
            assertTrue(
                    published.stream().anyMatch(one -> one.startsWith(number) || one.endsWith(number)),
                    "not among the vectors: " + number);
        }
        assertTrue(count > 30, count + " vectors in the text");
    }

    private static void collect(Object value, Set<String> texts) {
        if (value instanceof JsonObject object) {
            for (Map.Entry<String, Object> entry : object) {
                collect(entry.getValue(), texts);
            }
        } else if (value instanceof JsonArray array) {
            array.forEach(one -> collect(one, texts));
        } else {
            texts.add(String.valueOf(value));
        }
    }
}
