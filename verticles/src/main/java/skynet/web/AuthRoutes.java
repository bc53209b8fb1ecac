package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.BiFunction;
import skynet.bus.Auth;
import skynet.bus.Bus;
import skynet.bus.Principal;
import skynet.bus.Request;

/** The doors of accounts: getting in, sessions, the second factor, keys, and what administrators do. */
final class AuthRoutes {
    /** With all places at the passwords taken, the last one waits two seconds; with a mail, twenty. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String KEYS = "/api/keys";

    private final Bus bus;

    AuthRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(Router router) {
        router.post("/api/setup").handler(this::setUp);
        router.post("/api/auth/register").handler(this::register);
        router.post("/api/auth/login").handler(this::logIn);
        router.post("/api/auth/refresh").handler(this::refresh);
        router.post("/api/auth/logout").handler(this::logOut);
        router.get("/api/auth/me").handler(this::me);
        post(
                router,
                "/api/auth/password",
                Set.of("current", "password", "keep_keys"),
                (by, body) -> new Auth.ChangePassword(
                        by, body.text("current"), body.text("password"), body.flag("keep_keys")));
        router.get("/api/auth/sessions").handler(this::sessions);
        delete(router, "/api/auth/sessions/:id", Auth.EndSession::new);
        router.post("/api/auth/proof").handler(this::prove);
        router.post("/api/auth/totp").handler(this::beginFactor);
        router.post("/api/auth/totp/confirm").handler(this::confirmFactor);
        delete(router, "/api/auth/totp", (by, none) -> new Auth.DropFactor(by));
        router.post("/api/auth/verification").handler(this::sendVerification);
        post(router, "/api/auth/verify", Set.of("token"), (by, body) -> new Auth.Verify(body.text("token")));
        router.post("/api/auth/reset").handler(this::sendReset);
        post(
                router,
                "/api/auth/reset/confirm",
                Set.of("token", "password"),
                (by, body) -> new Auth.Reset(body.text("token"), body.text("password")));
        router.post(KEYS).handler(this::makeKey);
        router.get(KEYS).handler(this::keys);
        delete(router, KEYS + "/:id", Auth.RevokeKey::new);
        router.get("/api/admin/users").handler(this::accounts);
        router.post("/api/admin/users/:id").handler(this::change);
        router.get("/api/admin/mail").handler(this::mails);
    }

    private void setUp(RoutingContext request) {
        enter(
                request,
                Set.of("token", "email", "password", "cookie"),
                body -> new Auth.SetUp(
                        body.text("token"), body.text("email"), body.text("password"), where(request, body)));
    }

    private void register(RoutingContext request) {
        enter(
                request,
                Set.of("email", "password", "cookie"),
                body -> new Auth.Register(body.text("email"), body.text("password"), where(request, body)));
    }

    private void logIn(RoutingContext request) {
        enter(
                request,
                Set.of("email", "password", "code", "cookie"),
                body -> new Auth.LogIn(
                        body.text("email"), body.text("password"), body.textOrEmpty("code"), where(request, body)));
    }

    private void refresh(RoutingContext request) {
        enter(request, Set.of("refresh_token"), body -> new Auth.Refresh(body.text("refresh_token")));
    }

    private void logOut(RoutingContext request) {
        Cookies.drop(request.request());
        Exchange.body(request, JsonBody.BYTES_MAX, Set.of(), body -> bus.ask(new Auth.LogOut(Caller.of(request)))
                .map(done -> new JsonObject()));
    }

    private void me(RoutingContext request) {
        Principal by = Caller.of(request);
        Exchange.query(request, Set.of(), query -> {
            JsonObject rights = new JsonObject()
                    .put("role", by.role().text())
                    .put("group", by.tenant())
                    .put("scopes", new JsonArray(by.scopes()));
            if (by.provedSeconds() > 0) {
                rights.put("proved_until", time(by.provedSeconds() + Principal.PROOF_SECONDS));
            }
            return by.user().isEmpty()
                    ? Future.succeededFuture(rights)
                    : bus.ask(new Auth.Me(by)).map(account -> json(account).mergeIn(rights));
        });
    }

    private void sessions(RoutingContext request) {
        Exchange.query(request, Set.of(), query -> bus.ask(new Auth.ListSessions(Caller.of(request)))
                .map(found -> {
                    JsonArray sessions = new JsonArray();
                    found.sessions()
                            .forEach(session -> sessions.add(new JsonObject()
                                    .put("id", session.id())
                                    .put("agent", session.agent())
                                    .put("address", session.address())
                                    .put("begun_at", time(session.begunSeconds()))
                                    .put("seen_at", time(session.seenSeconds()))
                                    .put("ends_at", time(session.endsSeconds()))
                                    .put("browser", session.browser())
                                    .put("current", session.current())));
                    return new JsonObject().put("sessions", sessions);
                }));
    }

    private void prove(RoutingContext request) {
        Exchange.body(request, JsonBody.BYTES_MAX, Set.of("code"), body -> bus.ask(
                        new Auth.Prove(Caller.of(request), body.text("code")))
                .map(proved -> {
                    later(proved.waitSeconds());
                    return new JsonObject().put("proved_until", time(proved.untilSeconds()));
                }));
    }

    private void beginFactor(RoutingContext request) {
        Exchange.body(request, JsonBody.BYTES_MAX, Set.of("current"), body -> bus.ask(
                        new Auth.BeginFactor(Caller.of(request), body.text("current")), PATIENCE)
                .map(factor -> {
                    later(factor.waitSeconds());
                    return new JsonObject()
                            .put("secret", factor.secret())
                            .put("uri", factor.uri())
                            .put("qr", factor.qr());
                }));
    }

    private void confirmFactor(RoutingContext request) {
        Exchange.body(request, JsonBody.BYTES_MAX, Set.of("code"), body -> bus.ask(
                        new Auth.ConfirmFactor(Caller.of(request), body.text("code")))
                .map(recovery -> new JsonObject().put("recovery_codes", new JsonArray(recovery.codes()))));
    }

    private void sendVerification(RoutingContext request) {
        Exchange.body(request, JsonBody.BYTES_MAX, Set.of(), body -> bus.ask(
                        new Auth.SendVerification(Caller.of(request), where(request, body)), PATIENCE)
                .map(AuthRoutes::json));
    }

    private void sendReset(RoutingContext request) {
        Exchange.body(request, JsonBody.BYTES_MAX, Set.of("email"), body -> bus.ask(
                        new Auth.SendReset(body.text("email"), where(request, body)), PATIENCE)
                .map(sent -> {
                    later(sent.waitSeconds());
                    return new JsonObject();
                }));
    }

    private void makeKey(RoutingContext request) {
        Exchange.body(
                request, JsonBody.BYTES_MAX, Set.of("name", "scopes", "expires_at"), body -> bus.ask(new Auth.MakeKey(
                                Caller.of(request),
                                body.text("name"),
                                body.texts("scopes", Auth.SCOPES_MAX),
                                body.seconds("expires_at")))
                        .map(made -> new JsonObject().put("id", made.id()).put("key", made.key())));
    }

    private void keys(RoutingContext request) {
        Exchange.query(request, Set.of(), query -> bus.ask(new Auth.ListKeys(Caller.of(request)))
                .map(found -> {
                    JsonArray keys = new JsonArray();
                    found.keys().forEach(key -> keys.add(json(key)));
                    return new JsonObject().put("keys", keys);
                }));
    }

    private void accounts(RoutingContext request) {
        Exchange.query(request, Set.of("after", "limit"), query -> bus.ask(
                        new Auth.ListAccounts(query.text("after"), query.number("limit", 100)))
                .map(found -> {
                    JsonArray accounts = new JsonArray();
                    found.accounts().forEach(account -> accounts.add(json(account)));
                    return new JsonObject().put("users", accounts);
                }));
    }

    private void change(RoutingContext request) {
        Exchange.body(request, JsonBody.BYTES_MAX, Set.of("role", "group", "enabled", "reset_totp"), body -> bus.ask(
                        new Auth.ChangeAccount(
                                Caller.of(request),
                                request.pathParam("id"),
                                body.textOrEmpty("role"),
                                body.textOrEmpty("group"),
                                body.has("enabled") ? Boolean.toString(body.flag("enabled")) : "",
                                body.flag("reset_totp")))
                .map(AuthRoutes::json));
    }

    private void mails(RoutingContext request) {
        Exchange.query(request, Set.of(), query -> bus.ask(new Auth.ListMail()).map(found -> {
            JsonArray mails = new JsonArray();
            found.mails()
                    .forEach(mail -> mails.add(new JsonObject()
                            .put("recipient", mail.recipient())
                            .put("subject", mail.subject())
                            .put("text", mail.text())
                            .put("written_at", time(mail.writtenSeconds()))));
            return new JsonObject().put("mails", mails);
        }));
    }

    /** Answers an attempt to get in: with tokens, or with a cookie for a browser. */
    private void enter(
            RoutingContext request,
            Set<String> fields,
            java.util.function.Function<JsonBody, Request<Auth.Entered>> ask) {
        Exchange.body(request, JsonBody.BYTES_MAX, fields, body -> bus.ask(ask.apply(body), PATIENCE)
                .map(entered -> {
                    later(entered.waitSeconds());
                    return answer(request.request(), entered);
                }));
    }

    private static JsonObject answer(HttpServerRequest request, Auth.Entered entered) {
        if (!entered.cookie().isEmpty()) {
            Cookies.keep(request, entered.cookie(), entered.seconds());
            return new JsonObject().put("expires_in", entered.seconds());
        }
        return new JsonObject()
                .put("access_token", entered.accessToken())
                .put("refresh_token", entered.refreshToken())
                .put("token_type", "Bearer")
                .put("expires_in", entered.seconds());
    }

    private static void later(int waitSeconds) {
        if (waitSeconds > 0) {
            throw new Refusal(
                    429,
                    "throttled",
                    "attempts: too many (expected: none for " + waitSeconds + " s)",
                    "Wait as long as Retry-After says.",
                    waitSeconds);
        }
    }

    private static Auth.Where where(RoutingContext request, JsonBody body) {
        HttpServerRequest http = request.request();
        boolean cookie = body.flag("cookie");
        if (cookie && http.getHeader(Cookies.PAGE_HEADER) == null) {
            throw new Refusal(403, "page", "cookie: for pages only", "Leave cookie out; the answer then holds tokens.");
        }
        String agent = http.getHeader("User-Agent");
        return new Auth.Where(
                Caller.payer(request).address(),
                agent == null ? "" : agent.replaceAll("\\p{Cntrl}", " "),
                Cookies.originOf(http),
                cookie);
    }

    private void post(
            Router router, String path, Set<String> fields, BiFunction<Principal, JsonBody, Request<Auth.Done>> ask) {
        router.post(path)
                .handler(request -> Exchange.body(request, JsonBody.BYTES_MAX, fields, body -> bus.ask(
                                ask.apply(Caller.of(request), body), PATIENCE)
                        .map(AuthRoutes::json)));
    }

    private void delete(Router router, String path, BiFunction<Principal, String, Request<Auth.Done>> ask) {
        router.delete(path)
                .handler(request -> Exchange.query(request, Set.of(), query -> {
                    String id = request.pathParam("id");
                    return bus.ask(ask.apply(Caller.of(request), id == null ? "" : id))
                            .map(done -> new JsonObject());
                }));
    }

    private static JsonObject json(Auth.Done done) {
        later(done.waitSeconds());
        return new JsonObject();
    }

    private static JsonObject json(Auth.Account account) {
        return new JsonObject()
                .put("id", account.id())
                .put("email", account.email())
                .put("role", account.role().text())
                .put("group", account.group())
                .put("enabled", account.enabled())
                .put("verified", account.verified())
                .put("totp", account.secondFactor())
                .put("made_at", time(account.madeSeconds()));
    }

    private static JsonObject json(Auth.Key key) {
        return new JsonObject()
                .put("id", key.id())
                .put("name", key.name())
                .put("hint", key.hint())
                .put("scopes", new JsonArray(key.scopes()))
                .put("owner", key.owner())
                .put("made_at", time(key.madeSeconds()))
                .put("expires_at", time(key.endsSeconds()))
                .put("used_at", time(key.usedSeconds()))
                .put("revoked_at", time(key.revokedSeconds()));
    }

    /** A time as people read it; null for none. */
    private static String time(long seconds) {
        return seconds == 0 ? null : Instant.ofEpochSecond(seconds).toString();
    }
}
