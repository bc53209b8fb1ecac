package skynet.bus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What somebody is to a node; each role may all that the one before it may, and more. The order is part of the wire:
 * append only.
 */
public enum Role {
    /** Whoever does not say who they are. */
    GUEST(
            "genom:read",
            "dictionary:read",
            "chat:ask",
            "chat:read",
            "knowledge:read",
            "swarm:read",
            "swarm:join",
            "status:read",
            "mesh:read",
            "crypto:handshake"),
    /** Somebody with an account. */
    USER(
            "account:self",
            "keys:self",
            "messages:read",
            "messages:write",
            "swarm:beat",
            "knowledge:write",
            "chat:write",
            "crawl:learn",
            "swarm:compute"),
    /** Who looks after the documents that all may read, figures and members. */
    OPERATOR("metrics:read", "prices:write", "swarm:admin", "crawl:read", "crawl:write"),
    /** Who looks after people. */
    ADMIN("admin:users", "admin:mail");

    private static final String BETWEEN = " ";

    /** What this role adds, with a space between; an enum holds nothing that could change. */
    private final String own;

    Role(String... own) {
        this.own = String.join(BETWEEN, own);
    }

    /** Every scope of this role, in a fixed order. A scope is {@code room:act}. */
    public List<String> scopes() {
        List<String> all = new ArrayList<>();
        for (Role role : values()) {
            if (role.compareTo(this) <= 0) {
                all.addAll(List.of(role.own.split(BETWEEN)));
            }
        }
        return Collections.unmodifiableList(all);
    }

    /** The name in settings, in answers and in the database: small letters. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
