package skynet.node.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.util.Map;
import picocli.CommandLine.Command;
import skynet.kit.StartFailure;

/**
 * {@code skynet mcp}: lets programs that start their tools as a process use those of the running node. Each line of the
 * standard input is a message of the Model Context Protocol and goes to the node's {@code /mcp}; what it answers is a line of
 * the standard output.
 */
@Command(
        name = "mcp",
        description = "Bridges a program that speaks MCP over standard input and output to the running node.",
        footer = "%nIn the program's settings: command \"java\", arguments \"-jar\", \"skynet.jar\", \"mcp\".",
        mixinStandardHelpOptions = true)
final class McpCommand implements Runnable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARSE_ERROR = -32_700;
    private static final int NODE_ERROR = -32_000;

    private final Console console;
    private final SettingsOptions options;
    private String version = "";

    McpCommand(Console console, SettingsOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        NodeClient node = NodeClient.of(options.settings());
        console.lines(line -> {
            if (!line.isBlank()) {
                pass(node, line);
            }
        });
    }

    private void pass(NodeClient node, String line) {
        JsonNode message;
        try {
            message = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            say(error(JSON.nullNode(), PARSE_ERROR, "line: not JSON"));
            return;
        }
        try {
            HttpResponse<String> answer =
                    node.exchange("/mcp", line, version.isEmpty() ? Map.of() : Map.of("MCP-Protocol-Version", version));
            hear(message, answer);
        } catch (StartFailure failure) {
            refuse(message, failure.getMessage());
        }
    }

    private void hear(JsonNode message, HttpResponse<String> answer) {
        JsonNode said;
        try {
            said = answer.body().isBlank() ? JSON.missingNode() : JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            refuse(message, "node: answered with " + answer.statusCode() + " and no JSON");
            return;
        }
        if (said.isMissingNode()) {
            return;
        }
        if (!said.isArray() && !said.has("jsonrpc")) {
            refuse(
                    message,
                    "node: refused with " + answer.statusCode() + " "
                            + said.path("detail").asText());
            return;
        }
        JsonNode agreed = said.path("result").path("protocolVersion");
        if (message.path("method").asText().equals("initialize") && agreed.isTextual()) {
            version = agreed.asText();
        }
        say(said);
    }

    /** Only what waits for an answer gets one. */
    private void refuse(JsonNode message, String why) {
        if (message.has("id") && message.has("method")) {
            say(error(message.get("id"), NODE_ERROR, why));
        } else {
            console.err().println(why);
            console.err().flush();
        }
    }

    private static ObjectNode error(JsonNode id, int code, String message) {
        ObjectNode answer = JSON.createObjectNode().put("jsonrpc", "2.0");
        answer.set("id", id);
        answer.putObject("error").put("code", code).put("message", message);
        return answer;
    }

    private void say(JsonNode message) {
        console.out().print(message + "\n");
        console.out().flush();
    }
}
