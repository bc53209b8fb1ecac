package skynet.bus;

import java.util.Objects;

/** What is said to and by the auth room: who somebody is. What is secret in these words never leaves the node. */
public sealed interface Auth extends BusMessage {
    /** Longest token in characters. */
    int TOKEN_CHARS_MAX = 4_096;

    /** Asks who shows this token; one that is not good is refused with {@link Fault.Kind#UNAUTHENTICATED}. */
    @Wire(value = "auth.identify", reach = Reach.THIS_NODE)
    record Identify(String token) implements Auth, Request<Identified> {
        public Identify {
            if (token.isEmpty() || token.length() > TOKEN_CHARS_MAX) {
                throw new Fault(
                        Fault.Kind.UNAUTHENTICATED,
                        "token: " + token.length() + " characters (expected: 1 to " + TOKEN_CHARS_MAX + ")");
            }
        }

        @Override
        public String toString() {
            return "Identify[****]";
        }
    }

    /** Who it is. */
    @Wire("auth.identified")
    record Identified(Principal principal) implements Auth {
        public Identified {
            Objects.requireNonNull(principal, "principal");
        }
    }
}
