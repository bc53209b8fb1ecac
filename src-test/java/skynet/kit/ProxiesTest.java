package skynet.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom a node believes about who asks. */
class ProxiesTest {
    private final Proxies proxies = new Proxies(List.of("127.0.0.1", "10.0.0.0/8", "fd00::/8"));

    @Test
    void aProxyOfOursIsBelieved() {
        assertEquals("192.0.2.7", proxies.clientOf("127.0.0.1", List.of("192.0.2.7")));
        assertEquals("192.0.2.7", proxies.clientOf("127.0.0.1", List.of("192.0.2.7, 10.1.2.3")));
        assertEquals("192.0.2.7", proxies.clientOf("10.9.9.9", List.of("192.0.2.7", "10.1.2.3")));
        assertEquals("192.0.2.7", proxies.clientOf("127.0.0.1", List.of("192.0.2.7:4711")));
        assertEquals("2001:db8:0:0:0:0:0:1", proxies.clientOf("fd00::5", List.of("[2001:db8::1]:443")));
    }

    @Test
    void nobodyElseIs() {
        assertEquals("192.0.2.8", proxies.clientOf("192.0.2.8", List.of("192.0.2.7")));
        assertEquals("127.0.0.1", Proxies.NONE.clientOf("127.0.0.1", List.of("192.0.2.7")));
        assertEquals("127.0.0.1", proxies.clientOf("127.0.0.1", List.of()));
    }

    @Test
    void whatAClientWroteBeforeTheProxyDidIsNotRead() {
        assertEquals("192.0.2.8", proxies.clientOf("127.0.0.1", List.of("203.0.113.1, 192.0.2.8")));
        assertEquals("192.0.2.8", proxies.clientOf("127.0.0.1", List.of("10.0.0.1, 192.0.2.8, 10.0.0.2")));
    }

    @Test
    void whatIsNoAddressEndsTheSearch() {
        assertEquals("10.0.0.2", proxies.clientOf("127.0.0.1", List.of("192.0.2.8, unknown, 10.0.0.2")));
        assertEquals("127.0.0.1", proxies.clientOf("127.0.0.1", List.of("")));
        assertEquals("127.0.0.1", proxies.clientOf("127.0.0.1", List.of("[::1")));
        List<String> many = Collections.nCopies(10_000, "10.0.0.1");
        assertEquals("10.0.0.1", proxies.clientOf("127.0.0.1", many));
    }

    @Test
    void aSettingThatIsNoNetworkIsRefused() {
        for (String wrong :
                List.of("proxy.example.org", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "fd00::/129", "/8")) {
            String said = assertThrows(IllegalArgumentException.class, () -> new Proxies(List.of(wrong)))
                    .getMessage();
            assertTrue(said.startsWith("http.trusted-proxies: " + wrong + " "), said);
        }
        assertThrows(IllegalArgumentException.class, () -> new Proxies(Collections.nCopies(65, "10.0.0.1")));
    }
}
