package skynet.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import skynet.bus.Fault;
import skynet.kit.JwtConfig;

/**
 * Access tokens: JWT (RFC 7519) signed with HS256 by the library. What the library lets pass and should not is refused
 * before it is asked: another header than ours, fields given twice, a signature that is not spelled in the one canonical
 * way, a token without an end or with one far away.
 *
 * <pre>
 * header   {"typ":"JWT","alg":"HS256"}
 * payload  sub account · sid session · jti · typ "access" · iss, aud "skynet" · iat, exp in seconds
 * </pre>
 *
 * A token says who began which session and no more; what they may is asked of the database, now.
 */
final class AccessTokens {
    /** How long a token is good, in seconds. */
    static final int SECONDS = 900;

    /** The same for administrators. */
    static final int ADMIN_SECONDS = 300;

    /** How far the clocks of members may differ, in seconds. */
    static final int SKEW_SECONDS = 30;

    private static final String NAME = "skynet";
    private static final String ALGORITHM = "HS256";
    private static final String KIND = "access";
    private static final int SIGNATURE_BYTES = 32;
    private static final Set<String> HEADER = Set.of("typ", "alg");
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JWTAuth library;
    private final Supplier<UUID> ids;

    /** A token whose signature and form are good. */
    record Access(UUID account, UUID session, long endsSeconds) {}

    /** Signs with a secret of at least 32 bytes; without one there are no tokens at all. */
    AccessTokens(Vertx vertx, byte[] secret, Supplier<UUID> ids) {
        if (secret.length < JwtConfig.SECRET_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "jwt.secret: " + secret.length + " bytes (expected: at least " + JwtConfig.SECRET_BYTES_MIN + ")");
        }
        this.ids = ids;
        this.library = JWTAuth.create(
                vertx,
                new JWTAuthOptions()
                        .setJWTOptions(new JWTOptions()
                                .setAlgorithm(ALGORITHM)
                                .setIssuer(NAME)
                                .addAudience(NAME)
                                .setLeeway(SKEW_SECONDS))
                        .addPubSecKey(new PubSecKeyOptions()
                                .setAlgorithm(ALGORITHM)
                                .setBuffer(io.vertx.core.buffer.Buffer.buffer(secret))));
    }

    /** A token for a session, from a time on and for so many seconds. */
    String sign(UUID account, UUID session, long nowSeconds, int seconds) {
        return library.generateToken(
                new JsonObject()
                        .put("sub", account.toString())
                        .put("sid", session.toString())
                        .put("jti", ids.get().toString())
                        .put("typ", KIND)
                        .put("iat", nowSeconds)
                        .put("exp", nowSeconds + seconds),
                new JWTOptions()
                        .setAlgorithm(ALGORITHM)
                        .setIssuer(NAME)
                        .addAudience(NAME)
                        .setNoTimestamp(true));
    }

    /** What a token says, if it is one of ours and of now. */
    Future<Access> read(String token, long nowSeconds) {
        Access access;
        try {
            access = checked(token, nowSeconds);
        } catch (IOException | RuntimeException e) {
            return Future.failedFuture(bad());
        }
        try {
            return library.authenticate(new TokenCredentials(token))
                    .map(user -> access)
                    .recover(refused -> Future.failedFuture(bad()));
        } catch (RuntimeException e) {
            return Future.failedFuture(bad());
        }
    }

    private static Access checked(String token, long nowSeconds) throws IOException {
        String[] parts = token.split("\\.", -1);
        require(parts.length == 3);
        JsonNode header = json(parts[0]);
        header.fieldNames().forEachRemaining(name -> require(HEADER.contains(name)));
        require(header.path("typ").asText().equals("JWT"));
        require(header.path("alg").asText().equals(ALGORITHM));
        require(bytes(parts[2]).length == SIGNATURE_BYTES);
        JsonNode payload = json(parts[1]);
        require(payload.path("typ").asText().equals(KIND));
        require(payload.path("iss").asText().equals(NAME));
        JsonNode audience = payload.path("aud");
        require(audience.isTextual() ? audience.textValue().equals(NAME) : isOnly(audience));
        require(payload.path("jti").isTextual()
                && !payload.path("jti").textValue().isEmpty());
        long begins = seconds(payload.path("iat"));
        long ends = seconds(payload.path("exp"));
        require(begins <= nowSeconds + SKEW_SECONDS && ends > nowSeconds - SKEW_SECONDS);
        require(ends > begins && ends - begins <= SECONDS);
        return new Access(
                UUID.fromString(payload.path("sub").asText()),
                UUID.fromString(payload.path("sid").asText()),
                ends);
    }

    private static boolean isOnly(JsonNode audience) {
        return audience.isArray()
                && audience.size() == 1
                && audience.get(0).asText().equals(NAME);
    }

    private static long seconds(JsonNode number) {
        require(number.isIntegralNumber() && number.canConvertToLong());
        return number.longValue();
    }

    private static JsonNode json(String part) throws JsonProcessingException {
        JsonNode node = STRICT.readTree(new String(bytes(part), StandardCharsets.UTF_8));
        require(node.isObject());
        return node;
    }

    /** Bytes in Base64 for URLs, spelled as they must be: no padding, no bits left over. */
    private static byte[] bytes(String part) {
        byte[] bytes = DECODER.decode(part);
        require(ENCODER.encodeToString(bytes).equals(part));
        return bytes;
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw bad();
        }
    }

    private static Fault bad() {
        return new Fault(Fault.Kind.UNAUTHENTICATED, "token: not valid or no longer (expected: a new one)");
    }
}
