package skynet.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import skynet.cascade.RoutingBenchmark;
import skynet.testkit.RunningNode;

/**
 * One of our own questions, and what tells a right answer.
 *
 * @param held whether nothing was fitted on it
 * @param words of which a right answer holds one; none where only "I do not know" is right
 */
record Labelled(Kind kind, boolean held, String text, List<String> words) {
    private static final String KNOWLEDGE = "/skynet/knowledge/";
    private static final List<String> FOREIGN = List.of("bakery.md", "lighthouse.txt", "bicycles.html", "library.md");

    /** What kind of question it is. */
    enum Kind {
        /** For which a fast model should do. */
        EASY,
        /** For which only a premium model should do. */
        HARD,
        /** That the documents of {@link #node} answer. */
        TOLD,
        /** That they do not answer. */
        UNTOLD
    }

    Labelled {
        words = List.copyOf(words);
    }

    boolean isOfDocuments() {
        return kind == Kind.TOLD || kind == Kind.UNTOLD;
    }

    boolean isIn(String text) {
        return words.stream().anyMatch(text::contains);
    }

    /** The questions to the documents, {@code acceptance.tsv}. */
    static List<Labelled> ofDocuments() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Labelled.class.getResourceAsStream(KNOWLEDGE + "acceptance.tsv"), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> line.split("\t", -1))
                    .map(columns -> new Labelled(
                            columns[3].isEmpty() ? Kind.UNTOLD : Kind.TOLD,
                            columns[0].equals("held"),
                            columns[2],
                            Stream.of(columns[3].split("\\|"))
                                    .filter(word -> !word.isEmpty())
                                    .toList()))
                    .toList();
        }
    }

    /** The prompts of {@code prompts.tsv}, each with a word made up for it. */
    static List<Labelled> prompts() throws IOException {
        List<Labelled> prompts = new ArrayList<>();
        for (RoutingBenchmark.Labelled one : RoutingBenchmark.prompts()) {
            prompts.add(new Labelled(
                    one.hard() ? Kind.HARD : Kind.EASY,
                    one.held(),
                    one.prompt(),
                    List.of("[right " + prompts.size() + "]")));
        }
        return prompts;
    }

    /** A fresh node with its bundled documents and the foreign ones of the tests, which the questions are about. */
    static RunningNode node(Path home, Map<String, String> settings) throws Exception {
        RunningNode node = RunningNode.start(home.resolve("data"), settings);
        for (String name : FOREIGN) {
            byte[] bytes = Labelled.class
                    .getResourceAsStream(KNOWLEDGE + "foreign/" + name)
                    .readAllBytes();
            String type = name.endsWith(".html") ? "text/html" : name.endsWith(".md") ? "text/markdown" : "text/plain";
            HttpResponse<String> taken = node.send(
                    node.asOwner("/api/knowledge/upload?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8))
                            .header("Content-Type", type)
                            .POST(BodyPublishers.ofByteArray(bytes)));
            if (taken.statusCode() != 200) {
                node.close();
                throw new IOException(name + ": " + taken.statusCode() + " " + taken.body());
            }
        }
        return node;
    }
}
