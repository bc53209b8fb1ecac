package skynet.kit;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import skynet.bus.Auth;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Nodes;
import skynet.bus.Principal;
import skynet.bus.Role;

/**
 * Tells the doors who asks, by the token that is shown. The beginning of a token names the room that knows it; whatever
 * has no such beginning is known by the room {@code auth}.
 */
public final class Identity {
    private static final String BEARER = "bearer ";

    /** What a registered node may do beyond what guests may. */
    private static final List<String> NODE_SCOPES =
            List.of("swarm:beat", "swarm:read", "messages:read", "messages:write");

    /** What it may do beyond that when it registered in a mode; an operator still has to let it. */
    private static final Map<Nodes.Mode, List<String>> MODE_SCOPES =
            Map.of(Nodes.Mode.COMPUTE, List.of("swarm:compute"));

    private final Bus bus;
    private final Principal guest;

    /** Who knows the tokens that begin so. A room with tokens of its own adds its line here. */
    private final Map<String, Function<String, Future<Principal>>> knowers;

    /** {@code guests} tells whether anybody may do what guests may; without them only what is open to all is. */
    public Identity(Bus bus, boolean guests) {
        this.bus = bus;
        this.guest = guests ? Principal.GUEST : Principal.guest(List.of());
        this.knowers = Map.of("nod-", this::node);
    }

    /** Whoever shows nothing. */
    public Principal guest() {
        return guest;
    }

    /** Whether guests are let in where the contract lets them. */
    public boolean admitsGuests() {
        return guest.scopes().equals(Role.GUEST.scopes());
    }

    /** The token of an Authorization header; empty for another scheme, refused by whoever is to know it. */
    public static String tokenOf(String header) {
        return header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip()
                : "";
    }

    /** Who shows this token; fails with {@link Fault.Kind#UNAUTHENTICATED} when nobody has it or has it any longer. */
    public Future<Principal> of(String token) {
        try {
            for (Map.Entry<String, Function<String, Future<Principal>>> knower : knowers.entrySet()) {
                if (token.startsWith(knower.getKey())) {
                    return knower.getValue().apply(token);
                }
            }
            return bus.ask(new Auth.Identify(token)).map(Auth.Identified::principal);
        } catch (Fault fault) {
            return Future.failedFuture(fault);
        }
    }

    /** A light node: what guests may, heartbeats, an inbox of its own, and what its mode is for. */
    private Future<Principal> node(String token) {
        return bus.ask(new Nodes.Verify(token)).map(known -> {
            String name = known.node().toString();
            List<String> scopes = new ArrayList<>(guest.scopes());
            scopes.addAll(NODE_SCOPES);
            scopes.addAll(MODE_SCOPES.getOrDefault(known.mode(), List.of()));
            return new Principal(name, Principal.NODES, Role.GUEST, scopes, name, 0, 0);
        });
    }
}
