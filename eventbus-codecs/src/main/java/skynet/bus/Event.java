package skynet.bus;

/** A word that tells what has happened; it awaits no answer, and losing one costs latency, never a fact. */
public interface Event {}
