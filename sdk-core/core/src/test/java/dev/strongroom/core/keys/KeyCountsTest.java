// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.identity.ElementClass;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits, leases and terms: what is left of them, and that it never gets more. */
@Tag("jdk25")
class KeyCountsTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "99, 1",
    "100, 1",
    "199, 1",
    "200, 2",
    "6553599, 65535",
    "6553600, 65536",
    "4294901760, 65536"
  })
  void aBlockIsOnePercentAndAtMost65536(long limit, long size) {
    assertThat(UsageLimit.blockSize(limit)).isEqualTo(size);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 99, 100, 101, 199, 12_345, 6_553_599, 6_553_600, 0xFFFF_0000L})
  void blocksMakeUpTheLimitAndNoMore(long limit) {
    UsageLimit uses = new UsageLimit(limit, 0);
    long before = 0;
    while (uses.unreserved() > 0) {
      uses = uses.reserve();
      assertThat(uses.reserved()).isGreaterThan(before).isLessThanOrEqualTo(limit);
      before = uses.reserved();
    }
    assertThat(before).isEqualTo(limit);
    assertThat(uses.blocks()).isBetween(1, 65_535);
    assertThatThrownBy(uses::reserve).isInstanceOf(IllegalStateException.class);
    int blocks = uses.blocks() + 1;
    assertThatThrownBy(() -> new UsageLimit(limit, blocks))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLowerLimitForgetsNoUse() {
    for (long limit : new long[] {10, 1_000, 10_000_000, UsageLimit.MAX}) {
      for (long lower : new long[] {1, 7, 10, 999, 1_000, 9_999_999}) {
        UsageLimit uses = new UsageLimit(limit, 0);
        for (int i = 0; i < 9; i++) {
          uses = uses.reserve();
        }
        if (lower <= limit) {
          assertThat(uses.lowered(lower).reserved())
              .as("%d lowered to %d", limit, lower)
              .isGreaterThanOrEqualTo(Math.min(lower, uses.reserved()));
        } else {
          UsageLimit present = uses;
          assertThatThrownBy(() -> present.lowered(lower))
              .isInstanceOf(IllegalArgumentException.class);
        }
      }
    }
    assertThat(new UsageLimit(0, 0).lowered(5)).isEqualTo(new UsageLimit(5, 0));
    assertThat(new UsageLimit(0, 0).unreserved()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aLeaseGivesWhatItSaysAndNoMore() {
    Lease lease = Lease.of(1, new ElementTime(10), 250, 2);
    long had = 0;
    while (lease.nextBlock() > 0) {
      had += lease.nextBlock();
      lease = lease.reserve();
    }
    assertThat(had).isEqualTo(250);
    lease = lease.powerUp().powerUp();
    assertThat(lease.powerUps()).isZero();
    assertThatThrownBy(lease::powerUp).isInstanceOf(IllegalStateException.class);
    Lease endless = Lease.of(2, ElementTime.MAX, Lease.UNLIMITED_USES, Lease.UNLIMITED_POWER_UPS);
    assertThat(endless.reserve().powerUp()).isEqualTo(endless);
    assertThat(endless.nextBlock()).isEqualTo(65_536);
  }

  @Test
  void anOlderOrAnotherLeaseIsRefused() {
    Lease present = new Lease(5, new ElementTime(100), 50, 20, 3);
    assertThat(accepts(present, Lease.of(5, new ElementTime(100), 50, 9))).isTrue();
    assertThat(accepts(present, Lease.of(6, new ElementTime(1), 1, 0))).isTrue();
    assertThat(accepts(present, Lease.of(4, new ElementTime(100), 50, 9))).isFalse();
    assertThat(accepts(present, Lease.of(5, new ElementTime(101), 50, 9))).isFalse();
    assertThat(accepts(present, Lease.of(5, new ElementTime(100), 51, 9))).isFalse();
    assertThat(accepts(present, Lease.of(-1, new ElementTime(1), 1, 0)))
        .as("numbers are unsigned")
        .isTrue();
    assertThat(
            KeyRules.accept(KeyVectors.GROUP, Optional.empty(), present)
                instanceof KeyDecision.Permitted)
        .isTrue();
  }

  private static boolean accepts(Lease present, Lease ordered) {
    return KeyRules.accept(KeyVectors.GROUP, Optional.of(present), ordered)
        instanceof KeyDecision.Permitted;
  }

  @Test
  void termsHoldPeriodsAndLeasesOfAGroup() {
    GroupTerms terms =
        new GroupTerms(GroupTerms.Imports.REFUSED, ElementClass.UNKNOWN, 100, 50, 10, 1_000, 5);
    assertThat(terms.permit(periods(1_000, 1_100, 1_150))).isTrue();
    assertThat(terms.permit(periods(1_000, 1_101, 1_150))).isFalse();
    assertThat(terms.permit(periods(1_000, 1_100, 1_151))).isFalse();
    assertThat(terms.permit(periods(0, 100, 150))).as("without a beginning").isFalse();
    assertThat(terms.permit(periods(1_000, 1_100, 0))).as("without an end").isFalse();
    ElementTime floor = new ElementTime(500);
    assertThat(terms.permit(Lease.of(1, new ElementTime(510), 1_000, 5), floor)).isTrue();
    assertThat(terms.permit(Lease.of(1, new ElementTime(511), 1_000, 5), floor)).isFalse();
    assertThat(terms.permit(Lease.of(1, new ElementTime(510), 1_001, 5), floor)).isFalse();
    assertThat(terms.permit(Lease.of(1, new ElementTime(510), 1_000, 6), floor)).isFalse();
    assertThat(terms.permit(Lease.of(1, ElementTime.MAX, 1_000, 5), ElementTime.MAX))
        .as("without an end")
        .isFalse();
    GroupTerms open =
        new GroupTerms(
            GroupTerms.Imports.REFUSED,
            ElementClass.UNKNOWN,
            GroupTerms.UNLIMITED,
            GroupTerms.UNLIMITED,
            GroupTerms.UNLIMITED,
            GroupTerms.UNLIMITED,
            Lease.UNLIMITED_POWER_UPS);
    assertThat(open.permit(KeyPeriods.UNLIMITED)).isTrue();
    assertThat(
            open.permit(
                Lease.of(1, ElementTime.MAX, Lease.UNLIMITED_USES, Lease.UNLIMITED_POWER_UPS),
                ElementTime.NONE))
        .isTrue();
  }

  private static KeyPeriods periods(long activation, long originatorEnd, long recipientEnd) {
    return new KeyPeriods(
        new ElementTime(activation),
        new ElementTime(originatorEnd),
        new ElementTime(recipientEnd),
        ElementTime.NONE);
  }
}
