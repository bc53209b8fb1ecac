package skynet.crawl;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a page: http or https, a host in small ASCII, a port, and path with query, in one spelling only. Hosts that
 * are numbers are taken as four plain decimals or as IPv6 in brackets; what else some programs read as a number (octal,
 * hexadecimal, one long number) is refused. There is no user-info and no fragment.
 *
 * @param host without brackets
 * @param path begins with a slash; with the query, if there is one
 */
record WebAddress(boolean secure, String host, int port, String path) {
    /** Longest address; it is also the name of a document. */
    static final int CHARS_MAX = 500;

    private static final int HOST_CHARS_MAX = 253;
    private static final int LABEL_CHARS_MAX = 63;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int PORT_MAX = 65_535;

    private static final Pattern SCHEME = Pattern.compile("(?s)([a-zA-Z][a-zA-Z0-9+.-]*):(.*)");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");
    private static final Pattern QUAD =
            Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.|$)){4}(?<!\\.)");
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-f:.]+");

    /** What stands in a path or a query as it is; all else is escaped. */
    private static final String PLAIN =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/?";

    private static final String UNRESERVED = PLAIN.substring(0, 66);

    WebAddress {
        int chars = (secure ? 8 : 7) + host.length() + 8 + path.length();
        if (chars > CHARS_MAX) {
            throw refused(chars + " characters", "at most " + CHARS_MAX);
        }
    }

    /** The address that a text gives; anything but a whole address of the web is refused. */
    static WebAddress parse(String text) {
        String clean = clean(text);
        Matcher scheme = SCHEME.matcher(clean);
        if (!scheme.matches()) {
            throw refused("no scheme", "http:// or https:// first");
        }
        boolean secure = scheme.group(1).equalsIgnoreCase("https");
        if (!secure && !scheme.group(1).equalsIgnoreCase("http")) {
            throw refused("another scheme", "http or https");
        }
        String rest = scheme.group(2);
        if (!rest.startsWith("//")) {
            throw refused("no host", "http://host/path");
        }
        int end = endOfAuthority(rest);
        return at(secure, rest.substring(2, end), rest.substring(end));
    }

    /** The address to which a reference on this page leads; empty when it is none of the web, or no good one. */
    Optional<WebAddress> resolve(String reference) {
        try {
            String clean = clean(reference);
            Matcher scheme = SCHEME.matcher(clean);
            if (scheme.matches()) {
                return Optional.of(parse(clean));
            }
            if (clean.startsWith("//")) {
                return Optional.of(parse((secure ? "https:" : "http:") + clean));
            }
            return Optional.of(new WebAddress(secure, host, port, bounded(normal(merged(clean)))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private String merged(String reference) {
        String query = reference.split("#", 2)[0];
        String here = path.split("\\?", 2)[0];
        if (query.isEmpty()) {
            return path;
        }
        if (query.startsWith("/")) {
            return query;
        }
        return query.startsWith("?") ? here + query : here.substring(0, here.lastIndexOf('/') + 1) + query;
    }

    /** What is crawled together: the host without www., whatever the scheme, and the port if it is an unusual one. */
    String site() {
        String name = host.startsWith("www.") && host.indexOf('.', 4) > 0 ? host.substring(4) : host;
        return bracketed(name) + (port == HTTP || port == HTTPS ? "" : ":" + port);
    }

    /** Scheme, host and port: for these a robots.txt speaks. */
    String origin() {
        return (secure ? "https://" : "http://") + authority();
    }

    /** Host and port as the Host header tells them. */
    String authority() {
        return bracketed(host) + (port == (secure ? HTTPS : HTTP) ? "" : ":" + port);
    }

    /** Another path on the same host. */
    WebAddress at(String otherPath) {
        return new WebAddress(secure, host, port, otherPath);
    }

    @Override
    public String toString() {
        return origin() + path;
    }

    private static WebAddress at(boolean secure, String authority, String path) {
        if (authority.indexOf('@') >= 0) {
            throw refused("a name before the host", "no user and no password");
        }
        int colon = authority.endsWith("]") ? -1 : authority.lastIndexOf(':');
        String host = host(colon < 0 ? authority : authority.substring(0, colon));
        String digits = colon < 0 ? "" : authority.substring(colon + 1);
        int port = digits.isEmpty() ? (secure ? HTTPS : HTTP) : port(digits);
        String spelt = path.split("#", 2)[0];
        return new WebAddress(secure, host, port, bounded(normal(spelt.startsWith("/") ? spelt : "/" + spelt)));
    }

    /** The one spelling of a host: small ASCII, no dot at its end; a number only as four decimals or as IPv6. */
    static String host(String spelt) {
        if (spelt.startsWith("[") && spelt.endsWith("]")) {
            return ipv6(spelt.substring(1, spelt.length() - 1).toLowerCase(Locale.ROOT));
        }
        if (spelt.isEmpty() || spelt.length() > HOST_CHARS_MAX) {
            throw refused("a host of " + spelt.length() + " characters", "1 to " + HOST_CHARS_MAX);
        }
        String host = IDN.toASCII(spelt).toLowerCase(Locale.ROOT);
        host = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        String last = host.substring(host.lastIndexOf('.') + 1);
        if (NUMBER.matcher(last).matches()) {
            if (!QUAD.matcher(host).matches()) {
                throw refused("a host that is a number in an unusual spelling", "four decimals, such as 192.0.2.1");
            }
            return host;
        }
        if (!NAME.matcher(host).matches() || host.length() > HOST_CHARS_MAX || longestLabel(host) > LABEL_CHARS_MAX) {
            throw refused("no name of a host", "letters, digits, hyphens and dots");
        }
        return host;
    }

    private static int longestLabel(String host) {
        int longest = 0;
        for (String label : host.split("\\.")) {
            longest = Math.max(longest, label.length());
        }
        return longest;
    }

    private static String ipv6(String text) {
        if (!IPV6.matcher(text).matches() || text.indexOf(':') < 0) {
            throw refused("no IPv6 address in brackets", "such as [2001:db8::1], without a zone");
        }
        try {
            // In brackets it is a literal: no name is asked for.
            return InetAddress.getByName("[" + text + "]").getHostAddress();
        } catch (UnknownHostException e) {
            throw refused("no IPv6 address in brackets", "such as [2001:db8::1], without a zone");
        }
    }

    private static int port(String digits) {
        int port = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > PORT_MAX) {
            throw refused("no port", "1 to " + PORT_MAX);
        }
        return port;
    }

    /** As browsers do: no line breaks, no blanks around, and backslashes before the query are slashes. */
    private static String clean(String text) {
        if (text.length() > 4 * CHARS_MAX) {
            throw refused(text.length() + " characters", "at most " + CHARS_MAX);
        }
        String clean = text.replaceAll("[\\t\\n\\r]", "").strip();
        int query = clean.indexOf('?');
        int end = query < 0 ? clean.length() : query;
        return clean.substring(0, end).replace('\\', '/') + clean.substring(end);
    }

    private static int endOfAuthority(String rest) {
        int end = 2;
        while (end < rest.length() && "/?#".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static String normal(String path) {
        String escaped = escaped(path);
        int query = escaped.indexOf('?');
        return query < 0 ? withoutDots(escaped) : withoutDots(escaped.substring(0, query)) + escaped.substring(query);
    }

    /** Escapes what must be, in capitals, and nothing that need not be. */
    private static String escaped(String path) {
        StringBuilder normal = new StringBuilder(path.length());
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            char c = (char) (bytes[i] & 0xff);
            if (c == '%' && i + 2 < bytes.length && hex(bytes[i + 1]) >= 0 && hex(bytes[i + 2]) >= 0) {
                char meant = (char) (hex(bytes[i + 1]) * 16 + hex(bytes[i + 2]));
                normal.append(UNRESERVED.indexOf(meant) >= 0 ? String.valueOf(meant) : percent(meant));
                i += 2;
            } else {
                normal.append(PLAIN.indexOf(c) >= 0 ? String.valueOf(c) : percent(c));
            }
        }
        return normal.toString();
    }

    private static int hex(byte digit) {
        return Character.digit((char) digit, 16);
    }

    private static String percent(char c) {
        return String.format(Locale.ROOT, "%%%02X", (int) c);
    }

    /** Walks the path: a dot stays where it is, two dots go one step back. */
    private static String withoutDots(String path) {
        Deque<String> steps = new ArrayDeque<>();
        String[] parts = path.substring(1).split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            if (parts[i].equals("..")) {
                steps.pollLast();
            }
            if (!parts[i].equals("..") && !parts[i].equals(".")) {
                steps.add(parts[i]);
            } else if (last) {
                steps.add("");
            }
        }
        return "/" + String.join("/", steps);
    }

    private static String bounded(String path) {
        if (path.length() > CHARS_MAX - 20) {
            throw refused(path.length() + " characters of path", "at most " + (CHARS_MAX - 20));
        }
        return path;
    }

    static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private static IllegalArgumentException refused(String what, String expected) {
        return new IllegalArgumentException("url: " + what + " (expected: " + expected + ")");
    }
}
