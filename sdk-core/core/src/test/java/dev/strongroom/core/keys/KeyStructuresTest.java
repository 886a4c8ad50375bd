// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every structure of the key store as bytes, and whatever else such bytes could be. */
@Tag("jdk25")
class KeyStructuresTest {

  private static final KeyRecord RECORD = new KeyRecord(KeyVectors.A, 7, 3, 32);

  private static Optional<GroupId> group(int index) {
    return index == 7 ? Optional.of(KeyVectors.GROUP) : Optional.empty();
  }

  private static KeyRecord parseRecord(Bytes head) {
    return KeyRecord.parseHead(head, KeyStructuresTest::group);
  }

  static Stream<Arguments> structures() {
    KeyRefusal refusal =
        KeyRefusal.of(RefusalReason.ORIGINATOR_PERIOD, KeyVectors.A, KeyOperation.ENCRYPT, 2000, -1)
            .at(63);
    KeyOrder order = KeyVectors.order();
    return Stream.of(
        row(KeyVectors.A, KeyVectors.A.encode(), KeyAttributes::parse),
        row(KeyVectors.C, KeyVectors.C.encode(), KeyAttributes::parse),
        row(RECORD, RECORD.encodeHead(), KeyStructuresTest::parseRecord),
        row(
            KeyVectors.GROUP_RECORD.terms(),
            KeyVectors.GROUP_RECORD.terms().encode(),
            GroupTerms::parse),
        row(KeyVectors.GROUP_RECORD, KeyVectors.GROUP_RECORD.encode(), KeyGroup::parse),
        row(refusal, refusal.encode(), KeyRefusal::parse),
        row(KeyRefusal.administered(), KeyRefusal.administered().encode(), KeyRefusal::parse),
        row(order, order.encode(), KeyOrder::parse),
        row(KeyOrderTest.receipt(), KeyOrderTest.receipt().encode(), OrderReceipt::parse));
  }

  private static Arguments row(Object value, Bytes encoded, Function<Bytes, ?> parser) {
    return Arguments.of(value, encoded, parser);
  }

  @ParameterizedTest
  @MethodSource("structures")
  void whatIsWrittenIsReadAgain(Object value, Bytes encoded, Function<Bytes, Object> parser) {
    assertThat(parser.apply(encoded)).isEqualTo(value);
  }

  @ParameterizedTest
  @MethodSource("structures")
  void whatIsCutOrGoesOnIsRefused(Object value, Bytes encoded, Function<Bytes, Object> parser) {
    byte[] bytes = encoded.toByteArray();
    for (int length = 0; length < bytes.length; length++) {
      Bytes cut = Bytes.copyOf(bytes, 0, length);
      assertThatThrownBy(() -> parser.apply(cut))
          .as("%d bytes of %d", length, bytes.length)
          .isInstanceOf(IllegalArgumentException.class);
    }
    Bytes longer = Bytes.copyOf(Arrays.copyOf(bytes, bytes.length + 1));
    assertThatThrownBy(() -> parser.apply(longer)).isInstanceOf(IllegalArgumentException.class);
  }

  /** One value has one encoding: what is read is written as it was, or refused. */
  @ParameterizedTest
  @MethodSource("structures")
  void everyChangedByteIsAnotherValueOrRefused(
      Object value, Bytes encoded, Function<Bytes, Object> parser) {
    long seed = 20_261_122;
    Random random = new Random(seed);
    for (int at = 0; at < encoded.length(); at++) {
      for (int round = 0; round < 4; round++) {
        byte[] changed = encoded.toByteArray();
        changed[at] ^= (byte) (round == 0 ? 1 : 1 + random.nextInt(255));
        try {
          assertThat(parser.apply(Bytes.copyOf(changed)))
              .as("seed %d, byte %d", seed, at)
              .isNotEqualTo(value);
        } catch (IllegalArgumentException e) {
          assertThat(e.getMessage()).isNotBlank();
        }
      }
    }
  }

  @Test
  void theBytesAreThoseOfTheSpecification() {
    assertThat(KeyVectors.A.encode()).isEqualTo(KeyVectors.ATTRIBUTES_A);
    assertThat(RECORD.encodeHead())
        .isEqualTo(Bytes.copyOf(KeyVectors.RECORD_A.toByteArray(), 0, KeyRecord.HEAD_LENGTH));
    KeyRecord b = new KeyRecord(KeyVectors.B, 7, 0, 48);
    assertThat(b.encodeHead())
        .isEqualTo(Bytes.copyOf(KeyVectors.RECORD_B.toByteArray(), 0, KeyRecord.HEAD_LENGTH));
    assertThat(b.encodeContinuationHead())
        .isEqualTo(Bytes.copyOf(KeyVectors.CONTINUATION_B.toByteArray(), 0, KeyRecord.HEAD_LENGTH));
    assertThat(parseRecord(b.encodeHead())).isEqualTo(b);
    assertThat(KeyVectors.GROUP_RECORD.encode()).isEqualTo(KeyVectors.RECORD_GROUP);
    assertThat(RECORD.uses().reserved()).isEqualTo(3 * 65_536);
  }

  @Test
  void anImportedHmacKeyMayGoOnInASecondRecord() {
    KeyAttributes key =
        KeyRulesTest.key(
            KeyOperation.MAKE_MAC,
            KeyState.ACTIVE,
            Set.of(KeyFlag.IMPORTED),
            KeyPeriods.UNLIMITED,
            0);
    for (int length : new int[] {32, 64}) {
      KeyRecord record = new KeyRecord(key, 7, 0, length);
      assertThat(record.isContinued()).isEqualTo(length == 64);
      assertThat(KeyRecord.parseHead(record.encodeHead(), index -> key.group())).isEqualTo(record);
    }
    assertThatThrownBy(() -> new KeyRecord(key, 7, 0, 48))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aGroupWithoutLeaseHasNone() {
    KeyGroup group = new KeyGroup(KeyVectors.GROUP, 0xFFFF, GroupTerms.NONE, Optional.empty());
    assertThat(KeyGroup.parse(group.encode())).isEqualTo(group);
    assertThat(group.withLease(KeyVectors.LEASE).lease()).contains(KeyVectors.LEASE);
  }

  @Test
  void whatExcludesEachOtherIsNoKey() {
    KeyAttributes a = KeyVectors.A;
    assertThatThrownBy(() -> a.withLimit(0)).hasMessageContaining("800-38D");
    assertThatThrownBy(() -> a.withLimit(UsageLimit.MAX + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> a.withPeriods(a.periods().withDestruction(new ElementTime(1))))
        .hasMessageContaining("ACTIVE");
    assertThatThrownBy(
            () ->
                new KeyAttributes(
                    a.id(),
                    a.state(),
                    a.algorithm(),
                    EnumSet.of(KeyUsage.ENCRYPTION, KeyUsage.KEY_WRAPPING),
                    a.flags(),
                    a.group(),
                    a.limit(),
                    a.periods(),
                    a.policyHash()))
        .hasMessageContaining("KEY_WRAPPING");
    ElementTime one = new ElementTime(1);
    ElementTime two = new ElementTime(2);
    ElementTime none = ElementTime.NONE;
    assertThatThrownBy(() -> new KeyPeriods(two, two, none, none)).hasMessageContaining("after");
    assertThatThrownBy(() -> new KeyPeriods(none, two, one, none)).hasMessageContaining("before");
    assertThatThrownBy(() -> new KeyPeriods(none, none, one, none)).hasMessageContaining("before");
    assertThat(new KeyPeriods(one, two, two, none).recipientEnd()).isEqualTo(two);
  }

  @Test
  void timesAreSecondsSince2020() {
    assertThat(ElementTime.of(Instant.parse("2020-01-01T00:00:01.9Z")).seconds()).isEqualTo(1);
    assertThat(ElementTime.MAX.toInstant()).isEqualTo(Instant.parse("2156-02-07T06:28:15Z"));
    assertThat(ElementTime.of(ElementTime.MAX.toInstant())).isEqualTo(ElementTime.MAX);
    for (String outside : new String[] {"2020-01-01T00:00:00Z", "2156-02-07T06:28:16Z"}) {
      Instant instant = Instant.parse(outside);
      assertThatThrownBy(() -> ElementTime.of(instant))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(ElementTime.NONE).hasToString("never");
  }

  @Test
  void refusalsOfLaterReleasesAreRefused() {
    byte[] unknown = KeyRefusal.administered().encode().toByteArray();
    unknown[0] = 11;
    assertThatThrownBy(() -> KeyRefusal.parse(Bytes.copyOf(unknown)))
        .hasMessageContaining("no reason has number 11");
    assertThat(KeyRefusal.administered().entry()).isEqualTo(OptionalInt.empty());
  }
}
