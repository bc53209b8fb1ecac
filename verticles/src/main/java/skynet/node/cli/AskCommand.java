package skynet.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import skynet.kit.ExitCode;
import skynet.kit.StartFailure;

/** {@code skynet ask}: asks the running node and prints the answer with the places it comes from. */
@Command(
        name = "ask",
        description = "Asks the running node; the question is read from standard input when none is given.",
        footer = "%nAn honest \"I don't know\" is an answer too, and its exit code is 0.",
        mixinStandardHelpOptions = true)
final class AskCommand implements Runnable {
    private final Console console;
    private final SettingsOptions options;

    @Parameters(paramLabel = "QUESTION", arity = "0..*")
    private List<String> words = List.of();

    @Option(names = "--json", description = "Prints the node's answer as it came.")
    private boolean json;

    AskCommand(Console console, SettingsOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        String question = console.text(words).strip();
        if (question.isEmpty()) {
            throw new StartFailure(
                    ExitCode.USAGE, "question: empty", "give one, for example: skynet ask What is GENOM?");
        }
        JsonNode said = NodeClient.of(options.settings()).post("/api/chat/message", Map.of("message", question));
        if (json) {
            console.out().println(said);
            return;
        }
        console.out().println(said.path("answer").asText());
        int place = 0;
        for (JsonNode citation : said.path("citations")) {
            place++;
            console.out()
                    .printf(
                            "  [%d] %s (%s, characters %d to %d)%n",
                            citation.path("mark").asInt() > 0
                                    ? citation.path("mark").asInt()
                                    : place,
                            citation.path("title").asText(),
                            citation.path("document").asText(),
                            citation.path("start").asInt(),
                            citation.path("end").asInt());
        }
        console.err()
                .printf(
                        "%s, %s, %d ms%n",
                        said.path("level").asText(),
                        said.path("brand").asText(),
                        said.path("ms").asInt());
    }
}
