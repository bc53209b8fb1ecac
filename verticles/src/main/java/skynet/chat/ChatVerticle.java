package skynet.chat;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Chat;
import skynet.bus.Principal;
import skynet.kit.Room;

/**
 * Stores what is said, asks the cascade, stores the answer. A message id said again gives the stored answer. An answer that is
 * read piece by piece is stored when the node that computed it tells so, or else when somebody asks for it.
 */
public final class ChatVerticle extends Room {
    private static final System.Logger LOG = System.getLogger("skynet.chat");

    /** How long an answer as a whole may take; who reads it piece by piece waits as long as pieces come. */
    private static final Duration PATIENCE = Duration.ofSeconds(55);

    private final ChatStore store;
    private final Supplier<UUID> ids;

    public ChatVerticle(Bus bus, ChatStore store, Supplier<UUID> ids) {
        super(bus);
        this.store = store;
        this.ids = ids;
    }

    @Override
    public Future<?> start() {
        return Future.all(
                bus.serve(Chat.Say.class, this::say),
                bus.serve(Chat.Begin.class, this::begin),
                bus.serve(Chat.Recall.class, this::recall),
                bus.hear(Cascade.Ended.class, this::ended));
    }

    private Future<Chat.Said> say(Chat.Say say) {
        UUID message = idOf("message_id", say.message());
        return keep(say.conversation(), message, say.text(), say.of(), say.by()).compose(kept -> kept.answer()
                .map(answer -> Future.succeededFuture(said(kept.conversation(), message, answer)))
                .orElseGet(() -> answer(kept, message, say)));
    }

    private Future<ChatStore.Kept> keep(String conversation, UUID message, String text, String of, Principal by) {
        if (!of.isEmpty()) {
            return store.keepVersion(message, idOf("regenerate", of), by);
        }
        return conversation.isEmpty()
                ? store.begin(ids.get(), message, text, by)
                : store.keep(idOf("conversation_id", conversation), message, text, by);
    }

    private Future<Chat.Said> answer(ChatStore.Kept kept, UUID message, Chat.Say say) {
        return wish(kept, anew(say.wish(), say.of(), message))
                .compose(wish -> bus.ask(
                        new Cascade.Ask(say.by().tenant(), kept.question(), wish, message.toString(), say.asker()),
                        PATIENCE))
                .compose(answer -> store.answer(message, answer))
                .map(answer -> said(kept.conversation(), message, answer));
    }

    private Future<Chat.Begun> begin(Chat.Begin begin) {
        UUID message = idOf("message_id", begin.message());
        return keep(begin.conversation(), message, begin.text(), begin.of(), begin.by())
                .compose(kept -> {
                    String where = kept.conversation().toString();
                    return kept.answer()
                            .map(answer -> Future.succeededFuture(
                                    new Chat.Begun(where, message.toString(), 0, 0, List.of(answer))))
                            .orElseGet(() -> wish(kept, anew(begin.wish(), begin.of(), message))
                                    .compose(wish -> bus.ask(new Cascade.Begin(
                                            begin.by().tenant(), message.toString(), kept.question(), wish)))
                                    .map(placed -> new Chat.Begun(
                                            where, message.toString(), placed.owner(), placed.attempt(), List.of())));
                });
    }

    /** What is answered again is answered with another seed, so that it is not what is remembered, nor the same once more. */
    private static Cascade.Wish anew(Cascade.Wish wish, String of, UUID message) {
        return of.isEmpty() || !wish.options().isEmpty()
                ? wish
                : new Cascade.Wish(
                        wish.band(),
                        wish.policy(),
                        wish.tokensMax(),
                        wish.explained(),
                        wish.before(),
                        wish.tools(),
                        new JsonObject()
                                .put("seed", message.getLeastSignificantBits() & Integer.MAX_VALUE)
                                .encode(),
                        wish.after());
    }

    /** A wish that knows what was said before; one that brings a past of its own keeps that. */
    private Future<Cascade.Wish> wish(ChatStore.Kept kept, Cascade.Wish wish) {
        return wish.before().isEmpty()
                ? store.before(kept).map(said -> {
                    List<Cascade.Turn> before = Context.of(said, kept.question());
                    return before.isEmpty()
                            ? wish
                            : new Cascade.Wish(
                                    wish.band(),
                                    wish.policy(),
                                    wish.tokensMax(),
                                    wish.explained(),
                                    before,
                                    wish.tools(),
                                    wish.options(),
                                    wish.after());
                })
                : Future.succeededFuture(wish);
    }

    private Future<Chat.Said> recall(Chat.Recall recall) {
        UUID message = idOf("message_id", recall.message());
        return store.find(message, recall.by()).compose(kept -> kept.answer()
                .map(Future::succeededFuture)
                .orElseGet(() -> fetch(recall.by().tenant(), message))
                .map(answer -> said(kept.conversation(), message, answer)));
    }

    /** An answer was computed here. When it is of no message, or cannot be stored now, whoever asks for it finds it later. */
    private void ended(Cascade.Ended ended) {
        fetch(ended.tenant(), UUID.fromString(ended.id()))
                .onFailure(failure -> LOG.log(
                        System.Logger.Level.DEBUG, "answer {0} not stored: {1}", ended.id(), failure.getMessage()));
    }

    private Future<Cascade.Answer> fetch(String tenant, UUID message) {
        return bus.ask(new Cascade.Whole(tenant, message.toString())).compose(answer -> store.answer(message, answer));
    }

    private static Chat.Said said(UUID conversation, UUID message, Cascade.Answer answer) {
        return new Chat.Said(conversation.toString(), message.toString(), answer);
    }

    private UUID idOf(String name, String text) {
        if (text.isEmpty()) {
            return ids.get();
        }
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    name + ": not a UUID (expected: like 1b4e28ba-2fa1-11d2-883f-0016d3cca427)");
        }
    }
}
