package skynet.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;

/** The primitives give the answers that their specifications print. */
class KnownAnswersTest {
    private static final HexFormat HEX = HexFormat.of();

    /** draft-connolly-cfrg-xwing-kem, test vectors, the first one. */
    @Test
    void xWingGivesTheSecretOfTheDraft() {
        XWing.Key key = XWing.key(hex("7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26"));
        XWing.Encapsulated secret = XWing.encapsulate(
                key.publicKey(),
                hex("3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e2"
                        + "35b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2"));
        byte[] expected = hex("d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384");
        assertArrayEquals(expected, secret.secret());
        assertArrayEquals(expected, key.open(secret.ciphertext()));
    }

    /**
     * The accumulated vectors of C2SP's CCTV for ML-KEM-768: a hundred keys, encapsulations and rejected ciphertexts whose
     * randomness SHAKE-128 gives, with all results in one SHAKE-128.
     */
    @Test
    void mlKem768GivesTheAccumulatedAnswer() {
        SHAKEDigest random = new SHAKEDigest(128);
        SHAKEDigest results = new SHAKEDigest(128);
        for (int round = 0; round < 100; round++) {
            MLKEMPrivateKeyParameters key =
                    new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_768, squeeze(random, 64));
            absorb(results, key.getPublicKey());
            SecretWithEncapsulation secret =
                    MLKEMGenerator.internalGenerateEncapsulated(key.getPublicKeyParameters(), squeeze(random, 32));
            absorb(results, secret.getEncapsulation());
            absorb(results, secret.getSecret());
            assertArrayEquals(secret.getSecret(), new MLKEMExtractor(key).extractSecret(secret.getEncapsulation()));
            absorb(results, new MLKEMExtractor(key).extractSecret(squeeze(random, XWing.ML_KEM_CIPHERTEXT_BYTES)));
        }
        assertEquals(
                "1114b1b6699ed191734fa339376afa7e285c9e6acf6ff0177d346696ce564415",
                HEX.formatHex(squeeze(results, 32)));
    }

    /** RFC 7748, section 5.2. */
    @Test
    void x25519GivesTheAnswersOfTheRfc() {
        assertEquals(
                "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
                x25519(
                        hex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
                        hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")));
        byte[] scalar = new byte[32];
        scalar[0] = 9;
        byte[] point = scalar.clone();
        for (int round = 1; round <= 1_000; round++) {
            byte[] next = hex(x25519(scalar, point));
            point = scalar;
            scalar = next;
            if (round == 1) {
                assertEquals("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079", HEX.formatHex(next));
            }
        }
        assertEquals("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51", HEX.formatHex(scalar));
    }

    /** RFC 5869, appendices A.1 and A.3. */
    @Test
    void hkdfGivesTheAnswersOfTheRfc() {
        byte[] input = new byte[22];
        Arrays.fill(input, (byte) 0x0b);
        byte[] key = Hkdf.extract(hex("000102030405060708090a0b0c"), input);
        assertEquals("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5", HEX.formatHex(key));
        assertEquals(
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
                HEX.formatHex(Hkdf.expand(key, hex("f0f1f2f3f4f5f6f7f8f9"), 42)));
        assertEquals(
                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
                HEX.formatHex(Hkdf.expand(Hkdf.extract(new byte[0], input), new byte[0], 42)));
    }

    /** RFC 8032, section 7.1, tests 1 and 2. */
    @Test
    void ed25519GivesTheAnswersOfTheRfc() {
        ed25519(
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                        + "d25bf5f0595bbe24655141438e7a100b");
        ed25519(
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
                        + "387b2eaeb4302aeeb00d291612bb0c00");
    }

    /** The Galois/Counter Mode of Operation (McGrew, Viega), test cases 14 and 16. */
    @Test
    void aes256GcmGivesTheAnswersOfItsAuthors() {
        assertEquals(
                "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
                HEX.formatHex(Suite.AES_256_GCM.seal(new byte[32], new byte[12], new byte[0], new byte[16])));
        byte[] key = hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
        byte[] nonce = hex("cafebabefacedbaddecaf888");
        byte[] header = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        byte[] plain = hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c9595680953"
                + "2fcf0e2449a6b525b16aedf5aa0de657ba637b39");
        byte[] sealed = hex("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3d"
                + "a7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
        assertArrayEquals(sealed, Suite.AES_256_GCM.seal(key, nonce, header, plain));
        assertArrayEquals(plain, Suite.AES_256_GCM.open(key, nonce, header, sealed, 0));
    }

    /** RFC 8439, section 2.8.2. */
    @Test
    void chaCha20Poly1305GivesTheAnswerOfTheRfc() {
        byte[] plain = ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future,"
                        + " sunscreen would be it.")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] sealed = Suite.CHACHA20_POLY1305.seal(
                hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"),
                hex("070000004041424344454647"),
                hex("50515253c0c1c2c3c4c5c6c7"),
                plain);
        String text = HEX.formatHex(sealed);
        assertTrue(text.startsWith("d31a8d34648e60db7b86afbc53ef7ec2"), text);
        assertTrue(text.endsWith("1ae10b594f09e26a7e902ecbd0600691"), text);
    }

    private static void ed25519(String secret, String open, String message, String signature) {
        byte[] key = new byte[32];
        Ed25519.generatePublicKey(hex(secret), 0, key, 0);
        assertEquals(open, HEX.formatHex(key));
        byte[] text = hex(message);
        byte[] signed = new byte[64];
        Ed25519.sign(hex(secret), 0, text, 0, text.length, signed, 0);
        assertEquals(signature, HEX.formatHex(signed));
        assertTrue(Ed25519.verify(signed, 0, key, 0, text, 0, text.length));
        signed[5] ^= 1;
        assertFalse(Ed25519.verify(signed, 0, key, 0, text, 0, text.length));
    }

    private static String x25519(byte[] scalar, byte[] point) {
        byte[] result = new byte[32];
        X25519.scalarMult(scalar, 0, point, 0, result, 0);
        return HEX.formatHex(result);
    }

    private static byte[] squeeze(SHAKEDigest shake, int bytes) {
        byte[] out = new byte[bytes];
        shake.doOutput(out, 0, bytes);
        return out;
    }

    private static void absorb(SHAKEDigest shake, byte[] bytes) {
        shake.update(bytes, 0, bytes.length);
    }

    private static byte[] hex(String text) {
        return HEX.parseHex(text);
    }
}
