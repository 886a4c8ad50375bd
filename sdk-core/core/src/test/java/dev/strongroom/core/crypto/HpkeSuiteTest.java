// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.crypto.AEADBadTagException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContext;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What all suites of HPKE promise, and the vectors of X-Wing. */
@Tag("jdk25")
class HpkeSuiteTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] INFO = "Strongroom share\0test".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] AAD = {1, 2};
  private static final byte[] NOTHING = {};
  private static final Charset LATIN = StandardCharsets.ISO_8859_1;

  /**
   * A vector of draft-connolly-cfrg-xwing-kem-10, appendix C: all of the secrets, begin and end of
   * what is long. The shared secret depends on every bit of the public key.
   */
  private record XWingVector(
      String seed,
      String publicKeyBegin,
      String publicKeyEnd,
      String eseed,
      String ciphertextBegin,
      String ciphertextEnd,
      String sharedSecret) {}

  private static final List<XWingVector> X_WING =
      List.of(
          new XWingVector(
              "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26",
              "e2236b35a8c24b39b10aa1323a96a919a2ced88400633a7b07131713fc14b2b5b19cfc3d",
              "eff389b27dce59844570216223593d4ba32d9abac8cd049040ef6534",
              "3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e2"
                  + "35b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2",
              "b83aa828d4d62b9a83ceffe1d3d3bb1ef31264643c070c5798927e41fb07914a273f8f96",
              "7f31ed6f7cb1600de56f17576740ce2a32fc5145030145cfb97e63e0e41d354274a079d3e6fb2e15",
              "d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384"),
          new XWingVector(
              "badfd6dfaac359a5efbb7bcc4b59d538df9a04302e10c8bc1cbf1a0b3a5120ea",
              "0333285fa253661508c9fb444852caa4061636cb060e69943b431400134ae1fbc0228724",
              "cbb48fd4c562a576549f85b528c953926d96ea8a160b8843f1c89c62",
              "17cda7cfad765f5623474d368ccca8af0007cd9f5e4c849f167a580b14aabdef"
                  + "aee7eef47cb0fca9767be1fda69419dfb927e9df07348b196691abaeb580b32d",
              "c93beb22326705699bbc3d1d0aa6339be7a405debe61a7c337e1a91453c097a6f77c1306",
              "00342d123f618aa8c91bdf6e0e03200693c9651e469aee6f91c98bea4127ae66312f4ae3ea155b67",
              "f2e86241c64d60f6649fbc6c5b7d17180b780a3f34355e64a85749949c45f150"));

  private static SecretBytes secret(String hex) {
    return SecretBytes.adopt(Bytes.parse(hex).toByteArray());
  }

  private static Bytes clear(SecretBytes secret) {
    try (secret) {
      return secret.use(Bytes::copyOf);
    }
  }

  private static Bytes changed(Bytes bytes, int at) {
    byte[] copy = bytes.toByteArray();
    copy[at] ^= 1;
    return Bytes.copyOf(copy);
  }

  @Test
  void numbersAndLengthsAreThoseOfTheirDocuments() {
    assertThat(HpkeSuite.of(1)).contains(HpkeSuite.P256);
    assertThat(HpkeSuite.of(2)).contains(HpkeSuite.X25519);
    assertThat(HpkeSuite.of(3)).contains(HpkeSuite.X25519_ML_KEM_768);
    assertThat(HpkeSuite.of(0)).isEmpty();
    assertThat(HpkeSuite.of(4)).isEmpty();
    Set<Integer> ids = new HashSet<>();
    for (HpkeSuite suite : HpkeSuite.values()) {
      ids.add(suite.kemId());
    }
    assertThat(ids).containsExactlyInAnyOrder(0x0010, 0x0020, 0x647A);
  }

  @ParameterizedTest
  @EnumSource
  void bothSidesHaveTheSameContext(HpkeSuite suite) throws Exception {
    try (HpkeKeyPair receiver = suite.generate(RANDOM);
        HpkeKeyPair other = suite.generate(RANDOM);
        Hpke.Sender sender =
            Hpke.setupBaseS(suite, Hpke.Aead.AES_256_GCM, receiver.publicKey(), INFO, RANDOM);
        HpkeContext receiving =
            Hpke.setupBaseR(Hpke.Aead.AES_256_GCM, sender.enc(), receiver, INFO);
        HpkeContext foreign = Hpke.setupBaseR(Hpke.Aead.AES_256_GCM, sender.enc(), other, INFO);
        HpkeContext elsewhere =
            Hpke.setupBaseR(Hpke.Aead.AES_256_GCM, sender.enc(), receiver, AAD)) {
      assertThat(receiver.publicKey().length()).isEqualTo(suite.publicKeyLength());
      assertThat(sender.enc().length()).isEqualTo(suite.encLength());
      assertThat(suite.pair(receiver.privateKey().copy()).publicKey())
          .isEqualTo(receiver.publicKey());
      byte[] message = {9, 8, 7};
      byte[] sealed = sender.context().seal(AAD, message);
      assertThat(clear(receiving.open(AAD, sealed))).isEqualTo(Bytes.copyOf(message));
      for (HpkeContext wrong : List.of(foreign, elsewhere)) {
        assertThatThrownBy(() -> wrong.open(AAD, sealed)).isInstanceOf(AEADBadTagException.class);
      }
      Bytes exported = clear(sender.context().export(AAD, 32));
      assertThat(clear(receiving.export(AAD, 32))).isEqualTo(exported);
      assertThat(clear(foreign.export(AAD, 32))).isNotEqualTo(exported);
      assertThat(clear(receiving.export(NOTHING, 32))).isNotEqualTo(exported);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyByteOfAnEncapsulatedKeyCounts(HpkeSuite suite) {
    try (HpkeKeyPair receiver = suite.generate(RANDOM);
        Hpke.Sender sender =
            Hpke.setupBaseS(suite, Hpke.Aead.EXPORT_ONLY, receiver.publicKey(), INFO, RANDOM)) {
      Bytes exported = clear(sender.context().export(AAD, 32));
      for (int at = 0; at < suite.encLength(); at += Math.max(1, suite.encLength() / 40)) {
        Bytes enc = changed(sender.enc(), at);
        try (HpkeContext other = Hpke.setupBaseR(Hpke.Aead.EXPORT_ONLY, enc, receiver, INFO)) {
          assertThat(clear(other.export(AAD, 32))).as("byte %d", at).isNotEqualTo(exported);
        } catch (IllegalArgumentException e) {
          assertThat(suite).as("byte %d", at).isEqualTo(HpkeSuite.P256);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatHasAnotherLengthIsRefused(HpkeSuite suite) {
    try (HpkeKeyPair receiver = suite.generate(RANDOM)) {
      for (int length : new int[] {0, 31, 33, 64, 66, 1119, 1121, 1184, 1215, 1217}) {
        Bytes wrong = Bytes.copyOf(new byte[length]);
        assertThatThrownBy(() -> Hpke.setupBaseS(suite, Hpke.Aead.EXPORT_ONLY, wrong, INFO, RANDOM))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Hpke.setupBaseR(Hpke.Aead.EXPORT_ONLY, wrong, receiver, INFO))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> suite.requirePublicKey(wrong))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HpkeKeyPair(suite, wrong, receiver.privateKey()))
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThatThrownBy(() -> suite.pair(secret("11".repeat(31))))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aPointThatGivesZerosIsRefusedOnBothSides() {
    // u = 0, u = 1 and a point of order 8, RFC 7748, 6.1 and 7.
    for (String point :
        List.of(
            "00".repeat(32),
            "01" + "00".repeat(31),
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")) {
      for (HpkeSuite suite : List.of(HpkeSuite.X25519, HpkeSuite.X25519_ML_KEM_768)) {
        try (HpkeKeyPair receiver = suite.generate(RANDOM);
            Hpke.Sender sender =
                Hpke.setupBaseS(suite, Hpke.Aead.EXPORT_ONLY, receiver.publicKey(), INFO, RANDOM)) {
          Bytes key = withEnd(receiver.publicKey(), point);
          assertThatThrownBy(() -> Hpke.setupBaseS(suite, Hpke.Aead.EXPORT_ONLY, key, INFO, RANDOM))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("zeros");
          Bytes enc = withEnd(sender.enc(), point);
          assertThatThrownBy(() -> Hpke.setupBaseR(Hpke.Aead.EXPORT_ONLY, enc, receiver, INFO))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("zeros");
        }
      }
    }
  }

  private static Bytes withEnd(Bytes bytes, String end) {
    String hex = bytes.toString();
    return Bytes.parse(hex.substring(0, hex.length() - end.length()) + end);
  }

  @Test
  void aKeyOfMlKemIsBelowTheModulus() {
    try (HpkeKeyPair receiver = HpkeSuite.X25519_ML_KEM_768.generate(RANDOM)) {
      byte[] key = receiver.publicKey().toByteArray();
      for (int at : new int[] {0, 3, 576, 1149}) {
        for (int half = 0; half < 2; half++) {
          byte[] wrong = key.clone();
          // 3329 = 0xD01, the least number that is not below it.
          if (half == 0) {
            wrong[at] = 0x01;
            wrong[at + 1] = (byte) ((wrong[at + 1] & 0xF0) | 0x0D);
          } else {
            wrong[at + 1] = (byte) ((wrong[at + 1] & 0x0F) | 0x10);
            wrong[at + 2] = (byte) 0xD0;
          }
          assertThatThrownBy(
                  () ->
                      Hpke.setupBaseS(
                          HpkeSuite.X25519_ML_KEM_768,
                          Hpke.Aead.EXPORT_ONLY,
                          Bytes.copyOf(wrong),
                          INFO,
                          RANDOM))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("modulus");
          byte[] largest = wrong.clone();
          if (half == 0) {
            largest[at] = 0x00;
          } else {
            largest[at + 1] = (byte) (largest[at + 1] & 0x0F);
          }
          HpkeSuite.X25519_ML_KEM_768.requirePublicKey(Bytes.copyOf(largest));
        }
      }
      // What comes after the numbers is a seed and may be anything.
      byte[] seed = key.clone();
      Arrays.fill(seed, 1152, 1184, (byte) 0xFF);
      HpkeSuite.X25519_ML_KEM_768.requirePublicKey(Bytes.copyOf(seed));
    }
  }

  @Test
  void xWingGivesWhatItsDraftSays() throws Exception {
    HpkeSuite suite = HpkeSuite.X25519_ML_KEM_768;
    for (XWingVector vector : X_WING) {
      try (HpkeKeyPair pair = suite.pair(secret(vector.seed()));
          SecretBytes eseed = secret(vector.eseed())) {
        assertThat(pair.publicKey().toString())
            .startsWith(vector.publicKeyBegin())
            .endsWith(vector.publicKeyEnd());
        Kem.Encapsulation made = suite.kem().encap(pair.publicKey(), eseed);
        assertThat(made.enc().toString())
            .startsWith(vector.ciphertextBegin())
            .endsWith(vector.ciphertextEnd());
        assertThat(clear(made.sharedSecret())).hasToString(vector.sharedSecret());
        assertThat(clear(suite.kem().decap(made.enc(), pair))).hasToString(vector.sharedSecret());
        // The shared secret goes into the key schedule as it is, with the number of the KEM.
        try (Hpke.Sender sender =
            Hpke.setupBaseS(suite, Hpke.Aead.EXPORT_ONLY, pair.publicKey(), INFO, eseed)) {
          assertThat(clear(sender.context().export(AAD, 32)))
              .isEqualTo(exported(Bytes.parse(vector.sharedSecret()).toByteArray(), "647a"));
        }
      }
    }
  }

  /** RFC 9180, 5.1 and 5.3, written down once more: mode base, HKDF-SHA256, export only. */
  private static Bytes exported(byte[] sharedSecret, String kem) throws Exception {
    String suite = "HPKE" + new String(Bytes.parse(kem + "0001ffff").toByteArray(), LATIN);
    byte[] zeros = new byte[32];
    byte[] pskIdHash = hmac(zeros, latin("HPKE-v1" + suite + "psk_id_hash"));
    byte[] infoHash = hmac(zeros, latin("HPKE-v1" + suite + "info_hash"), INFO);
    byte[] secret = hmac(sharedSecret, latin("HPKE-v1" + suite + "secret"));
    byte[] exporter =
        hmac(secret, latin("\0\40HPKE-v1" + suite + "exp\0"), pskIdHash, infoHash, new byte[] {1});
    return Bytes.copyOf(hmac(exporter, latin("\0\40HPKE-v1" + suite + "sec"), AAD, new byte[] {1}));
  }

  private static byte[] latin(String text) {
    return text.getBytes(LATIN);
  }

  private static byte[] hmac(byte[] key, byte[]... parts) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    for (byte[] part : parts) {
      mac.update(part);
    }
    return mac.doFinal();
  }

  @Test
  void anotherProgramUnderstandsX25519() throws Exception {
    HPKE other =
        new HPKE(
            HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
    byte[] message = {4, 5, 6};
    AsymmetricCipherKeyPair theirs = other.generatePrivateKey();
    Bytes theirKey = Bytes.copyOf(other.serializePublicKey(theirs.getPublic()));
    try (Hpke.Sender sender =
            Hpke.setupBaseS(HpkeSuite.X25519, Hpke.Aead.AES_256_GCM, theirKey, INFO, RANDOM);
        HpkeKeyPair ours = HpkeSuite.X25519.generate(RANDOM)) {
      HPKEContext opening = other.setupBaseR(sender.enc().toByteArray(), theirs, INFO);
      assertThat(opening.open(AAD, sender.context().seal(AAD, message))).isEqualTo(message);
      HPKEContextWithEncapsulation sealing =
          other.setupBaseS(other.deserializePublicKey(ours.publicKey().toByteArray()), INFO);
      Bytes enc = Bytes.copyOf(sealing.getEncapsulation());
      try (HpkeContext receiving = Hpke.setupBaseR(Hpke.Aead.AES_256_GCM, enc, ours, INFO)) {
        assertThat(clear(receiving.open(AAD, sealing.seal(AAD, message))))
            .isEqualTo(Bytes.copyOf(message));
      }
    }
  }
}
