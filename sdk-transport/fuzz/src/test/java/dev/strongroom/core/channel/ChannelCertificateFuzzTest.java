// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.channel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.BerTlv;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.transport.fuzz.Fields;
import java.math.BigInteger;
import java.security.SignatureException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/** Channel certificates: arbitrary bytes, and arbitrary objects signed by the right key. */
@Tag("fuzz")
public class ChannelCertificateFuzzTest {

  private static final ChannelKeyPair KEY = ChannelKeyPair.of(BigInteger.valueOf(7816));
  private static final Bytes SERIAL_NUMBER = Bytes.copyOf(new byte[16]);

  @FuzzTest(maxDuration = "10m")
  void channelCertificate(byte[] input) {
    accepts(input);
  }

  /** Whether the certificate is read; anything but a refusal fails. */
  public static boolean accepts(byte[] input) {
    Fields fields = new Fields(input);
    byte[] answer = fields.u8() % 2 == 0 ? fields.rest() : signed(fields.rest());
    try {
      ChannelCertificate certificate = ChannelCertificate.parse(answer);
      assertThat(certificate.key()).isNotNull();
      if (certificate.key().equals(KEY.publicKey())) {
        // The same signature every time, so that nothing else can have been signed.
        assertThat(ChannelCertificate.sign(certificate.serialNumber(), KEY).toByteArray())
            .isEqualTo(answer);
      }
      return true;
    } catch (IllegalArgumentException | SignatureException e) {
      return false;
    }
  }

  /** A certificate with a right signature over whatever is said. */
  private static byte[] signed(byte[] said) {
    byte[] signature = P256.sign(KEY.pair().privateKey(), said).toByteArray();
    byte[] object = new BerTlv(0x5F37, Bytes.copyOf(signature)).encode();
    byte[] content = new byte[said.length + object.length];
    System.arraycopy(said, 0, content, 0, said.length);
    System.arraycopy(object, 0, content, said.length, object.length);
    if (content.length > 60_000) {
      return content;
    }
    byte[] certificate = new BerTlv(0x7F21, Bytes.copyOf(content)).encode();
    return new BerTlv(0xBF21, Bytes.copyOf(certificate)).encode();
  }

  /** The certificate as it is, and what is signed in it. */
  public static Map<String, byte[]> seeds() {
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    byte[] whole = ChannelCertificate.sign(SERIAL_NUMBER, KEY).toByteArray();
    seeds.put("raw", tagged(0, whole, 0, whole.length));
    // BF21 81 D9 and 7F21 81 D5 before, the signature's object of 67 bytes behind.
    seeds.put("signed", tagged(1, whole, 8, whole.length - 8 - 67));
    Bytes other = Bytes.parse("00112233445566778899aabbccddeeff");
    byte[] second = ChannelCertificate.sign(other, ChannelKeyPair.of(BigInteger.TEN)).toByteArray();
    seeds.put("another", tagged(0, second, 0, second.length));
    return seeds;
  }

  private static byte[] tagged(int tag, byte[] content, int from, int length) {
    byte[] input = new byte[1 + length];
    input[0] = (byte) tag;
    System.arraycopy(content, from, input, 1, length);
    return input;
  }
}
