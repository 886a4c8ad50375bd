// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.GroupTerms.Imports;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.sekey.Samples;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GroupPolicyTest {

  private static final String VECTOR =
      "01030311210100000001e1338005a39a8000278d00000f4240"
          + "0064400000000076a700000000080101020201010000278d0001";
  private static final String VECTOR_HASH =
      "ea97aa1b1d59e270553c9987cf5fd9f455dffde15a16a9021fc8588db065034f";

  private static final GroupTerms UNLIMITED =
      new GroupTerms(
          Imports.PERMITTED,
          ElementClass.SMART_CARD,
          GroupTerms.UNLIMITED,
          GroupTerms.UNLIMITED,
          GroupTerms.UNLIMITED,
          GroupTerms.UNLIMITED,
          0xFFFF);

  private static final GroupPolicy OTHER =
      GroupPolicy.builder()
          .algorithms(EnumSet.of(KeyAlgorithm.X25519, KeyAlgorithm.AES_128))
          .resource(Resource.HOST)
          .terms(UNLIMITED)
          .keyUses(1)
          .rotationSeconds(0)
          .mostKeys(4_000_000_000L)
          .suspended(Treatment.WITH_ACKNOWLEDGEMENT)
          .compromised(Treatment.WITH_ACKNOWLEDGEMENT)
          .late(Treatment.REFUSED)
          .rewrapping(Rewrapping.REFUSED)
          .history(History.FROM_JOINING)
          .readers(Readers.RECIPIENTS_ONLY)
          .approvals(255)
          .destructionSeconds(1)
          .periodEnd(PeriodEnd.DESTROYED)
          .build();

  /** {@code docs/spec/group-policy.md}, made by a program of its own. */
  @Test
  void theDefaultsAreTheVectorOfTheSpecification() {
    GroupPolicy defaults = GroupPolicy.builder().build();
    assertThat(defaults.encode()).isEqualTo(Bytes.parse(VECTOR));
    assertThat(defaults.hash()).isEqualTo(Bytes.parse(VECTOR_HASH));
    assertThat(defaults.keyHash()).isEqualTo(Bytes.parse(VECTOR_HASH.substring(0, 8)));
  }

  @Test
  void whatIsWrittenIsRead() {
    assertThat(GroupPolicy.parse(OTHER.encode())).isEqualTo(OTHER);
    assertThat(OTHER.toBuilder().build()).isEqualTo(OTHER);
    assertThat(OTHER.hash()).isNotEqualTo(GroupPolicy.builder().build().hash());
  }

  @Test
  void everyOtherByteIsAnotherPolicyOrNone() {
    byte[] encoded = OTHER.encode().toByteArray();
    Set<GroupPolicy> seen = new HashSet<>(Set.of(OTHER));
    for (int at = 0; at < encoded.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = encoded.clone();
        changed[at] ^= (byte) (1 << bit);
        try {
          assertThat(seen.add(GroupPolicy.parse(Bytes.copyOf(changed)))).isTrue();
        } catch (IllegalArgumentException e) {
          assertThat(e).hasMessageNotContaining("null");
        }
      }
      byte[] cut = Arrays.copyOf(encoded, at);
      assertThatThrownBy(() -> GroupPolicy.parse(Bytes.copyOf(cut)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(seen).hasSizeGreaterThan(100);
    assertThatThrownBy(() -> GroupPolicy.parse(Bytes.copyOf(Arrays.copyOf(encoded, 99))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keysHaveTheFlagsOfTheirPolicy() {
    assertThat(GroupPolicy.builder().build().flags())
        .containsExactlyInAnyOrder(KeyFlag.DISTRIBUTION, KeyFlag.LATE_PROCESSING, KeyFlag.REWRAP);
    assertThat(OTHER.flags())
        .containsExactlyInAnyOrder(
            KeyFlag.DISTRIBUTION,
            KeyFlag.SUSPENDED_PROCESSING,
            KeyFlag.COMPROMISED_PROCESSING,
            KeyFlag.HOST_KEYS);
  }

  @Test
  void theDefaultPeriodsAreTheLongestOnes() {
    KeyPeriods year = GroupPolicy.builder().build().periodsFrom(Samples.NOW);
    assertThat(year.originatorEnd()).isEqualTo(Samples.later(365 * Samples.DAY));
    assertThat(year.recipientEnd()).isEqualTo(Samples.later(4 * 365 * Samples.DAY));
    assertThat(OTHER.periodsFrom(Samples.NOW).originatorEnd()).isEqualTo(ElementTime.NONE);
    assertThat(OTHER.periodsFrom(Samples.NOW).recipientEnd()).isEqualTo(ElementTime.NONE);
  }

  @Test
  void aRotationLaterThanThePeriodIsNoPolicy() {
    assertThatThrownBy(() -> GroupPolicy.builder().rotationSeconds(366 * Samples.DAY).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rotation");
    assertThatThrownBy(() -> GroupPolicy.builder().algorithms(Set.of()).build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GroupPolicy.builder().mostKeys(0).build())
        .isInstanceOf(IllegalArgumentException.class);
  }
}
