package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Server-sent events as the answer to a request. What may last for minutes takes no place from requests. */
final class EventStream implements Outlet {
    static final String MEDIA_TYPE = "text/event-stream";

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
        String id = event.at().isEmpty() ? "" : "id: " + event.at() + "\n";
        return request.response()
                .write(id + "event: " + event.name() + "\ndata: " + event.data().encode() + "\n\n");
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
