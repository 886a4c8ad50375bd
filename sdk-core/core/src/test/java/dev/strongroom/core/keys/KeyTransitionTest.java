// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.keys.KeyCircumstances.Acknowledgement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All ways from state to state, against matrices written from the standards. */
@Tag("jdk25")
class KeyTransitionTest {

  private static final List<KeyState> STATES =
      List.of(
          KeyState.PRE_ACTIVE,
          KeyState.ACTIVE,
          KeyState.SUSPENDED,
          KeyState.DEACTIVATED,
          KeyState.COMPROMISED,
          KeyState.DESTROYED,
          KeyState.DESTROYED_COMPROMISED);

  /**
   * From (rows) to (columns), in the order above, what may cause it when its time has come: a
   * administrator, c clock, l limit, s schedule, - nothing. A: keys that only sign.
   */
  private static final String[] MATRIX = {
    // pre  act  sus  dea  com  des  dc
    "  -    ac   -    -    a    a    -  ",
    "  -    -    a    acl  a    A    -  ",
    "  -    a    -    ac   a    s    -  ",
    "  -    -    -    -    a    s    -  ",
    "  -    -    -    -    -    -    s  ",
    "  -    -    -    -    -    -    a  ",
    "  -    -    -    -    -    -    -  ",
  };

  /** Where any number of steps leads; the state itself among them. */
  private static final String[] LEADS = {
    "1111111", "0111111", "0111111", "0001111", "0000101", "0000011", "0000001"
  };

  private static final ElementTime DUE = new ElementTime(2000);

  private static String causes(int from, int to) {
    return MATRIX[from].trim().split(" +", -1)[to];
  }

  /** A key of which everything is due at 2000. */
  private static KeyAttributes key(KeyState state, boolean signs) {
    boolean scheduled =
        state == KeyState.SUSPENDED
            || state == KeyState.DEACTIVATED
            || state == KeyState.COMPROMISED;
    return KeyRulesTest.key(
        signs ? KeyOperation.SIGN : KeyOperation.ENCRYPT,
        state,
        Set.of(),
        new KeyPeriods(
            state == KeyState.PRE_ACTIVE ? DUE : ElementTime.NONE,
            state == KeyState.PRE_ACTIVE ? new ElementTime(2001) : DUE,
            ElementTime.NONE,
            scheduled ? DUE : ElementTime.NONE),
        10);
  }

  @Test
  void everyTriggerLeadsFromEveryStateWhereTheMatrixSaysAndNowhereElse() {
    Map<KeyTrigger, String> letters =
        Map.of(
            KeyTrigger.ADMINISTRATOR, "a",
            KeyTrigger.CLOCK, "c",
            KeyTrigger.LIMIT, "l",
            KeyTrigger.SCHEDULE, "s");
    for (int from = 0; from < STATES.size(); from++) {
      for (int to = 0; to < STATES.size(); to++) {
        for (KeyTrigger trigger : KeyTrigger.values()) {
          for (boolean signs : new boolean[] {false, true}) {
            for (boolean due : new boolean[] {false, true}) {
              String causes = signs ? causes(from, to).replace('A', 'a') : causes(from, to);
              boolean resumption =
                  STATES.get(from) == KeyState.SUSPENDED && STATES.get(to) == KeyState.ACTIVE;
              // A scheduled destruction holds resumption back, due or not.
              boolean expected =
                  causes.contains(letters.get(trigger))
                      && (trigger == KeyTrigger.ADMINISTRATOR || due)
                      && !resumption;
              KeyDecision decision =
                  KeyRules.change(
                      key(STATES.get(from), signs),
                      STATES.get(to),
                      trigger,
                      KeyRulesTest.circumstances(
                          due ? 2000 : 1999, 9999, due ? 0 : 1, Acknowledgement.NONE));
              assertThat(decision instanceof KeyDecision.Permitted)
                  .as(
                      "%s to %s by %s, signs %s, due %s: %s",
                      STATES.get(from), STATES.get(to), trigger, signs, due, decision)
                  .isEqualTo(expected);
            }
          }
        }
      }
    }
  }

  @Test
  void aKeyIsResumedBeforeItsPeriodEndsAndUnlessItIsScheduled() {
    KeyPeriods periods = new KeyPeriods(ElementTime.NONE, DUE, ElementTime.NONE, ElementTime.NONE);
    assertThat(resumed(periods, 1999)).isInstanceOf(KeyDecision.Permitted.class);
    assertThat(reason(resumed(periods, 2000))).isEqualTo(RefusalReason.ORIGINATOR_PERIOD);
    assertThat(reason(resumed(periods.withDestruction(new ElementTime(9)), 1999)))
        .isEqualTo(RefusalReason.DESTRUCTION_SCHEDULED);
  }

  private static KeyDecision resumed(KeyPeriods periods, long now) {
    return KeyRules.change(
        KeyRulesTest.key(KeyOperation.SIGN, KeyState.SUSPENDED, Set.of(), periods, 0),
        KeyState.ACTIVE,
        KeyTrigger.ADMINISTRATOR,
        KeyRulesTest.circumstances(0, now, 1, Acknowledgement.NONE));
  }

  private static RefusalReason reason(KeyDecision decision) {
    return ((KeyDecision.Refused) decision).refusal().reason();
  }

  @Test
  void aTransitionHasTheNumbersOfTheStandards() {
    Set<String> lines = new TreeSet<>();
    for (KeyTransition transition : KeyTransition.values()) {
      lines.add(
          String.format(
              "T%02d K%02d %s > %s",
              transition.nist().orElse(0),
              transition.kmip().orElse(0),
              transition.from().map(Enum::name).orElse("-"),
              transition.to()));
    }
    assertThat(lines)
        .containsExactly(
            "T00 K10 DESTROYED > DESTROYED_COMPROMISED",
            "T01 K01 - > PRE_ACTIVE",
            "T02 K02 PRE_ACTIVE > DESTROYED",
            "T03 K03 PRE_ACTIVE > COMPROMISED",
            "T04 K04 PRE_ACTIVE > ACTIVE",
            "T05 K00 ACTIVE > DESTROYED",
            "T06 K05 ACTIVE > COMPROMISED",
            "T07 K00 ACTIVE > SUSPENDED",
            "T08 K06 ACTIVE > DEACTIVATED",
            "T09 K00 SUSPENDED > DESTROYED",
            "T10 K00 SUSPENDED > ACTIVE",
            "T11 K00 SUSPENDED > COMPROMISED",
            "T12 K00 SUSPENDED > DEACTIVATED",
            "T13 K08 DEACTIVATED > COMPROMISED",
            "T14 K07 DEACTIVATED > DESTROYED",
            "T15 K09 COMPROMISED > DESTROYED_COMPROMISED");
  }

  @Test
  void anOrderLeadsAsFarAsTransitionsDo() {
    for (int from = 0; from < STATES.size(); from++) {
      for (int to = 0; to < STATES.size(); to++) {
        boolean expected = LEADS[from].charAt(to) == '1';
        assertThat(KeyTransition.leads(STATES.get(from), STATES.get(to)))
            .as("%s to %s", STATES.get(from), STATES.get(to))
            .isEqualTo(expected);
        KeyAttributes present = key(STATES.get(from), true).withPeriods(KeyPeriods.UNLIMITED);
        assertThat(
                KeyRules.accept(present, present.withState(STATES.get(to)))
                    instanceof KeyDecision.Permitted)
            .isEqualTo(expected);
      }
    }
  }
}
