package skynet.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import skynet.kit.CascadeConfig;
import skynet.kit.LlmConfig;
import skynet.testkit.StandInUpstream;

class UpstreamExaminationTest {
    @Test
    void anUpstreamThatAnswersIsGoodAndOneThatDoesNotIsNamed() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            StandInUpstream upstream = StandInUpstream.start(vertx);
            List<Check> checks = checks(upstream.url("/v1"));
            assertEquals(1, checks.size(), "one upstream on two levels is reached for once");
            assertEquals(Check.Status.GOOD, checks.get(0).status());
            String gone = upstream.url("/v1");
            upstream.kill().toCompletionStage().toCompletableFuture().get();
            assertEquals(Check.Status.BAD, checks(gone).get(0).status());
            assertTrue(checks(gone).get(0).found().contains("cannot be reached"));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get();
        }
    }

    @Test
    void withoutAnyItIsSaidWhoAnswers() {
        Check check = new UpstreamExamination(CascadeConfig.NONE).checks().get(0);
        assertTrue(check.found().contains("L0 to L2"), check.found());
    }

    private static List<Check> checks(String url) {
        LlmConfig first = new LlmConfig(Optional.of(url), Optional.of("sk-1"), Optional.of("m"), Optional.empty());
        return new UpstreamExamination(CascadeConfig.of(first, "")).checks();
    }
}
