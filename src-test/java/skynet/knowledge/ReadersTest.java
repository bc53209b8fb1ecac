package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;
import static skynet.testkit.Wait.until;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.bus.NodeId;
import skynet.bus.Work;
import skynet.kit.Lending;

/** Who reads the passages of a question, beside a light node that says what the test has it say. */
class ReadersTest {
    private static final NodeId FAR = new NodeId(100);
    private static final String QUESTION = "What colour is the lighthouse of Arkona?";
    private static final String SENTENCE = "The lighthouse of Arkona is painted yellow.";

    private static final List<Passage> PASSAGES = List.of(
            new Passage(Shelfmark.shared("light.txt"), "Lights", 0, 0, SENTENCE + " It is old.", 0.9, Paging.NONE));

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, InstantSource.system());
    private final List<String> lent = new CopyOnWriteArrayList<>();
    private final List<String> strikes = new CopyOnWriteArrayList<>();
    private KnowledgeWorker worker;
    private KnowledgeWorker.Found found;
    private volatile List<Work.Quote> said = List.of();

    @BeforeEach
    void open() throws Exception {
        worker = await(KnowledgeWorker.open(vertx, Opening.begin(directory)));
        found = new KnowledgeWorker.Found(Sought.by(await(worker.vector(QUESTION))), List.of());
        await(bus.serve(Work.Seek.class, job -> {
            lent.add(job.question());
            return said.isEmpty()
                    ? Future.failedFuture(new Fault(Fault.Kind.BUSY, "nobody"))
                    : Future.succeededFuture(new Work.Done(FAR, true, said));
        }));
        await(bus.serve(Work.Strike.class, strike -> {
            strikes.add(strike.reason());
            return Future.succeededFuture(new Work.Struck(strike.node(), strikes.size()));
        }));
    }

    @AfterEach
    void close() throws Exception {
        await(worker.close());
        await(vertx.close());
    }

    @Test
    void aBusyNodeLendsItsNextQuestionAndAnIdleOneNone() throws Exception {
        said = List.of(new Work.Quote(0, 0, SENTENCE.length(), SENTENCE));
        Readers readers = new Readers(bus, Lending.BUSY);
        CountDownLatch held = new CountDownLatch(1);
        WorkerExecutor asking = vertx.createSharedWorkerExecutor("knowledge-asking", 1);
        Future<Boolean> holding = asking.executeBlocking(() -> held.await(30, TimeUnit.SECONDS));
        List<Future<Knowledge.Consulted>> asked = new ArrayList<>();
        asked.add(ask(readers, Knowledge.Depth.QUICK));
        asked.add(ask(readers, Knowledge.Depth.DEEP));
        assertEquals(List.of(), lent);
        asked.add(ask(readers, Knowledge.Depth.QUICK));
        asked.add(ask(readers, Knowledge.Depth.DEEP));
        held.countDown();
        assertTrue(await(holding));
        List<String> readBy = new ArrayList<>();
        for (Future<Knowledge.Consulted> one : asked) {
            assertEquals(SENTENCE, await(one).answer());
            readBy.add(await(one).reader());
        }
        assertEquals(List.of("", "", "", "NOD100"), readBy);
        assertEquals(List.of(QUESTION), lent);
        assertEquals("", await(ask(readers, Knowledge.Depth.DEEP)).reader());
        assertEquals(List.of(QUESTION), lent);
        await(asking.close());
    }

    @Test
    void whatALightNodeCutsOtherwiseIsNotUsedAndCountsForNothing() throws Exception {
        String piece = "The lighthouse of Arkona is painted yellow. It";
        said = List.of(new Work.Quote(0, 0, piece.length(), piece));
        Knowledge.Consulted answer = await(ask(new Readers(bus, Lending.ALWAYS), Knowledge.Depth.DEEP));
        assertEquals(SENTENCE, answer.answer());
        assertEquals("", answer.reader());
        said = List.of(new Work.Quote(0, 0, SENTENCE.length(), SENTENCE.replace("yellow", "purple")));
        assertEquals(
                "",
                await(ask(new Readers(bus, Lending.ALWAYS), Knowledge.Depth.DEEP))
                        .reader());
        until(() -> strikes.equals(List.of("words that do not stand there")));
        assertEquals(2, lent.size());
    }

    @Test
    void aNodeWithoutLightNodesReadsByItself() throws Exception {
        Knowledge.Consulted answer = await(ask(new Readers(bus, Lending.ALWAYS), Knowledge.Depth.DEEP));
        assertEquals(SENTENCE, answer.answer());
        assertEquals("", answer.reader());
        assertEquals(
                "",
                await(ask(new Readers(bus, Lending.OFF), Knowledge.Depth.DEEP)).reader());
        assertEquals(1, lent.size());
    }

    private Future<Knowledge.Consulted> ask(Readers readers, Knowledge.Depth depth) {
        return readers.answer(worker, QUESTION, depth, found, PASSAGES);
    }
}
