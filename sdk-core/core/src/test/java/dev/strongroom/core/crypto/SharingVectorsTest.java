// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.identity.IdentitySignature;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The vectors of docs/spec/element-protocol.md, 2.10 and 2.11. */
@Tag("jdk25")
class SharingVectorsTest {

  private static final Bytes SERIAL = Bytes.parse("00112233445566778899aabbccddeeff");
  private static final ReceiveId ID =
      new ReceiveId(Bytes.parse("11".repeat(16)), 7, Bytes.parse("22".repeat(16)));
  private static final Bytes INFO = Bytes.copyOf("info".getBytes(StandardCharsets.US_ASCII));
  private static final byte[] USE = "context".getBytes(StandardCharsets.US_ASCII);

  /** Bytes that count up. */
  private static SecretBytes counting(int from, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (from + i);
    }
    return SecretBytes.adopt(bytes);
  }

  private static HpkeKeyPair pair(HpkeSuite suite) {
    return suite.pair(counting(0x20 * suite.code() + 1, 32));
  }

  private static Bytes sha256(Bytes content) {
    return IdentitySignature.digest(content.toByteArray());
  }

  private static Bytes clear(SecretBytes secret) {
    try (secret) {
      return secret.use(Bytes::copyOf);
    }
  }

  @Test
  void theCard() {
    Map<HpkeSuite, Bytes> keys = new EnumMap<>(HpkeSuite.class);
    for (HpkeSuite suite : HpkeSuite.values()) {
      keys.put(suite, pair(suite).publicKey());
    }
    ElementCard card =
        ElementCard.sign(ElementClass.SOFTWARE, SERIAL, P256.pair(counting(1, 32)), keys);
    assertThat(keys.get(HpkeSuite.X25519))
        .hasToString("64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d48466");
    assertThat(sha256(keys.getOrDefault(HpkeSuite.X25519_ML_KEM_768, SERIAL)))
        .hasToString("3ff0d6b6430910cb5fe30160c4dadbdff25b2532f8f0e7cb82cfd722f9bb8cbd");
    assertThat(card.fingerprint()).isEqualTo("2d5e bbf5 433b d893 8b35 ce0f 13b5 2318");
    assertThat(sha256(card.encode()))
        .hasToString("88dbb9d3b94b22f1c09d0d715baf6903bbb766e78dadbd29bf629212a0130c00");
  }

  private static void assertExports(HpkeSuite suite, String enc, String received, String shared) {
    int randomness = suite == HpkeSuite.X25519_ML_KEM_768 ? 64 : 32;
    try (HpkeKeyPair receiver = pair(suite)) {
      byte[] info = ElementProtocol.receiveInfo(ID, INFO);
      try (SecretBytes seed = counting(0xA0, randomness);
          Hpke.Sender sender =
              Hpke.setupBaseS(suite, Hpke.Aead.EXPORT_ONLY, receiver.publicKey(), info, seed);
          HpkeContext context =
              Hpke.setupBaseR(Hpke.Aead.EXPORT_ONLY, sender.enc(), receiver, info)) {
        assertThat(suite.encLength() > 65 ? sha256(sender.enc()) : sender.enc()).hasToString(enc);
        assertThat(clear(context.export(USE, 32))).hasToString(received);
      }
      byte[] other = ElementProtocol.hpkeInfo(INFO);
      try (SecretBytes seed = counting(0xA0, randomness);
          Hpke.Sender sender =
              Hpke.setupBaseS(suite, Hpke.Aead.EXPORT_ONLY, receiver.publicKey(), other, seed)) {
        assertThat(clear(sender.context().export(USE, 32))).hasToString(shared);
      }
    }
  }

  @Test
  void exportedSecrets() {
    assertExports(
        HpkeSuite.P256,
        "040d0918a04198474605615b6df90fdcb34791fb3ecb822f4b26eb6e4fc4511b9d19b90c1b83c0c35cfbbb31ead32bb52ae33622f57e3cc1638097ce97f430baba",
        "223f41bb3d8c9d9a437398a507628bac69953ff5be3d7de91c87522f46870f6e",
        "61401d08ec0a1245d296632755adac14fd874f2a03aab2a45d2db949707b8a9b");
    assertExports(
        HpkeSuite.X25519,
        "605a725d2a4adfeeb1a29e17edd621c1b7593ee8cdbc44ac6c4ab6e2f805d23c",
        "6655f80d5473319fb46498f15a07739734bc100e77de91236fa125f78a9bd358",
        "f3c6e2882f3f39c6d5f8244cd582815541fbe8f917fb025a855514ef8918de40");
    assertExports(
        HpkeSuite.X25519_ML_KEM_768,
        "54a259bf4ceb12f9a888c11839e7032a08013a8f89fc5abea21ff7f81feb2e5f",
        "0c09aea760f45743ed438bcde7edc738dbe80a2a68f175e5e9b5ec68674a15ef",
        "65a701a94894e2687a2c6b219f7616b7a6c388902de6c553ee78075ec60013c0");
  }
}
