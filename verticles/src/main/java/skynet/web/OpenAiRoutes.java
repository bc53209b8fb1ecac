package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Principal;

/**
 * The doors for clients of OpenAI's interface: which models there are, and answers. An answer is for its reader alone: when
 * the client leaves, or its node, whoever computes stops.
 */
final class OpenAiRoutes {
    private final Bus bus;
    private final Readings readings;
    private final Supplier<UUID> ids;

    OpenAiRoutes(Bus bus, Readings readings, Supplier<UUID> ids) {
        this.bus = bus;
        this.readings = readings;
        this.ids = ids;
    }

    void mount(Router router) {
        router.get("/v1/models")
                .handler(request -> Exchange.query(request, Set.of(), query -> Future.succeededFuture(Models.list())));
        router.get("/v1/models/:id")
                .handler(request -> Exchange.query(
                        request, Set.of(), query -> Future.succeededFuture(Models.listed(request.pathParam("id")))));
        router.post("/v1/chat/completions").handler(this::complete);
    }

    private void complete(RoutingContext request) {
        if (Exchange.refusesType(request, "application/json", "Send JSON")) {
            return;
        }
        try {
            Caller.payer(request).ask(Caller.of(request));
            readings.requireRoom();
        } catch (Refusal refusal) {
            Problem.answer(request, refusal);
            return;
        }
        JsonBody.receive(request.request(), Completion.BYTES_MAX)
                .map(Completion::of)
                .compose(asked -> begin(request, asked))
                .onFailure(failure -> Problem.answer(request, failure));
    }

    private Future<Void> begin(RoutingContext request, Completion asked) {
        Principal by = Caller.of(request);
        String id = ids.get().toString();
        FrontDoor.giveBackPlace(request);
        return bus.ask(new Cascade.Begin(by.tenant(), id, asked.question(), asked.wish(), true))
                .map(placed -> {
                    LongConsumer halt = heard -> halt(by, id, heard);
                    if (request.response().closed()) {
                        halt.accept(-1);
                        return null;
                    }
                    String name = "chatcmpl-" + id.replace("-", "");
                    CompletionOutlet outlet = asked.stream()
                            ? new ChunkedCompletion(request, asked, name, halt)
                            : new WholeCompletion(request, asked, name, halt);
                    readings.reading(by, id, Place.START, outlet, () -> Future.succeededFuture(new JsonObject()))
                            .readFrom(placed.owner());
                    return null;
                });
    }

    private void halt(Principal by, String id, long heard) {
        bus.ask(new Cascade.Halt(by.tenant(), id, "the client has enough", false, heard))
                .onFailure(failure -> System.getLogger("skynet.web")
                        .log(System.Logger.Level.DEBUG, "answer " + id + " not stopped: " + failure.getMessage()));
    }
}
