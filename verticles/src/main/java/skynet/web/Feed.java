package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.Promise;

/**
 * A topic's last state, as the frame that tells it. However many ask for it, the source is asked by one of them at a
 * time, and not again within the topic's period. Runs on the event loop of the front door.
 */
final class Feed {
    private final Topic topic;
    private String last = "";
    private long freshUntilNanos = Long.MIN_VALUE;
    private Promise<String> asking;

    Feed(Topic topic) {
        this.topic = topic;
    }

    Topic topic() {
        return topic;
    }

    /** The frame of the state that is no older than a period. */
    Future<String> recent() {
        boolean fresh = freshUntilNanos != Long.MIN_VALUE && System.nanoTime() - freshUntilNanos < 0;
        return fresh ? Future.succeededFuture(last) : now();
    }

    /** The frame of the state now. A state that equals the one before is told in the very same frame. */
    Future<String> now() {
        if (asking != null) {
            return asking.future();
        }
        Promise<String> asked = Promise.promise();
        asking = asked;
        Future.succeededFuture().compose(turn -> topic.source().get()).onComplete(answered -> {
            asking = null;
            if (answered.failed()) {
                asked.fail(answered.cause());
                return;
            }
            String frame = BrowserBus.frame("rec", topic.address())
                    .put("body", answered.result())
                    .encode();
            last = frame.equals(last) ? last : frame;
            freshUntilNanos = System.nanoTime() + topic.period().toNanos();
            asked.complete(last);
        });
        return asked.future();
    }
}
