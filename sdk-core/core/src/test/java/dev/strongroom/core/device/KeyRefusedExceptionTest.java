// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAttribute;
import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.keys.RefusalReason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each reason reaches the host as an exception of its own, with what was compared. */
@Tag("jdk25")
class KeyRefusedExceptionTest {

  private static final KeyId KEY = KeyId.parse("404142434445464748494a4b4c4d4e4f");

  private static KeyRefusal refusal(RefusalReason reason, long bound, long found) {
    return new KeyRefusal(
        reason,
        Optional.of(KeyOperation.MAKE_DATA_KEY),
        Optional.of(KeyState.PRE_ACTIVE),
        Optional.of(KeyState.DESTROYED_COMPROMISED),
        OptionalInt.of(5),
        KEY.bytes(),
        bound,
        found);
  }

  private static <E extends KeyRefusedException> void check(
      RefusalReason reason, long bound, long found, Class<E> type, Consumer<E> fields) {
    KeyRefusedException error = KeyRefusedException.of(refusal(reason, bound, found));
    assertThat(error).isInstanceOfSatisfying(type, fields);
    assertThat(error.key()).contains(KEY);
  }

  @Test
  void fieldsAreThoseOfTheRefusal() {
    check(
        RefusalReason.USAGE,
        0x21,
        0,
        KeyUsageRefusedException.class,
        e -> {
          assertThat(e.usages()).containsExactlyInAnyOrder(KeyUsage.ENCRYPTION, KeyUsage.FILE_KEYS);
          assertThat(e.operation()).contains(KeyOperation.MAKE_DATA_KEY);
          assertThat(e)
              .hasMessage(
                  "key 404142434445464748494a4b4c4d4e4f is for encryption, file keys, not to make"
                      + " data key");
        });
    check(
        RefusalReason.STATE,
        0,
        0,
        KeyStateRefusedException.class,
        e -> {
          assertThat(e.state()).contains(KeyState.PRE_ACTIVE);
          assertThat(e.operation()).contains(KeyOperation.MAKE_DATA_KEY);
          assertThat(e).hasMessageContaining("is pre-active and not used to make data key");
        });
    check(
        RefusalReason.DESTRUCTION_SCHEDULED,
        86_400,
        0,
        DestructionScheduledException.class,
        e -> assertThat(e.at()).isEqualTo(Instant.parse("2020-01-02T00:00:00Z")));
    check(
        RefusalReason.NOT_YET_ACTIVE,
        86_400,
        60,
        KeyNotYetActiveException.class,
        e -> {
          assertThat(e.activation()).isEqualTo(Instant.parse("2020-01-02T00:00:00Z"));
          assertThat(e.now()).isEqualTo(Instant.parse("2020-01-01T00:01:00Z"));
        });
    for (RefusalReason reason :
        new RefusalReason[] {RefusalReason.ORIGINATOR_PERIOD, RefusalReason.RECIPIENT_PERIOD}) {
      check(
          reason,
          86_400,
          86_401,
          KeyExpiredException.class,
          e -> {
            assertThat(e.period().name()).startsWith(reason.name().substring(0, 9));
            assertThat(e.end()).isEqualTo(Instant.parse("2020-01-02T00:00:00Z"));
            assertThat(e.now()).isEqualTo(Instant.parse("2020-01-02T00:00:01Z"));
          });
    }
    check(
        RefusalReason.LIMIT,
        1000,
        0,
        KeyLimitReachedException.class,
        e -> assertThat(e.limit()).isEqualTo(1000));
    check(
        RefusalReason.LEASE_TIME,
        86_400,
        0,
        LeaseOverException.class,
        e -> {
          assertThat(e.part()).isEqualTo(LeaseOverException.Part.TIME);
          assertThat(e.until()).contains(Instant.parse("2020-01-02T00:00:00Z"));
        });
    check(
        RefusalReason.LEASE_TIME,
        0,
        0,
        LeaseOverException.class,
        e -> assertThat(e.until()).isEmpty());
    check(
        RefusalReason.LEASE_USES,
        500,
        0,
        LeaseOverException.class,
        e -> assertThat(e.part()).isEqualTo(LeaseOverException.Part.USES));
    check(
        RefusalReason.LEASE_POWER_UPS,
        0,
        0,
        LeaseOverException.class,
        e -> assertThat(e.part()).isEqualTo(LeaseOverException.Part.POWER_UPS));
    check(
        RefusalReason.ACKNOWLEDGEMENT,
        5,
        0,
        AcknowledgementNeededException.class,
        e ->
            assertThat(e.exceptions())
                .containsExactlyInAnyOrder(KeyFlag.SUSPENDED_PROCESSING, KeyFlag.LATE_PROCESSING));
    check(
        RefusalReason.FLAG,
        16,
        0,
        KeyFlagMissingException.class,
        e -> assertThat(e.flag()).contains(KeyFlag.HOST_KEYS));
    check(
        RefusalReason.TRANSITION,
        0,
        0,
        KeyTransitionRefusedException.class,
        e -> {
          assertThat(e.state()).contains(KeyState.PRE_ACTIVE);
          assertThat(e.target()).contains(KeyState.DESTROYED_COMPROMISED);
        });
    check(
        RefusalReason.ATTRIBUTE,
        5,
        0,
        KeyAttributeRefusedException.class,
        e -> assertThat(e.attribute()).contains(KeyAttribute.LIMIT));
    check(RefusalReason.ADMINISTERED, 0, 0, ElementAdministeredException.class, e -> {});
    check(
        RefusalReason.MEMBER,
        2,
        1,
        MemberRefusedException.class,
        e -> {
          assertThat(e.leastClass()).isEqualTo(ElementClass.SMART_CARD);
          assertThat(e.elementClass()).isEqualTo(ElementClass.SOFTWARE);
        });
    check(
        RefusalReason.ORDER_MISSING,
        7,
        9,
        OrderRefusedException.class,
        e -> {
          assertThat(e.reason()).isEqualTo(RefusalReason.ORDER_MISSING);
          assertThat(e.expected()).isEqualTo(7);
          assertThat(e.found()).isEqualTo(9);
          assertThat(e.entry()).hasValue(5);
          assertThat(e)
              .hasMessageContaining("it is number 9, and number 7 has to be applied first");
        });
  }

  /** An element may leave out what it does not know, or lie. */
  @ParameterizedTest
  @EnumSource
  void everyReasonIsSaidWhateverItsFieldsAre(RefusalReason reason) {
    for (long number : new long[] {0, 1, 99, -1}) {
      for (KeyRefusal refusal :
          new KeyRefusal[] {
            refusal(reason, number, number), KeyRefusal.ofOrder(reason, number, number)
          }) {
        KeyRefusedException error = KeyRefusedException.of(refusal);
        assertThat(error.refusal()).isEqualTo(refusal);
        assertThat(error.getMessage()).isNotBlank().doesNotContain("null", "Optional", "_");
        assertThat(StatusWordTable.status(error)).isEqualTo(new StatusWord(0x69F0));
        assertThat(reason.isOfOrders()).isEqualTo(error instanceof OrderRefusedException);
      }
    }
  }

  @Test
  void aRefusalSurvivesSerialization() throws IOException, ClassNotFoundException {
    KeyRefusedException error =
        KeyRefusedException.of(refusal(RefusalReason.ORIGINATOR_PERIOD, 1, 2));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(error);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(((KeyRefusedException) in.readObject()).refusal()).isEqualTo(error.refusal());
    }
  }

  @Test
  void whatIsNotThereOrThereAlreadyHasAStatusWordOfItsOwn() {
    GroupId group = new GroupId(Bytes.parse("50".repeat(16)));
    KeyNotFoundException noKey = new KeyNotFoundException(KEY);
    KeyGroupNotFoundException noGroup = new KeyGroupNotFoundException(group);
    KeyExistsException there = new KeyExistsException(KEY);
    assertThat(noKey.key()).isEqualTo(KEY);
    assertThat(noGroup.group()).isEqualTo(group);
    assertThat(there.key()).isEqualTo(KEY);
    assertThat(StatusWordTable.status(noKey)).isEqualTo(StatusWord.REFERENCE_NOT_FOUND);
    assertThat(StatusWordTable.status(noGroup)).isEqualTo(StatusWord.REFERENCE_NOT_FOUND);
    assertThat(StatusWordTable.status(there)).isEqualTo(StatusWord.ALREADY_EXISTS);
  }
}
