package skynet.sim;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import skynet.bus.Cascade;
import skynet.bus.Fault;
import skynet.bus.Principal;
import skynet.chat.ChatStore;

/**
 * The database behind all simulated chat rooms: never forgets, answers late, at times not at all although the work is done.
 */
final class MemoryChatStore {
    private final SimWorld world;
    private final boolean firstAnswerHolds;
    private final Map<UUID, Message> messages = new LinkedHashMap<>();
    private int failurePermille;

    MemoryChatStore(SimWorld world, int failurePermille, boolean firstAnswerHolds) {
        this.world = world;
        this.failurePermille = failurePermille;
        this.firstAnswerHolds = firstAnswerHolds;
    }

    void calm() {
        failurePermille = 0;
    }

    /** The database as a room on one node reaches it. */
    ChatStore from(int node) {
        return new ChatStore() {
            @Override
            public Future<Kept> keep(UUID conversation, UUID message, String question, Principal by) {
                return call(node, () -> {
                    Message kept = messages.computeIfAbsent(message, id -> new Message(conversation, question));
                    if (!kept.question.equals(question)) {
                        throw new Fault(Fault.Kind.CONFLICT, "message_id: used before with another message");
                    }
                    return kept(message, kept);
                });
            }

            @Override
            public Future<Kept> keepVersion(UUID version, UUID of, Principal by) {
                return Future.failedFuture(Fault.absent("message: no such one of yours"));
            }

            @Override
            public Future<List<Exchange>> before(Kept kept) {
                return call(node, List::of);
            }

            @Override
            public Future<Kept> find(UUID message, Principal by) {
                return call(node, () -> {
                    Message kept = messages.get(message);
                    if (kept == null) {
                        throw Fault.absent("message: no such one of yours");
                    }
                    return kept(message, kept);
                });
            }

            @Override
            public Future<Cascade.Answer> answer(UUID message, Cascade.Answer answer) {
                return call(node, () -> {
                    Message kept = messages.get(message);
                    if (kept.answer.isEmpty() || !firstAnswerHolds) {
                        kept.answer = Optional.of(answer);
                    }
                    return kept.answer.get();
                });
            }
        };
    }

    private <T> Future<T> call(int node, Supplier<T> work) {
        Promise<T> result = Promise.promise();
        boolean fails = world.chance(failurePermille);
        boolean works = !fails || world.chance(500);
        int life = world.life(node);
        world.after(0, world.random().nextInt(1, 15), () -> {
            Future<T> outcome = works ? Future.<Void>succeededFuture().map(none -> work.get()) : null;
            if (world.life(node) == life) {
                world.after(node, 1, () -> {
                    if (fails) {
                        result.fail(new Fault(Fault.Kind.LATE, "database: no answer in time"));
                    } else {
                        outcome.onComplete(result);
                    }
                });
            }
        });
        return result.future();
    }

    private static ChatStore.Kept kept(UUID id, Message message) {
        return new ChatStore.Kept(message.conversation, id, message.question, message.answer, false);
    }

    private static final class Message {
        private final UUID conversation;
        private final String question;
        private Optional<Cascade.Answer> answer = Optional.empty();

        Message(UUID conversation, String question) {
            this.conversation = conversation;
            this.question = question;
        }
    }
}
