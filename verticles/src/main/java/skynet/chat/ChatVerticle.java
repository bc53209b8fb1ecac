package skynet.chat;

import io.vertx.core.Future;
import java.util.UUID;
import java.util.function.Supplier;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Chat;
import skynet.kit.Room;

/** Stores what is said, asks the cascade, stores the answer. A message id said again gives the stored answer. */
public final class ChatVerticle extends Room {
    private final ChatStore store;
    private final Supplier<UUID> ids;

    public ChatVerticle(Bus bus, ChatStore store, Supplier<UUID> ids) {
        super(bus);
        this.store = store;
        this.ids = ids;
    }

    @Override
    public Future<?> start() {
        return bus.serve(Chat.Say.class, this::say);
    }

    private Future<Chat.Said> say(Chat.Say say) {
        UUID conversation = idOf("conversation_id", say.conversation());
        UUID message = idOf("message_id", say.message());
        return store.keep(conversation, message, say.text(), say.by()).compose(kept -> kept.answer()
                .map(answer -> Future.succeededFuture(said(kept.conversation(), message, answer)))
                .orElseGet(() -> answer(kept.conversation(), message, say)));
    }

    private Future<Chat.Said> answer(UUID conversation, UUID message, Chat.Say say) {
        return bus.ask(new Cascade.Ask(say.by().tenant(), say.text()))
                .compose(answer -> store.answer(message, answer))
                .map(answer -> said(conversation, message, answer));
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
