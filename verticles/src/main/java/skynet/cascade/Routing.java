package skynet.cascade;

/** Chooses the levels for a question. It is asked on the room's event loop, once for each question, and does not wait. */
interface Routing {
    Plan plan(Question question, Health health);
}
