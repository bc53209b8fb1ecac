package skynet.kit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** From where a node is reached. */
class HttpConfigTest {
    @Test
    void aNodeThatHasANameOfItsOwnIsReachedFromElsewhere() {
        assertTrue(new HttpConfig("127.0.0.1", 8080, List.of()).isLoopback());
        assertFalse(new HttpConfig("127.0.0.1", 8080, List.of("skynet.example.org")).isLoopback());
        assertFalse(new HttpConfig("0.0.0.0", 8080, List.of()).isLoopback());
    }
}
