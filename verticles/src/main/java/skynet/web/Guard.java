package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import skynet.bus.Fault;
import skynet.bus.Principal;
import skynet.kit.Identity;
import skynet.kit.Proxies;
import skynet.kit.Tolls;

/**
 * Stands between the front door and the routes: finds out who asks and whether the contract lets them. What the contract
 * does not name is not served, except for pages, which are not counted either.
 */
final class Guard {
    private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    /** What users of OpenAI's clients write who have no key, since these cannot show nothing. */
    private static final Set<String> PLACEHOLDERS = Set.of(
            "bearer guest",
            "bearer none",
            "bearer empty",
            "bearer dummy",
            "bearer not-needed",
            "bearer no-key-required",
            "bearer sk-no-key-required",
            "bearer ollama",
            "bearer lm-studio");

    private static final String BUS = "/eventbus/";
    private static final String BUS_OPERATION = "/eventbus/websocket";

    private final Declared declared;
    private final Identity identity;
    private final Predicate<String> pages;
    private final InstantSource clock;
    private final Tolls tolls;
    private final Proxies proxies;

    /** {@code pages} tells of which paths there is a page. */
    Guard(
            Declared declared,
            Identity identity,
            Predicate<String> pages,
            Tolls tolls,
            Proxies proxies,
            InstantSource clock) {
        this.declared = declared;
        this.identity = identity;
        this.pages = pages;
        this.tolls = tolls;
        this.proxies = proxies;
        this.clock = clock;
    }

    /** Lets a request on to its route, to {@code nowhere} when there is none, or refuses it. */
    void check(RoutingContext request, Runnable nowhere) {
        Optional<Declared.Operation> operation = operationOf(request);
        if (operation.isEmpty()) {
            boolean page = READS.contains(request.request().method())
                    && pages.test(request.request().path());
            if (page) {
                enter(request, identity.guest(), () -> Future.succeededFuture(identity.guest()));
            } else {
                nowhere.run();
            }
            return;
        }
        Declared.Operation asked = operation.get();
        String header = request.request().getHeader("Authorization");
        String kept = header == null ? Cookies.tokenOf(request.request()) : "";
        boolean nobody = header == null && kept.isEmpty()
                || header != null
                        && PLACEHOLDERS.contains(header.toLowerCase(Locale.ROOT))
                        && OpenAiError.speaks(request.normalizedPath());
        if (asked.entry() == Declared.Entry.OPEN || nobody) {
            decide(request, asked, identity.guest(), () -> Future.succeededFuture(identity.guest()));
            return;
        }
        if (header == null && !Cookies.isOfOurPage(request.request())) {
            Problem.answer(
                    request,
                    new Refusal(
                            403,
                            "page",
                            "request: with a cookie, but not from a page of this node",
                            "Send " + Cookies.PAGE_HEADER + ": 1 with the cookie, or a token instead of it."));
            return;
        }
        Supplier<Future<Principal>> again = header == null ? () -> remembered(kept) : () -> identify(header);
        request.request().pause();
        again.get()
                .onSuccess(principal -> {
                    decide(request, asked, principal, again);
                    request.request().resume();
                })
                .onFailure(failure -> {
                    Problem.answer(request, failure);
                    request.request().resume();
                });
    }

    /** A browser whose session has ended is a guest again: its pages go on, and say so where that is not enough. */
    private Future<Principal> remembered(String cookie) {
        return identity.of(cookie)
                .recover(failure -> failure instanceof Fault fault && fault.kind() == Fault.Kind.UNAUTHENTICATED
                        ? Future.succeededFuture(identity.guest())
                        : Future.failedFuture(failure));
    }

    /** Refuses a caller who may not do this; for sockets, whose messages pass no contract. */
    static Principal require(Principal principal, String scope) {
        if (!principal.may(scope)) {
            throw lacking(principal, scope);
        }
        return principal;
    }

    private Future<Principal> identify(String header) {
        String token = Identity.tokenOf(header);
        return token.isEmpty()
                ? Future.failedFuture(new Fault(Fault.Kind.UNAUTHENTICATED, "Authorization: not Bearer with a token"))
                : identity.of(token);
    }

    private Optional<Declared.Operation> operationOf(RoutingContext request) {
        String path = request.normalizedPath();
        return path.startsWith(BUS)
                ? declared.of("GET", BUS_OPERATION)
                : declared.of(request.request().method().name(), path);
    }

    private void decide(
            RoutingContext request,
            Declared.Operation operation,
            Principal principal,
            Supplier<Future<Principal>> again) {
        Fault fault = faultOf(operation, principal);
        if (fault != null) {
            Problem.answer(request, fault);
            return;
        }
        Tolls.Payer payer = tolls.from(addressOf(request.request()));
        try {
            payer.pass(principal, operation.scope());
        } catch (Refusal refusal) {
            Problem.answer(request, refusal);
            return;
        }
        Caller.put(request, payer);
        enter(request, principal, again);
    }

    private String addressOf(HttpServerRequest request) {
        SocketAddress peer = request.remoteAddress();
        return peer == null || peer.hostAddress() == null
                ? ""
                : proxies.clientOf(peer.hostAddress(), request.headers().getAll("X-Forwarded-For"));
    }

    private Fault faultOf(Declared.Operation operation, Principal principal) {
        if (operation.entry() == Declared.Entry.OPEN) {
            return null;
        }
        if (principal.isGuest() && operation.entry() == Declared.Entry.KNOWN) {
            return new Fault(Fault.Kind.UNAUTHENTICATED, "Authorization: missing (expected: Bearer with a token)");
        }
        if (!principal.may(operation.scope())) {
            return lacking(principal, operation.scope());
        }
        if (operation.proof() && !principal.provedAt(clock.instant().getEpochSecond())) {
            return new Fault(
                    Fault.Kind.DENIED,
                    "second factor: not shown within " + Principal.PROOF_SECONDS
                            + " s (expected: POST /api/auth/proof with a code first)");
        }
        return null;
    }

    private static Fault lacking(Principal principal, String scope) {
        return principal.isGuest()
                ? new Fault(Fault.Kind.UNAUTHENTICATED, "Authorization: missing (expected: Bearer with a token)")
                : new Fault(Fault.Kind.DENIED, "scope: " + scope + " is not among those of this token");
    }

    private static void enter(RoutingContext request, Principal principal, Supplier<Future<Principal>> again) {
        Caller.put(request, principal, again);
        request.next();
    }
}
