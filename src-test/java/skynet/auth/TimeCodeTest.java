package skynet.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Codes of authenticators. */
class TimeCodeTest {
    private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

    /** The vectors for SHA-1 of RFC 6238, appendix B. */
    @Test
    void givesTheCodesOfTheStandard() {
        Map<Long, String> vectors = Map.of(
                59L, "94287082",
                1_111_111_109L, "07081804",
                1_111_111_111L, "14050471",
                1_234_567_890L, "89005924",
                2_000_000_000L, "69279037",
                20_000_000_000L, "65353130");
        vectors.forEach((seconds, code) -> assertEquals(code, TimeCode.code(SECRET, seconds / 30, 8)));
    }

    @Test
    void aCodeCountsOneStepBeforeAndAfterItsTimeAndNoMore() {
        long now = 1_111_111_111L;
        long step = now / 30;
        String code = TimeCode.code(SECRET, step, 6);
        assertEquals(step, TimeCode.stepOf(SECRET, code, now, 0));
        assertEquals(step, TimeCode.stepOf(SECRET, code, now + 30, 0));
        assertEquals(step, TimeCode.stepOf(SECRET, code, now - 30, 0));
        assertEquals(-1, TimeCode.stepOf(SECRET, code, now + 60, 0));
        assertEquals(-1, TimeCode.stepOf(SECRET, code, now - 60, 0));
    }

    @Test
    void aCodeThatWasUsedOrOneBeforeItIsNotTakenAgain() {
        long now = 1_111_111_111L;
        long step = now / 30;
        assertEquals(-1, TimeCode.stepOf(SECRET, TimeCode.code(SECRET, step, 6), now, step));
        assertEquals(-1, TimeCode.stepOf(SECRET, TimeCode.code(SECRET, step - 1, 6), now, step));
        assertEquals(step + 1, TimeCode.stepOf(SECRET, TimeCode.code(SECRET, step + 1, 6), now, step));
    }

    @Test
    void whatIsNoCodeIsNone() {
        for (String code :
                new String[] {"", "12345", "1234567", "abcdef", "-00001", "١٢٣٤٥٦", "\u0000", "9".repeat(100)}) {
            assertEquals(-1, TimeCode.stepOf(SECRET, code, 0, -1), code);
        }
    }

    /** The vectors of RFC 4648, without their padding. */
    @Test
    void writesBase32() {
        Map<String, String> vectors = Map.of(
                "",
                "",
                "f",
                "MY",
                "fo",
                "MZXQ",
                "foo",
                "MZXW6",
                "foob",
                "MZXW6YQ",
                "fooba",
                "MZXW6YTB",
                "foobar",
                "MZXW6YTBOI");
        vectors.forEach((text, code) -> assertEquals(code, TimeCode.base32(text.getBytes(StandardCharsets.US_ASCII))));
    }

    @Test
    void drawsWhatAnAuthenticatorReads() {
        String uri = TimeCode.uri(SECRET, "ann@example.org", "SKYNET");
        assertEquals(
                "otpauth://totp/SKYNET:ann%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=SKYNET", uri);
        assertTrue(TimeCode.qr(uri).matches("<svg [^<]*<path [^<]*<path [^<]*</svg>"));
    }
}
