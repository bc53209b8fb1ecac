package skynet.bus;

import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** Reads what comes over the bus, and turns refusals into bytes and back. What is no frame is counted and goes no further. */
final class Replies {
    private static final System.Logger LOG = System.getLogger(Bus.class.getName());

    private final Catalog catalog;
    private final LongAdder refused = new LongAdder();

    Replies(Catalog catalog) {
        this.catalog = catalog;
    }

    long refused() {
        return refused.sum();
    }

    /** The word that came, or nothing when the bytes are none, or another than its address promises. */
    <T> Optional<T> read(Class<T> expected, Message<?> message) {
        try {
            return Optional.of(expected.cast(message.body()));
        } catch (RuntimeException e) {
            refused.increment();
            LOG.log(System.Logger.Level.WARNING, "frame at {0} refused: {1}", message.address(), e.getMessage());
            return Optional.empty();
        }
    }

    /** The body of an answer. */
    BusMessage body(Message<?> answer) {
        return read(BusMessage.class, answer).orElseThrow(this::noWord);
    }

    boolean late(Message<?> message, String header, long nowMillis) {
        try {
            String deadline = message.headers().get(header);
            return deadline != null && Long.parseLong(deadline) < nowMillis;
        } catch (RuntimeException e) {
            refused.increment();
            return true;
        }
    }

    /** Refuses what could not be read, or what nobody here serves. */
    void refuse(Message<?> message, Object request) {
        if (request == null) {
            message.fail(Fault.Kind.INVALID.ordinal(), "frame: not of this bus");
        } else {
            message.fail(Fault.Kind.UNAVAILABLE.ordinal(), catalog.nameOf(request.getClass()) + ": not served here");
        }
    }

    void refuse(Class<?> type, Message<?> message, Throwable failure) {
        Fault fault = refusal(type, failure);
        message.fail(fault.kind().ordinal(), fault.getMessage());
    }

    /** What an asker hears when a handler fails. What is no {@link Fault} is broken, and stays in the log. */
    Fault refusal(Class<?> type, Throwable failure) {
        if (failure instanceof Fault fault) {
            return fault;
        }
        if (failure instanceof TooLarge) {
            return new Fault(Fault.Kind.TOO_LARGE, failure.getMessage());
        }
        if (failure instanceof IllegalArgumentException) {
            return new Fault(Fault.Kind.INVALID, failure.getMessage());
        }
        LOG.log(System.Logger.Level.ERROR, catalog.nameOf(type) + " broke", failure);
        return new Fault(Fault.Kind.BROKEN, catalog.nameOf(type) + ": failed; the node's log says why");
    }

    /** The asker waited until its deadline. */
    Fault late(String name) {
        return new Fault(Fault.Kind.LATE, name + ": no answer in time; whether it was done is unknown");
    }

    /** The deadline was over before anybody began. */
    Fault tooLate(String name) {
        return new Fault(Fault.Kind.LATE, name + ": deadline passed before it was served");
    }

    Fault nobody(String name) {
        return new Fault(Fault.Kind.UNAVAILABLE, name + ": nobody serves this now");
    }

    /** A handler gave something that is no word. */
    Fault noWord() {
        return new Fault(Fault.Kind.BROKEN, "answer: no frame of this bus");
    }

    Fault fault(Class<?> type, Throwable failure) {
        if (failure instanceof Fault known) {
            return known;
        }
        if (!(failure instanceof ReplyException reply)) {
            return new Fault(Fault.Kind.BROKEN, catalog.nameOf(type) + ": " + failure.getMessage());
        }
        if (reply.failureType() == ReplyFailure.TIMEOUT) {
            return late(catalog.nameOf(type));
        }
        if (reply.failureType() == ReplyFailure.NO_HANDLERS) {
            return nobody(catalog.nameOf(type));
        }
        Fault.Kind[] kinds = Fault.Kind.values();
        int code = reply.failureCode();
        return new Fault(code >= 0 && code < kinds.length ? kinds[code] : Fault.Kind.BROKEN, reply.getMessage());
    }
}
