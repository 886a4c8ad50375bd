// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.AesKeyWrap;
import dev.strongroom.core.device.AgreementSide;
import dev.strongroom.core.device.ConditionsNotSatisfiedException;
import dev.strongroom.core.device.DataKey;
import dev.strongroom.core.device.DecryptionFailedException;
import dev.strongroom.core.device.ElementKeys;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.KeyUseCommands;
import dev.strongroom.core.device.KeyWrapForm;
import dev.strongroom.core.device.ManagedFileKey;
import dev.strongroom.core.device.MessageParts;
import dev.strongroom.core.device.TextParts;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.keys.RefusalReason;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/**
 * What managed keys compute, against other implementations: {@code docs/spec/key-store.md}, 2.5,
 * 2.6, 9.2 and 9.3. Part of {@link ElementContract}.
 *
 * <p>Thread safety: confined to JUnit's thread.
 */
abstract class KeyAlgorithmContract extends KeyUseContract {

  private static final byte[] AAD = {1, 2};
  private static final String ED25519_PREFIX = "302a300506032b6570032100";
  private static final String X25519_PREFIX = "302a300506032b656e032100";

  KeyAlgorithmContract() {}

  private static byte[] gcm(int mode, byte[] key, byte[] sealed, byte[] iv) throws Exception {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
    cipher.updateAAD(AAD);
    return cipher.doFinal(sealed);
  }

  private static byte[] openedOutside(byte[] key, byte[] sealed) throws Exception {
    return gcm(
        Cipher.DECRYPT_MODE,
        key,
        Arrays.copyOfRange(sealed, 12, sealed.length),
        Arrays.copyOf(sealed, 12));
  }

  @Test
  void textsAreSealedAsAesGcmSealsThemWithIvsThatNeverComeTwice() throws Exception {
    try (ElementSession session = keySession()) {
      for (KeyAlgorithm algorithm :
          List.of(KeyAlgorithm.AES_128, KeyAlgorithm.AES_192, KeyAlgorithm.AES_256)) {
        byte[] value = counting(algorithm.number(), algorithm.valueLength());
        KeyId key = id(algorithm.number());
        session
            .keys()
            .store()
            .importKey(
                key(algorithm.number(), algorithm, KeyUsage.ENCRYPTION), SecretBytes.copyOf(value));
        // The last ones are longer than a command.
        for (int length : new int[] {0, 1, 16, 1024, 7100, 20_000}) {
          byte[] text = counting(length, length);
          byte[] sealed = encrypted(session, HEAD, key, text);
          assertThat(openedOutside(value, sealed)).isEqualTo(text);
          assertThat(decrypted(session, HEAD, key, sealed)).isEqualTo(text);
          assertThat(Arrays.copyOf(encrypted(session, HEAD, key, text), 12))
              .isNotEqualTo(Arrays.copyOf(sealed, 12));
          for (int at : new int[] {0, 11, sealed.length - 17, sealed.length - 1}) {
            byte[] wrong = sealed.clone();
            wrong[at] ^= 1;
            ByteBuffer target = ByteBuffer.allocate(length);
            assertThatThrownBy(
                    () ->
                        session.keys().use().decrypt(HEAD, key, buffer(AAD), buffer(wrong), target))
                .isInstanceOf(DecryptionFailedException.class);
            assertThat(target.array()).isEqualTo(new byte[length]);
          }
        }
      }
    }
  }

  @Test
  void textsGoInPartsOfAnyLength() throws Exception {
    try (ElementSession session = keySession()) {
      byte[] value = counting(3, 32);
      session.keys().store().importKey(keyFor(1, KeyUsage.ENCRYPTION), SecretBytes.copyOf(value));
      KeyUseCommands use = session.keys().use();
      byte[] text = counting(1, 24_049);
      int[] lengths = {0, 1, 15, 16, 17, 9000, 15_000};
      ByteBuffer sealed = ByteBuffer.allocate(text.length + 28);
      ByteBuffer in = buffer(text);
      try (TextParts parts = use.beginEncrypt(HEAD, id(1), buffer(AAD), sealed)) {
        for (int length : lengths) {
          parts.update(in.slice(in.position(), length), sealed);
          in.position(in.position() + length);
        }
        assertThat(in.hasRemaining()).isFalse();
        parts.finish(in, sealed);
      }
      assertThat(sealed.hasRemaining()).isFalse();
      assertThat(openedOutside(value, sealed.array())).isEqualTo(text);

      sealed.rewind();
      ByteBuffer plain = ByteBuffer.allocate(text.length);
      try (TextParts parts = use.beginDecrypt(HEAD, id(1), buffer(AAD), sealed)) {
        for (int length : lengths) {
          parts.update(sealed.slice(sealed.position(), length), plain);
          sealed.position(sealed.position() + length);
        }
        // It gives what it has, and does not wait for the tag.
        assertThat(plain.position()).isGreaterThan(text.length - 33);
        parts.finish(sealed, plain);
      }
      assertThat(plain.array()).isEqualTo(text);

      byte[] wrong = sealed.array().clone();
      wrong[wrong.length - 1] ^= 1;
      ByteBuffer again = buffer(wrong);
      try (TextParts parts = use.beginDecrypt(HEAD, id(1), buffer(AAD), again)) {
        assertThatThrownBy(() -> parts.finish(again, ByteBuffer.allocate(text.length)))
            .isInstanceOf(DecryptionFailedException.class);
      }
    }
  }

  @Test
  void aChangeOfTheKeyEndsWhatCameInParts() throws Exception {
    try (ElementSession session = keySession()) {
      ElementKeys keys = session.keys();
      keys.store().generate(keyFor(1, KeyUsage.ENCRYPTION));
      keys.store().generate(keyFor(2, KeyUsage.MAC));
      ByteBuffer target = ByteBuffer.allocate(200);
      try (TextParts parts = keys.use().beginEncrypt(HEAD, id(1), buffer(AAD), target)) {
        parts.update(buffer(counting(1, 20)), target);
        keys.store().setState(id(1), KeyState.ACTIVE, KeyState.COMPROMISED);
        assertThatThrownBy(() -> parts.update(buffer(counting(1, 20)), target))
            .isInstanceOf(ConditionsNotSatisfiedException.class);
      }
      try (MessageParts<Bytes> parts = keys.use().beginMac(HEAD, id(2))) {
        parts.update(buffer(counting(1, 20)));
        keys.store().setState(id(2), KeyState.ACTIVE, KeyState.SUSPENDED);
        assertThatThrownBy(parts::finish).isInstanceOf(ConditionsNotSatisfiedException.class);
      }
      refused(
          RefusalReason.STATE,
          () -> keys.use().beginEncrypt(HEAD, id(1), buffer(AAD), target.clear()));
    }
  }

  @Test
  void macsAreHmacOfAnyKeyLength() throws Exception {
    try (ElementSession session = keySession()) {
      KeyUseCommands use = session.keys().use();
      int number = 0;
      for (KeyAlgorithm algorithm :
          List.of(
              KeyAlgorithm.HMAC_SHA_256, KeyAlgorithm.HMAC_SHA_384, KeyAlgorithm.HMAC_SHA_512)) {
        String name = "HmacSHA" + algorithm.name().substring(9);
        for (int length : new int[] {16, 20, 32, 33, 47, 64}) {
          KeyId key = id(++number);
          byte[] value = counting(length, length);
          session
              .keys()
              .store()
              .importKey(key(number, algorithm, KeyUsage.MAC), SecretBytes.copyOf(value));
          for (int message : new int[] {0, 100, 7200}) {
            byte[] content = counting(1, message);
            Mac outside = Mac.getInstance(name);
            outside.init(new SecretKeySpec(value, name));
            byte[] right = outside.doFinal(content);
            ByteBuffer target = ByteBuffer.allocate(64);
            use.makeMac(HEAD, key, buffer(content), target);
            assertThat(Arrays.copyOf(target.array(), target.position())).isEqualTo(right);
            assertThat(use.verifyMac(HEAD, key, buffer(right), buffer(content))).isTrue();
            assertThat(use.verifyMac(HEAD, key, buffer(Arrays.copyOf(right, 16)), buffer(content)))
                .isTrue();
            right[15] ^= 1;
            assertThat(use.verifyMac(HEAD, key, buffer(right), buffer(content))).isFalse();
          }
        }
      }
      assertThatThrownBy(() -> use.verifyMac(HEAD, id(1), buffer(new byte[15]), buffer()))
          .isInstanceOf(IllegalArgumentException.class);
      try (MessageParts<Bytes> making = use.beginMac(HEAD, id(1))) {
        making.update(buffer(counting(1, 9000)));
        making.update(buffer());
        making.update(buffer(counting(7, 1)));
        Bytes mac = making.finish();
        for (Bytes given : List.of(mac, Bytes.copyOf(mac.toByteArray(), 0, 20), CHALLENGE)) {
          try (MessageParts<Boolean> verifying = use.beginVerifyMac(HEAD, id(1), given)) {
            verifying.update(buffer(counting(1, 9000)));
            verifying.update(buffer(counting(7, 1)));
            assertThat(verifying.finish()).isEqualTo(!given.equals(CHALLENGE));
          }
        }
      }
    }
  }

  @Test
  void signaturesVerifyOutside() throws Exception {
    try (ElementSession session = keySession()) {
      ElementKeys keys = session.keys();
      byte[] message = counting(1, 100);
      Bytes p256 = keys.store().generate(key(1, KeyAlgorithm.EC_P256, KeyUsage.SIGNATURE)).get();
      Bytes p384 = keys.store().generate(key(2, KeyAlgorithm.EC_P384, KeyUsage.SIGNATURE)).get();
      Bytes ed = keys.store().generate(key(3, KeyAlgorithm.ED25519, KeyUsage.SIGNATURE)).get();
      assertThat(
              verifies(
                  "SHA256withECDSAinP1363Format",
                  ec("secp256r1", p256),
                  message,
                  keys.use().sign(HEAD, id(1), buffer(digest("SHA-256", message)))))
          .isTrue();
      assertThat(
              verifies(
                  "SHA384withECDSAinP1363Format",
                  ec("secp384r1", p384),
                  message,
                  keys.use().sign(HEAD, id(2), buffer(digest("SHA-384", message)))))
          .isTrue();
      assertThat(
              verifies(
                  "Ed25519",
                  encoded("Ed25519", ED25519_PREFIX, ed),
                  message,
                  keys.use().sign(HEAD, id(3), buffer(message))))
          .isTrue();
      // RFC 8032, 7.1, test 1.
      keys.store()
          .importKey(
              key(4, KeyAlgorithm.ED25519, KeyUsage.SIGNATURE),
              secret("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
      assertThat(keys.use().sign(HEAD, id(4), buffer()))
          .isEqualTo(
              Bytes.parse(
                  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
                      + "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"));
    }
  }

  private static byte[] digest(String name, byte[] message) throws Exception {
    return MessageDigest.getInstance(name).digest(message);
  }

  private static boolean verifies(String name, PublicKey key, byte[] message, Bytes signature)
      throws Exception {
    Signature verification = Signature.getInstance(name);
    verification.initVerify(key);
    verification.update(message);
    return verification.verify(signature.toByteArray());
  }

  private static PublicKey ec(String curve, Bytes point) throws Exception {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(curve));
    byte[] encoded = point.toByteArray();
    int half = encoded.length / 2;
    return KeyFactory.getInstance("EC")
        .generatePublic(
            new ECPublicKeySpec(
                new ECPoint(
                    new BigInteger(1, Arrays.copyOfRange(encoded, 1, 1 + half)),
                    new BigInteger(1, Arrays.copyOfRange(encoded, 1 + half, encoded.length))),
                parameters.getParameterSpec(ECParameterSpec.class)));
  }

  private static PublicKey encoded(String name, String prefix, Bytes key) throws Exception {
    return KeyFactory.getInstance(name)
        .generatePublic(new X509EncodedKeySpec(HexFormat.of().parseHex(prefix + key)));
  }

  @Test
  void agreementGivesTheSecretThatTheOtherSideHas() throws Exception {
    try (ElementSession session = keySession()) {
      ElementKeys keys = session.keys();
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      for (KeyAlgorithm algorithm : List.of(KeyAlgorithm.EC_P256, KeyAlgorithm.EC_P384)) {
        String curve = algorithm == KeyAlgorithm.EC_P256 ? "secp256r1" : "secp384r1";
        KeyId key = id(algorithm.number());
        Bytes mine =
            keys.store().generate(key(algorithm.number(), algorithm, KeyUsage.KEY_AGREEMENT)).get();
        generator.initialize(new ECGenParameterSpec(curve));
        KeyPair other = generator.generateKeyPair();
        ECPoint point = ((ECPublicKey) other.getPublic()).getW();
        int length = algorithm.valueLength();
        byte[] theirs =
            ByteBuffer.allocate(1 + 2 * length)
                .put((byte) 4)
                .put(fixed(point.getAffineX(), length))
                .put(fixed(point.getAffineY(), length))
                .array();
        KeyAgreement outside = KeyAgreement.getInstance("ECDH");
        outside.init(other.getPrivate());
        outside.doPhase(ec(curve, mine), true);
        byte[] expected = outside.generateSecret();
        for (AgreementSide side : AgreementSide.values()) {
          try (SecretBytes secret = keys.use().agree(HEAD, key, side, Bytes.copyOf(theirs))) {
            assertThat(clear(secret)).isEqualTo(Bytes.copyOf(expected));
          }
        }
        theirs[theirs.length - 1] ^= 1;
        assertThatThrownBy(
                () -> keys.use().agree(HEAD, key, AgreementSide.RECIPIENT, Bytes.copyOf(theirs)))
            .isInstanceOf(DecryptionFailedException.class);
      }
      Bytes mine = keys.store().generate(key(1, KeyAlgorithm.X25519, KeyUsage.KEY_AGREEMENT)).get();
      KeyPair other = KeyPairGenerator.getInstance("X25519").generateKeyPair();
      byte[] theirs = other.getPublic().getEncoded();
      KeyAgreement outside = KeyAgreement.getInstance("X25519");
      outside.init(other.getPrivate());
      outside.doPhase(encoded("X25519", X25519_PREFIX, mine), true);
      try (SecretBytes secret =
          keys.use().agree(HEAD, id(1), AgreementSide.ORIGINATOR, Bytes.copyOf(theirs, 12, 32))) {
        assertThat(clear(secret)).isEqualTo(Bytes.copyOf(outside.generateSecret()));
      }
      assertThatThrownBy(() -> keys.use().agree(HEAD, id(1), AgreementSide.ORIGINATOR, REASON))
          .isInstanceOf(DecryptionFailedException.class);
    }
  }

  private static byte[] fixed(BigInteger number, int length) {
    byte[] bytes = number.toByteArray();
    byte[] result = new byte[length];
    int take = Math.min(bytes.length, length);
    System.arraycopy(bytes, bytes.length - take, result, length - take, take);
    return result;
  }

  @Test
  void keysAreWrappedAsTheRfcsWrapThem() throws Exception {
    try (ElementSession session = keySession()) {
      ElementKeys keys = session.keys();
      keys.store().importKey(keyFor(1, KeyUsage.KEY_WRAPPING), countingSecret(0, 32));
      // RFC 3394, 4.6.
      SecretBytes key = secret("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f");
      Bytes wrapped =
          Bytes.parse(
              "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326"
                  + "cbc7f0e71a99f43bfb988b9b7a02dd21");
      assertThat(keys.use().wrap(HEAD, id(1), KeyWrapForm.RFC_3394, key)).isEqualTo(wrapped);
      try (SecretBytes back = keys.use().unwrap(HEAD, id(1), KeyWrapForm.RFC_3394, wrapped)) {
        assertThat(clear(back)).isEqualTo(clear(key));
      }
      assertThatThrownBy(() -> keys.use().unwrap(HEAD, id(1), KeyWrapForm.RFC_5649, wrapped))
          .isInstanceOf(DecryptionFailedException.class);
      // RFC 5649, 6.
      keys.store()
          .importKey(
              key(2, KeyAlgorithm.AES_192, KeyUsage.KEY_WRAPPING),
              secret("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8"));
      assertThat(
              keys.use()
                  .wrap(
                      HEAD,
                      id(2),
                      KeyWrapForm.RFC_5649,
                      secret("c37b7e6492584340bed12207808941155068f738")))
          .isEqualTo(
              Bytes.parse("138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a"));
      Bytes shortest = Bytes.parse("afbeb0f07dfbf5419200f2ccb50bb24f");
      assertThat(keys.use().wrap(HEAD, id(2), KeyWrapForm.RFC_5649, secret("466f7250617369")))
          .isEqualTo(shortest);
      try (SecretBytes back = keys.use().unwrap(HEAD, id(2), KeyWrapForm.RFC_5649, shortest)) {
        assertThat(clear(back)).isEqualTo(Bytes.parse("466f7250617369"));
      }
    }
  }

  @Test
  void dataKeysOpenWithTheirKeyAndContextOnly() throws Exception {
    try (ElementSession session = keySession()) {
      KeyUseCommands use = session.keys().use();
      session.keys().store().generate(keyFor(1, KeyUsage.DATA_KEYS));
      session.keys().store().generate(keyFor(2, KeyUsage.DATA_KEYS));
      for (int length : new int[] {16, 24, 32, 48, 64}) {
        try (DataKey made = use.newDataKey(HEAD, id(1), length, POLICY);
            SecretBytes opened = use.openDataKey(HEAD, id(1), made.wrapped(), POLICY)) {
          assertThat(made.key().length()).isEqualTo(length);
          assertThat(clear(opened)).isEqualTo(clear(made.key()));
          assertThatThrownBy(() -> use.openDataKey(HEAD, id(1), made.wrapped(), REASON))
              .isInstanceOf(DecryptionFailedException.class);
          assertThatThrownBy(() -> use.openDataKey(HEAD, id(2), made.wrapped(), POLICY))
              .isInstanceOf(DecryptionFailedException.class);
        }
      }
      assertThatThrownBy(() -> use.newDataKey(HEAD, id(1), 20, POLICY))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** Key A of section 11, whose derived keys were computed by other code. */
  @Test
  void derivedKeysAreThoseOfTheVectors() throws Exception {
    try (ElementSession session = keySession()) {
      KeyId key = KeyId.parse("404142434445464748494a4b4c4d4e4f");
      session
          .keys()
          .store()
          .importKey(
              new KeyAttributes(
                  key,
                  KeyState.ACTIVE,
                  KeyAlgorithm.AES_256,
                  EnumSet.of(KeyUsage.ENCRYPTION, KeyUsage.FILE_KEYS, KeyUsage.DATA_KEYS),
                  ALL_FLAGS,
                  Optional.empty(),
                  10_000_000,
                  periods(200_000_000, 231_536_000, 326_144_000),
                  POLICY),
              countingSecret(0x80, 32));
      KeyUseCommands use = session.keys().use();
      assertThat(use.confirm(key, CHALLENGE))
          .isEqualTo(
              hmac(
                  "ef0295b6d6414ac6eb7bb0961172ec84487fdae69f060c6139dde2e400cb43e3",
                  CHALLENGE.toByteArray()));
      byte[] contextHash = digest("SHA-256", POLICY.toByteArray());
      try (SecretBytes kek =
              secret(
                  hmac(
                          "335250c12bc167b2f507713d3874c0096df1c4e762ff282e828011de16644bb0",
                          contextHash)
                      .toString());
          SecretBytes opened =
              use.openDataKey(HEAD, key, AesKeyWrap.wrap(kek, countingSecret(9, 24)), POLICY)) {
        assertThat(clear(opened)).isEqualTo(Bytes.copyOf(counting(9, 24)));
      }
      try (SecretBytes kek =
              secret("153e4de86baced424d8581767b3471cac8c4e7d0fa37f4e9de7c1dfa7fc15f7e");
          SecretBytes fileKey = countingSecret(5, 32);
          Grub outside =
              Grub.of(fileKey, VOLUME, GrubRequest.existing(UID, RND, 1), countingSecret(0, 32))) {
        Bytes wrapped = AesKeyWrap.wrap(kek, fileKey);
        Bytes[] inside =
            keys(
                session,
                VOLUME,
                new GrubRequest(
                    UID,
                    RND,
                    1,
                    new ManagedFileKey(key.bytes(), wrapped, ManagedFileKey.Intent.READ)));
        assertThat(inside).containsExactly(clear(outside.enc()), clear(outside.sig()));
      }
    }
  }

  private static Bytes hmac(String key, byte[] message) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(HexFormat.of().parseHex(key), "HmacSHA256"));
    return Bytes.copyOf(mac.doFinal(message));
  }

  @Test
  void whatOneKeyHasProtectedIsTakenOverByAnotherOfItsGroup() throws Exception {
    try (ElementSession session = keySession()) {
      ElementKeys keys = session.keys();
      keys.store().putGroup(GROUP, FREE);
      keys.store().putGroup(OTHER_GROUP, FREE);
      KeyUsage[] all = {KeyUsage.ENCRYPTION, KeyUsage.FILE_KEYS, KeyUsage.DATA_KEYS};
      for (int i = 1; i <= 2; i++) {
        keys.store().generate(inGroup(key(i, KeyAlgorithm.AES_256, all), GROUP));
      }
      keys.store().generate(inGroup(key(3, KeyAlgorithm.AES_256, all), OTHER_GROUP));
      keys.store()
          .generate(
              withFlags(
                  inGroup(key(4, KeyAlgorithm.AES_256, all), GROUP), EnumSet.of(KeyFlag.REWRAP)));
      byte[] sealed = encrypted(session, HEAD, id(1), counting(1, 500));
      ByteBuffer other = ByteBuffer.allocate(sealed.length);
      keys.use().rewrapText(HEAD, id(1), id(2), buffer(AAD), buffer(sealed), other);
      assertThat(decrypted(session, HEAD, id(2), other.array())).isEqualTo(counting(1, 500));
      assertThatThrownBy(() -> decrypted(session, HEAD, id(1), other.array()))
          .isInstanceOf(DecryptionFailedException.class);
      try (DataKey made = keys.use().newDataKey(HEAD, id(1), 32, POLICY);
          SecretBytes opened =
              keys.use()
                  .openDataKey(
                      HEAD,
                      id(2),
                      keys.use().rewrapDataKey(HEAD, id(1), id(2), made.wrapped(), POLICY),
                      POLICY)) {
        assertThat(clear(opened)).isEqualTo(clear(made.key()));
      }
      Bytes strange = Bytes.copyOf(new byte[40]);
      assertThatThrownBy(() -> keys.use().rewrapFileKey(HEAD, id(1), id(2), strange))
          .isInstanceOf(DecryptionFailedException.class);
      refusal(
          () ->
              keys.use()
                  .rewrapText(
                      HEAD,
                      id(1),
                      id(3),
                      buffer(AAD),
                      buffer(sealed),
                      ByteBuffer.allocate(sealed.length)));
      byte[] hidden = encrypted(session, HEAD, id(4), counting(1, 50));
      KeyRefusal refusal =
          refused(
              RefusalReason.FLAG,
              () ->
                  keys.use()
                      .rewrapText(
                          HEAD,
                          id(4),
                          id(1),
                          buffer(AAD),
                          buffer(hidden),
                          ByteBuffer.allocate(hidden.length)));
      assertThat(refusal.bound()).isEqualTo(1L << KeyFlag.HOST_KEYS.bit());
    }
  }
}
