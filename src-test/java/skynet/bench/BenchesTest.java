package skynet.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.knowledge.IndexBenchmark;
import skynet.knowledge.ModelChangeBenchmark;

/** Every load program runs in miniature, so that none rots; they check the answers themselves. Figures prove nothing here. */
class BenchesTest {
    @Test
    void theBusIsMeasuredOnOneLoopAndBetweenTwo() throws Exception {
        for (int loops = 1; loops <= 2; loops++) {
            Map<String, Turns.Figures> figures = BusBenchmark.run(1, 1_000, loops);
            assertEquals(4, figures.size());
            assertMeasured(figures);
        }
    }

    @Test
    void restIsMeasured() throws Exception {
        assertMeasured(RestBenchmark.run(1, 200));
    }

    @Test
    void grpcIsMeasured() throws Exception {
        assertMeasured(GrpcBenchmark.run(1, 500));
    }

    @Test
    void idleSocketsAreWeighed() throws Exception {
        Map<String, SocketsBenchmark.Weight> weights = SocketsBenchmark.run(1, 300);
        assertEquals(Set.of("skynet chat", "bare webSocketHandler"), weights.keySet());
        weights.forEach((name, weight) -> assertTrue(weight.residentBytes() != 0, name));
    }

    @Test
    void theClusterIsMeasured() throws Exception {
        Map<String, ClusterBenchmark.Figures> figures = ClusterBenchmark.rehearse(200);
        assertEquals(4, figures.size());
        figures.forEach((name, one) -> assertTrue(one.microsAlone() > 0, name));
    }

    @Test
    void theLevelsOfTheNodeItselfAreTimed() throws Exception {
        Map<String, LevelsBenchmark.Times> times = LevelsBenchmark.run(5);
        assertTrue(times.get("bare route, same bytes").count() > 0, times.toString());
        assertTrue(times.get("L0, the same words").count() > 0, times.toString());
    }

    @Test
    void theGatewayIsMeasured() throws Exception {
        Map<String, GatewayBenchmark.Figures> figures = GatewayBenchmark.run(1, 3);
        assertEquals(Set.of("skynet chat", "bare proxy"), figures.keySet());
        figures.forEach((name, one) -> assertTrue(one.firstMillis() > 0, name));
    }

    @Test
    void aChangeOfTheModelIsTimed(@TempDir Path home) throws Exception {
        ModelChangeBenchmark.Report report = ModelChangeBenchmark.run(home, 20, 3);
        assertTrue(report.chunksPerSecond() > 0, report.toString());
        assertTrue(report.before().p50Millis() > 0 && report.after().p50Millis() > 0, report.toString());
    }

    @Test
    void theIndexFindsWhatAnExactSearchFinds() throws Exception {
        IndexBenchmark.Report report = IndexBenchmark.rehearse(1_000);
        assertEquals(Set.of("node", "plain Lucene"), report.built().keySet());
        assertEquals(1, report.found().get("exact, 10").recall());
        assertTrue(report.found().get("node, 10").recall() > 0.9, report.toString());
    }

    @Test
    void citationsAreChecked() throws Exception {
        List<CitationBenchmark.Cited> fitted = CitationBenchmark.run(4).get("fitted on");
        assertTrue(fitted.stream().anyMatch(one -> one.right() > 0), fitted.toString());
    }

    @Test
    void costsAreThoseThatTheUpstreamsCount() throws Exception {
        Map<String, List<CostBenchmark.Outcome>> outcomes = CostBenchmark.run(2, List.of("cost"));
        assertEquals(Set.of("always L3", "always L4", "cost", "by length"), outcomes.keySet());
        assertTrue(outcomes.get("cost").stream().anyMatch(one -> one.right() && one.cost() > 0), outcomes.toString());
    }

    @Test
    void aStartIsTimed() throws Exception {
        assertTrue(StartBenchmark.hello().wall().toMillis() > 0);
    }

    private static void assertMeasured(Map<String, Turns.Figures> figures) {
        figures.forEach((name, one) -> assertTrue(one.perSecond() > 0, name + " " + one));
    }
}
