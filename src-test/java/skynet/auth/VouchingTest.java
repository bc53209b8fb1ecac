package skynet.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import skynet.bus.Auth;
import skynet.bus.Role;

/** One password at a time for each account. */
class VouchingTest {
    @Test
    void whileAPasswordIsLookedAtNoOtherOfTheAccountIs() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            PasswordWorker passwords = new PasswordWorker(vertx, new Tokens(new SecureRandom()));
            Vouching vouching = new Vouching(passwords, InstantSource.system());
            AccountStore.Kept ann = account(AuthHouse.await(passwords.hash(AuthHouse.PASSWORD)));
            Future<String> first =
                    vouching.when(ann, AuthHouse.PASSWORD, () -> Future.succeededFuture("the work is done"));
            assertEquals(1, vouching.waitSeconds(ann.id()));
            assertEquals(0, vouching.waitSeconds(UUID.randomUUID()), "another account");
            assertEquals("the work is done", AuthHouse.await(first));
            assertEquals(0, vouching.waitSeconds(ann.id()));
        } finally {
            AuthHouse.await(vertx.close());
        }
    }

    private static AccountStore.Kept account(String password) {
        UUID id = UUID.randomUUID();
        Auth.Account shown = new Auth.Account(id.toString(), "ann@x.y", Role.USER, "team", true, true, false, 0);
        return new AccountStore.Kept(shown, id, password, Optional.empty(), 0);
    }
}
