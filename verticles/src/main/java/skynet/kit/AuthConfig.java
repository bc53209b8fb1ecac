package skynet.kit;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Who is let in.
 *
 * @param guests whether whoever does not say who they are may do what guests may
 * @param registration {@code auto}: open while only this machine reaches the node; {@code open} or {@code closed}
 * @param smtpUri where mails go, {@code smtp://user:password@host:587}; without it they are kept for an administrator
 * @param mailFrom the sender of mails
 */
public record AuthConfig(boolean guests, String registration, Optional<URI> smtpUri, String mailFrom) {
    static final List<String> REGISTRATIONS = List.of("auto", "open", "closed");
    private static final List<String> SCHEMES = List.of("smtp", "smtps");

    public AuthConfig {
        if (!REGISTRATIONS.contains(registration)) {
            throw new IllegalArgumentException(
                    "auth.registration: " + registration + " (expected: one of " + REGISTRATIONS + ")");
        }
        if (smtpUri.isPresent()
                && (!SCHEMES.contains(smtpUri.get().getScheme())
                        || smtpUri.get().getHost() == null)) {
            throw new IllegalArgumentException("auth.smtp-uri: not smtp://user:password@host:port");
        }
        if (!mailFrom.matches("[^\\s@<>\"]{1,64}@[^\\s@<>\"]{1,255}")) {
            throw new IllegalArgumentException("auth.mail-from: " + mailFrom + " (expected: an address)");
        }
    }

    /** Reads an address of a mail server; what it holds is a secret and stays out of the refusal. */
    public static URI smtp(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("auth.smtp-uri: not smtp://user:password@host:port");
        }
    }

    /** Whether somebody may make an account, where only this machine reaches the node, or not. */
    public boolean registers(boolean loopback) {
        return registration.equals("open") || registration.equals("auto") && loopback;
    }

    /** The secrets stay out of what is printed. */
    @Override
    public String toString() {
        return "AuthConfig[guests=" + guests + ", registration=" + registration + "]";
    }
}
