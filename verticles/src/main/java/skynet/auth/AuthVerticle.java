package skynet.auth;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import skynet.bus.Auth;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Request;
import skynet.kit.AuthConfig;
import skynet.kit.Room;

/** Knows everybody: lets people in, tells the doors who shows a token, keeps accounts, keys and second factors. */
public final class AuthVerticle extends Room {
    private static final long TIDY_MILLIS = Duration.ofHours(6).toMillis();

    private final AuthConfig config;
    private final boolean loopback;
    private final AuthStores stores;
    private final SigningSecret secret;
    private final MachineToken machine;
    private final Tokens tokens;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final Consumer<String> print;
    private final MeterRegistry meters;
    private Recognition recognition;
    private Entrance entrance;
    private Accounts accounts;

    /** {@code loopback} tells whether only this machine reaches the node; {@code print} writes a line for its operator. */
    public AuthVerticle(
            Bus bus,
            AuthConfig config,
            boolean loopback,
            AuthStores stores,
            SigningSecret secret,
            MachineToken machine,
            SecureRandom random,
            InstantSource clock,
            Supplier<UUID> ids,
            Consumer<String> print,
            MeterRegistry meters) {
        super(bus);
        this.config = config;
        this.loopback = loopback;
        this.stores = stores;
        this.secret = secret;
        this.machine = machine;
        this.tokens = new Tokens(random);
        this.clock = clock;
        this.ids = ids;
        this.print = print;
        this.meters = meters;
    }

    @Override
    public Future<?> start() {
        AccessTokens access = new AccessTokens(vertx, secret.bytes(), ids);
        PasswordWorker passwords = new PasswordWorker(vertx, tokens);
        SecondFactor factor = new SecondFactor(stores.accounts(), tokens, clock);
        Post post = new Post(vertx, config, stores.mails(), tokens);
        recognition = new Recognition(machine, access, stores, clock);
        entrance = new Entrance(
                stores, access, tokens, passwords, factor, clock, ids, config.registers(loopback), this::revoked);
        accounts = new Accounts(stores, tokens, passwords, factor, post, clock, ids, this::revoked, this::changed);
        Gauge.builder("skynet_auth_passwords_inside", passwords, PasswordWorker::inside)
                .description("Passwords that are being looked at or wait for it.")
                .register(meters);
        vertx.setPeriodic(TIDY_MILLIS, passed -> stores.sessions().forget());
        return stores.accounts()
                .keepSecret(secret.sha256(), secret.isFirst())
                .compose(kept -> secret.agree(kept))
                .compose(agreed -> bus.listen(Auth.Revoked.class, revoked -> recognition.forget()))
                .compose(listening -> bus.listen(Auth.Changed.class, changed -> recognition.forget()))
                .compose(listening -> Future.all(serveEntrance(), serveAccounts(), serveOthers()))
                .compose(serving -> stores.accounts().hasAdmin())
                .onSuccess(found -> {
                    if (!found) {
                        print.accept("setup token: " + entrance.offerSetup());
                    }
                });
    }

    private Future<?> serveEntrance() {
        return Future.all(
                bus.serve(
                        Auth.Identify.class, ask -> recognition.of(ask.token()).map(Auth.Identified::new)),
                bus.serve(Auth.SetUp.class, counted("setup", entrance::setUp)),
                bus.serve(Auth.Register.class, counted("register", entrance::register)),
                bus.serve(Auth.LogIn.class, counted("login", entrance::logIn)),
                bus.serve(Auth.Refresh.class, counted("refresh", entrance::refresh)),
                bus.serve(Auth.SendReset.class, counted("reset", this::sendReset)));
    }

    private Future<?> serveAccounts() {
        return Future.join(java.util.List.of(
                bus.serve(Auth.Me.class, accounts::me),
                bus.serve(Auth.LogOut.class, accounts::logOut),
                bus.serve(Auth.ChangePassword.class, accounts::changePassword),
                bus.serve(Auth.ListSessions.class, accounts::sessions),
                bus.serve(Auth.EndSession.class, accounts::endSession),
                bus.serve(Auth.Prove.class, accounts::prove),
                bus.serve(Auth.BeginFactor.class, accounts::beginFactor),
                bus.serve(Auth.ConfirmFactor.class, accounts::confirmFactor),
                bus.serve(Auth.DropFactor.class, accounts::dropFactor),
                bus.serve(Auth.MakeKey.class, accounts::makeKey),
                bus.serve(Auth.ListKeys.class, accounts::keys),
                bus.serve(Auth.RevokeKey.class, accounts::revokeKey),
                bus.serve(Auth.SendVerification.class, accounts::sendVerification)));
    }

    private Future<?> serveOthers() {
        return Future.all(
                bus.serve(Auth.Verify.class, accounts::verify),
                bus.serve(Auth.Reset.class, accounts::reset),
                bus.serve(Auth.ListAccounts.class, accounts::list),
                bus.serve(Auth.ChangeAccount.class, accounts::change),
                bus.serve(Auth.ListMail.class, accounts::mails));
    }

    private Future<Auth.Entered> sendReset(Auth.SendReset ask) {
        int wait = entrance.waitForReset(ask);
        return wait > 0
                ? Future.succeededFuture(Auth.Entered.later(wait))
                : accounts.sendReset(Manners.email(ask.email()), ask.from())
                        .map(sent -> new Auth.Entered("", "", "", 0, 0));
    }

    /** Forgotten here at once, elsewhere when they hear of it. */
    private void revoked(String id) {
        recognition.forget();
        bus.publish(new Auth.Revoked(id));
    }

    private void changed(String id) {
        recognition.forget();
        bus.publish(new Auth.Changed(id));
    }

    private <Q extends Request<Auth.Entered>> Function<Q, Future<Auth.Entered>> counted(
            String act, Function<Q, Future<Auth.Entered>> work) {
        return ask -> Future.succeededFuture(ask)
                .compose(work)
                .onSuccess(entered -> count(act, entered.waitSeconds() > 0 ? "throttled" : "good"))
                .onFailure(failure -> count(act, failure instanceof Fault ? "refused" : "malformed"));
    }

    private void count(String act, String outcome) {
        Counter.builder("skynet_auth_attempts")
                .description("Attempts to get in.")
                .tag("act", act)
                .tag("outcome", outcome)
                .register(meters)
                .increment();
    }
}
