package skynet.auth;

import skynet.kit.Database;

/** The four memories of the room. */
public record AuthStores(AccountStore accounts, SessionStore sessions, KeyStore keys, MailStore mails) {
    /** All of them in one database. */
    public static AuthStores in(Database database) {
        return new AuthStores(
                new AccountStore(database),
                new SessionStore(database),
                new KeyStore(database),
                new MailStore(database));
    }
}
