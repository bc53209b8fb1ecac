/**
 * Carries an answer from the node that computes it (the source) to the node that holds the client (the sink), and keeps it
 * readable when either is lost.
 *
 * <pre>
 *  upstream ──► StreamSource ── frames, started ──► StreamSink ──► client
 *     ▲ pause        │ ▲ ◄────── grants, stops ───────  │ ▲
 *     └──────────────┘ │ kept                    replay │ │ drained
 *               segments ▼                              ▼ │
 *                     SegmentStore ──────────────► frames of before
 * </pre>
 *
 * <p>Both sides are state machines: time comes in as a parameter in milliseconds of any clock that does not run backwards,
 * everything that goes out goes through a small interface, nothing waits. They need the JDK and the five records of
 * {@link skynet.bus.Stream}, and one thread at a time. Whoever hosts them delivers what arrives, calls {@code tick} when
 * {@code due} says so, and drops them when they say that they are done.
 *
 * <p>What holds, whatever is lost, doubled or late, as long as both sides live long enough: the client reads the text of the
 * source, in order, each piece once. Memory stays within ring and window. Of an attempt that was taken over, nothing is read
 * after its successor's seam.
 */
package skynet.bus.stream;
