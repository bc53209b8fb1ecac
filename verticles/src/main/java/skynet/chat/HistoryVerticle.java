package skynet.chat;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Chat;
import skynet.bus.Crawl;
import skynet.bus.Fault;
import skynet.bus.Principal;
import skynet.bus.Telemetry;
import skynet.kit.Room;

/**
 * Conversations as their owner finds them again: lists and searches them, opens, renames and deletes them, and keeps what a
 * reader thinks of an answer. Guests have no list, because nobody can tell one guest from another.
 */
public final class HistoryVerticle extends Room {
    /** Days after which a guest's conversation is deleted. */
    public static final int GUEST_DAYS = 30;

    /** Conversations of all guests together; the oldest go. */
    static final int GUEST_CONVERSATIONS_MAX = 10_000;

    /** What one must be allowed for what one says to wait as something to learn from. */
    private static final String LEARN = "crawl:learn";

    private static final String SOURCE = "the correction of an answer in chat";

    private static final System.Logger LOG = System.getLogger("skynet.chat");
    private static final long TIDY_MILLIS = Duration.ofMinutes(1).toMillis();

    private final HistoryStore store;

    public HistoryVerticle(Bus bus, HistoryStore store) {
        super(bus);
        this.store = store;
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(TIDY_MILLIS, again -> tidy());
        return Future.all(List.of(
                bus.serve(Chat.Conversations.class, this::list),
                bus.serve(Chat.Open.class, this::open),
                bus.serve(Chat.Rename.class, this::rename),
                bus.serve(Chat.Forget.class, this::forget),
                bus.serve(Chat.Rate.class, this::rate),
                bus.serve(Chat.Correct.class, this::correct)));
    }

    private Future<Chat.Listed> list(Chat.Conversations asked) {
        requireKnown(asked.by());
        SearchWords words = SearchWords.of(asked.words());
        if (words.isEmpty() && !asked.words().isBlank()) {
            return Future.succeededFuture(new Chat.Listed(List.of(), ""));
        }
        return store.list(asked.by(), words, Cursor.of(asked.cursor(), Cursor.LATEST), asked.limit());
    }

    private Future<Chat.Opened> open(Chat.Open asked) {
        requireKnown(asked.by());
        return store.open(
                asked.by(),
                idOf("conversation", asked.conversation()),
                Cursor.of(asked.cursor(), Cursor.EARLIEST),
                asked.limit());
    }

    private Future<Chat.Renamed> rename(Chat.Rename asked) {
        requireKnown(asked.by());
        return store.rename(asked.by(), idOf("conversation", asked.conversation()), asked.title())
                .map(renamed -> new Chat.Renamed(asked.conversation(), asked.title()));
    }

    /** What is still computed for it is stopped first: nobody would ever read it. */
    private Future<Chat.Forgotten> forget(Chat.Forget asked) {
        requireKnown(asked.by());
        Optional<UUID> conversation = asked.conversation().isEmpty()
                ? Optional.empty()
                : Optional.of(idOf("conversation", asked.conversation()));
        return store.unanswered(asked.by(), conversation)
                .compose(open -> Future.join(open.stream()
                        .map(message -> bus.ask(new Cascade.Halt(asked.by().tenant(), message.toString(), "deleted"))
                                .otherwiseEmpty())
                        .toList()))
                .compose(halted -> store.forget(asked.by(), conversation))
                .onSuccess(count -> {
                    withdraw();
                    letGo();
                })
                .map(count -> {
                    if (conversation.isPresent() && count == 0) {
                        throw Fault.absent("conversation: no such one of yours");
                    }
                    return new Chat.Forgotten(count);
                });
    }

    private Future<Chat.Rated> rate(Chat.Rate asked) {
        UUID message = idOf("message", asked.message());
        String reason = asked.rating() == Chat.Rating.NONE ? "" : asked.reason().strip();
        return store.rate(asked.by(), message, asked.rating(), reason)
                .compose(changed -> changed ? tell(asked, message) : Future.succeededFuture())
                .map(told -> new Chat.Rated(asked.message(), asked.rating(), reason));
    }

    /** Whoever counts how good answers are hears of it; that they cannot now is no reason to lose the rating. */
    private Future<?> tell(Chat.Rate asked, UUID message) {
        Telemetry.Verdict verdict =
                switch (asked.rating()) {
                    case NONE -> Telemetry.Verdict.NONE;
                    case GOOD -> Telemetry.Verdict.GOOD;
                    case BAD -> Telemetry.Verdict.BAD;
                };
        return bus.<Telemetry.Noted>ask(new Telemetry.Rate(asked.by().tenant(), message.toString(), verdict))
                .recover(failure -> {
                    LOG.log(System.Logger.Level.DEBUG, "rating not counted: {0}", failure.getMessage());
                    return Future.succeededFuture(new Telemetry.Noted(0));
                });
    }

    private Future<Chat.Corrected> correct(Chat.Correct asked) {
        requireKnown(asked.by());
        UUID message = idOf("message", asked.message());
        return store.correct(asked.by(), message, asked.text())
                .onSuccess(kept -> withdraw())
                .compose(kept -> propose(asked, message, kept))
                .map(proposed -> new Chat.Corrected(asked.message(), asked.text(), proposed));
    }

    /**
     * A correction waits for somebody else's approval before the node learns from it; where it cannot wait it is only kept.
     * Its pair is noted as one to take back before there is one, so that none is left of a correction that goes meanwhile, nor
     * when this node does.
     */
    private Future<Boolean> propose(Chat.Correct asked, UUID message, HistoryStore.Correction kept) {
        boolean fits = !asked.text().isEmpty() && kept.question().length() <= Crawl.PAIR_QUESTION_CHARS_MAX;
        if (kept.proposed() || !fits || !asked.by().may(LEARN)) {
            return Future.succeededFuture(kept.proposed());
        }
        return store.intend()
                .compose(pair -> bus.ask(
                                new Crawl.Propose(asked.by(), kept.question(), asked.text(), SOURCE, pair.toString()))
                        .compose(proposed ->
                                store.proposed(message, asked.text(), pair, UUID.fromString(proposed.id()))))
                .onSuccess(noted -> withdraw())
                .recover(failure -> {
                    LOG.log(System.Logger.Level.DEBUG, "correction not proposed: {0}", failure.getMessage());
                    return Future.succeededFuture(false);
                });
    }

    /** What was proposed from conversations that are gone is taken back; what cannot be now is the next time. */
    private void withdraw() {
        store.withdrawn(Crawl.PAIRS_MAX)
                .compose(pairs -> pairs.isEmpty()
                        ? Future.succeededFuture()
                        : bus.ask(new Crawl.Withdraw(
                                        pairs.stream().map(UUID::toString).toList()))
                                .compose(done -> store.takenBack(pairs)))
                .onFailure(failure ->
                        LOG.log(System.Logger.Level.DEBUG, "pairs not taken back: {0}", failure.getMessage()));
    }

    /** Of messages that are gone nothing of the answers is kept anywhere; what cannot go now does the next time. */
    private void letGo() {
        store.forgotten(Cascade.FORGOTTEN_MAX)
                .compose(gone -> gone.messages().isEmpty()
                        ? Future.succeededFuture()
                        : bus.ask(new Cascade.Forget(
                                        gone.tenant(),
                                        gone.messages().stream()
                                                .map(UUID::toString)
                                                .toList()))
                                .compose(done -> store.letGo(gone.messages()))
                                .onSuccess(done -> letGo()))
                .onFailure(failure -> LOG.log(
                        System.Logger.Level.DEBUG,
                        "answers of messages that are gone still kept: {0}",
                        failure.getMessage()));
    }

    private void tidy() {
        withdraw();
        store.saidAgain().onComplete(done -> letGo());
        store.forgetGuests(GUEST_DAYS, GUEST_CONVERSATIONS_MAX)
                .onFailure(failure -> LOG.log(
                        System.Logger.Level.DEBUG, "conversations of guests not tidied: {0}", failure.getMessage()));
    }

    private static void requireKnown(Principal by) {
        if (by.isGuest()) {
            throw new Fault(
                    Fault.Kind.UNAUTHENTICATED,
                    "history: kept for those who log in (expected: a session or a token; guests keep theirs in their tab)");
        }
    }

    /** A text that is no id names nothing of anybody's. */
    private static UUID idOf(String what, String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Fault.absent(what + ": no such one of yours");
        }
    }
}
