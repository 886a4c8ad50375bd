// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.file.internal.crypto.VolumeKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The journal's anchors byte by byte. */
class JournalAnchorTest {

  private final VolumeKeys keys = Sample.volumeKeys(0);
  private final JournalAnchor anchor =
      new JournalAnchor(
          11, 12L * 4096, 13L * 4096, 14, Sample.run(0x80, 32), 15, 16, Sample.run(0x70, 16), true);

  @AfterEach
  void closeKeys() {
    keys.close();
  }

  @Test
  void everyFieldComesBack() {
    byte[] block = anchor.encode(Sample.VOLUME, keys.journal());
    assertThat(JournalAnchor.decode(block, Sample.VOLUME, keys.journal())).isEqualTo(anchor);
  }

  @Test
  void anAnchorThatIsNotCleanSaysSo() {
    JournalAnchor used =
        new JournalAnchor(0, 4096, 0, 1, Sample.run(0, 32), 0, 0, Sample.run(0x70, 16), false);
    byte[] block = used.encode(Sample.VOLUME, keys.journal());
    assertThat(block[104]).isZero();
    assertThat(JournalAnchor.decode(block, Sample.VOLUME, keys.journal())).isEqualTo(used);
  }

  @Test
  void fieldsStandAsTheSpecificationSays() {
    byte[] block = anchor.encode(Sample.VOLUME, keys.journal());
    ByteBuffer in = ByteBuffer.wrap(block);
    assertThat(block).hasSize(4096);
    assertThat(new String(block, 0, 8, StandardCharsets.US_ASCII)).isEqualTo("SRANCHO1");
    assertThat(Arrays.copyOfRange(block, 8, 24)).isEqualTo(Sample.VOLUME.toByteArray());
    assertThat(in.getLong(24)).isEqualTo(11);
    assertThat(in.getLong(32)).isEqualTo(12L * 4096);
    assertThat(in.getLong(40)).isEqualTo(13L * 4096);
    assertThat(in.getLong(48)).isEqualTo(14);
    assertThat(Arrays.copyOfRange(block, 56, 88)).isEqualTo(Sample.run(0x80, 32).toByteArray());
    assertThat(in.getLong(88)).isEqualTo(15);
    assertThat(in.getLong(96)).isEqualTo(16);
    assertThat(block[104]).isEqualTo((byte) 1);
    assertThat(keys.journal().verify(block, 0, 4064, block, 4064)).isTrue();
  }

  @Test
  void everyFlippedByteIsRefused() {
    byte[] block = anchor.encode(Sample.VOLUME, keys.journal());
    for (int at = 0; at < block.length; at++) {
      block[at] ^= 1;
      assertThat(JournalAnchor.decode(block, Sample.VOLUME, keys.journal()))
          .as("byte %d", at)
          .isNull();
      block[at] ^= 1;
    }
  }

  @Test
  void anAuthenticAnchorWithNumbersThatCannotBeIsNone() {
    for (int at : new int[] {24, 32, 40, 48, 88, 96}) {
      byte[] block = anchor.encode(Sample.VOLUME, keys.journal());
      block[at] |= (byte) 0x80;
      assertThat(decodedAgain(block)).as("byte %d", at).isNull();
    }
    byte[] block = anchor.encode(Sample.VOLUME, keys.journal());
    block[104] = 2;
    assertThat(decodedAgain(block)).isNull();
    block[104] = 0;
    assertThat(decodedAgain(block)).isNotNull();
  }

  private @Nullable JournalAnchor decodedAgain(byte[] block) {
    byte[] mac = keys.journal().mac(block, 0, 4064);
    System.arraycopy(mac, 0, block, 4064, mac.length);
    return JournalAnchor.decode(block, Sample.VOLUME, keys.journal());
  }

  @Test
  void anotherVolumesAnchorIsRefused() {
    byte[] block = anchor.encode(Sample.VOLUME, keys.journal());
    assertThat(JournalAnchor.decode(block, Sample.UID, keys.journal())).isNull();
    try (VolumeKeys other = Sample.volumeKeys(1)) {
      assertThat(JournalAnchor.decode(block, Sample.VOLUME, other.journal())).isNull();
    }
  }

  @Test
  void garbageIsRefusedWithoutAnyException() {
    long seed = 22;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] whole = anchor.encode(Sample.VOLUME, keys.journal());
    for (int i = 0; i < 20_000; i++) {
      byte[] block = Garbage.of(random, whole, 24);
      JournalAnchor found = JournalAnchor.decode(block, Sample.VOLUME, keys.journal());
      assertThat(found != null).isEqualTo(Arrays.equals(block, whole));
    }
  }
}
