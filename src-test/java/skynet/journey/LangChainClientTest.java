package skynet.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.testkit.RunningNode;
import skynet.testkit.StandInUpstream;

/** LangChain4j's OpenAI client asks a node as it is shipped, which asks an upstream. */
@Timeout(180)
class LangChainClientTest {
    private static final Vertx VERTX = Vertx.vertx();

    @TempDir
    static Path home;

    private static StandInUpstream upstream;
    private static RunningNode node;
    private static String base;

    @BeforeAll
    static void start() throws Exception {
        upstream = StandInUpstream.start(VERTX);
        node = RunningNode.start(
                home.resolve("data"),
                Map.of(
                        "SKYNET_LLM_BASE_URL", upstream.url("/v1"),
                        "SKYNET_LLM_KIND", "openai",
                        "SKYNET_LLM_MODEL", "stand-in"));
        for (int tries = 0; tries < 600 && node.get("/health/ready").statusCode() != 200; tries++) {
            Thread.sleep(100);
        }
        base = node.address().resolve("/v1").toString();
    }

    @AfterAll
    static void stop() throws Exception {
        if (node != null) {
            node.close();
        }
        VERTX.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void aWholeAnswerComesWithItsUsage() {
        ChatResponse answer = model("skyai-advanced")
                .chat(SystemMessage.from("Be short."), UserMessage.from("Count for me, would you?"));
        assertEquals(StandInUpstream.words(5).strip(), answer.aiMessage().text().strip());
        assertEquals(FinishReason.STOP, answer.finishReason());
        assertTrue(answer.tokenUsage().totalTokenCount() > 0);
    }

    @Test
    void aStreamComesInPieces() throws Exception {
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        StringBuilder pieces = new StringBuilder();
        OpenAiStreamingChatModel.builder()
                .httpClientBuilder(new JdkHttpClientBuilder())
                .baseUrl(base)
                .apiKey("guest")
                .modelName("skyai-pro")
                .build()
                .chat("Please count once more.", new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String piece) {
                        pieces.append(piece);
                    }

                    @Override
                    public void onCompleteResponse(ChatResponse answer) {
                        whole.complete(answer);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        whole.completeExceptionally(failure);
                    }
                });
        ChatResponse answer = whole.get(30, TimeUnit.SECONDS);
        assertEquals(StandInUpstream.words(5).strip(), pieces.toString().strip());
        assertEquals(FinishReason.STOP, answer.finishReason());
    }

    @Test
    void aToolIsCalledAndItsResultGoesBack() {
        ToolSpecification tool = ToolSpecification.builder()
                .name("barometer")
                .description("Reads the barometer.")
                .parameters(JsonObjectSchema.builder().addStringProperty("unit").build())
                .build();
        UserMessage question = UserMessage.from("What does the barometer say?");
        ChatResponse call = model("skyai-auto")
                .chat(ChatRequest.builder()
                        .messages(question)
                        .toolSpecifications(tool)
                        .build());
        assertEquals(FinishReason.TOOL_EXECUTION, call.finishReason());
        var request = call.aiMessage().toolExecutionRequests().get(0);
        assertEquals("barometer", request.name());
        model("skyai-auto")
                .chat(ChatRequest.builder()
                        .messages(question, call.aiMessage(), ToolExecutionResultMessage.from(request, "1013 hPa"))
                        .toolSpecifications(tool)
                        .build());
        JsonObject last = upstream.asked().get(upstream.asked().size() - 1);
        JsonArray messages = last.getJsonArray("messages");
        JsonObject result = messages.getJsonObject(messages.size() - 1);
        assertEquals("tool", result.getString("role"));
        assertEquals("1013 hPa", result.getString("content"));
        assertEquals(request.id(), result.getString("tool_call_id"));
    }

    @Test
    void theFullPipelineAnswersWhereQualityIsWished() throws Exception {
        JsonObject asked = new JsonObject()
                .put("model", "skyai-pro")
                .put("reasoning_effort", "high")
                .put("skynet", new JsonObject().put("explain", true))
                .put(
                        "messages",
                        new JsonArray()
                                .add(
                                        new JsonObject()
                                                .put("role", "user")
                                                .put(
                                                        "content",
                                                        "Prove step by step why the watching node of this swarm is allowed to advise but not to act, weigh "
                                                                + "three objections against it, and derive what would follow from each of them.")));
        JsonObject answer =
                new JsonObject(node.post("/v1/chat/completions", asked.encode()).body());
        assertTrue(answer.containsKey("skynet"), answer.encode());
        JsonObject skynet = answer.getJsonObject("skynet");
        assertTrue(skynet.getJsonObject("explain").size() > 0);
        assertEquals("L5", skynet.getString("level"), skynet.encode());
        assertTrue(
                skynet.getJsonArray("route").stream()
                        .anyMatch(
                                step -> ((JsonObject) step).getString("reason").startsWith("drafted: ")),
                skynet.encode());
    }

    @Test
    void textsBecomeVectorsAndMistakesExceptions() {
        OpenAiEmbeddingModel vectors = OpenAiEmbeddingModel.builder()
                .httpClientBuilder(new JdkHttpClientBuilder())
                .baseUrl(base)
                .apiKey("guest")
                .modelName("all-minilm-l6-v2")
                .maxRetries(0)
                .build();
        assertEquals(384, vectors.embed("a cat").content().vector().length);
        assertThrows(ModelNotFoundException.class, () -> model("gpt-none").chat("Hello"));
    }

    private static OpenAiChatModel model(String name) {
        return OpenAiChatModel.builder()
                .httpClientBuilder(new JdkHttpClientBuilder())
                .baseUrl(base)
                .apiKey("guest")
                .modelName(name)
                .timeout(Duration.ofSeconds(30))
                .maxRetries(0)
                .build();
    }
}
