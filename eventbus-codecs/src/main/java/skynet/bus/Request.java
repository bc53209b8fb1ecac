package skynet.bus;

/**
 * A word that awaits exactly one answer, from exactly one server.
 *
 * @param <R> the answer
 */
public interface Request<R extends BusMessage> {}
