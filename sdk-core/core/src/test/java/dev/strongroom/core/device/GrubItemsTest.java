// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ManagedFileKey.Intent;
import dev.strongroom.core.transport.FrameException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of docs/spec/element-protocol.md, 2.4 and 2.5. */
class GrubItemsTest {

  private static final Bytes VOLUME = filled(0x40, 16);
  private static final Bytes UID = filled(0x50, 16);
  private static final Bytes RND = filled(0x60, 16);
  private static final Bytes KEY_ID = filled(0x70, 16);
  private static final Bytes WRAPPED = filled(0x7A, 40);

  private final GrubRequest unwrap =
      new GrubRequest(UID, RND, 3, new ManagedFileKey(KEY_ID, WRAPPED, Intent.READ));
  private final GrubRequest create = new GrubRequest(UID, null, 0, ManagedFileKey.create(KEY_ID));

  @Test
  void itemsHaveTheBytesOfTheSpecification() {
    GrubItems items =
        new GrubItems(
            List.of(
                GrubRequest.existing(UID, RND, 1),
                GrubRequest.create(UID),
                unwrap,
                create,
                new GrubRequest(UID, RND, 4, ManagedFileKey.create(KEY_ID))));
    String rnd = RND.toString();
    String zeros = "00".repeat(16);
    assertThat(Bytes.copyOf(items.encode(VOLUME)))
        .hasToString(
            VOLUME
                + ("00" + UID + rnd + "00000001")
                + ("01" + UID + zeros + "00000000")
                + ("02" + UID + rnd + "00000003" + KEY_ID + "00" + "0028" + WRAPPED)
                + ("03" + UID + zeros + "00000000" + KEY_ID)
                + ("03" + UID + rnd + "00000004" + KEY_ID));
  }

  @Test
  void pagesOfAFileWithAFileKeyNameIt() {
    GrubRequest writing =
        new GrubRequest(UID, RND, 3, new ManagedFileKey(KEY_ID, WRAPPED, Intent.WRITE));
    assertThat(Bytes.copyOf(GrubItems.encodePages(VOLUME, writing, 7, 2)))
        .hasToString(
            ""
                + VOLUME
                + UID
                + RND
                + "00000003"
                + "0000000000000007"
                + "0002"
                + KEY_ID
                + "01"
                + "0028"
                + WRAPPED);
    assertThat(Bytes.copyOf(GrubItems.encodePages(VOLUME, GrubRequest.existing(UID, RND, 3), 7, 2)))
        .hasToString("" + VOLUME + UID + RND + "00000003" + "0000000000000007" + "0002");
  }

  @Test
  void anAnswerHasTheNewFileKeyBehindThePair() throws Exception {
    GrubItems items = new GrubItems(List.of(create, unwrap));
    String pair = RND + "11".repeat(32) + "22".repeat(32) + "33".repeat(32);
    List<Grub> grubs = items.decode(Bytes.parse(pair + "0028" + WRAPPED + pair).toByteArray());
    assertThat(grubs.get(0).wrapped()).isEqualTo(WRAPPED);
    assertThat(grubs.get(1).wrapped()).isNull();
    for (Grub grub : grubs) {
      assertThat(grub.rnd()).isEqualTo(RND);
      assertThat(grub.sig().use(byte[]::clone)).containsOnly(0x22);
      grub.close();
    }
  }

  @Test
  void answersOfOtherLengthsAreRefused() {
    GrubItems items = new GrubItems(List.of(create));
    String pair = "00".repeat(112);
    for (String wrong :
        List.of(
            "",
            pair,
            pair + "00",
            pair + "0000",
            pair + "0002FF",
            pair + "0001FFFF",
            pair + "0097" + "FF".repeat(151))) {
      assertThatThrownBy(() -> items.decode(Bytes.parse(wrong).toByteArray()))
          .isInstanceOf(FrameException.class);
    }
  }

  @Test
  void aBatchFitsIntoOneCommandBothWays() {
    List<GrubRequest> existing = new ArrayList<>(Collections.nCopies(70, unwrap));
    assertThat(GrubItems.fitting(existing, 64)).isEqualTo(64);
    Bytes longest = filled(1, ManagedFileKey.MAX_WRAPPED);
    GrubRequest large =
        new GrubRequest(UID, RND, 0, new ManagedFileKey(KEY_ID, longest, Intent.READ));
    for (GrubRequest request : List.of(create, large, GrubRequest.create(UID))) {
      List<GrubRequest> many = Collections.nCopies(100, request);
      int count = GrubItems.fitting(many, 64);
      GrubItems items = new GrubItems(many.subList(0, count));
      assertThat(items.encode(VOLUME).length).isLessThanOrEqualTo(ElementProtocol.MAX_DATA);
      assertThat(items.answerLength()).isLessThanOrEqualTo(ElementProtocol.MAX_DATA);
      assertThat(count).isBetween(20, 64);
    }
  }

  private static Bytes filled(int value, int length) {
    byte[] bytes = new byte[length];
    java.util.Arrays.fill(bytes, (byte) value);
    return Bytes.copyOf(bytes);
  }
}
