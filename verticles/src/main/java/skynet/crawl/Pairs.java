package skynet.crawl;

import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import skynet.bus.Bus;
import skynet.bus.Crawl;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.bus.Principal;

/** Pairs of question and answer from their proposal to the document that an approval makes of them. */
final class Pairs {
    private static final int TITLE_CHARS_MAX = 200;

    private final Bus bus;
    private final PairStore store;
    private final Supplier<UUID> ids;

    Pairs(Bus bus, PairStore store, Supplier<UUID> ids) {
        this.bus = bus;
        this.store = store;
        this.ids = ids;
    }

    /** The document that an approved pair becomes. */
    static String documentOf(String id) {
        return "learned/" + id;
    }

    Future<Crawl.Proposed> propose(Crawl.Propose pair) {
        UUID id = pair.id().isEmpty() ? ids.get() : UUID.fromString(pair.id());
        return store.propose(id, pair, nameOf(pair.by())).map(kept -> new Crawl.Proposed(id.toString(), "pending"));
    }

    Future<Crawl.PairPage> list(Crawl.Pairs ask) {
        return store.list(ask);
    }

    /** Judges a pair; who proposed it may not, and what is judged stays so. */
    Future<Crawl.Judged> judge(Crawl.Judge judge) {
        UUID id = idOf(judge.id());
        String by = nameOf(judge.by());
        return store.judge(id, judge.approved(), by)
                .compose(done -> store.find(id).map(found -> checked(found.orElseThrow(Pairs::absent), by, done)))
                .compose(pair -> judge.approved()
                        ? learn(pair).map(learned -> new Crawl.Judged(pair.id(), pair.state(), documentOf(pair.id())))
                        : Future.succeededFuture(new Crawl.Judged(pair.id(), pair.state(), "")));
    }

    private static Crawl.Pair checked(Crawl.Pair pair, String by, boolean done) {
        if (!done && pair.state().equals("pending") && pair.proposedBy().equals(by)) {
            throw new Fault(Fault.Kind.DENIED, "pair: proposed by the same (expected: somebody else's judgement)");
        }
        if (!done) {
            throw new Fault(Fault.Kind.CONFLICT, "pair: " + pair.state() + " already (expected: one that is pending)");
        }
        return pair;
    }

    /** What was said in a conversation goes with it; what somebody else has approved is the node's own. */
    Future<Crawl.Withdrawn> withdraw(Crawl.Withdraw withdraw) {
        return store.withdraw(withdraw.ids().stream().map(Pairs::idOf).toList()).map(Crawl.Withdrawn::new);
    }

    /** Learns what was approved and is not there; done often, it does little. */
    Future<Void> makeUp() {
        return store.unlearned().compose(pair -> pair.map(this::learn).orElseGet(Future::succeededFuture));
    }

    /** The question stands over the answer as its heading: an answer is quoted, a heading never is. */
    private Future<Void> learn(Crawl.Pair pair) {
        String question = pair.question().strip().replaceAll("\\s+", " ");
        String title = question.length() > TITLE_CHARS_MAX
                ? question.substring(0, question.offsetByCodePoints(0, TITLE_CHARS_MAX / 2)) + "…"
                : question;
        String source =
                pair.source().isBlank() ? "" : "\n\nSource: " + pair.source().strip();
        String text = "# " + question + "\n\n" + pair.answer().strip() + source + "\n";
        return bus.ask(new Knowledge.Learn(
                        documentOf(pair.id()), title, text, Knowledge.SHARED, Knowledge.MAIN, List.of()))
                .compose(learned -> store.learned(idOf(pair.id())));
    }

    /** Who it is: a user; else the machine itself. */
    private static String nameOf(Principal by) {
        return by.user().isEmpty() ? by.tenant() : by.user();
    }

    private static UUID idOf(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw absent();
        }
    }

    private static Fault absent() {
        return Fault.absent("pair: not known here");
    }
}
