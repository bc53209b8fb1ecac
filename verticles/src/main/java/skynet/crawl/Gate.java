package skynet.crawl;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import skynet.bus.Fault;

/**
 * Says to which addresses the crawler may connect: those of the public Internet at the usual ports, and what the operator
 * lists although it is not public. It judges addresses as they come out of the name service, all of them, and whoever
 * connects does so to just the address that was judged.
 */
final class Gate {
    /** Ports of public hosts, and of listed ones that name none. */
    static final Set<Integer> PORTS = Set.of(80, 443, 8080, 8443);

    /** What the registry of special addresses takes out of IPv4. */
    private static final List<Block> CLOSED_4 = blocks(
            "0.0.0.0/8", // This network.
            "10.0.0.0/8", // Private.
            "100.64.0.0/10", // Carriers' own.
            "127.0.0.0/8", // This machine.
            "169.254.0.0/16", // This link; clouds tell machines their keys here.
            "172.16.0.0/12", // Private.
            "192.0.0.0/24", // Protocols' own.
            "192.0.2.0/24", // Documentation.
            "192.88.99.0/24", // Relays of the past.
            "192.168.0.0/16", // Private.
            "198.18.0.0/15", // Benchmarks.
            "198.51.100.0/24", // Documentation.
            "203.0.113.0/24", // Documentation.
            "224.0.0.0/4", // Multicast.
            "240.0.0.0/4"); // Reserved, broadcast.

    /** Within it lie the public hosts of IPv6. */
    private static final Block OPEN_6 = Block.parse("2000::/3");

    private static final List<Block> CLOSED_6 = blocks(
            "2001::/23", // Protocols' own; tunnels into IPv4.
            "2001:db8::/32", // Documentation.
            "2002::/16", // Tunnels into IPv4.
            "3fff::/20"); // Documentation.

    /** Behind this prefix stands an address of IPv4. */
    private static final Block NAT64 = Block.parse("64:ff9b::/96");

    private final List<Listed> listed;
    private final Set<Integer> ports;

    /** A gate that also opens for these: {@code host}, {@code host:port}, {@code network/bits}. */
    Gate(List<String> allowed) {
        this(allowed, PORTS);
    }

    /** One whose usual ports are others. */
    Gate(List<String> allowed, Set<Integer> ports) {
        this.listed = allowed.stream().map(Listed::parse).toList();
        this.ports = Set.copyOf(ports);
    }

    /** Refuses at once what can be seen without asking for a name: a closed port, or an address that is closed. */
    void requireOpen(WebAddress address) {
        refusal(address).ifPresent(Gate::refuse);
    }

    /** Why an address is closed, as far as can be seen without asking for a name, and which setting opens it; empty when open. */
    Optional<String> refusal(WebAddress address) {
        byte[] literal = literal(address.host());
        return literal.length > 0 ? refusal(address, List.of(of(literal))) : refusal(address, List.of());
    }

    /** The address to connect to. When one of a host's addresses is closed, the host is. */
    InetAddress choose(WebAddress address, List<InetAddress> resolved) {
        if (resolved.isEmpty()) {
            throw new Fault(Fault.Kind.UNAVAILABLE, address.host() + ": no address");
        }
        refusal(address, resolved).ifPresent(Gate::refuse);
        return resolved.get(0);
    }

    private Optional<String> refusal(WebAddress address, List<InetAddress> resolved) {
        if (listed.stream().anyMatch(entry -> entry.names(address, ports))) {
            return Optional.empty();
        }
        if (!ports.contains(address.port())) {
            return Optional.of(
                    "port: " + address.port() + " (expected: one of " + new TreeSet<>(ports) + advice(address, false));
        }
        return resolved.stream()
                .filter(this::isClosed)
                .findFirst()
                .map(one -> address.host() + ": leads to " + one.getHostAddress() + " (expected: a public address"
                        + advice(address, true));
    }

    private boolean isClosed(InetAddress one) {
        byte[] bytes = one.getAddress();
        return !isPublic(bytes) && listed.stream().noneMatch(entry -> entry.holds(bytes));
    }

    /** What its operator writes where, so that it is open. */
    private static String advice(WebAddress address, boolean usual) {
        return ", or in the node's settings crawl.allowed-hosts: \"" + WebAddress.bracketed(address.host())
                + (usual ? "" : ":" + address.port()) + "\")";
    }

    private static void refuse(String why) {
        throw new Fault(Fault.Kind.DENIED, why);
    }

    /** Whether an address is one that everybody reaches. */
    static boolean isPublic(byte[] address) {
        if (address.length == 4) {
            return CLOSED_4.stream().noneMatch(block -> block.holds(address));
        }
        if (NAT64.holds(address)) {
            return isPublic(Arrays.copyOfRange(address, 12, 16));
        }
        return OPEN_6.holds(address) && CLOSED_6.stream().noneMatch(block -> block.holds(address));
    }

    /** The bytes of a host that is an address; none of a name. */
    private static byte[] literal(String host) {
        return host.indexOf(':') >= 0 || Character.isDigit(host.charAt(host.length() - 1)) && host.matches("[0-9.]+")
                ? bytes(host)
                : new byte[0];
    }

    private static byte[] bytes(String literal) {
        try {
            return InetAddress.getByName(literal.indexOf(':') >= 0 ? "[" + literal + "]" : literal)
                    .getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("address: " + literal + " (expected: of IPv4 or IPv6)");
        }
    }

    private static InetAddress of(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("address: " + address.length + " bytes (expected: 4 or 16)");
        }
    }

    private static List<Block> blocks(String... texts) {
        return Arrays.stream(texts).map(Block::parse).toList();
    }

    /** The addresses that begin with the same bits. */
    private static final class Block {
        private final byte[] first;
        private final int bits;

        private Block(byte[] first, int bits) {
            this.first = first;
            this.bits = bits;
        }

        static Block parse(String text) {
            String[] parts = text.split("/", 2);
            String host = parts[0].replaceAll("^\\[|]$", "");
            if (!host.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
                throw new IllegalArgumentException("network: " + text + " (expected: such as 10.0.0.0/8)");
            }
            byte[] first = bytes(host);
            int bits = parts[1].matches("[0-9]{1,3}") ? Integer.parseInt(parts[1]) : -1;
            if (bits < 0 || bits > 8 * first.length) {
                throw new IllegalArgumentException("network: " + text + " (expected: such as 10.0.0.0/8)");
            }
            return new Block(first, bits);
        }

        boolean holds(byte[] address) {
            if (address.length != first.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit & 7);
                if ((address[bit >> 3] & mask) != (first[bit >> 3] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * One entry of the operator's list.
     *
     * @param network the addresses it opens, at the usual ports; empty when it names a host
     * @param host in its one spelling; empty when it opens a network
     * @param port the only one that is open; 0: the usual ones
     */
    private record Listed(Optional<Block> network, String host, int port) {
        static Listed parse(String text) {
            if (text.indexOf('/') >= 0) {
                return new Listed(Optional.of(Block.parse(text)), "", 0);
            }
            boolean hasPort = text.matches("(?:[^:]+|\\[.*]):[0-9]{1,5}");
            int colon = hasPort ? text.lastIndexOf(':') : text.length();
            String host = WebAddress.host(text.substring(0, colon));
            return new Listed(Optional.empty(), host, hasPort ? Integer.parseInt(text.substring(colon + 1)) : 0);
        }

        boolean names(WebAddress address, Set<Integer> usual) {
            return host.equals(address.host()) && (port == 0 ? usual.contains(address.port()) : port == address.port());
        }

        boolean holds(byte[] address) {
            return network.isPresent() && network.get().holds(address);
        }
    }
}
