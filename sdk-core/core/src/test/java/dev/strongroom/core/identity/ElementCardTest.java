// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.HpkeKeyPair;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.crypto.P256;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ElementCardTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes SERIAL = Bytes.parse("00112233445566778899aabbccddeeff");
  private static final int NUMBER_OF_SUITES_AT = 84;

  private final P256.Pair signing = P256.generate(RANDOM);
  private final Map<HpkeSuite, Bytes> keys = new EnumMap<>(HpkeSuite.class);

  ElementCardTest() {
    for (HpkeSuite suite : HpkeSuite.values()) {
      try (HpkeKeyPair pair = suite.generate(RANDOM)) {
        keys.put(suite, pair.publicKey());
      }
    }
  }

  private ElementCard card() {
    return ElementCard.sign(ElementClass.SOFTWARE, SERIAL, signing, keys);
  }

  /** A statement of any content, rightly signed. */
  private Bytes signed(byte[] statement) {
    Bytes signature =
        IdentitySignature.sign(signing.privateKey(), SignaturePurpose.CARD, statement);
    return Bytes.copyOf(
        ByteBuffer.allocate(statement.length + signature.length())
            .put(statement)
            .put(signature.toByteArray())
            .array());
  }

  private byte[] statement() {
    byte[] encoded = card().encode().toByteArray();
    return Arrays.copyOf(encoded, encoded.length - IdentitySignature.LENGTH);
  }

  @Test
  void aCardIsReadAsItWasWritten() throws Exception {
    ElementCard card = card();
    assertThat(card.encode().length()).isEqualTo(1471);
    assertThat(card.encodeFile().length()).isEqualTo(1487);
    assertThat(card.encodeFile().toString()).startsWith("5352434152440d0a7631000000000000");
    for (ElementCard read :
        new ElementCard[] {
          ElementCard.parse(card.encode()), ElementCard.parseFile(card.encodeFile())
        }) {
      assertThat(read).isEqualTo(card).hasSameHashCodeAs(card);
      assertThat(read.serialNumber()).isEqualTo(SERIAL);
      assertThat(read.elementClass()).isEqualTo(ElementClass.SOFTWARE);
      assertThat(read.signingKey()).isEqualTo(signing.publicKey());
      assertThat(read.suites()).containsExactly(HpkeSuite.values());
      keys.forEach((suite, key) -> assertThat(read.publicKey(suite)).contains(key));
      assertThat(read.agreementKey()).isEqualTo(keys.get(HpkeSuite.P256));
      assertThat(read.fingerprint()).isEqualTo(read.pinned().fingerprint());
      assertThat(read.toString()).contains(SERIAL.toString()).contains(card.fingerprint());
    }
  }

  @Test
  void everyChangedByteIsFound() {
    byte[] file = card().encodeFile().toByteArray();
    for (int at = 0; at < file.length; at++) {
      byte[] changed = file.clone();
      changed[at] ^= (byte) (1 << at % 8);
      assertThatThrownBy(() -> ElementCard.parseFile(Bytes.copyOf(changed)))
          .as("byte %d", at)
          .isInstanceOf(CardFormatException.class);
    }
    for (int length : new int[] {0, 8, 15, 16, 17, 100, file.length - 1}) {
      assertThatThrownBy(() -> ElementCard.parseFile(Bytes.copyOf(file, 0, length)))
          .as("%d bytes", length)
          .isInstanceOfSatisfying(
              CardFormatException.class, e -> assertThat(e.problem()).isNotEmpty());
    }
    assertThatThrownBy(() -> ElementCard.parseFile(Bytes.copyOf(Arrays.copyOf(file, 1488))))
        .isInstanceOf(CardFormatException.class);
    assertThatThrownBy(() -> ElementCard.parseFile(Bytes.copyOf(Arrays.copyOf(file, 4097))))
        .isInstanceOf(CardFormatException.class)
        .hasMessageContaining("4096");
  }

  @Test
  void aSuiteOfALaterReleaseIsKeptAndPassedOver() {
    byte[] known = statement();
    byte[] later =
        ByteBuffer.allocate(known.length + 2 * 3 + 2000)
            .put(known)
            .put((byte) 4)
            .putShort((short) 2000)
            .put(new byte[2000])
            .put((byte) 9)
            .putShort((short) 0)
            .array();
    later[NUMBER_OF_SUITES_AT] = 5;
    ElementCard card = ElementCard.parse(signed(later));
    assertThat(card.suites()).containsExactly(HpkeSuite.values());
    assertThat(card.encode()).isEqualTo(signed(later));
  }

  @Test
  void aCardOfOneSuiteIsACard() {
    keys.remove(HpkeSuite.X25519);
    keys.remove(HpkeSuite.X25519_ML_KEM_768);
    ElementCard card = ElementCard.parse(card().encode());
    assertThat(card.suites()).containsExactly(HpkeSuite.P256);
    assertThat(card.publicKey(HpkeSuite.X25519)).isEmpty();
    keys.remove(HpkeSuite.P256);
    assertThatThrownBy(this::card).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatASignatureDoesNotMakeRightIsRefused() {
    assertRefused(at(0, 2), "version 2");
    assertRefused(at(NUMBER_OF_SUITES_AT, 0), "0 suites");
    assertRefused(at(NUMBER_OF_SUITES_AT, 17), "17 suites");
    assertRefused(at(NUMBER_OF_SUITES_AT, 2), "bytes too many");
    // The first suite is another, or one comes twice.
    assertRefused(at(85, 2), "ascend");
    assertRefused(at(85 + 68, 1), "ascend");
    // A key of a wrong length for its suite, and keys that are none.
    assertRefused(at(85 + 68, 3), "1216");
    byte[] offCurve = statement();
    offCurve[85 + 3 + 64] ^= 1;
    assertRefused(offCurve, "P-256");
    byte[] aboveModulus = statement();
    Arrays.fill(aboveModulus, 85 + 68 + 35 + 3, 85 + 68 + 35 + 6, (byte) 0xFF);
    assertRefused(aboveModulus, "modulus");
    byte[] noSigner = statement();
    noSigner[20] ^= 1;
    assertRefused(noSigner, "P-256");
    // The signature of another use.
    byte[] statement = statement();
    Bytes other =
        IdentitySignature.sign(signing.privateKey(), SignaturePurpose.DOCUMENT, statement);
    assertThatThrownBy(
            () ->
                ElementCard.parse(
                    Bytes.copyOf(
                        ByteBuffer.allocate(statement.length + 64)
                            .put(statement)
                            .put(other.toByteArray())
                            .array())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("signature");
  }

  private byte[] at(int index, int value) {
    byte[] statement = statement();
    statement[index] = (byte) value;
    return statement;
  }

  private void assertRefused(byte[] statement, String because) {
    assertThatThrownBy(() -> ElementCard.parse(signed(statement)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(because);
  }
}
