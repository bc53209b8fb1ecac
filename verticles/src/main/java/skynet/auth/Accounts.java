package skynet.auth;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import skynet.bus.Auth;
import skynet.bus.Fault;
import skynet.bus.Principal;
import skynet.bus.Role;

/** What somebody does with an account once they are in; and what an administrator does with those of others. */
final class Accounts {
    /** Mails that prove an address, in an hour for an account: whoever owns the address may not be the one who asks. */
    static final int LETTERS_MAX = 3;

    private final AuthStores stores;
    private final Tokens tokens;
    private final PasswordWorker passwords;
    private final Vouching vouching;
    private final Throttle letters;
    private final SecondFactor factor;
    private final Post post;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final Consumer<String> revoked;
    private final Consumer<String> changed;

    /** {@code revoked} is told what is no longer good, {@code changed} what is good and more. */
    Accounts(
            AuthStores stores,
            Tokens tokens,
            PasswordWorker passwords,
            SecondFactor factor,
            Post post,
            InstantSource clock,
            Supplier<UUID> ids,
            Consumer<String> revoked,
            Consumer<String> changed) {
        this.stores = stores;
        this.tokens = tokens;
        this.passwords = passwords;
        this.letters = new Throttle(LETTERS_MAX, Duration.ofHours(1), clock);
        this.vouching = new Vouching(passwords, clock);
        this.factor = factor;
        this.post = post;
        this.clock = clock;
        this.ids = ids;
        this.revoked = revoked;
        this.changed = changed;
    }

    Future<Auth.Account> me(Auth.Me ask) {
        return own(ask.by()).map(AccountStore.Kept::shown);
    }

    Future<Auth.Done> logOut(Auth.LogOut ask) {
        return endSession(new Auth.EndSession(ask.by(), ask.by().credential()));
    }

    Future<Auth.Sessions> sessions(Auth.ListSessions ask) {
        return session(ask.by())
                .compose(live -> stores.sessions().of(live.account(), live.id().toString()))
                .map(Auth.Sessions::new);
    }

    Future<Auth.Done> endSession(Auth.EndSession ask) {
        UUID session = uuid("session", ask.id());
        return session(ask.by())
                .compose(live -> stores.sessions().end(session, live.account()))
                .map(ended -> {
                    if (!ended) {
                        throw Fault.absent("session: no such one of yours");
                    }
                    return done(session.toString());
                });
    }

    Future<Auth.Done> changePassword(Auth.ChangePassword ask) {
        return session(ask.by()).compose(live -> own(ask.by()).compose(account -> {
            Manners.password(ask.password(), account.shown().email());
            int wait = vouching.waitSeconds(account.id());
            return wait > 0
                    ? Future.succeededFuture(new Auth.Done(wait))
                    : vouching.when(account, ask.current(), () -> replace(account, live.id(), ask));
        }));
    }

    private Future<Auth.Done> replace(AccountStore.Kept account, UUID session, Auth.ChangePassword ask) {
        return passwords
                .hash(ask.password())
                .compose(kept -> stores.accounts().setPassword(account.id(), kept))
                .compose(set -> stores.sessions().endOthers(account.id(), session))
                .compose(ended -> ask.keepKeys()
                        ? Future.succeededFuture()
                        : stores.keys().revokeAll(account.id()))
                .map(ended -> done(account.id().toString()));
    }

    Future<Auth.Proved> prove(Auth.Prove ask) {
        return session(ask.by()).compose(live -> own(ask.by()).compose(account -> {
            if (!account.hasFactor()) {
                throw new Fault(Fault.Kind.CONFLICT, "second factor: none (expected: one, at /account)");
            }
            int wait = factor.waitSeconds(account.id());
            return wait > 0
                    ? Future.succeededFuture(new Auth.Proved(0, wait))
                    : factor.shows(account, ask.code()).compose(shown -> proved(shown, live.id()));
        }));
    }

    private Future<Auth.Proved> proved(boolean shown, UUID session) {
        if (!shown) {
            throw new Fault(Fault.Kind.DENIED, "code: wrong or used (expected: the code of now, or a recovery code)");
        }
        return stores.sessions()
                .proved(session)
                .onSuccess(at -> changed.accept(session.toString()))
                .map(at -> new Auth.Proved(at + Principal.PROOF_SECONDS, 0));
    }

    Future<Auth.Factor> beginFactor(Auth.BeginFactor ask) {
        return session(ask.by()).compose(live -> own(ask.by())).compose(account -> {
            int wait = vouching.waitSeconds(account.id());
            return wait > 0
                    ? Future.succeededFuture(new Auth.Factor("", "", "", wait))
                    : vouching.when(account, ask.current(), () -> factor.begin(account));
        });
    }

    /** Whoever confirms it has just shown it. */
    Future<Auth.Recovery> confirmFactor(Auth.ConfirmFactor ask) {
        return session(ask.by()).compose(live -> own(ask.by())
                .compose(account -> factor.confirm(account, ask.code()))
                .compose(recovery -> proved(true, live.id()).map(recovery)));
    }

    Future<Auth.Done> dropFactor(Auth.DropFactor ask) {
        UUID account = idOf(ask.by());
        return stores.accounts().dropFactor(account).map(dropped -> done(account.toString()));
    }

    Future<Auth.KeyMade> makeKey(Auth.MakeKey ask) {
        List<String> foreign =
                ask.scopes().stream().filter(scope -> !ask.by().may(scope)).toList();
        if (!foreign.isEmpty()) {
            throw new Fault(Fault.Kind.DENIED, "scopes: " + foreign.size() + " not yours (expected: among your own)");
        }
        if (ask.endsSeconds() != 0 && ask.endsSeconds() <= clock.instant().getEpochSecond()) {
            throw new IllegalArgumentException("expires_at: in the past (expected: a time to come)");
        }
        UUID id = ids.get();
        String key = tokens.make(Tokens.KEY);
        String hint = key.substring(0, Tokens.KEY.length() + 4);
        return noKey(ask.by())
                .compose(none -> stores.keys().add(id, ownerOf(ask.by()), ask, hint, Tokens.kept(key)))
                .map(added -> new Auth.KeyMade(id.toString(), key));
    }

    Future<Auth.Keys> keys(Auth.ListKeys ask) {
        return stores.keys().list(ownerOf(ask.by()), isMachine(ask.by())).map(Auth.Keys::new);
    }

    Future<Auth.Done> revokeKey(Auth.RevokeKey ask) {
        UUID key = uuid("key", ask.id());
        return stores.keys().revoke(key, ownerOf(ask.by()), isMachine(ask.by())).map(found -> {
            if (!found) {
                throw Fault.absent("key: no such one of yours");
            }
            return done(key.toString());
        });
    }

    Future<Auth.Done> sendVerification(Auth.SendVerification ask) {
        return own(ask.by())
                .compose(account -> account.shown().verified()
                        ? Future.failedFuture(new Fault(Fault.Kind.CONFLICT, "email: verified before"))
                        : letter(account, ask.from()));
    }

    private Future<Auth.Done> letter(AccountStore.Kept account, Auth.Where from) {
        int wait = letters.waitSeconds(account.id().toString());
        if (wait > 0) {
            return Future.succeededFuture(new Auth.Done(wait));
        }
        letters.count(account.id().toString());
        return post.sendVerification(account, from).map(sent -> new Auth.Done(0));
    }

    Future<Auth.Done> verify(Auth.Verify ask) {
        return post.open(ask.token(), Post.VERIFY)
                .compose(account -> stores.accounts().verified(account))
                .map(verified -> new Auth.Done(0));
    }

    /** Says the same, and takes as long, whether there is such an account or not: the mail goes on its own. */
    Future<Auth.Done> sendReset(String email, Auth.Where from) {
        stores.accounts().byEmail(email).compose(account -> account.filter(
                        kept -> kept.shown().enabled())
                .map(kept -> post.sendReset(kept, from))
                .orElseGet(Future::succeededFuture));
        return Future.succeededFuture(new Auth.Done(0));
    }

    Future<Auth.Done> reset(Auth.Reset ask) {
        Manners.password(ask.password(), "");
        return post.open(ask.token(), Post.RESET).compose(account -> passwords
                .hash(ask.password())
                .compose(kept -> stores.accounts().setPassword(account, kept))
                .compose(set -> stores.accounts().verified(account))
                .compose(verified -> stores.sessions().endAll(account))
                .compose(ended -> stores.keys().revokeAll(account))
                .map(ended -> done(account.toString())));
    }

    Future<Auth.Accounts> list(Auth.ListAccounts ask) {
        return stores.accounts().page(ask.after(), ask.limit()).map(Auth.Accounts::new);
    }

    Future<Auth.Account> change(Auth.ChangeAccount ask) {
        if (!ask.role().isEmpty()
                && Arrays.stream(Role.values())
                        .noneMatch(role -> role != Role.GUEST && role.text().equals(ask.role()))) {
            throw new IllegalArgumentException("role: unknown (expected: user, operator or admin)");
        }
        return find(ask.account()).compose(account -> stores.accounts()
                .change(account.id(), ask.role(), ask.group(), ask.enabled())
                .compose(changed ->
                        ask.resetFactor() ? stores.accounts().dropFactor(account.id()) : Future.succeededFuture())
                .compose(reset -> ask.resetFactor() || ask.enabled().equals("false")
                        ? stores.sessions().endAll(account.id())
                        : Future.succeededFuture())
                .onSuccess(ended -> done(account.id().toString()))
                .compose(ended -> stores.accounts().byId(account.id()))
                .map(kept -> kept.orElseThrow().shown()));
    }

    Future<Auth.Mailbox> mails(Auth.ListMail ask) {
        return stores.mails().list().map(Auth.Mailbox::new);
    }

    private Future<AccountStore.Kept> find(String account) {
        Future<Optional<AccountStore.Kept>> found = account.contains("@")
                ? stores.accounts().byEmail(Manners.email(account))
                : stores.accounts().byId(uuid("account", account));
        return found.map(kept -> kept.orElseThrow(() -> Fault.absent("account: no such one")));
    }

    private Future<AccountStore.Kept> own(Principal by) {
        return stores.accounts()
                .byId(idOf(by))
                .map(kept -> kept.orElseThrow(() -> Fault.absent("account: no longer there")));
    }

    private Auth.Done done(String id) {
        revoked.accept(id);
        return new Auth.Done(0);
    }

    /** The account of a caller; the machine and its keys have none. */
    private static UUID idOf(Principal by) {
        if (by.user().isEmpty()) {
            throw new Fault(Fault.Kind.DENIED, "account: none behind this token (expected: log in)");
        }
        return uuid("account", by.user());
    }

    /** The session of a caller; a key has none, and cannot do what needs one: it may be in the hands of a program. */
    private Future<SessionStore.Live> session(Principal by) {
        UUID account = idOf(by);
        return stores.sessions().byId(uuid("session", by.credential())).map(found -> found.filter(
                        live -> live.account().equals(account))
                .orElseThrow(() -> new Fault(
                        Fault.Kind.DENIED,
                        "session: none behind this token (expected: log in; a key cannot do this)")));
    }

    /** Keys come from people and from the machine: one that makes others would go on in them when it is revoked. */
    private Future<?> noKey(Principal by) {
        return isMachine(by) && by.credential().equals(MachineToken.CREDENTIAL)
                ? Future.succeededFuture()
                : stores.sessions()
                        .byId(uuid("session", by.credential()))
                        .map(found -> found.orElseThrow(() -> new Fault(
                                Fault.Kind.DENIED,
                                "key: cannot make another (expected: log in, or skynet keys on the node's machine)")));
    }

    private static UUID ownerOf(Principal by) {
        return isMachine(by) ? null : uuid("account", by.user());
    }

    private static boolean isMachine(Principal by) {
        return by.tenant().equals(Principal.MACHINE);
    }

    private static UUID uuid(String name, String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Fault.absent(name + ": no such one");
        }
    }
}
