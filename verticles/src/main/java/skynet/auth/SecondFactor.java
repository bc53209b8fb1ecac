package skynet.auth;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import skynet.bus.Auth;
import skynet.bus.Fault;

/** The second factor: begun, confirmed with its first code, shown when it counts, lost and replaced. */
final class SecondFactor {
    static final int RECOVERY_CODES = 10;

    /** Codes that may be tried for an account in five minutes: with three that are good out of a million, enough. */
    static final int TRIES_MAX = 10;

    private static final String ISSUER = "SKYNET";

    private final AccountStore accounts;
    private final Tokens tokens;
    private final InstantSource clock;
    private final Throttle tries;

    SecondFactor(AccountStore accounts, Tokens tokens, InstantSource clock) {
        this.accounts = accounts;
        this.tokens = tokens;
        this.clock = clock;
        this.tries = new Throttle(TRIES_MAX, Duration.ofMinutes(5), clock);
    }

    /** Seconds to wait before a code of this account is looked at; 0: now. */
    int waitSeconds(UUID account) {
        return tries.waitSeconds(account.toString());
    }

    /** Whether this is a code of now, or a recovery code, that was not used before; it is used by this. */
    Future<Boolean> shows(AccountStore.Kept account, String code) {
        if (waitSeconds(account.id()) > 0 || !account.hasFactor()) {
            return Future.succeededFuture(false);
        }
        tries.count(account.id().toString());
        String tidy = code.strip().toLowerCase(Locale.ROOT);
        long step = TimeCode.stepOf(
                account.factor().orElseThrow(), tidy, clock.instant().getEpochSecond(), account.factorStep());
        Future<Boolean> good = step >= 0
                ? accounts.useStep(account.id(), step)
                : accounts.useRecovery(account.id(), Tokens.kept(tidy));
        return good.onSuccess(right -> {
            if (right) {
                tries.forgive(account.id().toString());
            }
        });
    }

    /** A new secret for an account that has no second factor yet. */
    Future<Auth.Factor> begin(AccountStore.Kept account) {
        byte[] secret = tokens.bytes(TimeCode.SECRET_BYTES);
        String uri = TimeCode.uri(secret, account.shown().email(), ISSUER);
        return accounts.beginFactor(account.id(), secret)
                .compose(begun -> begun
                        ? Future.succeededFuture(new Auth.Factor(TimeCode.base32(secret), uri, TimeCode.qr(uri), 0))
                        : Future.failedFuture(new Fault(
                                Fault.Kind.CONFLICT, "second factor: there is one (expected: take it away first)")));
    }

    /** Takes the first code of a new secret, and gives recovery codes. */
    Future<Auth.Recovery> confirm(AccountStore.Kept account, String code) {
        if (account.hasFactor() || account.factor().isEmpty()) {
            throw new Fault(Fault.Kind.CONFLICT, "second factor: none was begun (expected: begin one first)");
        }
        if (waitSeconds(account.id()) > 0) {
            throw new Fault(Fault.Kind.THROTTLED, "code: too many attempts (expected: later)");
        }
        tries.count(account.id().toString());
        long step = TimeCode.stepOf(
                account.factor().get(), code.strip(), clock.instant().getEpochSecond(), account.factorStep());
        if (step < 0) {
            throw new Fault(
                    Fault.Kind.DENIED,
                    "code: not the one of now (expected: six digits; check the clocks of both sides)");
        }
        List<String> codes = new ArrayList<>(
                Stream.generate(tokens::recovery).limit(RECOVERY_CODES).toList());
        return accounts.confirmFactor(
                        account.id(), step, codes.stream().map(Tokens::kept).toList())
                .compose(confirmed -> confirmed
                        ? Future.succeededFuture(new Auth.Recovery(codes))
                        : Future.failedFuture(new Fault(Fault.Kind.CONFLICT, "second factor: confirmed before")));
    }
}
