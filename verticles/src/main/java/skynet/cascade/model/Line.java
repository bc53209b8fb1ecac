package skynet.cascade.model;

/**
 * One thing said in a conversation, as a model is shown it.
 *
 * @param role {@code system}, {@code user} or {@code assistant}
 */
public record Line(String role, String text) {}
