package skynet.crawl;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import skynet.bus.Fault;

/** Which addresses the crawler may connect to. */
class GateTest {
    private final Gate gate = new Gate(List.of());

    @Test
    void opensForWhatEverybodyReaches() throws Exception {
        for (String open : List.of(
                "1.1.1.1",
                "8.8.8.8",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450:4001::8a",
                "64:ff9b::808:808")) {
            assertTrue(Gate.isPublic(InetAddress.getByName(open).getAddress()), open);
        }
    }

    @Test
    void staysClosedForAllElse() throws Exception {
        for (String closed : List.of(
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.170",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.1",
                "239.255.255.250",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "::ffff:10.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "3fff::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1")) {
            assertFalse(Gate.isPublic(InetAddress.getByName(closed).getAddress()), closed);
        }
    }

    @Test
    void refusesAHostOfWhichOneAddressIsClosed() throws Exception {
        WebAddress page = WebAddress.parse("http://example.org/");
        List<InetAddress> mixed = List.of(InetAddress.getByName("1.1.1.1"), InetAddress.getByName("127.0.0.2"));
        Fault refused = assertThrows(Fault.class, () -> gate.choose(page, mixed));
        assertEquals(Fault.Kind.DENIED, refused.kind());
        assertEquals("1.1.1.1", gate.choose(page, mixed.subList(0, 1)).getHostAddress());
        assertThrows(Fault.class, () -> gate.choose(page, List.of()));
    }

    @Test
    void refusesAClosedAddressAndAnUnusualPortAtOnce() {
        for (String closed : List.of(
                "http://127.0.0.1/",
                "http://169.254.169.254/latest/meta-data/",
                "http://[::1]/",
                "http://[::ffff:169.254.169.254]/",
                "http://[64:ff9b::7f00:1]/",
                "http://example.org:22/",
                "http://example.org:6379/",
                "http://1.1.1.1:25/")) {
            assertThrows(Fault.class, () -> gate.requireOpen(WebAddress.parse(closed)), closed);
        }
        assertDoesNotThrow(() -> gate.requireOpen(WebAddress.parse("https://example.org/")));
        assertDoesNotThrow(() -> gate.requireOpen(WebAddress.parse("http://example.org:8080/")));
    }

    @Test
    void opensForWhatIsListedAndNothingBesideIt() throws Exception {
        Gate listed = new Gate(List.of("wiki.lan", "build.lan:3000", "10.20.0.0/16", "[::1]:81"));
        List<InetAddress> loopback = List.of(InetAddress.getByName("127.0.0.2"));
        assertDoesNotThrow(() -> listed.choose(WebAddress.parse("http://wiki.lan/"), loopback));
        assertDoesNotThrow(() -> listed.choose(WebAddress.parse("http://build.lan:3000/"), loopback));
        assertDoesNotThrow(() -> listed.requireOpen(WebAddress.parse("http://[::1]:81/")));
        assertDoesNotThrow(
                () -> listed.choose(WebAddress.parse("http://any.lan/"), List.of(InetAddress.getByName("10.20.3.4"))));
        assertThrows(Fault.class, () -> listed.choose(WebAddress.parse("http://wiki.lan:3000/"), loopback));
        assertThrows(Fault.class, () -> listed.choose(WebAddress.parse("http://build.lan/"), loopback));
        assertThrows(Fault.class, () -> listed.choose(WebAddress.parse("http://other.lan/"), loopback));
        assertThrows(Fault.class, () -> listed.requireOpen(WebAddress.parse("http://127.0.0.1/")));
        assertThrows(Fault.class, () -> listed.requireOpen(WebAddress.parse("http://10.21.0.1/")));
        for (String wrong : List.of("10.0.0.0/33", "10.0.0.0/x", "example.org/8", "http://example.org", "0x7f.1")) {
            assertThrows(IllegalArgumentException.class, () -> new Gate(List.of(wrong)), wrong);
        }
    }

    @Test
    void whatItRefusesIsOpenWhenTheSettingIsWrittenAsItSays() throws Exception {
        for (String closed : List.of(
                "http://127.0.0.1/",
                "http://127.0.0.1:9999/",
                "http://wiki.lan:9999/a",
                "http://[::1]/",
                "http://[::1]:81/")) {
            WebAddress page = WebAddress.parse(closed);
            String why = gate.refusal(page).orElseThrow();
            String written = why.replaceAll(".*crawl\\.allowed-hosts: \"(.*)\"\\)", "$1");
            assertEquals(Optional.empty(), new Gate(List.of(written)).refusal(page), why);
        }
        assertEquals(Optional.empty(), gate.refusal(WebAddress.parse("https://example.org/")));
    }
}
