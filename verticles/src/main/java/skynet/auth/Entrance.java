package skynet.auth;

import io.vertx.core.Future;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import skynet.bus.Auth;
import skynet.bus.Fault;
import skynet.bus.Role;

/** How somebody gets in: the first administrator, a new account, an account that exists, a session that goes on. */
final class Entrance {
    /** The group of the first administrator. */
    static final String GROUP = "team";

    private final AuthStores stores;
    private final AccessTokens access;
    private final Tokens tokens;
    private final PasswordWorker passwords;
    private final SecondFactor factor;
    private final Doorstep doorstep;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final boolean registers;
    private final Consumer<String> revoked;
    private Optional<byte[]> setupToken = Optional.empty();

    /** {@code registers} tells whether new accounts may be made; {@code revoked} is told what ends here. */
    Entrance(
            AuthStores stores,
            AccessTokens access,
            Tokens tokens,
            PasswordWorker passwords,
            SecondFactor factor,
            InstantSource clock,
            Supplier<UUID> ids,
            boolean registers,
            Consumer<String> revoked) {
        this.stores = stores;
        this.access = access;
        this.tokens = tokens;
        this.passwords = passwords;
        this.factor = factor;
        this.doorstep = new Doorstep(clock);
        this.clock = clock;
        this.ids = ids;
        this.registers = registers;
        this.revoked = revoked;
    }

    /** A token with which the first administrator can be made; each one makes the one before useless. */
    String offerSetup() {
        String token = tokens.make(Tokens.SETUP);
        setupToken = Optional.of(Tokens.kept(token));
        return token;
    }

    Future<Auth.Entered> setUp(Auth.SetUp ask) {
        int wait = doorstep.attempt("setup", ask.from().address(), false);
        if (wait > 0) {
            return Future.succeededFuture(Auth.Entered.later(wait));
        }
        if (setupToken.isEmpty()) {
            throw new Fault(Fault.Kind.CONFLICT, "setup: done before (expected: log in instead)");
        }
        if (!MessageDigest.isEqual(setupToken.get(), Tokens.kept(ask.token().strip()))) {
            throw new Fault(Fault.Kind.DENIED, "token: not the one that the node printed at its start");
        }
        String email = Manners.email(ask.email());
        Manners.password(ask.password(), email);
        UUID account = ids.get();
        return passwords
                .hash(ask.password())
                .compose(kept -> stores.accounts().addFirstAdmin(account, email, GROUP, kept))
                .onSuccess(added -> setupToken = Optional.empty())
                .compose(added -> begin(account, Role.ADMIN, false, ask.from()));
    }

    /** Whoever registers is in a group of their own, by the number of the account, until an administrator says otherwise. */
    Future<Auth.Entered> register(Auth.Register ask) {
        if (!registers) {
            throw new Fault(Fault.Kind.DENIED, "registration: closed (expected: ask an administrator)");
        }
        String email = Manners.email(ask.email());
        Manners.password(ask.password(), email);
        int wait = doorstep.register(ask.from().address(), isLoopback(ask.from().address()));
        if (wait > 0) {
            return Future.succeededFuture(Auth.Entered.later(wait));
        }
        UUID account = ids.get();
        return passwords
                .hash(ask.password())
                .compose(kept -> stores.accounts().add(account, email, account.toString(), Role.USER, kept))
                .compose(added -> begin(account, Role.USER, false, ask.from()));
    }

    /** An address that has no account and a wrong password get the same answer, after the same time. */
    Future<Auth.Entered> logIn(Auth.LogIn ask) {
        String email = Manners.email(ask.email());
        String address = ask.from().address();
        return stores.sessions().familiar(email, address).compose(familiar -> {
            int wait = doorstep.attempt(email, address, familiar);
            return wait > 0
                    ? Future.succeededFuture(Auth.Entered.later(wait))
                    : stores.accounts()
                            .byEmail(email)
                            .compose(account -> check(account, ask))
                            .onSuccess(entered -> {
                                if (entered.waitSeconds() == 0) {
                                    doorstep.forgive(email, address, familiar);
                                }
                            });
        });
    }

    private Future<Auth.Entered> check(Optional<AccountStore.Kept> account, Auth.LogIn ask) {
        String kept = account.map(AccountStore.Kept::password).orElse("");
        return passwords.matches(ask.password(), kept).compose(right -> {
            if (!right || account.isEmpty() || !account.get().shown().enabled()) {
                throw new Fault(Fault.Kind.UNAUTHENTICATED, "email or password: wrong");
            }
            if (Argon2.isOld(kept)) {
                passwords.hash(ask.password()).compose(again -> stores.accounts()
                        .setPassword(account.get().id(), again));
            }
            return admit(account.get(), ask);
        });
    }

    private Future<Auth.Entered> admit(AccountStore.Kept account, Auth.LogIn ask) {
        if (!account.hasFactor()) {
            return begin(account.id(), account.role(), false, ask.from());
        }
        if (ask.code().isBlank()) {
            throw new Fault(Fault.Kind.UNAUTHENTICATED, "second factor: missing (expected: code, with the password)");
        }
        int wait = factor.waitSeconds(account.id());
        if (wait > 0) {
            return Future.succeededFuture(Auth.Entered.later(wait));
        }
        return factor.shows(account, ask.code()).compose(shown -> {
            if (!shown) {
                throw new Fault(Fault.Kind.UNAUTHENTICATED, "second factor: wrong or used (expected: the code of now)");
            }
            return begin(account.id(), account.role(), true, ask.from());
        });
    }

    /** A token that was used before is in two hands: the session ends for both. */
    Future<Auth.Entered> refresh(Auth.Refresh ask) {
        byte[] shown = Tokens.kept(ask.token());
        String next = tokens.make(Tokens.REFRESH);
        return stores.sessions().renew(shown, Tokens.kept(next)).compose(live -> {
            if (live.isPresent()) {
                return Future.succeededFuture(entered(
                        live.get().account(),
                        live.get().id(),
                        live.get().principal().role(),
                        next));
            }
            return stores.sessions().endOfSpent(shown).compose(ended -> {
                ended.ifPresent(session -> revoked.accept(session.toString()));
                return Future.failedFuture(new Fault(
                        Fault.Kind.UNAUTHENTICATED, "refresh_token: not valid, used or too old (expected: log in)"));
            });
        });
    }

    /** Seconds to wait before a mail is sent to an address; 0: now, and counted. */
    int waitForReset(Auth.SendReset ask) {
        return doorstep.attempt(
                "reset " + Manners.email(ask.email()), ask.from().address(), false);
    }

    private Future<Auth.Entered> begin(UUID account, Role role, boolean proved, Auth.Where from) {
        UUID session = ids.get();
        String shown = tokens.make(from.cookie() ? Tokens.COOKIE : Tokens.REFRESH);
        byte[] kept = Tokens.kept(shown);
        byte[] none = {};
        return stores.sessions()
                .add(session, account, proved, from.cookie() ? none : kept, from.cookie() ? kept : none, from)
                .map(begun -> from.cookie()
                        ? new Auth.Entered("", "", shown, SessionStore.BROWSER_SECONDS, 0)
                        : entered(account, session, role, shown));
    }

    private Auth.Entered entered(UUID account, UUID session, Role role, String refresh) {
        int seconds = role == Role.ADMIN ? AccessTokens.ADMIN_SECONDS : AccessTokens.SECONDS;
        String token = access.sign(account, session, clock.instant().getEpochSecond(), seconds);
        return new Auth.Entered(token, refresh, "", seconds, 0);
    }

    private static boolean isLoopback(String address) {
        return address.startsWith("127.") || address.equals("::1") || address.equals("0:0:0:0:0:0:0:1");
    }
}
