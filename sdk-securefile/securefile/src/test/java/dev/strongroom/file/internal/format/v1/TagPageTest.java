// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Tag pages byte by byte. */
class TagPageTest {

  @Test
  void theHeadStandsAsTheSpecificationSays() {
    byte[] page = TagPage.create(2, 0x0102030405060708L, Sample.UID, 0x0A0B0C0D);
    ByteBuffer in = ByteBuffer.wrap(page);
    assertThat(page).hasSize(4096);
    assertThat(new String(page, 0, 8, StandardCharsets.US_ASCII)).isEqualTo("SRTAGPG1");
    assertThat(page[8]).isEqualTo((byte) 2);
    assertThat(in.getInt(12)).isEqualTo(0x0A0B0C0D);
    assertThat(in.getLong(16)).isEqualTo(0x0102030405060708L);
    assertThat(java.util.Arrays.copyOfRange(page, 24, 40)).isEqualTo(Sample.UID.toByteArray());
    assertThat(TagPage.isEmpty(page)).isTrue();
    assertThat(TagPage.usedLength(page)).isEqualTo(40);
  }

  @Test
  void anyOtherByteInTheHeadMakesItAnotherPage() {
    byte[] page = TagPage.create(1, 7, Sample.UID, 3);
    assertThat(TagPage.isFor(page, 1, 7, Sample.UID, 3)).isTrue();
    assertThat(TagPage.isFor(page, 0, 7, Sample.UID, 3)).isFalse();
    assertThat(TagPage.isFor(page, 1, 8, Sample.UID, 3)).isFalse();
    assertThat(TagPage.isFor(page, 1, 7, Sample.RND, 3)).isFalse();
    assertThat(TagPage.isFor(page, 1, 7, Sample.UID, 4)).isFalse();
    for (int at = 0; at < TagPage.ENTRIES; at++) {
      page[at] ^= 1;
      assertThat(TagPage.isFor(page, 1, 7, Sample.UID, 3)).isFalse();
      page[at] ^= 1;
    }
  }

  @Test
  void entriesFillThePageToItsLastByte() {
    assertThat(TagPage.offset(0)).isEqualTo(256);
    assertThat(TagPage.offset(Layout.FANOUT)).isEqualTo(Layout.TAG_PAGE);
  }

  @Test
  void anEntryWithAnyByteIsNoHole() {
    byte[] page = TagPage.create(0, 0, Sample.UID, 0);
    for (int i = 0; i < TagPage.ENTRY; i++) {
      int at = TagPage.offset(119) + i;
      page[at] = 1;
      assertThat(TagPage.isNull(page, TagPage.offset(119))).isFalse();
      assertThat(TagPage.isEmpty(page)).isFalse();
      assertThat(TagPage.isNull(page, TagPage.offset(118))).isTrue();
      assertThat(TagPage.usedLength(page)).isEqualTo(at + 1);
      page[at] = 0;
    }
  }

  @Test
  void cuttingClearsAllEntriesFromASlotOn() {
    byte[] page = TagPage.create(0, 0, Sample.UID, 0);
    java.util.Arrays.fill(page, TagPage.ENTRIES, page.length, (byte) 9);
    assertThat(TagPage.clearFrom(page, 100)).isTrue();
    assertThat(TagPage.isNull(page, TagPage.offset(99))).isFalse();
    assertThat(TagPage.isNull(page, TagPage.offset(100))).isTrue();
    assertThat(TagPage.usedLength(page)).isEqualTo(TagPage.offset(100));
    assertThat(TagPage.clearFrom(page, 100)).isFalse();
    assertThat(TagPage.clearFrom(page, Layout.FANOUT)).isFalse();
  }

  @Test
  void aSectorIsBoundToFileEpochIndexFlagsAndLength() {
    byte[] entry = new byte[40];
    TagPage.setState(entry, 8, TagPage.PRESENT, 65536);
    byte[] context = TagPage.sectorContext(Sample.UID, 5, 0x0102030405060708L, entry, 8);
    ByteBuffer in = ByteBuffer.wrap(context);
    assertThat(context).hasSize(40);
    assertThat(new String(context, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("SRv1");
    assertThat(java.util.Arrays.copyOfRange(context, 4, 20)).isEqualTo(Sample.UID.toByteArray());
    assertThat(in.getInt(20)).isEqualTo(5);
    assertThat(in.getLong(24)).isEqualTo(0x0102030405060708L);
    assertThat(in.getShort(32)).isEqualTo((short) 1);
    assertThat(in.getShort(34) & 0xFFFF).isEqualTo(65535);
    assertThat(in.getInt(36)).isZero();
  }
}
