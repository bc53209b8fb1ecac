package skynet.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import skynet.bus.Knowledge;
import skynet.kit.ExitCode;
import skynet.kit.StartFailure;

/** {@code skynet knowledge}: looks into the documents of the running node. */
@Command(
        name = "knowledge",
        description = "Looks into the documents of the running node.",
        mixinStandardHelpOptions = true)
final class KnowledgeCommand implements Runnable {
    private static final int BATCH = 64;

    private final Console console;
    private final SettingsOptions options;

    KnowledgeCommand(Console console, SettingsOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        collections();
    }

    @Command(
            name = "collections",
            description = "Lists the collections that may be read.",
            mixinStandardHelpOptions = true)
    void collections() {
        JsonNode listed = NodeClient.of(options.settings()).get("/api/knowledge/collections");
        for (JsonNode one : listed.path("collections")) {
            console.out()
                    .printf(
                            "%-24s %-7s %8d documents %9d chunks%n",
                            one.path("collection").asText(),
                            one.path("shared").asBoolean() ? "shared" : "own",
                            one.path("documents").asLong(),
                            one.path("chunks").asLong());
        }
    }

    @Command(
            name = "status",
            description = "Tells by which model passages are found, and how far another one is that is to find them.",
            mixinStandardHelpOptions = true)
    void status() {
        JsonNode model = NodeClient.of(options.settings()).get("/api/knowledge/model");
        String finds = model.path("finds").asText();
        String here = model.path("here").asText();
        console.out()
                .printf(
                        "found by     %s (%d dimensions)%n",
                        finds, model.path("dimensions").asInt());
        if (!here.equals(finds)) {
            console.out().printf("on this node %s%n", here);
        }
        long chunks = model.path("chunks").asLong();
        if (model.path("state").asText().equals("changing")) {
            long read = model.path("read").asLong();
            console.out()
                    .printf(
                            "to be found  %s: %d of %d chunks read (%d %%), change %d by node %d%n",
                            model.path("wanted").asText(),
                            read,
                            chunks,
                            chunks == 0 ? 100 : 100 * read / chunks,
                            model.path("change").asLong(),
                            model.path("changedBy").asInt());
        } else {
            console.out().printf("chunks       %d%n", chunks);
        }
        String trouble = model.path("trouble").asText();
        if (!trouble.isEmpty()) {
            console.out().println("trouble      " + trouble);
        }
    }

    @Command(
            name = "search",
            description = "Finds passages for a question, or ranks documents for each line of a file as a TREC run.",
            footer = {
                "",
                "A line of the file of questions is an id, a tab and the question.",
                "A line of the run is",
                "  id Q0 document rank score tag"
            },
            mixinStandardHelpOptions = true)
    int search(
            @Option(names = "--collection", paramLabel = "NAME", description = "Only in this collection.")
                    Optional<String> collection,
            @Option(names = "--queries", paramLabel = "FILE", description = "Questions: id<TAB>text lines.")
                    Optional<Path> queries,
            @Option(names = "--k", paramLabel = "N", defaultValue = "100", description = "Most results of a question.")
                    int k,
            @Option(
                            names = "--run",
                            paramLabel = "FILE",
                            description = "Where the run is written; - is standard output.")
                    Optional<Path> run,
            @Option(names = "--tag", paramLabel = "TAG", defaultValue = "skynet", description = "Names the run.")
                    String tag,
            @Parameters(paramLabel = "QUESTION", arity = "0..*") List<String> words)
            throws IOException {
        if (k < 1 || k > Knowledge.RANKED_MAX) {
            throw new StartFailure(
                    ExitCode.USAGE, "k: " + k + " (expected: 1 to " + Knowledge.RANKED_MAX + ")", "give fewer");
        }
        if (tag.isBlank() || tag.chars().anyMatch(Character::isWhitespace)) {
            throw new StartFailure(ExitCode.USAGE, "tag: blank or with spaces", "give one word");
        }
        NodeClient node = NodeClient.of(options.settings());
        requireKnown(node, collection.orElse(""));
        if (queries.isEmpty()) {
            passages(node, collection.orElse(""), Math.min(k, Knowledge.HITS_MAX), words == null ? List.of() : words);
            return ExitCode.OK;
        }
        List<Query> asked = Query.read(queries.get());
        Path file = run.orElse(Path.of("-"));
        if (file.toString().equals("-")) {
            write(node, asked, collection.orElse(""), k, tag, console.out());
            console.out().flush();
        } else {
            Path whole = file.toAbsolutePath();
            Path part = Files.createTempFile(whole.getParent(), "run", ".part");
            try {
                try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(part))) {
                    write(node, asked, collection.orElse(""), k, tag, out);
                    if (out.checkError()) {
                        throw new IOException("run: " + file + " cannot be written");
                    }
                }
                Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        }
        return ExitCode.OK;
    }

    /** An empty result for a collection that is not there would be a lie. */
    private static void requireKnown(NodeClient node, String collection) {
        List<String> known = new ArrayList<>();
        node.get("/api/knowledge/collections")
                .path("collections")
                .forEach(one -> known.add(one.path("collection").asText()));
        if (!collection.isEmpty() && !known.contains(collection)) {
            throw new StartFailure(
                    ExitCode.USAGE,
                    "collection: " + collection + " is not known here (expected: one of "
                            + String.join(", ", known.subList(0, Math.min(20, known.size()))) + ")",
                    "teach it with skynet index --collection " + collection + " PATH");
        }
    }

    private void passages(NodeClient node, String collection, int k, List<String> words) {
        JsonNode found = node.post(
                "/api/knowledge/search",
                Map.of("question", console.text(words), "collection", collection, "k", Math.min(k, 10)));
        for (JsonNode hit : found.path("hits")) {
            console.out()
                    .printf(
                            Locale.ROOT,
                            "%.3f  %s %d–%d%s%n       %s%n",
                            hit.path("score").asDouble(),
                            hit.path("document").asText(),
                            hit.path("start").asInt(),
                            hit.path("end").asInt(),
                            hit.path("page").asInt() > 0
                                    ? " page " + hit.path("page").asInt()
                                    : "",
                            hit.path("text").asText().replaceAll("\\s+", " "));
        }
    }

    private void write(NodeClient node, List<Query> asked, String collection, int k, String tag, PrintWriter out) {
        try (Progress progress = new Progress("searching", Math.max(1, asked.size()), console)) {
            for (int from = 0; from < asked.size(); from += BATCH) {
                List<Query> batch = asked.subList(from, Math.min(asked.size(), from + BATCH));
                JsonNode rankings = node.postPatiently(
                                "/api/knowledge/rank",
                                Map.of(
                                        "questions",
                                                batch.stream().map(Query::text).toList(),
                                        "collection", collection,
                                        "k", k),
                                this::tellOfWaiting)
                        .path("rankings");
                for (int i = 0; i < batch.size(); i++) {
                    write(batch.get(i).id(), rankings.path(i), tag, out);
                    progress.step();
                }
            }
        }
    }

    private void tellOfWaiting(long seconds) {
        console.err().println("searching: the node takes no more questions for now; going on in " + seconds + " s");
        console.err().flush();
    }

    /** Evaluators sort by score, so no two of a question are written alike; a name with spaces would be two columns. */
    private static void write(String id, JsonNode documents, String tag, PrintWriter out) {
        Set<String> seen = new HashSet<>();
        long before = Long.MAX_VALUE;
        int rank = 0;
        for (JsonNode one : documents) {
            String document = one.path("document").asText().replaceAll("\\s", "_");
            if (!seen.add(document)) {
                continue;
            }
            long micros = Math.min(before - 1, Math.round(one.path("score").asDouble() * 1e6));
            before = micros;
            out.printf(Locale.ROOT, "%s Q0 %s %d %.6f %s%n", id, document, ++rank, micros / 1e6, tag);
        }
    }
}
