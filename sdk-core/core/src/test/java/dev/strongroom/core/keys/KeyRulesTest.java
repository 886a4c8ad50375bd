// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.KeyCircumstances.Acknowledgement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every state, operation, policy, clock, count and lease, against tables that were written from the
 * standard and the design, not from the code.
 */
@Tag("jdk25")
class KeyRulesTest {

  private static final List<KeyState> COLUMNS =
      List.of(
          KeyState.PRE_ACTIVE,
          KeyState.ACTIVE,
          KeyState.SUSPENDED,
          KeyState.DEACTIVATED,
          KeyState.COMPROMISED,
          KeyState.DESTROYED,
          KeyState.DESTROYED_COMPROMISED);

  /** By operation, for the columns above: P permitted, R refused, A with an acknowledgement. */
  private static final Map<KeyOperation, String> TABLE =
      Map.ofEntries(
          Map.entry(KeyOperation.ENCRYPT, "RPRRRRR"),
          Map.entry(KeyOperation.DECRYPT, "RPAPARR"),
          Map.entry(KeyOperation.MAKE_MAC, "RPRRRRR"),
          Map.entry(KeyOperation.VERIFY_MAC, "RPAPARR"),
          Map.entry(KeyOperation.SIGN, "RPRRRRR"),
          Map.entry(KeyOperation.WRAP, "RPRRRRR"),
          Map.entry(KeyOperation.UNWRAP, "RPAPARR"),
          Map.entry(KeyOperation.AGREE_AS_ORIGINATOR, "RPRRRRR"),
          Map.entry(KeyOperation.AGREE_AS_RECIPIENT, "RPAPARR"),
          Map.entry(KeyOperation.WRITE_FILE, "RPRRRRR"),
          Map.entry(KeyOperation.READ_FILE, "RPAPARR"),
          Map.entry(KeyOperation.MAKE_DATA_KEY, "RPRRRRR"),
          Map.entry(KeyOperation.OPEN_DATA_KEY, "RPAPARR"),
          Map.entry(KeyOperation.REWRAP, "RPAPPRR"),
          Map.entry(KeyOperation.CONFIRM, "PPPPRRR"),
          Map.entry(KeyOperation.DISTRIBUTE, "PPRPRRR"),
          Map.entry(KeyOperation.READ, "PPPPPPP"));

  /** Which operations apply protection, and which process what is protected. */
  private static final String PROTECTING =
      "ENCRYPT MAKE_MAC SIGN WRAP AGREE_AS_ORIGINATOR WRITE_FILE MAKE_DATA_KEY";

  private static final String PROCESSING =
      "DECRYPT VERIFY_MAC UNWRAP AGREE_AS_RECIPIENT READ_FILE OPEN_DATA_KEY REWRAP";

  /** Operations that need a flag in any state. */
  private static final Map<KeyOperation, KeyFlag> NEEDED =
      Map.of(
          KeyOperation.DISTRIBUTE, KeyFlag.DISTRIBUTION,
          KeyOperation.REWRAP, KeyFlag.REWRAP,
          KeyOperation.UNWRAP, KeyFlag.HOST_KEYS,
          KeyOperation.AGREE_AS_ORIGINATOR, KeyFlag.HOST_KEYS,
          KeyOperation.AGREE_AS_RECIPIENT, KeyFlag.HOST_KEYS,
          KeyOperation.MAKE_DATA_KEY, KeyFlag.HOST_KEYS,
          KeyOperation.OPEN_DATA_KEY, KeyFlag.HOST_KEYS);

  /**
   * Floor and now, and what that means for a key that is active from 1000 on, protects up to 2000
   * and processes up to 3000: the reason why it does not protect, or null, and whether it is late
   * to process.
   */
  private record Clock(
      long floor,
      long now,
      @org.jspecify.annotations.Nullable RefusalReason protect,
      boolean late) {}

  private static final List<Clock> CLOCKS =
      List.of(
          new Clock(0, 0, RefusalReason.NOT_YET_ACTIVE, false),
          new Clock(0, 999, RefusalReason.NOT_YET_ACTIVE, false),
          new Clock(0, 1000, null, false),
          new Clock(1000, 1000, null, false),
          new Clock(0, 1939, null, false),
          new Clock(0, 1940, RefusalReason.ORIGINATOR_PERIOD, false),
          new Clock(1940, 1940, RefusalReason.ORIGINATOR_PERIOD, false),
          new Clock(0, 2000, RefusalReason.ORIGINATOR_PERIOD, false),
          new Clock(0, 3000, RefusalReason.ORIGINATOR_PERIOD, false),
          new Clock(0, 0xFFFF_FFFFL, RefusalReason.ORIGINATOR_PERIOD, false),
          new Clock(2999, 9999, RefusalReason.ORIGINATOR_PERIOD, false),
          new Clock(3000, 3000, RefusalReason.ORIGINATOR_PERIOD, true),
          new Clock(0xFFFF_FFFFL, 0xFFFF_FFFFL, RefusalReason.ORIGINATOR_PERIOD, true));

  /** Limit, uses left, lease at the time 1500, and why that does not protect. */
  private record Count(
      long limit,
      long left,
      LeaseGate lease,
      @org.jspecify.annotations.Nullable RefusalReason protect) {}

  private static final LeaseGate SELF = new LeaseGate.NotNeeded();

  private static LeaseGate held(
      long until, long unreserved, long reserved, int powerUps, LeaseGate.PowerCycle cycle) {
    return new LeaseGate.Held(
        new Lease(7, new ElementTime(until), 500, unreserved, powerUps), reserved, cycle);
  }

  /** The leases end at the last second but one or never, whatever the clocks above say. */
  private static final List<Count> COUNTS =
      List.of(
          new Count(10, 1, SELF, null),
          new Count(10, 0, SELF, RefusalReason.LIMIT),
          new Count(UsageLimit.MAX, UsageLimit.MAX, SELF, null),
          new Count(10, 1, new LeaseGate.Missing(), RefusalReason.LEASE_TIME),
          new Count(10, 0, new LeaseGate.Missing(), RefusalReason.LIMIT),
          new Count(10, 1, held(0xFFFF_FFFFL, 1, 0, 1, uncounted()), null),
          new Count(10, 1, held(0xFFFF_FFFFL, 0, 1, 1, uncounted()), null),
          new Count(10, 1, held(0xFFFF_FFFFL, 0, 0, 1, uncounted()), RefusalReason.LEASE_USES),
          new Count(10, 1, held(0xFFFF_FFFFL, 1, 0, 0, uncounted()), RefusalReason.LEASE_POWER_UPS),
          new Count(10, 1, held(0xFFFF_FFFFL, 1, 0, 0, LeaseGate.PowerCycle.COUNTED), null),
          new Count(10, 1, held(0, 0, 0, 0, uncounted()), RefusalReason.LEASE_TIME));

  private static LeaseGate.PowerCycle uncounted() {
    return LeaseGate.PowerCycle.UNCOUNTED;
  }

  private static final KeyPeriods BOUNDED =
      new KeyPeriods(
          new ElementTime(1000), new ElementTime(2000), new ElementTime(3000), ElementTime.NONE);
  private static final ElementTime DESTRUCTION = new ElementTime(1_000_000);

  private static boolean in(String names, KeyOperation operation) {
    return Arrays.asList(names.split(" ")).contains(operation.name());
  }

  /** A key that is for an operation. */
  static KeyAttributes key(
      KeyOperation operation, KeyState state, Set<KeyFlag> flags, KeyPeriods periods, long limit) {
    KeyAlgorithm algorithm =
        switch (operation) {
          case ENCRYPT,
              DECRYPT,
              WRAP,
              UNWRAP,
              WRITE_FILE,
              READ_FILE,
              MAKE_DATA_KEY,
              OPEN_DATA_KEY,
              REWRAP,
              CONFIRM,
              DISTRIBUTE,
              READ ->
              KeyAlgorithm.AES_256;
          case MAKE_MAC, VERIFY_MAC -> KeyAlgorithm.HMAC_SHA_256;
          case SIGN -> KeyAlgorithm.ED25519;
          case AGREE_AS_ORIGINATOR, AGREE_AS_RECIPIENT -> KeyAlgorithm.X25519;
        };
    return new KeyAttributes(
        KeyId.parse("40".repeat(16)),
        state,
        algorithm,
        Set.of(operation.usages().iterator().next()),
        flags,
        Optional.of(GroupId.parse("50".repeat(16))),
        limit,
        periods,
        Bytes.parse("a1b2c3d4"));
  }

  private static List<Set<KeyFlag>> allFlags() {
    List<Set<KeyFlag>> all = new ArrayList<>();
    for (int bits = 0; bits < 64; bits++) {
      all.add(KeyFlag.of(bits));
    }
    return all;
  }

  @Test
  void everyStateOperationPolicyClockCountAndLeaseIsDecidedAsTheTablesSay() {
    int decisions = 0;
    for (KeyOperation operation : KeyOperation.values()) {
      for (int column = 0; column < COLUMNS.size(); column++) {
        char entry = TABLE.getOrDefault(operation, "").charAt(column);
        KeyState state = COLUMNS.get(column);
        for (Set<KeyFlag> flags : allFlags()) {
          for (Count count : COUNTS) {
            KeyAttributes bounded = key(operation, state, flags, BOUNDED, count.limit());
            for (Clock clock : CLOCKS) {
              for (Acknowledgement said : Acknowledgement.values()) {
                KeyCircumstances circumstances =
                    new KeyCircumstances(
                        new ElementTime(clock.floor()),
                        new ElementTime(clock.now()),
                        count.left(),
                        count.lease(),
                        said);
                assertDecision(
                    expected(operation, state, entry, flags, clock, count, said),
                    bounded,
                    operation,
                    circumstances);
                decisions++;
              }
            }
          }
        }
      }
    }
    assertThat(decisions).isEqualTo(17 * 7 * 64 * 11 * 13 * 2);
  }

  /** What the tables say, as a word. */
  private static String expected(
      KeyOperation operation,
      KeyState state,
      char entry,
      Set<KeyFlag> flags,
      Clock clock,
      Count count,
      Acknowledgement said) {
    EnumSet<KeyFlag> exceptions = EnumSet.noneOf(KeyFlag.class);
    if (entry == 'A') {
      exceptions.add(
          state == KeyState.SUSPENDED
              ? KeyFlag.SUSPENDED_PROCESSING
              : KeyFlag.COMPROMISED_PROCESSING);
    }
    if (entry == 'R' || !flags.containsAll(exceptions)) {
      return "STATE";
    }
    if (NEEDED.containsKey(operation) && !flags.contains(NEEDED.get(operation))) {
      return "FLAG";
    }
    if (in(PROTECTING, operation)) {
      RefusalReason reason = clock.protect() != null ? clock.protect() : count.protect();
      return reason == null ? "PERMITTED []" : reason.name();
    }
    if (in(PROCESSING, operation) && clock.late()) {
      exceptions.add(KeyFlag.LATE_PROCESSING);
      if (!flags.contains(KeyFlag.LATE_PROCESSING)) {
        return "RECIPIENT_PERIOD";
      }
    }
    return !exceptions.isEmpty() && said == Acknowledgement.NONE
        ? "ACKNOWLEDGEMENT"
        : "PERMITTED " + exceptions;
  }

  private static String word(KeyDecision decision) {
    return decision instanceof KeyDecision.Refused refused
        ? refused.refusal().reason().name()
        : "PERMITTED " + ((KeyDecision.Permitted) decision).acknowledged();
  }

  private static void assertDecision(
      String expected, KeyAttributes key, KeyOperation operation, KeyCircumstances circumstances) {
    String decided = word(KeyRules.decide(key, operation, circumstances));
    if (!decided.equals(expected)) { // describing each of two million takes a minute
      assertThat(decided).as("%s with %s, %s", operation, key, circumstances).isEqualTo(expected);
    }
  }

  @Test
  void aKeyWithoutPeriodsHasNoneThatEnd() {
    for (Clock clock : CLOCKS) {
      KeyCircumstances circumstances =
          new KeyCircumstances(
              new ElementTime(clock.floor()),
              new ElementTime(clock.now()),
              1,
              SELF,
              Acknowledgement.NONE);
      for (KeyOperation operation : List.of(KeyOperation.ENCRYPT, KeyOperation.DECRYPT)) {
        assertDecision(
            "PERMITTED []",
            key(operation, KeyState.ACTIVE, Set.of(), KeyPeriods.UNLIMITED, 10),
            operation,
            circumstances);
      }
    }
  }

  @Test
  void aKeyWithoutLimitHasNoneThatIsReached() {
    assertDecision(
        "PERMITTED []",
        key(KeyOperation.SIGN, KeyState.ACTIVE, Set.of(), KeyPeriods.UNLIMITED, 0),
        KeyOperation.SIGN,
        circumstances(1500, 1500, 0, Acknowledgement.NONE));
  }

  @Test
  void scheduledForDestructionAKeyIsOnlyReadFrom() {
    for (KeyOperation operation : KeyOperation.values()) {
      for (KeyState state :
          List.of(KeyState.SUSPENDED, KeyState.DEACTIVATED, KeyState.COMPROMISED)) {
        KeyAttributes key =
            key(
                operation,
                state,
                EnumSet.allOf(KeyFlag.class),
                KeyPeriods.UNLIMITED.withDestruction(DESTRUCTION),
                10);
        char entry = TABLE.getOrDefault(operation, "").charAt(COLUMNS.indexOf(state));
        for (Acknowledgement said : Acknowledgement.values()) {
          assertDecision(
              operation == KeyOperation.READ
                  ? "PERMITTED []"
                  : entry == 'R' ? "STATE" : "DESTRUCTION_SCHEDULED",
              key,
              operation,
              circumstances(1500, 1500, 1, said));
        }
      }
    }
  }

  @Test
  void aLeaseEndsAtItsSecondAndNotBefore() {
    KeyAttributes key = key(KeyOperation.SIGN, KeyState.ACTIVE, Set.of(), KeyPeriods.UNLIMITED, 0);
    for (long until : new long[] {1499, 1500, 1501}) {
      KeyCircumstances circumstances =
          new KeyCircumstances(
              ElementTime.NONE,
              new ElementTime(1500),
              1,
              held(until, 1, 0, 1, uncounted()),
              Acknowledgement.NONE);
      assertDecision(
          until == 1501 ? "PERMITTED []" : "LEASE_TIME", key, KeyOperation.SIGN, circumstances);
    }
  }

  /** Which operations go with a usage, one for each that a key can have. */
  private static final Map<KeyUsage, String> OPERATIONS =
      Map.of(
          KeyUsage.ENCRYPTION, "ENCRYPT DECRYPT REWRAP",
          KeyUsage.MAC, "MAKE_MAC VERIFY_MAC",
          KeyUsage.SIGNATURE, "SIGN",
          KeyUsage.KEY_WRAPPING, "WRAP UNWRAP",
          KeyUsage.KEY_AGREEMENT, "AGREE_AS_ORIGINATOR AGREE_AS_RECIPIENT",
          KeyUsage.FILE_KEYS, "WRITE_FILE READ_FILE REWRAP",
          KeyUsage.DATA_KEYS, "MAKE_DATA_KEY OPEN_DATA_KEY REWRAP");

  @Test
  void aKeyIsUsedForWhatItIsForAndNothingElse() {
    int keys = 0;
    for (KeyAlgorithm algorithm : KeyAlgorithm.values()) {
      for (int bits = 0; bits < 128; bits++) {
        Set<KeyUsage> usages = KeyUsage.of(bits);
        if (algorithm.permits(usages)) {
          keys++;
          KeyAttributes key =
              new KeyAttributes(
                  KeyId.parse("40".repeat(16)),
                  KeyState.ACTIVE,
                  algorithm,
                  usages,
                  EnumSet.allOf(KeyFlag.class),
                  Optional.empty(),
                  10,
                  KeyPeriods.UNLIMITED,
                  Bytes.parse("00000000"));
          for (KeyOperation operation : KeyOperation.values()) {
            boolean meant =
                in("CONFIRM DISTRIBUTE READ", operation)
                    || usages.stream()
                        .anyMatch(usage -> in(OPERATIONS.getOrDefault(usage, ""), operation));
            assertDecision(
                meant ? "PERMITTED []" : "USAGE",
                key,
                operation,
                circumstances(1500, 1500, 1, Acknowledgement.NONE));
          }
        }
      }
    }
    // AES: 16 subsets of four usages, without the empty one and the 4 with both of a pair.
    assertThat(keys).isEqualTo(3 * 11 + 3 + 2 * 2 + 1 + 1);
  }

  @Test
  void aRefusalTellsWhatWasCompared() {
    KeyAttributes key = key(KeyOperation.ENCRYPT, KeyState.ACTIVE, Set.of(), BOUNDED, 10);
    KeyDecision decision =
        KeyRules.decide(key, KeyOperation.ENCRYPT, circumstances(0, 1940, 1, Acknowledgement.NONE));
    assertThat(decision)
        .isInstanceOfSatisfying(
            KeyDecision.Refused.class,
            refused -> {
              KeyRefusal refusal = refused.refusal();
              assertThat(refusal.reason()).isEqualTo(RefusalReason.ORIGINATOR_PERIOD);
              assertThat(refusal.key()).contains(key.id());
              assertThat(refusal.operation()).contains(KeyOperation.ENCRYPT);
              assertThat(refusal.state()).contains(KeyState.ACTIVE);
              assertThat(refusal.bound()).isEqualTo(2000);
              assertThat(refusal.found()).isEqualTo(1940);
            });
  }

  static KeyCircumstances circumstances(
      long floor, long now, long left, Acknowledgement acknowledgement) {
    return new KeyCircumstances(
        new ElementTime(floor), new ElementTime(now), left, SELF, acknowledgement);
  }
}
