// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.schedule;

import static dev.strongroom.sekey.Samples.DAY;
import static dev.strongroom.sekey.Samples.group;
import static dev.strongroom.sekey.Samples.groupId;
import static dev.strongroom.sekey.Samples.keyId;
import static dev.strongroom.sekey.Samples.later;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyTransition;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.sekey.Samples;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.DirectoryDraft;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.GroupState;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.PeriodEnd;
import dev.strongroom.sekey.policy.Denial;
import dev.strongroom.sekey.policy.KeyProposal;
import dev.strongroom.sekey.schedule.DueAct.Rotate;
import dev.strongroom.sekey.schedule.DueAct.ScheduleDestruction;
import dev.strongroom.sekey.schedule.DueAct.Stalled;
import dev.strongroom.sekey.schedule.DueAct.Transit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static final long SEED = Long.getLong("schedule.seed", 20260101);
  private static final GroupPolicy NEVER = GroupPolicy.builder().rotationSeconds(0).build();

  private int made = 1000;

  private static Directory directory(Group group, KeyEntry... keys) throws Exception {
    DirectoryDraft draft = Directory.EMPTY.draft().put(group);
    for (KeyEntry key : keys) {
      draft.put(key);
    }
    return draft.publish();
  }

  private static KeyEntry key(int number, Group group, KeyState state, KeyPeriods periods) {
    return Samples.key(
        number,
        group,
        state,
        new KeyProposal(
            KeyAlgorithm.AES_256, Set.of(KeyUsage.ENCRYPTION), periods, group.policy().keyUses()));
  }

  private static KeyPeriods periods(long activation, long end, long over) {
    return new KeyPeriods(later(activation), later(end), later(over), ElementTime.NONE);
  }

  /** Does what is due, as an administrator's system will. */
  private Directory execute(Directory directory, List<DueAct> acts, ElementTime floor)
      throws Exception {
    DirectoryDraft draft = directory.draft();
    for (DueAct act : acts) {
      if (act instanceof Transit transit) {
        KeyEntry key = draft.requireKey(transit.key());
        assertThat(transit.transition().from()).contains(key.state());
        draft.put(key.changed(transit.transition().to(), floor));
      } else if (act instanceof ScheduleDestruction destruction) {
        KeyEntry key = draft.requireKey(destruction.key());
        draft.put(
            key.withAttributes(
                key.attributes()
                    .withPeriods(key.attributes().periods().withDestruction(destruction.at()))));
      } else if (act instanceof Rotate rotate) {
        Group group = draft.requireGroup(rotate.group());
        for (var replaced : rotate.replaced()) {
          draft.put(draft.requireKey(replaced).changed(KeyState.DEACTIVATED, floor));
        }
        if (rotate.successor().isPresent()) {
          draft.put(Samples.key(made++, group, KeyState.ACTIVE, rotate.successor().get()));
        }
      } else {
        assertThat(act).isInstanceOf(Stalled.class);
      }
    }
    return draft.publish();
  }

  @Test
  void keysAreActivatedAndDeactivatedByTheirPeriods() throws Exception {
    Group group = group(1, NEVER);
    Directory directory =
        directory(group, key(1, group, KeyState.PRE_ACTIVE, periods(100, 200, 300)));
    assertThat(Schedule.due(directory, later(99))).isEmpty();
    List<DueAct> first = Schedule.due(directory, later(100));
    assertThat(first).containsExactly(new Transit(keyId(1), KeyTransition.ACTIVATION));
    Directory active = execute(directory, first, later(100));
    assertThat(Schedule.due(active, later(199))).isEmpty();
    assertThat(Schedule.due(active, later(200)))
        .containsExactly(new Transit(keyId(1), KeyTransition.DEACTIVATION));
    assertThat(Schedule.due(directory, later(999)))
        .as("both were missed")
        .containsExactly(
            new Transit(keyId(1), KeyTransition.ACTIVATION),
            new Transit(keyId(1), KeyTransition.DEACTIVATION));
  }

  @Test
  void aSuspendedKeyEndsTooAndACompromisedOneDoesNotChange() throws Exception {
    Group group = group(1, NEVER);
    Directory directory =
        directory(
            group,
            key(1, group, KeyState.SUSPENDED, periods(0, 200, 300)),
            key(2, group, KeyState.COMPROMISED, periods(0, 200, 300)));
    assertThat(Schedule.due(directory, later(200)))
        .containsExactly(new Transit(keyId(1), KeyTransition.SUSPENDED_DEACTIVATION));
  }

  @Test
  void whatIsScheduledIsDestroyedWhenItsTimeHasCome() throws Exception {
    Group group = group(1, NEVER);
    KeyEntry ended = key(1, group, KeyState.DEACTIVATED, periods(0, 200, 300));
    KeyEntry known = key(2, group, KeyState.COMPROMISED, periods(0, 200, 300));
    DirectoryDraft draft = directory(group, ended, known).draft();
    for (KeyEntry key : List.of(ended, known)) {
      draft.put(
          key.withAttributes(
              key.attributes()
                  .withPeriods(key.attributes().periods().withDestruction(later(500)))));
    }
    Directory directory = draft.publish();
    assertThat(Schedule.due(directory, later(499))).isEmpty();
    List<DueAct> due = Schedule.due(directory, later(500));
    assertThat(due)
        .containsExactly(
            new Transit(keyId(1), KeyTransition.DESTRUCTION),
            new Transit(keyId(2), KeyTransition.COMPROMISED_DESTRUCTION));
    assertThat(Schedule.due(execute(directory, due, later(500)), later(501))).isEmpty();
  }

  @Test
  void aPolicyMaySendKeysToTheirDestruction() throws Exception {
    Group group = group(1, NEVER.toBuilder().periodEnd(PeriodEnd.DESTROYED).build());
    Directory directory = directory(group, key(1, group, KeyState.ACTIVE, periods(0, 200, 300)));
    assertThat(Schedule.due(directory, later(299)))
        .containsExactly(new Transit(keyId(1), KeyTransition.DEACTIVATION));
    List<DueAct> due = Schedule.due(directory, later(300));
    assertThat(due)
        .containsExactly(
            new Transit(keyId(1), KeyTransition.DEACTIVATION),
            new ScheduleDestruction(keyId(1), later(300 + 30 * DAY)));
    Directory scheduled = execute(directory, due, later(300));
    assertThat(Schedule.due(scheduled, later(300))).isEmpty();
    assertThat(Schedule.due(scheduled, later(300 + 30 * DAY)))
        .containsExactly(new Transit(keyId(1), KeyTransition.DESTRUCTION));
  }

  @Test
  void threeRotationsThatWereMissedAreOne() throws Exception {
    Group group = group(1, GroupPolicy.builder().rotationSeconds(90 * DAY).build());
    Directory directory = directory(group, Samples.key(1, group));
    assertThat(Schedule.due(directory, later(90 * DAY - 1))).isEmpty();
    ElementTime late = later(290 * DAY);
    List<DueAct> due = Schedule.due(directory, late);
    assertThat(due)
        .containsExactly(
            new Rotate(
                groupId(1),
                Set.of(keyId(1)),
                Optional.of(
                    KeyProposal.of(
                        KeyAlgorithm.AES_256, Set.of(KeyUsage.ENCRYPTION), group.policy(), late))));
    Directory rotated = execute(directory, due, late);
    assertThat(rotated.keys()).hasSize(2);
    assertThat(Schedule.due(rotated, late)).isEmpty();
    assertThat(Schedule.due(rotated, later(380 * DAY - 1))).isEmpty();
    assertThat(Schedule.due(rotated, later(380 * DAY))).hasSize(1);
  }

  @Test
  void aKeyIsReplacedBeforeItsPeriodEnds() throws Exception {
    Group group = group(1, GroupPolicy.builder().rotationSeconds(365 * DAY).build());
    Directory directory = directory(group, key(1, group, KeyState.ACTIVE, periods(0, 1000, 2000)));
    assertThat(Schedule.due(directory, later(939))).isEmpty();
    assertThat(Schedule.due(directory, later(940)))
        .as("the margin in which it protects no more")
        .singleElement()
        .isInstanceOf(Rotate.class);
  }

  @Test
  void aYoungerKeyOfItsKindIsSuccessorEnough() throws Exception {
    Group group = group(1, GroupPolicy.builder().rotationSeconds(90 * DAY).build());
    KeyEntry younger =
        Samples.key(
            2,
            group,
            KeyState.PRE_ACTIVE,
            KeyProposal.of(
                KeyAlgorithm.AES_256,
                Set.of(KeyUsage.ENCRYPTION),
                group.policy(),
                later(89 * DAY)));
    KeyEntry other = Samples.key(3, group, KeyAlgorithm.HMAC_SHA_256, KeyState.ACTIVE);
    Directory directory = directory(group, Samples.key(1, group), younger, other);
    assertThat(Schedule.due(directory, later(90 * DAY)))
        .satisfiesExactlyInAnyOrder(
            act -> assertThat(act).isEqualTo(new Transit(keyId(2), KeyTransition.ACTIVATION)),
            act ->
                assertThat(act)
                    .isEqualTo(new Rotate(groupId(1), Set.of(keyId(1)), Optional.empty())),
            act ->
                assertThat(act)
                    .isInstanceOfSatisfying(
                        Rotate.class,
                        rotate -> {
                          assertThat(rotate.replaced()).containsExactly(keyId(3));
                          assertThat(rotate.successor().orElseThrow().algorithm())
                              .isEqualTo(KeyAlgorithm.HMAC_SHA_256);
                        }));
  }

  @Test
  void whatCannotBeReplacedIsToldAndGoesOnToItsEnd() throws Exception {
    Group group =
        group(
            1,
            GroupPolicy.builder()
                .algorithms(EnumSet.of(KeyAlgorithm.EC_P256))
                .rotationSeconds(90 * DAY)
                .build());
    Directory directory = directory(group, Samples.key(1, group));
    assertThat(Schedule.due(directory, later(90 * DAY)))
        .containsExactly(
            new Stalled(
                groupId(1),
                Set.of(keyId(1)),
                new Denial.AlgorithmRefused(
                    groupId(1), KeyAlgorithm.AES_256, Set.of(KeyAlgorithm.EC_P256))));
    assertThat(Schedule.due(directory, later(365 * DAY)))
        .contains(new Transit(keyId(1), KeyTransition.DEACTIVATION));
  }

  @Test
  void aRetiredGroupGetsNoNewKey() throws Exception {
    Group group = group(1).withState(GroupState.RETIRED);
    Directory directory = directory(group, Samples.key(1, group));
    assertThat(Schedule.due(directory, later(300 * DAY))).isEmpty();
    assertThat(Schedule.due(directory, later(365 * DAY)))
        .containsExactly(new Transit(keyId(1), KeyTransition.DEACTIVATION));
  }

  /** Random keys; steps of time, large and small: what was done is due no more, nothing is lost. */
  @Test
  void onceDoneNothingIsDue() throws Exception {
    System.out.println("ScheduleTest: seed " + SEED);
    Random random = new Random(SEED);
    int acts = 0;
    for (int run = 0; run < 60; run++) {
      GroupPolicy policy =
          GroupPolicy.builder()
              .rotationSeconds(random.nextBoolean() ? 0 : (1 + random.nextInt(300)) * DAY)
              .mostKeys(1 + random.nextInt(6))
              .periodEnd(PeriodEnd.of(1 + random.nextInt(2)).orElseThrow())
              .build();
      Group group = group(1, policy);
      DirectoryDraft draft = Directory.EMPTY.draft().put(group);
      for (int number = 1; number <= 5; number++) {
        long from = random.nextInt(100) * DAY;
        long end = from + (1 + random.nextInt(300)) * DAY;
        KeyState state = KeyState.of(1 + random.nextInt(4)).orElseThrow();
        draft.put(key(number, group, state, periods(from, end, end + random.nextInt(99) * DAY)));
      }
      Directory directory = draft.publish();
      for (long day = 0; day < 2000; day += 1 + random.nextInt(200)) {
        ElementTime floor = later(day * DAY);
        List<DueAct> due = Schedule.due(directory, floor);
        assertThat(Schedule.due(directory, floor)).isEqualTo(due);
        directory = execute(directory, due, floor);
        acts += due.size();
        assertThat(Schedule.due(directory, floor))
            .as("run %d, day %d, after %s", run, day, due)
            .allMatch(act -> act instanceof Stalled);
        for (KeyEntry key : directory.keysOf(groupId(1))) {
          ElementTime end = key.attributes().periods().originatorEnd();
          assertThat(key.state() == KeyState.ACTIVE && !floor.isBefore(end)).isFalse();
        }
      }
    }
    assertThat(acts).isGreaterThan(200);
  }
}
