// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.internal.crypto.MacKey;
import dev.strongroom.file.internal.crypto.TransientKey;
import dev.strongroom.file.internal.format.v1.Prelude;
import dev.strongroom.file.internal.format.v1.Stanza;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.store.StoreFile;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;

/**
 * A transient file that is altered anywhere is refused, or is read as it was sent because the other
 * copy is whole or nothing lies there; it never gives anything else. The steps are those of
 * receiving, with the sender's own stanza, so that one file can be tried any number of times.
 */
class TransientBytesTest {

  private static final int CONTENT = 140_000;

  @TempDir static Path folder;

  private static SecureElement element;
  private static ElementSession session;
  private static ElementCard card;
  private static byte[] sent;
  private static byte[] content;
  private static Prelude prelude;

  @BeforeAll
  static void send() throws IOException {
    element = SecureElement.open(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
    try (SecretBytes user = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
      session = element.login(user);
    }
    card = element.card();
    content = new byte[CONTENT];
    new Random(1).nextBytes(content);
    Path target = folder.resolve("sent");
    try (SecureFileSystem volume =
        SecureFileSystem.create(session, folder.resolve("volume"), VolumeOptions.defaults())) {
      volume.contacts().add("self", card, card.fingerprint());
      try (SecureFile file =
          volume.openFile("f", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        file.write(content);
        file.pwrite(CONTENT + 100_000, new byte[] {1}, 0, 1); // with holes before it
      }
      volume.send("f", target, SendOptions.to("self").suite(HpkeSuite.P256));
    }
    content = Arrays.copyOf(content, CONTENT + 100_001);
    content[CONTENT + 100_000] = 1;
    sent = Files.readAllBytes(target);
    prelude = read(sent).prelude();
  }

  @AfterAll
  static void logout() {
    session.close();
    element.close();
  }

  private static PreludeFile.Found read(byte[] bytes) throws IOException {
    try (StoreFile file = new BytesFile(bytes)) {
      return PreludeFile.read(file, "f");
    }
  }

  /** What a file gives, as in receiving; all checks are made. */
  private static byte[] receive(byte[] bytes) throws IOException {
    try (StoreFile file = new BytesFile(bytes)) {
      PreludeFile.Found found = PreludeFile.read(file, "f");
      FileKeyWrap wrap = FileKeyWrap.of(found.prelude(), found.sender());
      Stanza own = found.prelude().stanzas().get(0);
      TransientKey key = wrap.unwrapOwn(session, own, TransientFiles.suite("f", own));
      if (key == null) {
        throw new IntegrityException("f", "prelude", -1, -1, -1, "no key");
      }
      try (key;
          ImageReader image = ImageReader.open(file, "f", found.prelude(), key)) {
        PreludeFile.requireMac("f", found, key);
        byte[] target = new byte[(int) image.header().length];
        int size = image.header().sectorBytes;
        image.sectors(
            (sector, clear, length, flags) ->
                System.arraycopy(clear, 0, target, (int) sector * size, length));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(image.header().name.getBytes(StandardCharsets.UTF_8));
        all.writeBytes(target);
        return all.toByteArray();
      }
    }
  }

  private static byte[] whole() {
    byte[] all = new byte[1 + content.length];
    all[0] = 'f';
    System.arraycopy(content, 0, all, 1, content.length);
    return all;
  }

  private static boolean isRefused(byte[] altered) throws IOException {
    try {
      if (!Arrays.equals(receive(altered), whole())) {
        throw new AssertionFailedError("another content was received");
      }
      return false;
    } catch (IntegrityException | FormatVersionException e) {
      return true;
    }
  }

  private static byte[] altered(int at) {
    byte[] bytes = sent.clone();
    bytes[at] ^= (byte) (1 + at % 255);
    return bytes;
  }

  @Test
  void asItIsItGivesWhatWasSent() throws IOException {
    assertThat(receive(sent)).isEqualTo(whole());
  }

  @Test
  void inThePreludeAnyAlteredByteOfOneCopyIsMadeUpForByTheOther() throws IOException {
    int length = prelude.length();
    int used = prelude.usedLength();
    for (int at = 0; at < length; at += at < used ? 1 : 211) {
      assertThat(isRefused(altered(at))).as("byte %s", at).isFalse();
    }
    for (int at = length; at < 2 * length; at += at < length + used ? 1 : 211) {
      assertThat(isRefused(altered(at))).as("byte %s", at).isFalse();
    }
  }

  @Test
  void inBothCopiesOfThePreludeAnyAlteredByteIsRefused() throws IOException {
    int length = prelude.length();
    for (int at = 0; at < length; at += at < prelude.usedLength() ? 1 : 211) {
      byte[] bytes = altered(at);
      bytes[length + at] = bytes[at];
      assertThat(isRefused(bytes)).as("byte %s", at).isTrue();
    }
  }

  @Test
  void inTheImageAnyAlteredByteIsRefusedOrMadeUpForOrNotLookedAt() throws IOException {
    int base = 2 * prelude.length();
    int header = prelude.headerBytes();
    // 140,000 bytes are 35 sectors: 32 behind the headers, then a tag page with the others.
    int firstTagPage = base + 2 * header + 32 * 4096;
    int used = firstTagPage + 4096 + (35 - 32) * 4096;
    for (int at = base; at < sent.length; at++) {
      boolean headerCopy = at < base + 2 * header;
      boolean sampled =
          headerCopy || at % 37 == 0 || (at >= firstTagPage && at < firstTagPage + 4096);
      if (!sampled) {
        continue;
      }
      boolean hole = at >= used && at < sent.length - 4096;
      assertThat(isRefused(altered(at))).as("byte %s", at).isEqualTo(!headerCopy && !hole);
    }
  }

  @Test
  void bothHeaderCopiesAlteredAreRefused() throws IOException {
    int base = 2 * prelude.length();
    for (int at = base; at < base + prelude.headerBytes(); at++) {
      byte[] bytes = altered(at);
      bytes[at + prelude.headerBytes()] = bytes[at];
      assertThat(isRefused(bytes)).as("byte %s", at).isTrue();
    }
  }

  @Test
  void aFileOfAnotherLengthIsRefused() throws IOException {
    for (int length = 0; length < sent.length; length += length < 300 ? 1 : 997) {
      assertThat(isRefused(Arrays.copyOf(sent, length))).as("length %s", length).isTrue();
    }
    assertThat(isRefused(Arrays.copyOf(sent, sent.length - 1))).isTrue();
    assertThat(isRefused(Arrays.copyOf(sent, sent.length + 1))).isTrue();
  }

  /**
   * Whoever knows the key of AES-GCM finds another ciphertext with the same tag: here two blocks
   * are changed so that their changes cancel out in GHASH (NIST SP 800-38D, 6.4).
   */
  @Test
  void aRecipientWhoForgesASectorUnderItsTagIsFound() throws Exception {
    byte[] fileKey = fileKey();
    byte[] encGrub;
    Bytes uid = Bytes.copyOf(sent, 2 * prelude.length() + 40, 16);
    Bytes rnd = Bytes.copyOf(sent, 2 * prelude.length() + 56, 16);
    try (SecretBytes key = SecretBytes.copyOf(fileKey);
        SecretBytes none = SecretBytes.adopt(new byte[32]);
        Grub pair = Grub.of(key, prelude.transientId(), GrubRequest.existing(uid, rnd, 0), none)) {
      encGrub = pair.enc().use(byte[]::clone);
    }
    byte[] extracted = MacKey.once(new byte[32], encGrub);
    byte[] contentKey =
        MacKey.once(extracted, "strongroom v1 content\u0001".getBytes(StandardCharsets.US_ASCII));
    Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
    aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(contentKey, "AES"));
    byte[] h = aes.doFinal(new byte[16]);
    byte[] change = new byte[16];
    change[3] = 0x55;
    byte[] balance = multiply(change, h);
    byte[] forged = sent.clone();
    int end = 2 * prelude.length() + 2 * prelude.headerBytes() + 4096; // of sector 0
    for (int i = 0; i < 16; i++) {
      forged[end - 32 + i] ^= change[i];
      forged[end - 16 + i] ^= balance[i];
    }
    assertThatThrownBy(() -> receive(forged))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("content digest");
  }

  private static byte[] fileKey() throws Exception {
    Stanza own = prelude.stanzas().get(0);
    FileKeyWrap wrap = FileKeyWrap.of(prelude, card);
    Bytes context = Bytes.copyOf("strongroom v1 file key".getBytes(StandardCharsets.US_ASCII));
    Cipher unwrap = Cipher.getInstance("AES/KW/NoPadding");
    try (SecretBytes kek =
        session.hpkeExport(
            TransientFiles.suite("f", own),
            own.enc(),
            wrap.info(card, own.suite(), 0),
            context,
            32)) {
      byte[] key = kek.use(byte[]::clone);
      unwrap.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"));
      return unwrap.doFinal(own.wrapped().toByteArray());
    }
  }

  /** Multiplication in GF(2^128), NIST SP 800-38D, 6.3. */
  private static byte[] multiply(byte[] x, byte[] y) {
    byte[] z = new byte[16];
    byte[] v = y.clone();
    for (int bit = 0; bit < 128; bit++) {
      if ((x[bit / 8] >> (7 - bit % 8) & 1) != 0) {
        for (int i = 0; i < 16; i++) {
          z[i] ^= v[i];
        }
      }
      boolean carry = (v[15] & 1) != 0;
      for (int i = 15; i >= 0; i--) {
        v[i] = (byte) ((v[i] & 0xFF) >> 1 | (i > 0 ? (v[i - 1] & 1) << 7 : 0));
      }
      if (carry) {
        v[0] ^= (byte) 0xE1;
      }
    }
    return z;
  }
}
