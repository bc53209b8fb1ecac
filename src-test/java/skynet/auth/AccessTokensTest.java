package skynet.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Fault;

/** What is a token, and everything that looks like one; most of it the library alone would let pass. */
class AccessTokensTest {
    private static final byte[] SECRET = "a secret of thirty-two bytes, ok".getBytes(StandardCharsets.US_ASCII);
    private static final UUID ACCOUNT = new UUID(1, 2);
    private static final UUID SESSION = new UUID(3, 4);
    private static final String HEADER = "{\"typ\":\"JWT\",\"alg\":\"HS256\"}";

    private final Vertx vertx = Vertx.vertx();
    private final AccessTokens tokens = new AccessTokens(vertx, SECRET, UUID::randomUUID);
    private final long now = System.currentTimeMillis() / 1_000;

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void whatWasSignedIsRead() throws Exception {
        AccessTokens.Access access = read(tokens.sign(ACCOUNT, SESSION, now, 900));
        assertEquals(new AccessTokens.Access(ACCOUNT, SESSION, now + 900), access);
        assertEquals(access, read(token(HEADER, payload().encode(), SECRET)));
    }

    @Test
    void aSecretOfFewerThanThirtyTwoBytesSignsNothing() {
        for (int bytes : new int[] {0, 3, 31}) {
            assertThrows(
                    IllegalArgumentException.class, () -> new AccessTokens(vertx, new byte[bytes], UUID::randomUUID));
        }
    }

    @Test
    void aPayloadThatLacksOrBendsSomethingIsRefused() throws Exception {
        List<JsonObject> bad = new ArrayList<>();
        for (String field : List.of("sub", "sid", "jti", "typ", "iss", "aud", "iat", "exp")) {
            bad.add(bent(payload -> payload.remove(field)));
            bad.add(bent(payload -> payload.put(field, "")));
            bad.add(bent(payload -> payload.putNull(field)));
            bad.add(bent(payload -> payload.put(field, new JsonObject())));
        }
        bad.add(bent(payload -> payload.put("exp", (now + 900) * 1_000)));
        bad.add(bent(payload -> payload.put("exp", now + 901)));
        bad.add(bent(payload -> payload.put("exp", Long.toString(now + 900))));
        bad.add(bent(payload -> payload.put("exp", now + 899.5)));
        bad.add(bent(payload -> payload.put("exp", Long.MAX_VALUE)));
        bad.add(bent(payload -> payload.put("exp", -1)));
        bad.add(bent(payload -> payload.put("iat", now - 2_000).put("exp", now - 1_100)));
        bad.add(bent(payload -> payload.put("iat", now + 600).put("exp", now + 900)));
        bad.add(bent(payload -> payload.put("nbf", now + 600)));
        bad.add(bent(payload -> payload.put("iss", "another")));
        bad.add(bent(payload -> payload.put("aud", "another")));
        bad.add(bent(payload -> payload.put("aud", List.of("skynet", "another"))));
        bad.add(bent(payload -> payload.put("typ", "refresh")));
        bad.add(bent(payload -> payload.put("sub", "1")));
        for (JsonObject payload : bad) {
            refused(token(HEADER, payload.encode(), SECRET));
        }
        String twice = payload().encode().replaceFirst("\\{", "{\"sub\":\"" + SESSION + "\",");
        refused(token(HEADER, twice, SECRET));
        refused(token(HEADER, "[]", SECRET));
        refused(token(HEADER, payload().encode() + "{}", SECRET));
    }

    @Test
    void anotherHeaderIsRefused() throws Exception {
        for (String header : List.of(
                "{\"typ\":\"JWT\",\"alg\":\"none\"}",
                "{\"typ\":\"JWT\",\"alg\":\"NoNe\"}",
                "{\"typ\":\"JWT\",\"alg\":\"HS384\"}",
                "{\"typ\":\"JWT\",\"alg\":\"RS256\"}",
                "{\"typ\":\"JWT\",\"alg\":\"hs256\"}",
                "{\"alg\":\"HS256\"}",
                "{\"typ\":\"JWT\"}",
                "{\"typ\":\"at+jwt\",\"alg\":\"HS256\"}",
                "{\"typ\":\"JWT\",\"alg\":\"none\",\"alg\":\"HS256\"}",
                "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"alg\":\"HS256\"}",
                "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"crit\":[\"exp\"]}",
                "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"kid\":\"../../etc/passwd\"}",
                "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"}}",
                "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"zip\":\"DEF\"}",
                "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"b64\":false}",
                "{}",
                "null",
                "")) {
            refused(token(header, payload().encode(), SECRET));
            refused(token(header, payload().encode(), SECRET).replaceAll("[^.]*$", ""));
        }
    }

    @Test
    void aTokenHasOneSpellingOnly() throws Exception {
        String token = tokens.sign(ACCOUNT, SESSION, now, 900);
        String[] parts = token.split("\\.");
        char last = token.charAt(token.length() - 1);
        String sisters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        char bent = sisters.charAt(sisters.indexOf(last) ^ 1);
        for (String other : List.of(
                token + "=",
                token + "==",
                token.substring(0, token.length() - 1) + bent,
                token + ".",
                "." + token,
                parts[0] + "." + parts[1],
                parts[0] + "." + parts[1] + ".",
                parts[0] + "=." + parts[1] + "." + parts[2],
                parts[0] + "." + parts[1] + "." + parts[2].substring(0, 20),
                parts[0] + "." + parts[1] + "." + parts[2] + parts[2],
                token.replace('-', '+').replace('_', '/') + "+",
                token + " ",
                "\n" + token,
                "..",
                "a.b.c",
                "",
                "\u0000")) {
            refused(other);
        }
    }

    @Test
    void aTokenOfAnotherSecretIsRefused() throws Exception {
        byte[] other = SECRET.clone();
        other[0] ^= 1;
        refused(token(HEADER, payload().encode(), other));
        refused(new AccessTokens(vertx, other, UUID::randomUUID).sign(ACCOUNT, SESSION, now, 900));
    }

    private JsonObject payload() {
        return new JsonObject()
                .put("sub", ACCOUNT.toString())
                .put("sid", SESSION.toString())
                .put("jti", "one")
                .put("typ", "access")
                .put("iss", "skynet")
                .put("aud", "skynet")
                .put("iat", now)
                .put("exp", now + 900);
    }

    private JsonObject bent(Consumer<JsonObject> bend) {
        JsonObject payload = payload();
        bend.accept(payload);
        return payload;
    }

    private static String token(String header, String payload, byte[] secret) throws Exception {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String signed = base64.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                + base64.encodeToString(payload.getBytes(StandardCharsets.UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return signed + "." + base64.encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private void refused(String token) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> read(token), token);
        assertEquals(Fault.Kind.UNAUTHENTICATED, ((Fault) failure.getCause()).kind(), token);
    }

    private AccessTokens.Access read(String token) throws Exception {
        return tokens.read(token, now).toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
