// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.Grub;
import dev.strongroom.file.internal.format.v1.TagPage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The key hierarchy against one computed from the specification with the JDK alone. */
class FileKeysTest {

  private static final byte[] ENC = ascending(0);
  private static final byte[] SIG = ascending(32);
  private static final byte[] BOTH = both();
  private static final Bytes UID = Bytes.copyOf(ascending(80), 0, 16);

  private final FileKeys keys = FileKeys.of(grub());

  @AfterEach
  void closeKeys() {
    keys.close();
  }

  private static byte[] ascending(int first) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < 32; i++) {
      bytes[i] = (byte) (first + i);
    }
    return bytes;
  }

  private static byte[] both() {
    byte[] both = Arrays.copyOf(ENC, 64);
    System.arraycopy(SIG, 0, both, 32, 32);
    return both;
  }

  private static Grub grub() {
    return new Grub(
        Bytes.copyOf(new byte[16]),
        SecretBytes.copyOf(ENC),
        SecretBytes.copyOf(SIG),
        SecretBytes.copyOf(ascending(64)));
  }

  private static byte[] hmac(byte[] key, byte[] content) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(content);
  }

  /** HKDF of RFC 5869 with one block of output. */
  private static byte[] derive(byte[] secret, String label) throws Exception {
    byte[] info = ("strongroom v1 " + label + "\u0001").getBytes(StandardCharsets.ISO_8859_1);
    return hmac(hmac(new byte[32], secret), info);
  }

  @Test
  void authenticationKeysComeFromTheirLabels() throws Exception {
    byte[] text = "text".getBytes(StandardCharsets.US_ASCII);
    assertThat(keys.tree().mac(text)).isEqualTo(hmac(derive(SIG, "tree"), text));
    assertThat(keys.headerMac().mac(text)).isEqualTo(hmac(derive(SIG, "header mac"), text));
    assertThat(keys.commitment().mac(text)).isEqualTo(hmac(derive(BOTH, "commitment"), text));
    assertThat(keys.namesKey()).isEqualTo(derive(ENC, "names"));
    try (VolumeKeys volume = VolumeKeys.of(grub())) {
      assertThat(volume.volumeFile().mac(text)).isEqualTo(hmac(derive(SIG, "volume file"), text));
      assertThat(volume.journal().mac(text)).isEqualTo(hmac(derive(SIG, "journal"), text));
      assertThat(volume.commitment().mac(text))
          .isEqualTo(hmac(derive(BOTH, "volume commitment"), text));
    }
  }

  /** The first vector of the specification of page scope. */
  @Test
  void thePageKeyIsTheOneOfTheSpecification() throws Exception {
    byte[] page7 =
        HexFormat.of().parseHex("6e123d583203a1e47ffaabac575c5af3004f3fe7fa3d6670245d1e4560e50a3c");
    byte[] entry = new byte[32];
    System.arraycopy(ascending(0xD0), 0, entry, 0, 12);
    TagPage.setState(entry, 0, TagPage.PRESENT, 4096);
    byte[] context = TagPage.sectorContext(Bytes.copyOf(ascending(0x50), 0, 16), 1, 58, entry, 0);
    byte[] clear = new byte[4096];
    byte[] out = new byte[4096 + SectorCipher.TAG];
    try (SecretBytes grub = SecretBytes.copyOf(page7);
        SectorKey key = SectorKey.of(grub)) {
      key.encryptSector(entry, 0, context, clear, 0, clear.length, out, 0);
    }
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(derive(page7, "content"), "AES"),
        new GCMParameterSpec(128, ascending(0xD0), 0, 12));
    cipher.updateAAD(context);
    byte[] expected = cipher.doFinal(clear);
    assertThat(out).startsWith(Arrays.copyOf(expected, 4096));
    String specification = Files.readString(Path.of("../../docs/spec/secure-file-format.md"));
    HexFormat hex = HexFormat.of();
    assertThat(specification)
        .contains("`" + hex.formatHex(derive(page7, "content")) + "`")
        .contains("`" + hex.formatHex(context) + "`")
        .contains("`" + hex.formatHex(out, 0, 16) + "`")
        .contains("`" + hex.formatHex(entry, 12, 28) + "`");
  }

  @Test
  void aSectorIsGcmUnderTheContentKey() throws Exception {
    byte[] entry = new byte[40];
    System.arraycopy(ascending(7), 0, entry, 4, 12);
    TagPage.setState(entry, 4, TagPage.PRESENT, 4000);
    byte[] context = TagPage.sectorContext(UID, 3, 12, entry, 4);
    byte[] clear = new byte[4096];
    new Random(1).nextBytes(clear);
    byte[] out = new byte[5 + 4096 + SectorCipher.TAG];
    keys.content().encryptSector(entry, 4, context, clear, 0, clear.length, out, 5);

    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(derive(ENC, "content"), "AES"),
        new GCMParameterSpec(128, ascending(7), 0, 12));
    cipher.updateAAD(context);
    byte[] expected = cipher.doFinal(clear);
    assertThat(Arrays.copyOfRange(out, 5, 5 + 4096)).isEqualTo(Arrays.copyOf(expected, 4096));
    assertThat(Arrays.copyOfRange(entry, 16, 32))
        .isEqualTo(Arrays.copyOfRange(expected, 4096, 4112));

    byte[] back = new byte[4096];
    assertThat(keys.content().decryptSector(entry, 4, context, out, 5, back, 0, back.length))
        .isTrue();
    assertThat(back).isEqualTo(clear);
  }

  @Test
  void aSectorIsRefusedUnderAnyOtherContext() {
    byte[] entry = new byte[TagPage.ENTRY];
    TagPage.setState(entry, 0, TagPage.PRESENT, 4096);
    byte[] clear = new byte[4096];
    byte[] out = new byte[4096 + SectorCipher.TAG];
    byte[] context = TagPage.sectorContext(UID, 3, 12, entry, 0);
    keys.content().encryptSector(entry, 0, context, clear, 0, clear.length, out, 0);
    byte[] back = new byte[4096];
    for (int at = 0; at < context.length; at++) {
      context[at] ^= 1;
      assertThat(keys.content().decryptSector(entry, 0, context, out, 0, back, 0, back.length))
          .as("byte %d", at)
          .isFalse();
      context[at] ^= 1;
    }
    for (int at = 0; at < 28; at++) {
      entry[at] ^= 1;
      assertThat(keys.content().decryptSector(entry, 0, context, out, 0, back, 0, back.length))
          .as("byte %d", at)
          .isFalse();
      entry[at] ^= 1;
    }
    assertThat(keys.content().decryptSector(entry, 0, context, out, 0, back, 0, back.length))
        .isTrue();
  }

  @Test
  void nothingOfARefusedSectorIsHandedOut() {
    byte[] entry = new byte[TagPage.ENTRY];
    entry[0] = 1; // another nonce than in the tests above
    TagPage.setState(entry, 0, TagPage.PRESENT, 4096);
    byte[] clear = new byte[4096];
    Arrays.fill(clear, (byte) 'p');
    byte[] out = new byte[4096 + SectorCipher.TAG];
    byte[] context = TagPage.sectorContext(UID, 0, 0, entry, 0);
    keys.content().encryptSector(entry, 0, context, clear, 0, clear.length, out, 0);
    out[4095] ^= 1;
    byte[] back = new byte[4096];
    assertThat(keys.content().decryptSector(entry, 0, context, out, 0, back, 0, back.length))
        .isFalse();
    assertThat(back).doesNotContain((byte) 'p');
  }
}
