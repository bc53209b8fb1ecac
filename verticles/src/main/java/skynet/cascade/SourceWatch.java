package skynet.cascade;

import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.bus.Knowledge.Changed;

/**
 * Lets cached answers go when documents change: at once those that cite the document, and, when it has been read, those whose
 * questions it may answer better. A document that is too long to be looked through, and more changes than can be followed,
 * let all answers of their tenant go. Lives on the room's event loop.
 */
final class SourceWatch {
    /** Longest document whose words are gathered on the event loop: some milliseconds. */
    static final int DOCUMENT_CHARS_MAX = 64 << 10;

    /** Changes that wait to be read. */
    static final int WAITING_MAX = 16;

    private final Bus bus;
    private final AnswerCache cache;
    private final InstantSource clock;
    private final Deque<Changed> waiting = new ArrayDeque<>();
    private boolean reading;

    SourceWatch(Bus bus, AnswerCache cache, InstantSource clock) {
        this.bus = bus;
        this.cache = cache;
        this.clock = clock;
    }

    Future<Void> open() {
        return Future.all(
                        bus.listen(Changed.class, this::changed),
                        bus.listen(Knowledge.Followed.class, followed -> cache.followed(followed.document())))
                .mapEmpty();
    }

    private void changed(Changed change) {
        cache.changed(change.document(), change.tenant(), clock.millis());
        if (cache.size() == 0) {
            return;
        }
        if (waiting.size() == WAITING_MAX) {
            waiting.forEach(one -> cache.clear(one.tenant()));
            waiting.clear();
            cache.clear(change.tenant());
            return;
        }
        waiting.addLast(change);
        readNext();
    }

    private void readNext() {
        Changed next = reading ? null : waiting.pollFirst();
        if (next == null) {
            return;
        }
        reading = true;
        bus.ask(new Knowledge.Read(next.document(), next.tenant(), next.collection()))
                .onSuccess(document -> {
                    if (document.text().length() > DOCUMENT_CHARS_MAX) {
                        cache.clear(next.tenant());
                    } else {
                        cache.learned(document.title() + '\n' + document.text(), next.tenant());
                    }
                })
                .onFailure(failure -> {
                    // A document that is gone answers nothing better; one that cannot be read may.
                    if (!(failure instanceof Fault fault) || fault.kind() != Fault.Kind.ABSENT) {
                        cache.clear(next.tenant());
                    }
                })
                .onComplete(read -> {
                    reading = false;
                    readNext();
                });
    }
}
