package skynet.kit;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * The reverse proxies that are believed when they tell, in {@code X-Forwarded-For}, for whom they ask. What anybody else
 * writes there is not read. At most {@value #NETWORKS_MAX} networks, such as {@code 127.0.0.1} or {@code 10.0.0.0/8}.
 */
public final class Proxies {
    /** Nobody is believed. */
    public static final Proxies NONE = new Proxies(List.of());

    static final int NETWORKS_MAX = 64;

    /** Proxies behind each other that are looked through. */
    private static final int HOPS_MAX = 16;

    private final List<IpSubnetFilterRule> networks;

    /** Proxies in these networks; throws IllegalArgumentException for what is neither an address nor a network. */
    public Proxies(List<String> networks) {
        if (networks.size() > NETWORKS_MAX) {
            throw new IllegalArgumentException(
                    "http.trusted-proxies: " + networks.size() + " networks (expected: at most " + NETWORKS_MAX + ")");
        }
        this.networks = networks.stream().map(Proxies::network).toList();
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return networks.isEmpty();
    }

    /**
     * From which address a request comes: the last one of those told that is no proxy of ours. The first who is not a proxy
     * may have written all before it.
     *
     * @param peer the other end of the connection
     * @param told the values of X-Forwarded-For, in their order
     */
    public String clientOf(String peer, List<String> told) {
        String client = peer;
        if (networks.isEmpty() || told.isEmpty()) {
            return client;
        }
        String[] hops = String.join(",", told).split(",", -1);
        for (int hop = hops.length - 1; hop >= Math.max(0, hops.length - HOPS_MAX) && isTrusted(client); hop--) {
            String next = plain(hops[hop].strip());
            if (next.isEmpty()) {
                return client;
            }
            client = next;
        }
        return client;
    }

    private boolean isTrusted(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            return false;
        }
        InetSocketAddress socket = new InetSocketAddress(of(bytes), 0);
        return networks.stream().anyMatch(network -> network.matches(socket));
    }

    /** An address without port and brackets; empty when it is none. */
    private static String plain(String hop) {
        String address = hop;
        if (address.startsWith("[")) {
            int end = address.indexOf(']');
            address = end < 0 ? "" : address.substring(1, end);
        } else if (address.indexOf(':') == address.lastIndexOf(':') && address.indexOf(':') > 0) {
            address = address.substring(0, address.indexOf(':'));
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        return bytes == null ? "" : of(bytes).getHostAddress();
    }

    private static IpSubnetFilterRule network(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        try {
            int bits = bytes == null || slash < 0 ? 8 * length(bytes) : Integer.parseInt(text.substring(slash + 1));
            if (bytes != null && bits >= 0 && bits <= 8 * bytes.length) {
                return new IpSubnetFilterRule(of(bytes), bits, IpFilterRuleType.ACCEPT);
            }
        } catch (NumberFormatException e) {
            // Refused below, as everything else that is no network.
        }
        throw new IllegalArgumentException(
                "http.trusted-proxies: " + text + " (expected: an address or a network such as 10.0.0.0/8)");
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
