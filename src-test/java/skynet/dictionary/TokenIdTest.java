package skynet.dictionary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TokenIdTest {
    @Test
    void writesBothForms() {
        assertEquals("T-0000847", TokenId.label(847));
        assertEquals("0x034F", TokenId.hex(847));
        assertEquals("0x2F15", TokenId.hex(12053));
        assertEquals("0xFFFFF", TokenId.hex(TokenId.ID_MAX));
    }

    @Test
    void readsAllForms() {
        for (String text : new String[] {"T-0000847", "t-847", "0x034F", "0X34f", "847", " 847 "}) {
            assertEquals(847, TokenId.parse(text), text);
        }
    }

    @Test
    void refusesWhatIsNoId() {
        for (String text :
                new String[] {"", "T-", "0x", "-1", "T--1", "+1", "1048576", "0x100000", "847a", "99999999999999999999"
                }) {
            var refused = assertThrows(IllegalArgumentException.class, () -> TokenId.parse(text), text);
            assertTrue(refused.getMessage().contains("expected"), text);
        }
        assertThrows(IllegalArgumentException.class, () -> TokenId.label(-1));
        assertThrows(IllegalArgumentException.class, () -> TokenId.hex(TokenId.ID_MAX + 1));
    }
}
