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
import dev.strongroom.file.share.TransientContent;
import dev.strongroom.file.store.StoreFile;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;

/**
 * A transient file in which one byte is altered, each in turn, or which is cut or longer: it is
 * refused, or read as it was sent because the other copy is whole or nothing lies there; which of
 * the two is asserted for each byte by the ranges of the specification. It never gives anything
 * else.
 *
 * <p>The steps are those of receiving. Finding a prelude and looking at the length take no element,
 * so what is refused there cannot take a place in the register. What is behind them is tried with
 * the prelude and key that were found once; that the first step reads nothing of the image is
 * asserted too.
 */
class TransientBytesTest {

  private static final int BLOCK = 4096;

  /** Sectors that are no holes: two in the first run, one in each of two tag pages below a node. */
  private static final int[] PRESENT = {0, 1, 32, 152};

  private static final int LENGTH = 152 * BLOCK + 1000;

  /**
   * Where sectors, tag pages and nodes lie behind the header copies, which is section 7.1 of the
   * secure file's specification for sectors of 4096 bytes: the sectors, tag pages 0 and 1, their
   * node.
   */
  private static final int[] LOOKED_AT = {
    8192, 8192 + BLOCK, 143_360, 643_072, 139_264, 638_976, 634_880
  };

  @TempDir static Path folder;

  private static SecureElement element;
  private static ElementSession session;
  private static ElementCard card;
  private static byte[] content;

  /** As it was sent, with room for more recipients in its prelude. */
  private static byte[] spacious;

  /** The same with the shortest prelude that there can be. */
  private static byte[] sent;

  private static Prelude prelude;
  private static TransientKey key;
  private static TransientContent shown;

  @BeforeAll
  static void send() throws IOException {
    element = SecureElement.open(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
    try (SecretBytes user = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
      session = element.login(user);
    }
    card = element.card();
    content = new byte[LENGTH];
    for (int sector : PRESENT) {
      byte[] some = new byte[Math.min(BLOCK, LENGTH - sector * BLOCK)];
      new Random(sector).nextBytes(some);
      System.arraycopy(some, 0, content, sector * BLOCK, some.length);
    }
    Path target = folder.resolve("sent");
    try (SecureFileSystem volume =
        SecureFileSystem.create(session, folder.resolve("volume"), VolumeOptions.defaults())) {
      volume.contacts().add("self", card, card.fingerprint());
      for (String name : List.of("second", "third")) {
        ElementCard other = otherCard();
        volume.contacts().add(name, other, other.fingerprint());
      }
      try (SecureFile file =
          volume.openFile("f", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        for (int sector : PRESENT) {
          int at = sector * BLOCK;
          file.pwrite(at, content, at, Math.min(BLOCK, LENGTH - at));
        }
      }
      volume.setUserAttribute("f", "note", new byte[] {1, 2, 3});
      volume.setMode("f", 0640);
      volume.send("f", target, SendOptions.to("self", "second", "third").suite(HpkeSuite.P256));
    }
    spacious = Files.readAllBytes(target);
    key = keyOf(spacious);
    sent = withShortestPrelude(spacious);
    prelude = read(AlteredFile.whole(sent)).prelude();
    try (ImageReader image = ImageReader.open(AlteredFile.whole(sent), "f", prelude, key)) {
      shown = TransientFiles.content(image.header());
    }
  }

  private static ElementCard otherCard() throws IOException {
    try (SecureElement other =
            SecureElement.open(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
        SecretBytes user = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      other.initialize(user, administrator);
      return other.card();
    }
  }

  private static TransientKey keyOf(byte[] file) throws IOException {
    PreludeFile.Found found = read(AlteredFile.whole(file));
    FileKeyWrap wrap = FileKeyWrap.of(found.prelude(), found.sender());
    Stanza own = found.prelude().stanzas().get(0);
    return Objects.requireNonNull(wrap.unwrapOwn(session, own, TransientFiles.suite("f", own)));
  }

  private static byte[] withShortestPrelude(byte[] file) throws IOException {
    Prelude old = read(AlteredFile.whole(file)).prelude();
    Prelude shorter =
        new Prelude(
            BLOCK,
            old.revision(),
            old.transientId(),
            old.outboxId(),
            old.created(),
            old.expires(),
            old.imageLength(),
            old.headerBytes(),
            old.headerSignature(),
            old.contentDigest(),
            old.card(),
            old.stanzas(),
            old.records());
    byte[] copy = PreludeFile.sign(session, shorter, key);
    int image = file.length - 2 * old.length();
    byte[] made = Arrays.copyOf(copy, 2 * BLOCK + image);
    System.arraycopy(copy, 0, made, BLOCK, BLOCK);
    System.arraycopy(file, 2 * old.length(), made, 2 * BLOCK, image);
    return made;
  }

  @AfterAll
  static void logout() {
    key.close();
    session.close();
    element.close();
  }

  private static PreludeFile.Found read(StoreFile file) throws IOException {
    return PreludeFile.read(file, "f");
  }

  /** What is behind the prelude, as in receiving: all checks are made, all content compared. */
  private static void receive(StoreFile file, Prelude of) throws IOException {
    ImageReader.requireWhole(file, "f", of);
    try (ImageReader image = ImageReader.open(file, "f", of, key)) {
      Set<Long> seen = new TreeSet<>();
      image.sectors(
          (sector, clear, length, flags) -> {
            int at = (int) sector * BLOCK;
            if (!seen.add(sector) || !Arrays.equals(clear, 0, length, content, at, at + length)) {
              throw new AssertionFailedError("another content of sector " + sector);
            }
          });
      boolean same =
          TransientFiles.content(image.header()).equals(shown)
              && Arrays.equals(image.header().attributes.get("note"), new byte[] {1, 2, 3})
              && seen.size() == PRESENT.length;
      if (!same) {
        throw new AssertionFailedError("something else was received");
      }
    }
  }

  private static boolean isRefused(StoreFile file) throws IOException {
    try {
      PreludeFile.Found found = read(file);
      PreludeFile.requireMac("f", found, key);
      receive(file, found.prelude());
      return false;
    } catch (IntegrityException | FormatVersionException e) {
      return true;
    }
  }

  private static boolean isImageRefused(StoreFile file) throws IOException {
    try {
      receive(file, prelude);
      return false;
    } catch (IntegrityException | FormatVersionException e) {
      return true;
    }
  }

  private static boolean isPreludeRefused(StoreFile file, Prelude expected) throws IOException {
    try {
      if (!read(file).prelude().equals(expected)) {
        throw new AssertionFailedError("another prelude was taken");
      }
      return false;
    } catch (IntegrityException | FormatVersionException e) {
      return true;
    }
  }

  private static int image() {
    return 2 * BLOCK;
  }

  /** What is looked at in the image, both header copies left out. */
  private static BitSet lookedAt() {
    BitSet positions = new BitSet();
    for (int at : LOOKED_AT) {
      positions.set(image() + at, image() + at + BLOCK);
    }
    return positions;
  }

  @Test
  void asItIsItGivesWhatWasSent() throws IOException {
    assertThat(isRefused(AlteredFile.whole(sent))).isFalse();
    assertThat(isRefused(AlteredFile.whole(spacious))).isFalse();
    assertThat(shown.name()).isEqualTo("f");
    assertThat(shown.size()).isEqualTo(LENGTH);
    assertThat(prelude.recipients()).hasSize(3);
    assertThat(sent).hasSize(image() + 643_072 + BLOCK);
  }

  @Test
  void nothingIsReadButWhatTheSpecificationNames() throws IOException {
    AlteredFile first = AlteredFile.whole(sent);
    read(first);
    BitSet copies = new BitSet();
    copies.set(0, image());
    assertThat(first.positionsRead()).isEqualTo(copies);
    AlteredFile second = AlteredFile.whole(sent);
    receive(second, prelude);
    BitSet expected = lookedAt();
    expected.set(image(), image() + BLOCK); // the first header copy, as it is whole
    assertThat(second.positionsRead()).isEqualTo(expected);
  }

  @Test
  void inThePreludeAnyAlteredByteOfOneCopyIsMadeUpForByTheOther() throws IOException {
    for (int at = 0; at < image(); at++) {
      assertThat(isPreludeRefused(AlteredFile.at(sent, at), prelude)).as("byte %s", at).isFalse();
    }
  }

  @Test
  void inBothCopiesOfThePreludeAnyAlteredByteIsRefused() throws IOException {
    for (int at = 0; at < BLOCK; at++) {
      assertThat(isPreludeRefused(AlteredFile.at(sent, at, BLOCK + at), prelude))
          .as("byte %s", at)
          .isTrue();
    }
  }

  @Test
  void soItIsWithRoomForMoreRecipients() throws IOException {
    Prelude longer = read(AlteredFile.whole(spacious)).prelude();
    int length = longer.length();
    assertThat(length).isGreaterThan(2 * BLOCK);
    for (int at = 0; at < length; at += 97) {
      boolean[] refused = {
        isPreludeRefused(AlteredFile.at(spacious, at), longer),
        isPreludeRefused(AlteredFile.at(spacious, length + at), longer),
        isPreludeRefused(AlteredFile.at(spacious, at, length + at), longer)
      };
      assertThat(refused).as("byte %s", at).containsExactly(false, false, true);
    }
  }

  @Test
  void inTheImageAnyAlteredByteThatIsLookedAtIsRefused() throws IOException {
    BitSet lookedAt = lookedAt();
    assertThat(lookedAt.cardinality()).isEqualTo(LOOKED_AT.length * BLOCK);
    for (int at = lookedAt.nextSetBit(0); at >= 0; at = lookedAt.nextSetBit(at + 1)) {
      assertThat(isImageRefused(AlteredFile.at(sent, at))).as("byte %s", at).isTrue();
    }
  }

  @Test
  void ofTheHeaderAnyAlteredByteOfOneCopyIsMadeUpForAndOfBothIsRefused() throws IOException {
    for (int at = image(); at < image() + BLOCK; at++) {
      boolean[] refused = {
        isImageRefused(AlteredFile.at(sent, at)),
        isImageRefused(AlteredFile.at(sent, at + BLOCK)),
        isImageRefused(AlteredFile.at(sent, at, at + BLOCK))
      };
      assertThat(refused).as("byte %s", at).containsExactly(false, false, true);
    }
  }

  @Test
  void whatLiesInHolesDoesNotMatter() throws IOException {
    holes(211);
  }

  @Test
  @Tag("growth")
  void whatLiesInAnyByteOfHolesDoesNotMatter() throws IOException {
    holes(1);
  }

  private static void holes(int step) throws IOException {
    BitSet lookedAt = lookedAt();
    for (int at = image() + 2 * BLOCK; at < sent.length; at += step) {
      if (!lookedAt.get(at)) {
        assertThat(isImageRefused(AlteredFile.at(sent, at))).as("byte %s", at).isFalse();
      }
    }
  }

  @Test
  void aFileThatIsCutOrLongerIsRefused() throws IOException {
    for (int length = 0; length < image(); length++) {
      assertThat(isRefused(AlteredFile.ofLength(sent, length))).as("length %s", length).isTrue();
    }
    lengths(61);
  }

  @Test
  @Tag("growth")
  void aFileOfAnyOtherLengthIsRefused() throws IOException {
    lengths(1);
  }

  private static void lengths(int step) throws IOException {
    int dense = 3 * BLOCK;
    int last = sent.length + dense;
    for (int length = image(); length <= last; length++) {
      boolean tried =
          length % step == 0 || length < image() + dense || length > sent.length - dense;
      if (tried && isLengthRefused(length) == (length == sent.length)) {
        throw new AssertionFailedError("length " + length);
      }
    }
  }

  private static boolean isLengthRefused(int length) throws IOException {
    try {
      ImageReader.requireWhole(AlteredFile.ofLength(sent, length), "f", prelude);
      return false;
    } catch (IntegrityException e) {
      return true;
    }
  }

  /**
   * Whoever knows the key of AES-GCM finds another ciphertext with the same tag: here two blocks
   * are changed so that their changes cancel out in GHASH (NIST SP 800-38D, 6.4).
   */
  @Test
  void aRecipientWhoForgesASectorUnderItsTagIsFound() throws Exception {
    byte[] encGrub;
    byte[] fileKey = fileKey();
    Bytes uid = Bytes.copyOf(sent, image() + 40, 16);
    Bytes rnd = Bytes.copyOf(sent, image() + 56, 16);
    try (SecretBytes secret = SecretBytes.copyOf(fileKey);
        SecretBytes none = SecretBytes.adopt(new byte[32]);
        Grub pair =
            Grub.of(secret, prelude.transientId(), GrubRequest.existing(uid, rnd, 0), none)) {
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
    int end = image() + 2 * BLOCK + BLOCK; // of sector 0
    for (int i = 0; i < 16; i++) {
      forged[end - 32 + i] ^= change[i];
      forged[end - 16 + i] ^= balance[i];
    }
    assertThatThrownBy(() -> readForged(forged))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("content digest");
  }

  private static void readForged(byte[] forged) throws IOException {
    try (ImageReader image = ImageReader.open(AlteredFile.whole(forged), "f", prelude, key)) {
      image.sectors((sector, clear, length, flags) -> {});
    }
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
