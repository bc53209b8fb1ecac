package skynet.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.SMTPException;
import io.vertx.ext.mail.StartTLSOptions;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import skynet.bus.Auth;
import skynet.bus.Fault;
import skynet.kit.AuthConfig;

/** Sends mails that carry a token, or keeps them for an administrator when there is nobody to carry them. */
final class Post {
    static final String VERIFY = "verify";
    static final String RESET = "reset";
    static final int VERIFY_SECONDS = 24 * 3_600;
    static final int RESET_SECONDS = 30 * 60;

    private static final System.Logger LOG = System.getLogger("skynet.auth");
    private static final int SUBMISSION_PORT = 587;
    private static final int SMTPS_PORT = 465;
    private static final int CONNECTIONS_MAX = 8;
    private static final int PATIENCE_SECONDS = 20;

    /** A server that says nothing for so long is left: what it was to carry gives its place to the next. */
    private static final int SILENT_SECONDS = 10;

    private final MailStore mails;
    private final Tokens tokens;
    private final Optional<MailClient> carrier;
    private final String sender;
    private final AtomicInteger underWay = new AtomicInteger();

    Post(Vertx vertx, AuthConfig config, MailStore mails, Tokens tokens) {
        this.mails = mails;
        this.tokens = tokens;
        this.sender = config.mailFrom();
        this.carrier = config.smtpUri().map(uri -> MailClient.create(vertx, carrier(uri, sender)));
    }

    /** Sends what proves that an address is somebody's. */
    Future<Void> sendVerification(AccountStore.Kept account, Auth.Where from) {
        return send(
                account,
                VERIFY,
                VERIFY_SECONDS,
                "Is this your address?",
                "Somebody made an account on the SKYNET node at " + from.origin() + " with this address.\n"
                        + "If it was you, open this within a day:\n\n",
                from);
    }

    /** Sends what sets a password. */
    Future<Void> sendReset(AccountStore.Kept account, Auth.Where from) {
        return send(
                account,
                RESET,
                RESET_SECONDS,
                "A new password",
                "Somebody wants to set a new password for this address on the SKYNET node at " + from.origin() + ".\n"
                        + "If it was you, open this within half an hour; if not, nothing happens:\n\n",
                from);
    }

    /** Whose token of a mail this is; it is used by this. */
    Future<UUID> open(String token, String purpose) {
        return mails.useLetter(Tokens.kept(token), purpose).compose(account -> account.map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(new Fault(
                        Fault.Kind.DENIED,
                        "token: not valid, used or too old (expected: the last one that was sent)"))));
    }

    /** The token stands behind #, where no server and no log sees it. */
    private Future<Void> send(
            AccountStore.Kept account, String purpose, int seconds, String subject, String text, Auth.Where from) {
        String token = tokens.make(Tokens.LETTER);
        String whole = text + from.origin() + "/login#" + purpose + "=" + token + "\n";
        return mails.addLetter(Tokens.kept(token), account.id(), purpose, seconds)
                .compose(added -> deliver(account.shown().email(), subject, whole));
    }

    private Future<Void> deliver(String recipient, String subject, String text) {
        if (carrier.isEmpty()) {
            return mails.keep(recipient, subject, text);
        }
        if (underWay.incrementAndGet() > CONNECTIONS_MAX) {
            underWay.decrementAndGet();
            return Future.failedFuture(
                    new Fault(Fault.Kind.UNAVAILABLE, "mail: the server is slow, and others wait (expected: later)"));
        }
        MailMessage message = new MailMessage()
                .addHeader("Auto-Submitted", "auto-generated")
                .setFrom(sender)
                .setTo(recipient)
                .setSubject("SKYNET: " + subject)
                .setText(text);
        return carrier.get()
                .sendMail(message)
                .onComplete(done -> underWay.decrementAndGet())
                .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .<Void>mapEmpty()
                .recover(failure -> {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "mail: not taken by the server: "
                                    + failure.getClass().getSimpleName()
                                    + (failure instanceof SMTPException said ? ", reply " + said.getReplyCode() : ""));
                    return Future.failedFuture(
                            new Fault(Fault.Kind.UNAVAILABLE, "mail: the server did not take it (expected: later)"));
                });
    }

    /** One mail to a connection, so that none is left to a server that has forgotten it. */
    private static MailConfig carrier(URI uri, String sender) {
        boolean tls = uri.getScheme().equals("smtps");
        MailConfig config = new MailConfig()
                .setHostname(uri.getHost())
                .setPort(uri.getPort() > 0 ? uri.getPort() : tls ? SMTPS_PORT : SUBMISSION_PORT)
                .setSsl(tls)
                .setMaxPoolSize(CONNECTIONS_MAX)
                .setKeepAlive(false)
                .setOwnHostname(sender.substring(sender.lastIndexOf('@') + 1))
                .setConnectTimeout(SILENT_SECONDS * 1_000)
                .setIdleTimeout(SILENT_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setStarttls(StartTLSOptions.OPTIONAL);
        String user = uri.getRawUserInfo();
        if (user != null) {
            // A name and a password go over no wire that is not encrypted.
            config.setStarttls(tls ? StartTLSOptions.OPTIONAL : StartTLSOptions.REQUIRED);
            int colon = user.indexOf(':');
            config.setUsername(decoded(colon < 0 ? user : user.substring(0, colon)))
                    .setPassword(colon < 0 ? "" : decoded(user.substring(colon + 1)));
        }
        return config;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
