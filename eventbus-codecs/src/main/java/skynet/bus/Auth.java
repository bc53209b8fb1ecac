package skynet.bus;

import java.util.List;
import java.util.Objects;

/**
 * What is said to and by the auth room: who somebody is, how they prove it, and what they keep to prove it later. What is
 * secret in these words never leaves the node, and no word shows it when it is printed.
 */
public sealed interface Auth extends BusMessage {
    /** Longest token in characters. */
    int TOKEN_CHARS_MAX = 4_096;

    /** Longest address of an account in characters. */
    int EMAIL_CHARS_MAX = 254;

    /** Shortest and longest password in characters. */
    int PASSWORD_CHARS_MIN = 8;

    int PASSWORD_CHARS_MAX = 256;

    /** Longest name of a key in characters, and the most scopes it has. */
    int NAME_CHARS_MAX = 100;

    int SCOPES_MAX = 64;

    /** Asks who shows this token; one that is not good is refused with {@link Fault.Kind#UNAUTHENTICATED}. */
    @Wire(value = "auth.identify", reach = Reach.THIS_NODE)
    record Identify(String token) implements Auth, Request<Identified> {
        public Identify {
            if (token.isEmpty() || token.length() > TOKEN_CHARS_MAX) {
                throw new Fault(
                        Fault.Kind.UNAUTHENTICATED,
                        "token: " + token.length() + " characters (expected: 1 to " + TOKEN_CHARS_MAX + ")");
            }
        }

        @Override
        public String toString() {
            return "Identify[****]";
        }
    }

    /** Who it is. */
    @Wire("auth.identified")
    record Identified(Principal principal) implements Auth {
        public Identified {
            Objects.requireNonNull(principal, "principal");
        }
    }

    /**
     * From where somebody speaks.
     *
     * @param address of the machine that speaks, as the door sees it
     * @param agent the program, as it calls itself; shown in the list of sessions
     * @param origin what this node is called there, scheme and authority; for links in mails
     * @param cookie whether the session is for a browser, which keeps it in a cookie
     */
    record Where(String address, String agent, String origin, boolean cookie) {
        private static final int AGENT_CHARS_MAX = 200;

        public Where {
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(origin, "origin");
            agent = agent.length() <= AGENT_CHARS_MAX ? agent : agent.substring(0, AGENT_CHARS_MAX);
        }
    }

    /** Makes the first administrator, with the token that the node printed when it started. */
    @Wire(value = "auth.set-up", reach = Reach.THIS_NODE)
    record SetUp(String token, String email, String password, Where from) implements Auth, Request<Entered> {
        public SetUp {
            bound("token", token, TOKEN_CHARS_MAX);
            bound("email", email, EMAIL_CHARS_MAX);
            bound("password", password, PASSWORD_CHARS_MAX);
        }

        @Override
        public String toString() {
            return "SetUp[****]";
        }
    }

    /** Makes an account. */
    @Wire(value = "auth.register", reach = Reach.THIS_NODE)
    record Register(String email, String password, Where from) implements Auth, Request<Entered> {
        public Register {
            bound("email", email, EMAIL_CHARS_MAX);
            bound("password", password, PASSWORD_CHARS_MAX);
        }

        @Override
        public String toString() {
            return "Register[****]";
        }
    }

    /** Begins a session. {@code code} is of the second factor, or a recovery code; empty when there is none. */
    @Wire(value = "auth.log-in", reach = Reach.THIS_NODE)
    record LogIn(String email, String password, String code, Where from) implements Auth, Request<Entered> {
        public LogIn {
            bound("email", email, EMAIL_CHARS_MAX);
            bound("password", password, PASSWORD_CHARS_MAX);
            bound("code", code, NAME_CHARS_MAX);
        }

        @Override
        public String toString() {
            return "LogIn[****]";
        }
    }

    /** Goes on with a session; the token that is shown is spent by it. Shown twice it ends the session. */
    @Wire(value = "auth.refresh", reach = Reach.THIS_NODE)
    record Refresh(String token) implements Auth, Request<Entered> {
        public Refresh {
            bound("refresh_token", token, TOKEN_CHARS_MAX);
        }

        @Override
        public String toString() {
            return "Refresh[****]";
        }
    }

    /**
     * What came of an attempt to get in.
     *
     * @param accessToken for {@code Authorization: Bearer}; empty for a browser
     * @param refreshToken for the next one; empty for a browser
     * @param cookie what a browser keeps; empty for others
     * @param seconds how long the token or the cookie is good
     * @param waitSeconds 0, or how long to wait before the next attempt: then all else is empty
     */
    @Wire("auth.entered")
    record Entered(String accessToken, String refreshToken, String cookie, int seconds, int waitSeconds)
            implements Auth {
        /** Too many attempts. */
        public static Entered later(int waitSeconds) {
            return new Entered("", "", "", 0, Math.max(1, waitSeconds));
        }

        @Override
        public String toString() {
            return "Entered[****]";
        }
    }

    /** It was done; or, with {@code waitSeconds}, it was not and may be asked for again after so long. */
    @Wire("auth.done")
    record Done(int waitSeconds) implements Auth {}

    /** Ends the session that is spoken in. */
    @Wire(value = "auth.log-out", reach = Reach.THIS_NODE)
    record LogOut(Principal by) implements Auth, Request<Done> {}

    /** Asks for the account that is spoken from. */
    @Wire(value = "auth.me", reach = Reach.THIS_NODE)
    record Me(Principal by) implements Auth, Request<Account> {}

    /**
     * An account.
     *
     * @param group the tenant
     * @param verified whether the address was proved to be theirs
     * @param secondFactor whether there is one
     */
    @Wire("auth.account")
    record Account(
            String id,
            String email,
            Role role,
            String group,
            boolean enabled,
            boolean verified,
            boolean secondFactor,
            long madeSeconds)
            implements Auth {}

    /** Changes the password; every other session of the account ends, and its keys are revoked unless they are kept. */
    @Wire(value = "auth.change-password", reach = Reach.THIS_NODE)
    record ChangePassword(Principal by, String current, String password, boolean keepKeys)
            implements Auth, Request<Done> {
        public ChangePassword {
            bound("current", current, PASSWORD_CHARS_MAX);
            bound("password", password, PASSWORD_CHARS_MAX);
        }

        @Override
        public String toString() {
            return "ChangePassword[****]";
        }
    }

    /** Asks for the sessions of an account that have not ended. */
    @Wire(value = "auth.list-sessions", reach = Reach.THIS_NODE)
    record ListSessions(Principal by) implements Auth, Request<Sessions> {}

    /** Sessions, the latest first. */
    @Wire("auth.sessions")
    record Sessions(List<Session> sessions) implements Auth {
        public Sessions {
            sessions = List.copyOf(sessions);
        }
    }

    /** One session; times in seconds since 1970. */
    record Session(
            String id,
            String agent,
            String address,
            long begunSeconds,
            long seenSeconds,
            long endsSeconds,
            boolean browser,
            boolean current) {}

    /** Ends a session of one's own. */
    @Wire(value = "auth.end-session", reach = Reach.THIS_NODE)
    record EndSession(Principal by, String id) implements Auth, Request<Done> {
        public EndSession {
            bound("id", id, NAME_CHARS_MAX);
        }
    }

    /** Shows a code of the second factor, or a recovery code, for what is dangerous. */
    @Wire(value = "auth.prove", reach = Reach.THIS_NODE)
    record Prove(Principal by, String code) implements Auth, Request<Proved> {
        public Prove {
            bound("code", code, NAME_CHARS_MAX);
        }

        @Override
        public String toString() {
            return "Prove[****]";
        }
    }

    /** Until when the second factor counts, in seconds since 1970; or how long to wait before the next attempt. */
    @Wire("auth.proved")
    record Proved(long untilSeconds, int waitSeconds) implements Auth {}

    /** Begins a second factor, with the password of the account; it counts when it is confirmed. */
    @Wire(value = "auth.begin-factor", reach = Reach.THIS_NODE)
    record BeginFactor(Principal by, String current) implements Auth, Request<Factor> {
        public BeginFactor {
            bound("current", current, PASSWORD_CHARS_MAX);
        }

        @Override
        public String toString() {
            return "BeginFactor[****]";
        }
    }

    /**
     * A second factor to be put into an authenticator.
     *
     * @param secret in Base32
     * @param uri {@code otpauth:}
     * @param qr the uri as a picture in SVG
     * @param waitSeconds 0, or how long to wait before the next attempt: then all else is empty
     */
    @Wire("auth.factor")
    record Factor(String secret, String uri, String qr, int waitSeconds) implements Auth {
        @Override
        public String toString() {
            return "Factor[****]";
        }
    }

    /** Confirms a second factor with its first code. */
    @Wire(value = "auth.confirm-factor", reach = Reach.THIS_NODE)
    record ConfirmFactor(Principal by, String code) implements Auth, Request<Recovery> {
        public ConfirmFactor {
            bound("code", code, NAME_CHARS_MAX);
        }

        @Override
        public String toString() {
            return "ConfirmFactor[****]";
        }
    }

    /** Codes for the day on which the authenticator is lost, each good once; shown once. */
    @Wire("auth.recovery")
    record Recovery(List<String> codes) implements Auth {
        public Recovery {
            codes = List.copyOf(codes);
        }

        @Override
        public String toString() {
            return "Recovery[****]";
        }
    }

    /** Takes one's own second factor away. */
    @Wire(value = "auth.drop-factor", reach = Reach.THIS_NODE)
    record DropFactor(Principal by) implements Auth, Request<Done> {}

    /** Makes a key; its scopes are among those of whoever makes it. {@code endsSeconds} since 1970, 0: no end. */
    @Wire(value = "auth.make-key", reach = Reach.THIS_NODE)
    record MakeKey(Principal by, String name, List<String> scopes, long endsSeconds) implements Auth, Request<KeyMade> {
        public MakeKey {
            bound("name", name, NAME_CHARS_MAX);
            if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("name: blank or with control characters (expected: words)");
            }
            if (scopes.isEmpty() || scopes.size() > SCOPES_MAX) {
                throw new IllegalArgumentException(
                        "scopes: " + scopes.size() + " (expected: 1 to " + SCOPES_MAX + ", each room:act)");
            }
            scopes = scopes.stream().distinct().sorted().toList();
        }
    }

    /** A key, shown once. */
    @Wire("auth.key-made")
    record KeyMade(String id, String key) implements Auth {
        @Override
        public String toString() {
            return "KeyMade[" + id + "]";
        }
    }

    /** Asks for one's keys; the machine itself sees all. */
    @Wire(value = "auth.list-keys", reach = Reach.THIS_NODE)
    record ListKeys(Principal by) implements Auth, Request<Keys> {}

    /** Keys, the latest first; those that are revoked too. */
    @Wire("auth.keys")
    record Keys(List<Key> keys) implements Auth {
        public Keys {
            keys = List.copyOf(keys);
        }
    }

    /**
     * One key; times in seconds since 1970, 0 for never.
     *
     * @param hint how the key begins
     * @param owner the address of its account; empty for one of the machine
     */
    record Key(
            String id,
            String name,
            String hint,
            List<String> scopes,
            String owner,
            long madeSeconds,
            long endsSeconds,
            long usedSeconds,
            long revokedSeconds) {
        public Key {
            scopes = List.copyOf(scopes);
        }
    }

    /** Revokes a key. */
    @Wire(value = "auth.revoke-key", reach = Reach.THIS_NODE)
    record RevokeKey(Principal by, String id) implements Auth, Request<Done> {
        public RevokeKey {
            bound("id", id, NAME_CHARS_MAX);
        }
    }

    /** Something is no longer good, a session, a key or all of an account: nobody may remember that it was. */
    @Wire("auth.revoked")
    record Revoked(String id) implements Auth, Event {}

    /** More is known of a session than was, such as a second factor: all is still good, and is to be asked anew. */
    @Wire("auth.changed")
    record Changed(String id) implements Auth, Event {}

    /** Sends the mail that proves an address again. */
    @Wire(value = "auth.send-verification", reach = Reach.THIS_NODE)
    record SendVerification(Principal by, Where from) implements Auth, Request<Done> {}

    /** Proves an address by the token in a mail. */
    @Wire(value = "auth.verify", reach = Reach.THIS_NODE)
    record Verify(String token) implements Auth, Request<Done> {
        public Verify {
            bound("token", token, TOKEN_CHARS_MAX);
        }

        @Override
        public String toString() {
            return "Verify[****]";
        }
    }

    /** Sends a mail with which a password can be set, if there is such an account; the answer is the same if not. */
    @Wire(value = "auth.send-reset", reach = Reach.THIS_NODE)
    record SendReset(String email, Where from) implements Auth, Request<Entered> {
        public SendReset {
            bound("email", email, EMAIL_CHARS_MAX);
        }
    }

    /** Sets a password by the token in a mail; every session of the account ends and every key is revoked. */
    @Wire(value = "auth.reset", reach = Reach.THIS_NODE)
    record Reset(String token, String password) implements Auth, Request<Done> {
        public Reset {
            bound("token", token, TOKEN_CHARS_MAX);
            bound("password", password, PASSWORD_CHARS_MAX);
        }

        @Override
        public String toString() {
            return "Reset[****]";
        }
    }

    /** Asks for accounts, in order of address; {@code after} is the last address of the page before. */
    @Wire(value = "auth.list-accounts", reach = Reach.THIS_NODE)
    record ListAccounts(String after, int limit) implements Auth, Request<Accounts> {
        /** Accounts on a page. */
        public static final int LIMIT_MAX = 1_000;

        public ListAccounts {
            bound("after", after, EMAIL_CHARS_MAX);
            if (limit < 1 || limit > LIMIT_MAX) {
                throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to " + LIMIT_MAX + ")");
            }
        }
    }

    /** A page of accounts. */
    @Wire("auth.accounts")
    record Accounts(List<Account> accounts) implements Auth {
        public Accounts {
            accounts = List.copyOf(accounts);
        }
    }

    /**
     * Changes an account; what is empty stays.
     *
     * @param account its id or its address
     * @param role the name of a role, or empty
     * @param group the tenant, or empty
     * @param enabled {@code true} or {@code false}, or empty; an account that is not enabled has no sessions
     * @param resetFactor whether its second factor is taken away, with its recovery codes
     */
    @Wire(value = "auth.change-account", reach = Reach.THIS_NODE)
    record ChangeAccount(Principal by, String account, String role, String group, String enabled, boolean resetFactor)
            implements Auth, Request<Account> {
        public ChangeAccount {
            bound("account", account, EMAIL_CHARS_MAX);
            bound("role", role, NAME_CHARS_MAX);
            if (!group.isEmpty() && !group.matches("[a-z0-9][a-z0-9-]{0,49}")) {
                throw new IllegalArgumentException(
                        "group: not a name (expected: 1 to 50 small letters, digits and dashes)");
            }
            if (Principal.RESERVED.contains(group)) {
                throw new IllegalArgumentException("group: " + group + " is taken (expected: another name)");
            }
            if (!enabled.isEmpty() && !enabled.equals("true") && !enabled.equals("false")) {
                throw new IllegalArgumentException("enabled: neither true nor false");
            }
        }
    }

    /** Asks for the mails that were written while there was nobody to carry them. */
    @Wire(value = "auth.list-mail", reach = Reach.THIS_NODE)
    record ListMail() implements Auth, Request<Mailbox> {}

    /** Mails, the latest first. */
    @Wire("auth.mailbox")
    record Mailbox(List<Mail> mails) implements Auth {
        public Mailbox {
            mails = List.copyOf(mails);
        }
    }

    /** One mail; when it was written, in seconds since 1970. */
    record Mail(String recipient, String subject, String text, long writtenSeconds) {
        @Override
        public String toString() {
            return "Mail[****]";
        }
    }

    private static void bound(String name, String value, int charsMax) {
        if (value.length() > charsMax) {
            throw new IllegalArgumentException(
                    name + ": " + value.length() + " characters (expected: at most " + charsMax + ")");
        }
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(name + ": holds U+0000 (expected: text)");
        }
    }
}
