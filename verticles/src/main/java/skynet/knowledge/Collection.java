package skynet.knowledge;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The documents that every node knows from its first start: about itself. Their names stand in {@code collection/index.txt}. */
final class Collection {
    private static final String FOLDER = "collection/";

    private Collection() {}

    /** Reads all of them from the JAR. Blocks. */
    static List<Document> read() throws IOException {
        List<Document> documents = new ArrayList<>();
        for (String name : text("index.txt").lines().toList()) {
            documents.add(TextExtractor.read("skynet/" + name, bytes(name)));
        }
        return documents;
    }

    private static String text(String name) throws IOException {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = Collection.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IOException("collection/" + name + ": not in the JAR");
            }
            return in.readAllBytes();
        }
    }
}
