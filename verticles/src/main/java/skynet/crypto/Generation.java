package skynet.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The keys of one direction for a while.
 *
 * <pre>
 *  key  = HKDF-Expand(secret, "SKYNET-1 key", 32)
 *  iv   = HKDF-Expand(secret, "SKYNET-1 iv", 12)
 *  turn = HKDF-Expand(secret, "SKYNET-1 turn", 32)
 *  the next secret = HKDF-Expand(secret, "SKYNET-1 next", 32)
 *
 *  nonce of a message = iv, its last 8 bytes XOR the counter
 *  turn of a message  = the low 20 bits of the first 4 bytes of HMAC-SHA-256(turn, counter as 8 bytes)
 * </pre>
 */
final class Generation {
    private final int number;
    private final Suite suite;
    private final byte[] secret;
    private final byte[] key;
    private final byte[] iv;
    private final byte[] turn;

    /** When it was first used, and for how many bytes. */
    private final long sinceMillis;

    private long bytesUsed;

    Generation(int number, Suite suite, byte[] secret, long sinceMillis) {
        this.number = number;
        this.suite = suite;
        this.secret = secret.clone();
        this.sinceMillis = sinceMillis;
        this.key = Hkdf.expand(secret, "SKYNET-1 key", Suite.KEY_BYTES);
        this.iv = Hkdf.expand(secret, "SKYNET-1 iv", Suite.NONCE_BYTES);
        this.turn = Hkdf.expand(secret, "SKYNET-1 turn", Hkdf.DIGEST_BYTES);
    }

    int number() {
        return number;
    }

    /** Whether it lasted so long, or took so many bytes. */
    boolean spent(long nowMillis, long millisMax, long bytesMax) {
        return nowMillis - sinceMillis >= millisMax || bytesUsed >= bytesMax;
    }

    Generation next(long nowMillis) {
        return new Generation(number + 1, suite, Hkdf.expand(secret, "SKYNET-1 next", Hkdf.DIGEST_BYTES), nowMillis);
    }

    byte[] seal(byte[] header, long counter, byte[] frame) {
        bytesUsed += frame.length;
        return suite.seal(key, nonce(counter), header, PhaseRotation.of(frame, turnOf(counter)));
    }

    byte[] open(byte[] header, long counter, byte[] message, int at) {
        byte[] rotated = suite.open(key, nonce(counter), header, message, at);
        bytesUsed += rotated.length;
        return PhaseRotation.of(rotated, -turnOf(counter));
    }

    byte[] nonce(long counter) {
        byte[] nonce = iv.clone();
        ByteBuffer end = ByteBuffer.wrap(nonce);
        end.putLong(4, end.getLong(4) ^ counter);
        return nonce;
    }

    int turnOf(long counter) {
        byte[] mac =
                Hkdf.mac(turn, ByteBuffer.allocate(Long.BYTES).putLong(counter).array());
        return ByteBuffer.wrap(mac).getInt() & PhaseRotation.TURN - 1;
    }

    /** What is not needed any more must not lie around. */
    void forget() {
        Arrays.fill(secret, (byte) 0);
        Arrays.fill(key, (byte) 0);
        Arrays.fill(iv, (byte) 0);
        Arrays.fill(turn, (byte) 0);
    }
}
