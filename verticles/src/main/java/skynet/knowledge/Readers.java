package skynet.knowledge;

import io.vertx.core.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import skynet.bus.Bus;
import skynet.bus.Knowledge;
import skynet.bus.Work;
import skynet.kit.Lending;

/**
 * Chooses who reads the passages of a question word by word: this node, or a light node that was granted to. What a light node
 * says is read a second time; when it is wrong, late or not there at all, this node reads, and the asker does not notice.
 */
final class Readers {
    private static final Logger LOG = System.getLogger(Readers.class.getName());

    /** How long a light node may read. */
    static final int JOB_MILLIS = 2_500;

    /** With the ways there and back, also over another member. */
    private static final Duration PATIENCE = Duration.ofMillis(JOB_MILLIS + 500);

    private static final String ENGINE = "onnx";

    /** One of so many times when a light node finds nothing, it is looked for here as well; the first time too. */
    static final int PROBE = 16;

    private final Bus bus;
    private final Lending lending;
    private final AtomicInteger nothings = new AtomicInteger();

    Readers(Bus bus, Lending lending) {
        this.bus = bus;
        this.lending = lending;
    }

    Future<Knowledge.Consulted> answer(
            KnowledgeWorker worker,
            String question,
            Knowledge.Depth depth,
            KnowledgeWorker.Found found,
            List<Passage> passages) {
        boolean lends = depth == Knowledge.Depth.DEEP
                && !passages.isEmpty()
                && (lending == Lending.ALWAYS || lending == Lending.BUSY && worker.isReading());
        return lends
                ? farAway(worker, question, found, passages)
                        .recover(failure -> here(worker, question, depth, found, passages))
                : here(worker, question, depth, found, passages);
    }

    private Future<Knowledge.Consulted> here(
            KnowledgeWorker worker,
            String question,
            Knowledge.Depth depth,
            KnowledgeWorker.Found found,
            List<Passage> passages) {
        return worker.answer(question, depth, found, passages)
                .map(answer -> depth == Knowledge.Depth.DEEP ? byThisNode(answer) : consulted(answer, "", ""));
    }

    private Future<Knowledge.Consulted> farAway(
            KnowledgeWorker worker, String question, KnowledgeWorker.Found found, List<Passage> passages) {
        Work.Seek job;
        try {
            job = new Work.Seek(
                    question,
                    passages.stream()
                            .map(one -> new Work.Passage(one.title(), one.text(), one.nearness()))
                            .toList(),
                    JOB_MILLIS);
        } catch (IllegalArgumentException tooMuch) {
            return Future.failedFuture(tooMuch);
        }
        return bus.ask(job, PATIENCE).compose(done -> worker.confirm(question, found, passages, done)
                .onFailure(failure -> {
                    if (failure instanceof SecondReading.Wrong wrong) {
                        blame(done, wrong.getMessage());
                    } else if (failure instanceof SecondReading.CutOtherwise otherwise) {
                        LOG.log(
                                Level.INFO,
                                done.node() + " answered with " + otherwise.getMessage() + "; it is not used");
                    }
                })
                .compose(answer -> !answer.answered() && nothings.getAndIncrement() % PROBE == 0
                        ? probed(worker, question, found, passages, done)
                        : Future.succeededFuture(from(done, answer))));
    }

    /** Nothing is said easily and cannot be read again: now and then it is looked for here as well. */
    private Future<Knowledge.Consulted> probed(
            KnowledgeWorker worker,
            String question,
            KnowledgeWorker.Found found,
            List<Passage> passages,
            Work.Done done) {
        return worker.own(question, found, passages).map(own -> {
            if (own.clear()) {
                blame(done, "nothing, where an answer stands");
            }
            return own.answer().answered() ? byThisNode(own.answer()) : from(done, own.answer());
        });
    }

    private void blame(Work.Done done, String what) {
        LOG.log(Level.WARNING, done.node() + " answered with " + what + "; it counts against it");
        bus.ask(new Work.Strike(done.node(), what));
    }

    private static Knowledge.Consulted from(Work.Done done, Answer answer) {
        return consulted(answer, done.node().toString(), ENGINE + ", " + done.node());
    }

    private Knowledge.Consulted byThisNode(Answer answer) {
        return consulted(answer, "", ENGINE + ", " + bus.self());
    }

    private static Knowledge.Consulted consulted(Answer answer, String reader, String engine) {
        if (!answer.answered()) {
            return new Knowledge.Consulted(
                    false, "", List.of(), "no passage is close enough to the question", reader, engine);
        }
        List<Knowledge.Citation> citations = answer.citations().stream()
                .map(c -> new Knowledge.Citation(
                        c.document(),
                        c.title(),
                        c.chunk(),
                        c.start(),
                        c.end(),
                        c.text(),
                        c.page(),
                        c.mark().collection(),
                        c.mark().isShared()))
                .toList();
        return new Knowledge.Consulted(
                true, answer.text(), citations, "found in the documents of this node", reader, engine);
    }
}
