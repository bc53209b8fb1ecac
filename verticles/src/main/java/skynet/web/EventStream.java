package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Server-sent events as the answer to a request. What may last for minutes takes no place from requests. */
final class EventStream implements Outlet {
    static final String MEDIA_TYPE = "text/event-stream";

    private static final String TEXT = "delta";
    private static final byte[] ID = JsonText.ascii8("id: ");
    private static final byte[] TEXT_BEGIN = JsonText.ascii8("\nevent: delta\ndata: {\"text\":");
    private static final byte[] TEXT_END = JsonText.ascii8("}\n\n");

    /** Room for everything but the text. */
    private static final int SPARE_BYTES = 96;

    private final RoutingContext request;

    private EventStream(RoutingContext request) {
        this.request = request;
    }

    static EventStream open(RoutingContext request) {
        FrontDoor.giveBackPlace(request);
        request.response()
                .putHeader("Content-Type", MEDIA_TYPE)
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no")
                .setChunked(true);
        return new EventStream(request);
    }

    @Override
    public void onGone(Runnable work) {
        request.response().closeHandler(closed -> work.run());
        request.response().exceptionHandler(broken -> work.run());
    }

    @Override
    public Future<Void> tell(Event event) {
        if (request.response().closed() || request.response().ended()) {
            return Future.failedFuture("the other side has gone");
        }
        if (event.name().equals(TEXT) && !event.at().isEmpty()) {
            return request.response().write(text(event));
        }
        String id = event.at().isEmpty() ? "" : "id: " + event.at() + "\n";
        return request.response()
                .write(id + "event: " + event.name() + "\ndata: " + event.data().encode() + "\n\n");
    }

    /** The event that comes for each word, straight into bytes. */
    private static Buffer text(Event event) {
        String text = event.data().getString("text");
        JsonText line = new JsonText(SPARE_BYTES + 2 * text.length());
        return line.ascii(ID)
                .ascii(JsonText.ascii8(event.at()))
                .ascii(TEXT_BEGIN)
                .text(text)
                .ascii(TEXT_END)
                .buffer();
    }

    @Override
    public void beat() {
        if (!request.response().closed() && !request.response().ended()) {
            request.response().write(":\n\n");
        }
    }

    @Override
    public void end() {
        if (!request.response().closed() && !request.response().ended()) {
            request.response().end();
        }
    }

    @Override
    public JsonObject problem(Throwable failure) {
        return Problem.json(failure, FrontDoor.idOf(request), "chat events");
    }
}
