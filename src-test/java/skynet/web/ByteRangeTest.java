package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ByteRangeTest {
    @Test
    void aRangeNamesItsFirstAndLastByte() {
        assertEquals(new ByteRange(0, 1, true), ByteRange.parse("bytes=0-0", 100));
        assertEquals(new ByteRange(8, 16, true), ByteRange.parse("bytes=8-15", 100));
        assertEquals(new ByteRange(99, 100, true), ByteRange.parse("bytes=99-", 100));
    }

    @Test
    void aRangeEndsWhereTheBytesEnd() {
        assertEquals(new ByteRange(90, 100, true), ByteRange.parse("bytes=90-9999999999", 100));
        assertEquals(new ByteRange(0, 100, true), ByteRange.parse("bytes=-9999999999", 100));
        assertEquals(new ByteRange(93, 100, true), ByteRange.parse("bytes=-7", 100));
    }

    @Test
    void whatIsNotThereIsEmpty() {
        assertTrue(ByteRange.parse("bytes=100-", 100).isEmpty());
        assertTrue(ByteRange.parse("bytes=-0", 100).isEmpty());
        assertTrue(ByteRange.parse("bytes=0-", 0).isEmpty());
    }

    @Test
    void whatIsNoSingleRangeOfBytesGetsTheWhole() {
        for (String header :
                List.of("bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=9-3", "bytes=a-b", "", "bytes=99999999999-")) {
            assertEquals(ByteRange.whole(100), ByteRange.parse(header, 100), header);
        }
    }
}
