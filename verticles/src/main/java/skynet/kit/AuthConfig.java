package skynet.kit;

/** Who is let in: {@code guests} tells whether whoever does not say who they are may do what guests may. */
public record AuthConfig(boolean guests) {}
