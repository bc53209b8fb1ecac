package skynet.auth;

import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import skynet.bus.Fault;
import skynet.bus.Principal;

/**
 * Knows who shows a token. What the database said is remembered for {@value #MEMORY_MILLIS} ms and forgotten at once when
 * anything is revoked anywhere: a revoked token fails at once while members hear each other, and within that time when
 * they do not. Belongs to one event loop.
 */
final class Recognition {
    static final long MEMORY_MILLIS = 500;
    static final int REMEMBERED_MAX = 10_000;

    private final MachineToken machine;
    private final AccessTokens tokens;
    private final SessionStore sessions;
    private final KeyStore keys;
    private final InstantSource clock;
    private final Map<String, Remembered> remembered = new LinkedHashMap<>();
    private long forgotten;

    private record Remembered(Principal principal, long untilMillis) {}

    Recognition(MachineToken machine, AccessTokens tokens, AuthStores stores, InstantSource clock) {
        this.machine = machine;
        this.tokens = tokens;
        this.sessions = stores.sessions();
        this.keys = stores.keys();
        this.clock = clock;
    }

    /** Who shows this; fails with {@link Fault.Kind#UNAUTHENTICATED} when it is not good, or no longer. */
    Future<Principal> of(String token) {
        long now = clock.instant().getEpochSecond();
        if (token.startsWith(MachineToken.PREFIX)) {
            return machine.is(token)
                    ? Future.succeededFuture(MachineToken.machine(now))
                    : Future.failedFuture(unknown());
        }
        if (token.startsWith(Tokens.KEY)) {
            byte[] kept = Tokens.kept(token);
            return known(HexFormat.of().formatHex(kept), () -> keys.of(kept).map(found -> found.map(this::used)));
        }
        if (token.startsWith(Tokens.COOKIE)) {
            byte[] kept = Tokens.kept(token);
            return known(HexFormat.of().formatHex(kept), () -> sessions.byCookie(kept)
                    .map(found -> found.map(this::seen)));
        }
        return tokens.read(token, now).compose(access -> known(
                        access.session().toString(),
                        () -> sessions.byId(access.session()).map(found -> found.map(this::seen)))
                .compose(principal -> principal.user().equals(access.account().toString())
                        ? Future.succeededFuture(until(principal, access.endsSeconds()))
                        : Future.failedFuture(unknown())));
    }

    /** Forgets all that was remembered, and what is being asked now is not remembered either. */
    void forget() {
        forgotten++;
        remembered.clear();
    }

    private Future<Principal> known(String key, Supplier<Future<Optional<Principal>>> ask) {
        long now = clock.millis();
        Remembered before = remembered.get(key);
        if (before != null && now < before.untilMillis()) {
            return Future.succeededFuture(before.principal());
        }
        long asked = forgotten;
        return ask.get().compose(found -> {
            if (found.isEmpty()) {
                remembered.remove(key);
                return Future.failedFuture(unknown());
            }
            if (asked == forgotten) {
                remember(key, new Remembered(found.get(), now + MEMORY_MILLIS));
            }
            return Future.succeededFuture(found.get());
        });
    }

    private void remember(String key, Remembered known) {
        remembered.remove(key);
        remembered.put(key, known);
        if (remembered.size() > REMEMBERED_MAX) {
            remembered.remove(remembered.keySet().iterator().next());
        }
    }

    /** That it was seen is written down in its own time; when that fails it is written the next time. */
    private Principal seen(SessionStore.Live live) {
        if (live.stale()) {
            sessions.seen(live.id());
        }
        return live.principal();
    }

    private Principal used(KeyStore.Live live) {
        if (live.stale()) {
            keys.used(live.id());
        }
        return live.principal();
    }

    private static Principal until(Principal principal, long endsSeconds) {
        return new Principal(
                principal.user(),
                principal.tenant(),
                principal.role(),
                principal.scopes(),
                principal.credential(),
                principal.provedSeconds(),
                endsSeconds);
    }

    private static Fault unknown() {
        return new Fault(Fault.Kind.UNAUTHENTICATED, "token: not valid or no longer (expected: a new one)");
    }
}
