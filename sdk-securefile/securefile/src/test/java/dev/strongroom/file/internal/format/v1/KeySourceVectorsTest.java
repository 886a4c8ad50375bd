// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.AesKeyWrap;
import dev.strongroom.core.crypto.Hpke;
import dev.strongroom.core.crypto.HpkeContext;
import dev.strongroom.core.crypto.HpkeKeyPair;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.file.ElementRole;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.RecoveryWrap;
import dev.strongroom.file.internal.crypto.VolumeKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The vectors of docs/spec/secure-file-format.md, 3.2, 3.3 and 8.2, made once more. */
class KeySourceVectorsTest {

  private static final Path PAGE = Path.of("../../docs/spec/secure-file-format.md");
  private static final SecretBytes FILE_KEY = secret(0x80, 32);
  private static final String ENC_GRUB =
      "f857eca71a5e59e81e2e21f4a8887fd641c74117b6c375e336642ba9e39dc588";
  private static final String SIG_GRUB =
      "06d9fc81e8bafced0d9330e5dd41700da84c205fa19f2c9b99889513e1620fa5";

  /** Every value must stand in the row of its name. */
  private static void requireOnPage(Map<String, String> vectors) throws IOException {
    String page = Files.readString(PAGE);
    vectors.forEach(
        (what, value) -> assertThat(page).contains("| " + what + " | `" + value + "` |"));
  }

  @Test
  void keysFromAWrappedFileKey() throws Exception {
    Map<String, String> vectors = new LinkedHashMap<>();
    Bytes wrapped = AesKeyWrap.wrap(secret(0, 32), FILE_KEY);
    vectors.put("wrapped file key", wrapped.toString());
    GrubRequest file = GrubRequest.existing(Sample.UID, Sample.RND, 0);
    try (SecretBytes randomness = secret(0, 32);
        Grub pair = Grub.of(FILE_KEY, Sample.VOLUME, file, randomness);
        FileKeys keys = FileKeys.of(pair)) {
      vectors.put("EncGrub", hex(clear(pair.enc())));
      vectors.put("SigGrub", hex(clear(pair.sig())));
      FileHeader header = new FileHeader(Sample.VOLUME, Sample.UID, Sample.RND, 0, 4096);
      header.origin = new KeyOrigin.Wrapped(Sample.run(0x70, 16), wrapped);
      header.generation = 1;
      byte[] copy = header.encode(keys, new byte[12]);
      vectors.put("header, bytes 16 to 23", hex(Arrays.copyOfRange(copy, 16, 24)));
      vectors.put("header, bytes 88 to 145; zeros to 255", hex(Arrays.copyOfRange(copy, 88, 146)));
      vectors.put("commitment", hex(Arrays.copyOfRange(copy, 256, 288)));
      vectors.put("key `content`", hex(subkey(clear(pair.enc()), "content")));
      SecretBytes page = Grub.pages(FILE_KEY, Sample.VOLUME, file, 7, 1).get(0);
      vectors.put("key `content` of page 7 (scope 1)", hex(subkey(clear(page), "content")));
      assertThat(FileHeader.decode("f", copy, keys).origin).isEqualTo(header.origin);
    }
    requireOnPage(vectors);
  }

  @Test
  void aPairForTheRecoveryElement() throws Exception {
    Map<String, String> vectors = new LinkedHashMap<>();
    byte[] enc = clear(ENC_GRUB);
    byte[] sig = clear(SIG_GRUB);
    byte[] both = ByteBuffer.allocate(64).put(enc).put(sig).array();
    try (Grub grub = pair();
        VolumeKeys keys = VolumeKeys.of(grub);
        P256.Pair recovery = P256.pair(secret(1, 32));
        P256.Pair ephemeral = P256.pair(secret(0x21, 32));
        SecretBytes exported = exported(1);
        SecretBytes kek = RecoveryWrap.kek(exported, keys.recovery())) {
      byte[] rs = subkey(both, "recovery");
      byte[] once = label("recovery pair\u0001");
      assertThat(clear(kek)).isEqualTo(hmac(hmac(rs, clear(exported)), once));
      vectors.put("RS", hex(rs));
      vectors.put("agreement key", recovery.publicKey().toString());
      vectors.put("enc", ephemeral.publicKey().toString());
      vectors.put("X", hex(clear(exported)));
      vectors.put("KEK", hex(clear(kek)));
      Bytes wrapped = AesKeyWrap.wrap(kek, SecretBytes.copyOf(both));
      vectors.put("EncGrub \\| SigGrub, wrapped", wrapped.toString());
      try (Grub pair = RecoveryWrap.unwrap(kek, wrapped, Sample.RND).orElseThrow()) {
        assertThat(clear(pair.enc())).isEqualTo(enc);
        assertThat(clear(pair.sig())).isEqualTo(sig);
      }
    }
    requireOnPage(vectors);
  }

  @Test
  void theRecordOfTheRecoveryElement() throws Exception {
    Map<String, String> vectors = new LinkedHashMap<>();
    byte[] both = ByteBuffer.allocate(64).put(clear(ENC_GRUB)).put(clear(SIG_GRUB)).array();
    try (P256.Pair recovery = P256.pair(secret(1, 32));
        P256.Pair ephemeral = P256.pair(secret(0x21, 32));
        P256.Pair signing = P256.pair(secret(0x41, 32));
        P256.Pair maker = P256.pair(secret(0x61, 32));
        P256.Pair agreement = P256.pair(secret(0x81, 32));
        SecretBytes exported = exported(0)) {
      Bytes wrapped = AesKeyWrap.wrap(exported, SecretBytes.copyOf(both));
      RecoveryPair pair = new RecoveryPair(ephemeral.publicKey(), wrapped);
      Bytes element = digest(signing.publicKey(), recovery.publicKey());
      byte[] statement =
          new RecoveryStatement(
                  Sample.VOLUME, Sample.UID, Sample.RND, Sample.run(0xC0, 32), element, pair)
              .encode();
      Bytes signature =
          IdentitySignature.sign(maker.privateKey(), SignaturePurpose.VOLUME_RECOVERY, statement);
      byte[] record =
          new ElementRecord(
                  Bytes.parse("00112233445566778899aabbccddeeff"),
                  ElementRole.RECOVERY,
                  element,
                  null,
                  new ElementRecord.Recovery(
                      recovery.publicKey(),
                      pair,
                      new Peer.Pinned(maker.publicKey(), agreement.publicKey()),
                      signature))
              .encode();
      assertThat(record).hasSize(510);
      assertThat(statement).hasSize(249);
      vectors.put("X, of the volume", hex(clear(exported)));
      vectors.put("wrapped pair, of the volume", wrapped.toString());
      vectors.put("SHA-256 of what is signed", digest(Bytes.copyOf(statement)).toString());
      vectors.put("signature (ECDSA as in RFC 6979)", signature.toString());
      vectors.put("SHA-256 of the record's value", digest(Bytes.copyOf(record)).toString());
    }
    requireOnPage(vectors);
  }

  /** EncGrub and SigGrub of the vectors of the element protocol. */
  private static Grub pair() {
    return new Grub(
        Sample.RND,
        SecretBytes.copyOf(clear(ENC_GRUB)),
        SecretBytes.copyOf(clear(SIG_GRUB)),
        secret(0, 32));
  }

  /** What the recovery element exports for the pair of an epoch. */
  private static SecretBytes exported(int epoch) throws Exception {
    try (P256.Pair ephemeral = P256.pair(secret(0x21, 32));
        P256.Pair recovery = P256.pair(secret(1, 32));
        HpkeContext receiver =
            Hpke.setupBaseR(
                Hpke.Aead.EXPORT_ONLY,
                ephemeral.publicKey(),
                new HpkeKeyPair(HpkeSuite.P256, recovery.publicKey(), recovery.privateKey()),
                ElementProtocol.hpkeInfo(RecoveryWrap.info(Sample.VOLUME)))) {
      Bytes context = RecoveryWrap.context(Sample.UID, Sample.RND, epoch);
      return receiver.export(context.toByteArray(), RecoveryWrap.KEK);
    }
  }

  private static Bytes digest(Bytes... parts) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (Bytes part : parts) {
      digest.update(part.toByteArray());
    }
    return Bytes.copyOf(digest.digest());
  }

  @Test
  void anAttributeStream() throws Exception {
    UserAttributeSet attributes = new UserAttributeSet();
    attributes.put("a", new byte[] {1, 2, 3});
    attributes.put("\u00e4", new byte[0]);
    byte[] stream = attributes.toStream();
    requireOnPage(Map.of("attributes `a` = `01 02 03` and `ä`, empty", hex(stream)));
    UserAttributeSet read = UserAttributeSet.ofStream(stream);
    assertThat(read.names()).containsExactlyInAnyOrder("a", "\u00e4");
    assertThat(read.get("a")).containsExactly(1, 2, 3);
  }

  /** HKDF with SHA-256, no salt (RFC 5869), written once more. */
  private static byte[] subkey(byte[] secret, String label) throws Exception {
    byte[] extracted = hmac(new byte[32], secret);
    byte[] info = label(label + "\u0001");
    return hmac(extracted, info);
  }

  private static byte[] label(String label) {
    return ("strongroom v1 " + label).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] hmac(byte[] key, byte[] content) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(content);
  }

  private static SecretBytes secret(int first, int length) {
    return SecretBytes.copyOf(Sample.run(first, length).toByteArray());
  }

  private static byte[] clear(String hex) {
    return Bytes.parse(hex).toByteArray();
  }

  private static byte[] clear(SecretBytes secret) {
    return secret.use(byte[]::clone);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
