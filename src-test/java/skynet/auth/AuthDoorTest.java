package skynet.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Auth;
import skynet.bus.Role;
import skynet.kit.JwtConfig;
import skynet.testkit.TestDatabase;

/** Accounts over HTTP, as pages and programs use them, with a database of their own. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuthDoorTest {
    private static final String ADMIN = "ann@example.org";

    @TempDir
    static Path home;

    private static TestDatabase postgres;
    private static AuthHouse house;

    @BeforeAll
    static void start() throws Exception {
        postgres = TestDatabase.start(home);
        house = new AuthHouse(postgres.root(), postgres.uri());
    }

    @AfterAll
    static void stop() throws Exception {
        house.close();
        postgres.close();
    }

    /** The library that reads tokens has a clock of its own, and so has the database. */
    @AfterEach
    void now() {
        house.aheadSeconds.set(0);
    }

    @Test
    @Order(1)
    void theFirstAdministratorIsMadeWithThePrintedTokenAndOnce() throws Exception {
        JsonObject admin = new JsonObject().put("email", "Ann@Example.org").put("password", AuthHouse.PASSWORD);
        assertEquals(
                403,
                house.post("/api/setup", "", admin.copy().put("token", "set-x")).statusCode());
        HttpResponse<String> made = house.post("/api/setup", "", admin.copy().put("token", house.setupToken()));
        assertEquals(200, made.statusCode(), made.body());
        JsonObject tokens = new JsonObject(made.body());
        assertEquals(AccessTokens.ADMIN_SECONDS, tokens.getInteger("expires_in"));
        JsonObject me = me(tokens.getString("access_token"));
        assertEquals("ann@example.org admin", me.getString("email") + " " + me.getString("role"));
        assertEquals(
                409,
                house.post("/api/setup", "", admin.put("token", house.setupToken()))
                        .statusCode());
    }

    @Test
    void somebodyRegistersLogsInGoesOnAndLogsOut() throws Exception {
        JsonObject tokens = house.register("ben@example.org");
        assertEquals("user", me(tokens.getString("access_token")).getString("role"));
        assertEquals(409, tryRegister("BEN@example.org"));
        HttpResponse<String> in = house.logIn("ben@example.org", AuthHouse.PASSWORD, "");
        assertEquals(200, in.statusCode(), in.body());
        JsonObject next = refreshed(new JsonObject(in.body()));
        assertEquals(
                200, house.get("/api/auth/me", next.getString("access_token")).statusCode());
        assertEquals(200, out(next.getString("access_token")));
        assertEquals(
                401, house.get("/api/auth/me", next.getString("access_token")).statusCode());
        assertEquals(401, refresh(next.getString("refresh_token")).statusCode(), "a session that is over");
        assertEquals(
                200, house.get("/api/auth/me", tokens.getString("access_token")).statusCode(), "the other");
    }

    @Test
    void aRefreshTokenShownTwiceEndsTheSessionForBoth() throws Exception {
        JsonObject first = house.register("carol@example.org");
        JsonObject second = refreshed(first);
        assertEquals(401, refresh(first.getString("refresh_token")).statusCode());
        assertEquals(
                401, house.get("/api/auth/me", second.getString("access_token")).statusCode());
        assertEquals(401, refresh(second.getString("refresh_token")).statusCode());
    }

    @Test
    void aWrongPasswordAndAnAddressWithoutAccountGetTheSameAnswer() throws Exception {
        house.register("dora@example.org");
        HttpResponse<String> wrong = house.logIn("dora@example.org", "another password", "");
        HttpResponse<String> nobody = house.logIn("nobody@example.org", "another password", "");
        assertEquals(401, wrong.statusCode());
        assertEquals(detail(wrong), detail(nobody));
        assertEquals(wrong.statusCode(), nobody.statusCode());
    }

    @Test
    void whoGuessesIsStoppedAndTheOwnerIsToldHowLong() throws Exception {
        house.register("emil@example.org");
        HttpResponse<String> answer = null;
        for (int guess = 0; guess <= Doorstep.PER_PAIR; guess++) {
            answer = house.logIn("emil@example.org", "guess number " + guess, "");
        }
        assertEquals(429, answer.statusCode());
        int wait = Integer.parseInt(answer.headers().firstValue("Retry-After").orElse("0"));
        assertTrue(wait > 0 && wait <= 60, "wait " + wait);
        assertEquals(
                429, house.logIn("emil@example.org", AuthHouse.PASSWORD, "").statusCode());
        house.aheadSeconds.addAndGet(wait);
        assertEquals(
                200, house.logIn("emil@example.org", AuthHouse.PASSWORD, "").statusCode());
    }

    @Test
    void aKeyDoesWhatItsScopesSayUntilItIsRevoked() throws Exception {
        String token = house.register("fred@example.org").getString("access_token");
        JsonObject made = made(token, "genom:read");
        String key = made.getString("key");
        assertTrue(key.startsWith("sk-"), key);
        assertEquals(
                503,
                house.get("/v1/stats", made(token, "dictionary:read").getString("key"))
                        .statusCode());
        assertEquals(403, house.get("/v1/stats", key).statusCode());
        assertEquals(403, house.get("/api/keys", key).statusCode());
        String list = house.get("/api/keys", token).body();
        assertFalse(list.contains(key), "a key is shown once");
        assertTrue(list.contains(key.substring(0, 7)));
        assertEquals(200, delete("/api/keys/" + made.getString("id"), token));
        assertEquals(401, house.get("/v1/stats", key).statusCode());
    }

    @Test
    void aKeyIsNeverMoreThanWhoMadeItAndEndsInTime() throws Exception {
        String token = house.register("greta@example.org").getString("access_token");
        for (String scopes : List.of("admin:users", "metrics:read", "no:scope", "*")) {
            assertEquals(403, makeKey(token, scopes, null).statusCode(), scopes);
        }
        for (Object ends :
                new Object[] {"yesterday", "2020-01-01T00:00:00Z", 1, 4_000_000_000_000L, -5, true, "2027"}) {
            assertEquals(400, makeKey(token, "genom:read", ends).statusCode(), String.valueOf(ends));
        }
        assertEquals(
                200,
                makeKey(token, "genom:read", Instant.now().plusSeconds(60).toString())
                        .statusCode());
    }

    @Test
    void nobodySeesOrEndsWhatBelongsToAnother() throws Exception {
        JsonObject owner = house.register("hana@example.org");
        String other = house.register("ivan@example.org").getString("access_token");
        String token = owner.getString("access_token");
        String session = sessions(token).getJsonObject(0).getString("id");
        String key = made(token, "genom:read").getString("id");
        assertEquals(404, delete("/api/auth/sessions/" + session, other));
        assertEquals(404, delete("/api/keys/" + key, other));
        assertEquals(404, delete("/api/keys/nonsense", other));
        assertFalse(house.get("/api/keys", other).body().contains(key));
        assertEquals(403, house.get("/api/admin/users", other).statusCode());
        assertEquals(200, house.get("/api/auth/me", token).statusCode(), "still there");
    }

    @Test
    void theSecondFactorIsAskedForAndEachCodeCountsOnce() throws Exception {
        String token = house.register("jana@example.org").getString("access_token");
        JsonObject factor =
                new JsonObject(house.post("/api/auth/totp", token, password()).body());
        assertTrue(factor.getString("qr").startsWith("<svg"));
        assertEquals(
                403, house.post("/api/auth/totp/confirm", token, code("000000")).statusCode());
        String used = codeOf(factor, 0);
        HttpResponse<String> confirmed = house.post("/api/auth/totp/confirm", token, code(used));
        assertEquals(200, confirmed.statusCode(), confirmed.body());
        JsonArray recovery = new JsonObject(confirmed.body()).getJsonArray("recovery_codes");
        assertEquals(SecondFactor.RECOVERY_CODES, recovery.size());
        HttpResponse<String> without = house.logIn("jana@example.org", AuthHouse.PASSWORD, "");
        assertEquals(401, without.statusCode());
        assertTrue(detail(without).startsWith("second factor"), detail(without));
        assertEquals(
                401, house.logIn("jana@example.org", AuthHouse.PASSWORD, used).statusCode());
        house.aheadSeconds.addAndGet(60);
        String code = codeOf(factor, 0);
        assertEquals(
                200, house.logIn("jana@example.org", AuthHouse.PASSWORD, code).statusCode());
        assertEquals(
                401, house.logIn("jana@example.org", AuthHouse.PASSWORD, code).statusCode());
        String lost = recovery.getString(0);
        assertEquals(
                200, house.logIn("jana@example.org", AuthHouse.PASSWORD, lost).statusCode());
        assertEquals(
                401, house.logIn("jana@example.org", AuthHouse.PASSWORD, lost).statusCode());
    }

    @Test
    void aKeyDoesNotPassForASession() throws Exception {
        String token = house.register("rita@example.org").getString("access_token");
        String key = made(token, "account:self").getString("key");
        assertEquals(200, house.get("/api/auth/me", key).statusCode());
        JsonObject passwords =
                new JsonObject().put("current", AuthHouse.PASSWORD).put("password", "a quite new one");
        for (HttpResponse<String> refused : List.of(
                house.post("/api/auth/totp", key, password()),
                house.post("/api/auth/totp/confirm", key, code("123456")),
                house.post("/api/auth/proof", key, code("123456")),
                house.post("/api/auth/password", key, passwords),
                house.get("/api/auth/sessions", key))) {
            assertEquals(403, refused.statusCode(), refused.body());
            assertTrue(detail(refused).startsWith("session: none"), refused.body());
        }
        String session = sessions(token).getJsonObject(0).getString("id");
        assertEquals(403, delete("/api/auth/sessions/" + session, key));
        assertEquals(
                403,
                house.post("/api/auth/totp", token, new JsonObject().put("current", "a guess"))
                        .statusCode());
        assertEquals(200, house.post("/api/auth/totp", token, password()).statusCode());
        assertEquals(
                200, house.logIn("rita@example.org", AuthHouse.PASSWORD, "").statusCode(), "nobody is locked out");
    }

    @Test
    void aKeyMakesNoOtherKey() throws Exception {
        String token = house.register("sara@example.org").getString("access_token");
        for (String maker : List.of(token, house.machineToken())) {
            String key = made(maker, "keys:self").getString("key");
            assertEquals(200, house.get("/api/keys", key).statusCode());
            HttpResponse<String> refused = makeKey(key, "keys:self", null);
            assertEquals(403, refused.statusCode(), refused.body());
            assertTrue(detail(refused).startsWith("key: cannot make another"), refused.body());
        }
    }

    @Test
    void aNewPasswordRevokesTheKeysUnlessTheyAreKept() throws Exception {
        String token = house.register("tom@example.org").getString("access_token");
        String key = made(token, "account:self").getString("key");
        JsonObject change =
                new JsonObject().put("current", AuthHouse.PASSWORD).put("password", "five words are even longer");
        assertEquals(
                200,
                house.post("/api/auth/password", token, change.copy().put("keep_keys", true))
                        .statusCode());
        assertEquals(200, house.get("/api/auth/me", key).statusCode(), "kept");
        change.put("current", "five words are even longer").put("password", "six words are longer than five");
        assertEquals(200, house.post("/api/auth/password", token, change).statusCode());
        assertEquals(401, house.get("/api/auth/me", key).statusCode());
        String next = made(token, "account:self").getString("key");
        house.post("/api/auth/reset", "", new JsonObject().put("email", "tom@example.org"));
        JsonObject reset = new JsonObject()
                .put("token", letter("tom@example.org"))
                .put("password", "whoever had the old one is out");
        assertEquals(200, house.post("/api/auth/reset/confirm", "", reset).statusCode());
        assertEquals(401, house.get("/api/auth/me", next).statusCode());
    }

    @Test
    void provingASecondFactorThrowsNobodyOut() throws Exception {
        String token = house.register("vera@example.org").getString("access_token");
        List<String> revoked = new java.util.concurrent.CopyOnWriteArrayList<>();
        List<String> changed = new java.util.concurrent.CopyOnWriteArrayList<>();
        AuthHouse.await(house.bus.listen(Auth.Revoked.class, said -> revoked.add(said.id())));
        AuthHouse.await(house.bus.listen(Auth.Changed.class, said -> changed.add(said.id())));
        String session = sessions(token).getJsonObject(0).getString("id");
        JsonObject factor =
                new JsonObject(house.post("/api/auth/totp", token, password()).body());
        assertEquals(
                200,
                house.post("/api/auth/totp/confirm", token, code(codeOf(factor, 0)))
                        .statusCode());
        assertTrue(me(token).containsKey("proved_until"));
        for (int tries = 0; tries < 1_000 && changed.isEmpty(); tries++) {
            Thread.sleep(5);
        }
        assertEquals(List.of(session), changed);
        assertFalse(revoked.contains(session));
    }

    @Test
    void nobodyIsPutIntoAGroupThatIsNotForAccounts() throws Exception {
        house.register("willy@example.org");
        for (String group : List.of("guests", "machine", "nodes", "Two Words")) {
            HttpResponse<String> refused = house.post(
                    "/api/admin/users/willy@example.org", house.machineToken(), new JsonObject().put("group", group));
            assertEquals(400, refused.statusCode(), refused.body());
        }
        ExecutionException kept = assertThrows(
                ExecutionException.class,
                () -> AuthHouse.await(
                        house.stores.accounts().add(UUID.randomUUID(), "x@y.z", "nodes", Role.USER, "none")));
        assertTrue(kept.getMessage().contains("tenant"), kept.getMessage());
    }

    @Test
    void whoGuessesThePasswordFromInsideIsStopped() throws Exception {
        String token = house.register("xena@example.org").getString("access_token");
        JsonObject guess = new JsonObject().put("current", "a guess");
        for (int tries = 0; tries < Vouching.GUESSES_MAX; tries++) {
            assertEquals(403, house.post("/api/auth/totp", token, guess).statusCode());
        }
        JsonObject change = password().put("password", "five words are even longer");
        for (HttpResponse<String> refused :
                List.of(house.post("/api/auth/totp", token, guess), house.post("/api/auth/password", token, change))) {
            assertEquals(429, refused.statusCode(), refused.body());
            assertTrue(refused.headers().firstValue("Retry-After").isPresent());
        }
    }

    @Test
    void fewMailsAnHourProveAnAddress() throws Exception {
        String token = house.register("yves@example.org").getString("access_token");
        for (int mail = 0; mail < Accounts.LETTERS_MAX; mail++) {
            assertEquals(
                    200,
                    house.post("/api/auth/verification", token, new JsonObject())
                            .statusCode());
        }
        HttpResponse<String> refused = house.post("/api/auth/verification", token, new JsonObject());
        assertEquals(429, refused.statusCode(), refused.body());
        assertTrue(refused.headers().firstValue("Retry-After").isPresent());
    }

    @Test
    void aSessionKeepsABoundedNumberOfSpentTokens() throws Exception {
        JsonObject tokens = house.register("zita@example.org");
        SessionStore kept = house.stores.sessions();
        byte[] first = Tokens.kept(tokens.getString("refresh_token"));
        byte[] second = Tokens.kept("a renewal 0");
        byte[] last = second;
        assertTrue(AuthHouse.await(kept.renew(first, second)).isPresent());
        for (int renewal = 1; renewal <= SessionStore.SPENT_MAX; renewal++) {
            byte[] next = Tokens.kept("a renewal " + renewal);
            assertTrue(AuthHouse.await(kept.renew(last, next)).isPresent());
            last = next;
        }
        assertTrue(AuthHouse.await(kept.endOfSpent(first)).isEmpty(), "the oldest went");
        assertTrue(AuthHouse.await(kept.endOfSpent(second)).isPresent());
    }

    @Test
    void whoeverRegistersIsInAGroupOfTheirOwn() throws Exception {
        JsonObject first = me(house.register("adam@example.org").getString("access_token"));
        JsonObject second = me(house.register("beata@example.org").getString("access_token"));
        assertEquals(first.getString("id"), first.getString("group"));
        assertNotEquals(first.getString("group"), second.getString("group"));
    }

    @Test
    void whatIsDangerousNeedsAFreshSecondFactor() throws Exception {
        house.register("karl@example.org");
        String token = new JsonObject(house.logIn(ADMIN, AuthHouse.PASSWORD, "").body()).getString("access_token");
        JsonObject change = new JsonObject().put("role", "operator");
        HttpResponse<String> refused = house.post("/api/admin/users/karl@example.org", token, change);
        assertEquals(403, refused.statusCode());
        assertTrue(detail(refused).startsWith("second factor"), refused.body());
        JsonObject factor =
                new JsonObject(house.post("/api/auth/totp", token, password()).body());
        assertEquals(
                200,
                house.post("/api/auth/totp/confirm", token, code(codeOf(factor, 0)))
                        .statusCode());
        assertEquals(
                200,
                house.post("/api/admin/users/karl@example.org", token, change).statusCode());
        String later = new JsonObject(house.logIn(ADMIN, AuthHouse.PASSWORD, codeOf(factor, 1))
                        .body())
                .getString("access_token");
        assertEquals(
                200,
                house.post("/api/admin/users/karl@example.org", later, change).statusCode());
        assertEquals(
                409, house.post("/api/admin/users/" + ADMIN, later, change).statusCode(), "the last administrator");
        assertEquals(200, delete("/api/auth/totp", later));
    }

    @Test
    void anAccountThatIsDisabledOrAPasswordThatIsChangedEndsSessions() throws Exception {
        String token = house.register("lena@example.org").getString("access_token");
        String second = new JsonObject(
                        house.logIn("lena@example.org", AuthHouse.PASSWORD, "").body())
                .getString("access_token");
        JsonObject passwords =
                new JsonObject().put("current", AuthHouse.PASSWORD).put("password", "five words are even longer");
        assertEquals(
                403,
                house.post("/api/auth/password", token, passwords.copy().put("current", "x"))
                        .statusCode());
        assertEquals(200, house.post("/api/auth/password", token, passwords).statusCode());
        assertEquals(200, house.get("/api/auth/me", token).statusCode());
        assertEquals(401, house.get("/api/auth/me", second).statusCode());
        String key = made(token, "dictionary:read").getString("key");
        HttpResponse<String> disabled = house.post(
                "/api/admin/users/lena@example.org", house.machineToken(), new JsonObject().put("enabled", false));
        assertEquals(200, disabled.statusCode(), disabled.body());
        assertEquals(401, house.get("/api/auth/me", token).statusCode());
        assertEquals(401, house.get("/v1/stats", key).statusCode());
        assertEquals(
                401,
                house.logIn("lena@example.org", "five words are even longer", "")
                        .statusCode());
    }

    @Test
    void aLostPasswordIsSetAnewByTheMailThatAnAdministratorCanRead() throws Exception {
        String token = house.register("mila@example.org").getString("access_token");
        JsonObject email = new JsonObject().put("email", "mila@example.org");
        assertEquals(200, house.post("/api/auth/reset", "", email).statusCode());
        assertEquals(
                200,
                house.post("/api/auth/reset", "", email.copy().put("email", "x@y.z"))
                        .statusCode());
        String letter = letter("mila@example.org");
        JsonObject reset = new JsonObject().put("token", letter).put("password", "a quite new password");
        assertEquals(200, house.post("/api/auth/reset/confirm", "", reset).statusCode());
        assertEquals(403, house.post("/api/auth/reset/confirm", "", reset).statusCode(), "used");
        assertEquals(401, house.get("/api/auth/me", token).statusCode());
        assertEquals(
                200, house.logIn("mila@example.org", "a quite new password", "").statusCode());
    }

    @Test
    void aBrowserKeepsItsSessionInACookieThatForeignPagesCannotUse() throws Exception {
        house.register("nora@example.org");
        String in = new JsonObject()
                .put("email", "nora@example.org")
                .put("password", AuthHouse.PASSWORD)
                .put("cookie", true)
                .encode();
        assertEquals(403, house.send("POST", "/api/auth/login", "", in).statusCode(), "without the header");
        HttpResponse<String> entered = house.send("POST", "/api/auth/login", "", in, "X-Skynet-Page", "1");
        assertEquals(200, entered.statusCode(), entered.body());
        String set = entered.headers().firstValue("Set-Cookie").orElse("");
        String small = set.toLowerCase(Locale.ROOT);
        assertTrue(small.contains("httponly") && small.contains("samesite=strict") && small.contains("path=/"), set);
        String cookie = set.substring(0, set.indexOf(';'));
        assertEquals(
                200, house.send("GET", "/api/auth/me", "", "", "Cookie", cookie).statusCode());
        assertEquals(
                403,
                house.send("POST", "/api/auth/logout", "", "{}", "Cookie", cookie)
                        .statusCode());
        String value = cookie.substring(cookie.indexOf('=') + 1);
        assertEquals(
                200,
                house.send("POST", "/api/auth/logout", "", "{}", "Cookie", cookie, "X-Skynet-Page", "1")
                        .statusCode());
        assertEquals(
                401, house.send("GET", "/api/auth/me", "", "", "Cookie", cookie).statusCode());
        assertEquals(401, house.get("/api/auth/me", value).statusCode());
        assertEquals(
                503, house.send("GET", "/v1/stats", "", "", "Cookie", cookie).statusCode(), "a guest again");
    }

    @Test
    void passwordsAndAddressesThatAreNoneAreRefused() throws Exception {
        for (String password : List.of("short", "password123", "aaaaaaaaaaaa", "x".repeat(257), "olga@example.org")) {
            JsonObject body = new JsonObject().put("email", "olga@example.org").put("password", password);
            assertEquals(400, house.post("/api/auth/register", "", body).statusCode(), password);
        }
        for (String email :
                List.of("", "x", "a@", "@b", "a b@c.d", "a@b\n.c", "\"<script>\"@x.y", "x".repeat(250) + "@y.z")) {
            JsonObject body = new JsonObject().put("email", email).put("password", AuthHouse.PASSWORD);
            assertEquals(400, house.post("/api/auth/register", "", body).statusCode(), email);
        }
        assertEquals(
                400,
                house.send("POST", "/api/auth/login", "", "{\"email\":1,\"password\":[]}")
                        .statusCode());
        assertEquals(
                400,
                house.send("POST", "/api/auth/login", "", "{\"email\":\"a@b.c\",\"password\":\"\\ud800\"}")
                        .statusCode());
    }

    @Test
    void passwordsAndTokensAreKeptInNoFormThatCouldBeUsed() throws Exception {
        JsonObject tokens = house.register("petr@example.org");
        String kept = AuthHouse.await(house.stores.accounts().byEmail("petr@example.org"))
                .orElseThrow()
                .password();
        assertTrue(kept.startsWith("$argon2id$v=19$m=19456,t=2,p=1$"), kept);
        assertFalse(kept.contains(AuthHouse.PASSWORD));
        assertNotEquals(tokens.getString("access_token"), tokens.getString("refresh_token"));
        for (String file : List.of(MachineToken.FILE, SigningSecret.FILE)) {
            assertEquals(
                    "rw-------",
                    java.nio.file.attribute.PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(postgres.root().resolve(file))));
        }
    }

    /** Two nodes that do not hear each other at all: what one revokes, the other asks the database about. */
    @Test
    void whatIsRevokedOnOneNodeFailsOnAnotherThatHearsNothing() throws Exception {
        String token = house.register("radek@example.org").getString("access_token");
        JsonObject made = made(token, "account:self");
        try (AuthHouse other = new AuthHouse(postgres.root(), postgres.uri())) {
            assertEquals(200, other.get("/api/auth/me", token).statusCode());
            assertEquals(200, other.get("/api/auth/me", made.getString("key")).statusCode());
            assertEquals(200, delete("/api/keys/" + made.getString("id"), token));
            assertEquals(200, out(token));
            long revoked = System.nanoTime();
            while (other.get("/api/auth/me", token).statusCode() == 200
                    || other.get("/api/auth/me", made.getString("key")).statusCode() == 200) {
                Thread.onSpinWait();
            }
            long millis = (System.nanoTime() - revoked) / 1_000_000;
            assertTrue(millis <= 1_000, millis + " ms after it was revoked");
        }
    }

    @Test
    void aMemberWithAnotherSecretDoesNotStart() throws Exception {
        AuthStores stores = house.stores;
        SigningSecret first = SigningSecret.ofMember(new JwtConfig(Optional.empty()), "shared by all", true);
        byte[] before = AuthHouse.await(stores.accounts().keepSecret(new byte[32], false));
        AuthHouse.await(stores.accounts().keepSecret(first.sha256(), true));
        SigningSecret same = SigningSecret.ofMember(new JwtConfig(Optional.empty()), "shared by all", false);
        SigningSecret other = SigningSecret.ofMember(new JwtConfig(Optional.empty()), "another", false);
        AuthHouse.await(stores.accounts().keepSecret(same.sha256(), false).compose(same::agree));
        ExecutionException refused = assertThrows(
                ExecutionException.class,
                () -> AuthHouse.await(
                        stores.accounts().keepSecret(other.sha256(), false).compose(other::agree)));
        assertTrue(refused.getCause().getMessage().startsWith("jwt.secret: "));
        AuthHouse.await(stores.accounts().keepSecret(before, true));
    }

    @Test
    void manyWhoLogInAtOnceAreAnsweredAndOthersDoNotWait() throws Exception {
        house.register("quido@example.org");
        List<Thread> crowd = new ArrayList<>();
        List<Integer> codes = new java.util.concurrent.CopyOnWriteArrayList<>();
        IntStream.range(0, 12).forEach(one -> {
            Thread guest = new Thread(() -> {
                try {
                    codes.add(house.logIn("crowd" + one + "@example.org", "whatever it is", "")
                            .statusCode());
                } catch (Exception e) {
                    codes.add(0);
                }
            });
            guest.start();
            crowd.add(guest);
        });
        long begun = System.nanoTime();
        assertEquals(200, house.get("/health/live", "").statusCode());
        assertTrue(System.nanoTime() - begun < 1_000_000_000L, "health waited for passwords");
        for (Thread guest : crowd) {
            guest.join(60_000);
        }
        assertTrue(codes.stream().allMatch(code -> code == 401), codes::toString);
    }

    private static JsonObject me(String token) throws Exception {
        HttpResponse<String> answer = house.get("/api/auth/me", token);
        assertEquals(200, answer.statusCode(), answer.body());
        return new JsonObject(answer.body());
    }

    private static int tryRegister(String email) throws Exception {
        return house.post(
                        "/api/auth/register",
                        "",
                        new JsonObject().put("email", email).put("password", AuthHouse.PASSWORD))
                .statusCode();
    }

    private static HttpResponse<String> refresh(String token) throws Exception {
        return house.post("/api/auth/refresh", "", new JsonObject().put("refresh_token", token));
    }

    private static JsonObject refreshed(JsonObject tokens) throws Exception {
        HttpResponse<String> answer = refresh(tokens.getString("refresh_token"));
        assertEquals(200, answer.statusCode(), answer.body());
        return new JsonObject(answer.body());
    }

    private static int out(String token) throws Exception {
        return house.post("/api/auth/logout", token, new JsonObject()).statusCode();
    }

    private static int delete(String path, String token) throws Exception {
        return house.send("DELETE", path, token, "").statusCode();
    }

    private static JsonArray sessions(String token) throws Exception {
        return new JsonObject(house.get("/api/auth/sessions", token).body()).getJsonArray("sessions");
    }

    private static HttpResponse<String> makeKey(String token, String scope, Object ends) throws Exception {
        JsonObject body = new JsonObject().put("name", "a script").put("scopes", new JsonArray().add(scope));
        return house.post("/api/keys", token, ends == null ? body : body.put("expires_at", ends));
    }

    private static JsonObject made(String token, String scope) throws Exception {
        HttpResponse<String> answer = makeKey(token, scope, null);
        assertEquals(200, answer.statusCode(), answer.body());
        return new JsonObject(answer.body());
    }

    private static String letter(String recipient) throws Exception {
        for (int tries = 0; tries < 200; tries++) {
            JsonArray mails = new JsonObject(
                            house.get("/api/admin/mail", house.machineToken()).body())
                    .getJsonArray("mails");
            for (Object mail : mails) {
                JsonObject one = (JsonObject) mail;
                String text = one.getString("text");
                if (one.getString("recipient").equals(recipient)) {
                    return text.substring(text.indexOf("let-")).strip();
                }
            }
            Thread.onSpinWait();
        }
        throw new IllegalStateException("no mail for " + recipient);
    }

    private static JsonObject password() {
        return new JsonObject().put("current", AuthHouse.PASSWORD);
    }

    private static JsonObject code(String code) {
        return new JsonObject().put("code", code);
    }

    /** The code of now that an authenticator shows, with the clock of the house. */
    private static String codeOf(JsonObject factor, int steps) {
        long now = house.clock.instant().getEpochSecond() / TimeCode.STEP_SECONDS;
        return TimeCode.code(base32(factor.getString("secret")), now + steps, 6);
    }

    static byte[] base32(String text) {
        byte[] bytes = new byte[text.length() * 5 / 8];
        long held = 0;
        int bits = 0;
        int at = 0;
        for (int place = 0; place < text.length(); place++) {
            held = held << 5 | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(text.charAt(place));
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes[at++] = (byte) (held >> bits);
            }
        }
        return bytes;
    }

    private static String detail(HttpResponse<String> answer) {
        return new JsonObject(answer.body()).getString("detail");
    }
}
