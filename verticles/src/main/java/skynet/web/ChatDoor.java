package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Cascade.Answer;
import skynet.bus.Chat;
import skynet.bus.Fault;
import skynet.bus.Principal;

/** What both doors of chat do with an answer that is read piece by piece: begin it, read on, stop it. */
final class ChatDoor {
    /** An answer that is called off may be on its way to those who give it. */
    private static final Duration CALL_OFF_AGAIN = Duration.ofMillis(200);

    private static final int CALL_OFF_TRIES = 25;

    private final Bus bus;
    private final Readings readings;

    ChatDoor(Bus bus, Readings readings) {
        this.bus = bus;
        this.readings = readings;
    }

    /** Begins an answer, or finds it begun. */
    Future<Chat.Begun> begin(Principal by, JsonBody body) {
        return begin(by, body, false);
    }

    /** The same, told how its level was chosen when the body or the query says so. */
    Future<Chat.Begun> begin(Principal by, JsonBody body, boolean explained) {
        readings.requireRoom();
        return bus.ask(Saying.begin(body, by, explained));
    }

    /** Tells an answer from its first piece on. */
    void tell(Principal by, Chat.Begun begun, Outlet outlet) {
        outlet.tell(new Outlet.Event("begun", AnswerJson.json(begun), ""));
        if (begun.stored().isEmpty()) {
            readings.reading(by, begun.message(), Place.START, outlet).readFrom(begun.owner());
        } else {
            recite(
                    new Chat.Said(
                            begun.conversation(),
                            begun.message(),
                            begun.stored().get(0)),
                    outlet);
        }
    }

    /**
     * Reads on after a place. An answer whose pieces are not kept any more is told anew, after a seam that takes back all.
     *
     * @param open makes the outlet, when it is known that there is something to read
     */
    Future<Void> resume(Principal by, String message, Place place, Supplier<Outlet> open) {
        readings.requireRoom();
        String id = uuid(message);
        return own(by, id).compose(stored -> bus.ask(new Cascade.Find(by.tenant(), id))
                .<Void>map(placed -> {
                    Reading.requireWithin(place, placed);
                    readings.reading(by, id, place, open.get()).readAt(placed);
                    return null;
                })
                .recover(failure -> isA(Fault.Kind.ABSENT, failure) && stored.isPresent()
                        ? Future.succeededFuture(again(stored.get(), open.get()))
                        : Future.failedFuture(failure)));
    }

    /** Whether a message is the caller's, and what is stored of its answer: nothing while it is computed. */
    private Future<Optional<Chat.Said>> own(Principal by, String id) {
        return bus.ask(new Chat.Recall(id, by))
                .map(Optional::of)
                .recover(failure -> isA(Fault.Kind.CONFLICT, failure)
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(failure));
    }

    /** Ends an answer where it is; one that has ended stays as it is. */
    Future<JsonObject> stop(Principal by, String message) {
        String id = uuid(message);
        return own(by, id)
                .compose(stored -> stored.isPresent()
                        ? Future.succeededFuture(Cascade.State.ENDED)
                        : bus.ask(new Cascade.Halt(by.tenant(), id, "stopped")).map(Cascade.Placed::state))
                .map(state -> new JsonObject()
                        .put("message_id", id)
                        .put("stopped", true)
                        .put("state", state.name().toLowerCase(Locale.ROOT)));
    }

    /** Whoever asked for a whole answer has gone: nobody goes on with it, also when it only comes to be asked for. */
    void callOff(Chat.Say say, Future<?> said) {
        callOff(say, said, CALL_OFF_TRIES);
    }

    private void callOff(Chat.Say say, Future<?> said, int tries) {
        if (!said.isComplete() && tries > 0) {
            bus.ask(new Cascade.Halt(say.by().tenant(), say.message(), "the client has left", true, -1, say.asker()))
                    .onFailure(absent -> readings.after(CALL_OFF_AGAIN, () -> callOff(say, said, tries - 1)));
        }
    }

    private static boolean isA(Fault.Kind kind, Throwable failure) {
        return failure instanceof Fault fault && fault.kind() == kind;
    }

    private static Void again(Chat.Said said, Outlet outlet) {
        JsonObject all = new JsonObject().put("attempt", 1).put("from", 1);
        outlet.tell(new Outlet.Event("seam", all, ""));
        recite(said, outlet);
        return null;
    }

    private static void recite(Chat.Said said, Outlet outlet) {
        Answer answer = said.answer();
        answer.route().forEach(step -> outlet.tell(new Outlet.Event("route", AnswerJson.json(step), "")));
        outlet.tell(new Outlet.Event("delta", new JsonObject().put("text", answer.text()), ""));
        answer.citations().forEach(citation -> outlet.tell(new Outlet.Event("cite", AnswerJson.json(citation), "")));
        outlet.tell(new Outlet.Event("done", AnswerJson.json(said).put("end", "stop"), ""));
        outlet.end();
    }

    private static String uuid(String message) {
        try {
            return UUID.fromString(message).toString();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "message_id: not a UUID (expected: like 1b4e28ba-2fa1-11d2-883f-0016d3cca427)");
        }
    }
}
