package skynet.auth;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import skynet.bus.Auth;

/** What an address and a password must look like. */
final class Manners {
    /** Plain addresses; what mail servers read as lists, comments, quotes or encoded words is none. */
    private static final Pattern EMAIL = Pattern.compile(
            "(?!.*=\\?)[!#-'*+./-9=?A-Z^-~-]{1,64}@(?:[a-z0-9][a-z0-9-]{0,62}\\.)*[a-z0-9][a-z0-9-]{0,62}");

    /** What is tried first by whoever guesses, without its digits at the end and in small letters. */
    private static final Set<String> COMMON = Set.of(
            "password",
            "passwort",
            "passw0rd",
            "p@ssword",
            "p@ssw0rd",
            "heslo",
            "qwerty",
            "qwertz",
            "qwertyuiop",
            "asdfghjkl",
            "letmein",
            "welcome",
            "iloveyou",
            "sunshine",
            "princess",
            "football",
            "baseball",
            "superman",
            "dragon",
            "monkey",
            "shadow",
            "master",
            "administrator",
            "admin",
            "changeme",
            "skynet",
            "secret",
            "trustno",
            "abc",
            "test",
            "guest",
            "root",
            "");

    private Manners() {}

    /** An address in the one form in which it is kept. */
    static String email(String given) {
        String email = given.strip().toLowerCase(Locale.ROOT);
        if (email.length() > Auth.EMAIL_CHARS_MAX || !EMAIL.matcher(email).matches()) {
            throw new IllegalArgumentException("email: not an address (expected: like ann@example.org)");
        }
        return email;
    }

    /** Refuses a password that is guessed at once; anything else may be one, in any script. */
    static String password(String given, String email) {
        int characters = given.codePointCount(0, given.length());
        if (characters < Auth.PASSWORD_CHARS_MIN || given.length() > Auth.PASSWORD_CHARS_MAX) {
            throw new IllegalArgumentException("password: " + characters + " characters (expected: "
                    + Auth.PASSWORD_CHARS_MIN + " to " + Auth.PASSWORD_CHARS_MAX + ")");
        }
        String small = given.toLowerCase(Locale.ROOT);
        boolean common = COMMON.contains(small.replaceAll("[0-9!.?*#_-]+$", ""))
                || small.codePoints().distinct().count() < 3
                || small.equals(email)
                || email.startsWith(small + "@");
        if (common) {
            throw new IllegalArgumentException("password: among those that are tried first (expected: another one)");
        }
        return given;
    }
}
