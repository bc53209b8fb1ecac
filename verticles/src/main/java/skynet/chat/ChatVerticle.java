package skynet.chat;

import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Chat;
import skynet.kit.Room;

/**
 * Stores what is said, asks the cascade, stores the answer. A message id said again gives the stored answer. An answer that is
 * read piece by piece is stored when the node that computed it tells so, or else when somebody asks for it.
 */
public final class ChatVerticle extends Room {
    private static final System.Logger LOG = System.getLogger("skynet.chat");

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
        UUID conversation = idOf("conversation_id", say.conversation());
        UUID message = idOf("message_id", say.message());
        return store.keep(conversation, message, say.text(), say.by()).compose(kept -> kept.answer()
                .map(answer -> Future.succeededFuture(said(kept.conversation(), message, answer)))
                .orElseGet(() -> answer(kept.conversation(), message, say)));
    }

    private Future<Chat.Said> answer(UUID conversation, UUID message, Chat.Say say) {
        return bus.ask(new Cascade.Ask(say.by().tenant(), say.text(), say.wish(), message.toString()))
                .compose(answer -> store.answer(message, answer))
                .map(answer -> said(conversation, message, answer));
    }

    private Future<Chat.Begun> begin(Chat.Begin begin) {
        UUID conversation = idOf("conversation_id", begin.conversation());
        UUID message = idOf("message_id", begin.message());
        return store.keep(conversation, message, begin.text(), begin.by()).compose(kept -> {
            String where = kept.conversation().toString();
            return kept.answer()
                    .map(answer ->
                            Future.succeededFuture(new Chat.Begun(where, message.toString(), 0, 0, List.of(answer))))
                    .orElseGet(() -> bus.ask(new Cascade.Begin(
                                    begin.by().tenant(), message.toString(), begin.text(), begin.wish()))
                            .map(placed -> new Chat.Begun(
                                    where, message.toString(), placed.owner(), placed.attempt(), List.of())));
        });
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
