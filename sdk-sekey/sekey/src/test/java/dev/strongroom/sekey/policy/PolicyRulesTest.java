// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.policy;

import static dev.strongroom.sekey.Samples.NOW;
import static dev.strongroom.sekey.Samples.at;
import static dev.strongroom.sekey.Samples.group;
import static dev.strongroom.sekey.Samples.groupId;
import static dev.strongroom.sekey.Samples.key;
import static dev.strongroom.sekey.Samples.keyId;
import static dev.strongroom.sekey.Samples.later;
import static dev.strongroom.sekey.Samples.membership;
import static dev.strongroom.sekey.Samples.user;
import static dev.strongroom.sekey.Samples.userId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttribute;
import dev.strongroom.core.keys.KeyCircumstances;
import dev.strongroom.core.keys.KeyCircumstances.Acknowledgement;
import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.keys.LeaseGate;
import dev.strongroom.core.keys.RefusalReason;
import dev.strongroom.sekey.Samples;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.DirectoryDraft;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.GroupState;
import dev.strongroom.sekey.model.History;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.Membership;
import dev.strongroom.sekey.model.Resource;
import dev.strongroom.sekey.model.Treatment;
import dev.strongroom.sekey.model.UserState;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyRulesTest {

  private static final GroupPolicy DEFAULTS = GroupPolicy.builder().build();

  /** User 1 in group 1 of a policy, with key 1 for data. */
  private static Directory directory(GroupPolicy policy) throws Exception {
    Group group = group(1, policy);
    DirectoryDraft draft = Directory.EMPTY.draft();
    draft.put(user(1)).put(user(2)).put(group).put(membership(1, 1));
    return draft.put(key(1, group)).publish();
  }

  private static Denial denial(Decision decision) {
    assertThat(decision).isInstanceOf(Decision.Deny.class);
    Denial denial = ((Decision.Deny) decision).denial();
    assertThat(denial.message()).isNotBlank().doesNotContain("null");
    return denial;
  }

  private static RefusalReason rule(Decision decision) {
    return ((Denial.ByKeyRules) denial(decision)).refusal().reason();
  }

  @Test
  void aMemberMayWhatTheKeyIsFor() throws Exception {
    Directory directory = directory(DEFAULTS);
    assertThat(PolicyRules.use(directory, userId(1), keyId(1), KeyOperation.ENCRYPT, at(later(1))))
        .isEqualTo(Decision.PERMITTED);
    assertThat(rule(PolicyRules.use(directory, userId(1), keyId(1), KeyOperation.SIGN, at(NOW))))
        .isEqualTo(RefusalReason.USAGE);
  }

  @Test
  void whoIsNoMemberIsTold() throws Exception {
    Directory directory = directory(DEFAULTS);
    KeyOperation decrypt = KeyOperation.DECRYPT;
    assertThat(denial(PolicyRules.use(directory, userId(2), keyId(1), decrypt, at(NOW))))
        .isEqualTo(new Denial.NotMember(userId(2), groupId(1)));
    assertThat(denial(PolicyRules.use(directory, userId(9), keyId(1), decrypt, at(NOW))))
        .isEqualTo(new Denial.UnknownUser(userId(9)));
    assertThat(denial(PolicyRules.use(directory, userId(1), keyId(9), decrypt, at(NOW))))
        .isEqualTo(new Denial.UnknownKey(keyId(9)));
    Directory blocked = directory.draft().put(user(1).withState(UserState.BLOCKED)).publish();
    assertThat(denial(PolicyRules.use(blocked, userId(1), keyId(1), decrypt, at(NOW))))
        .isEqualTo(new Denial.BlockedUser(userId(1)));
  }

  @Test
  void whoCameWithoutTheHistoryHasNoEarlierKey() throws Exception {
    DirectoryDraft draft = directory(DEFAULTS).draft();
    draft.put(key(1, group(1)).changed(KeyState.DEACTIVATED, later(5)));
    draft.put(new Membership(groupId(1), userId(2), later(9), History.FROM_JOINING));
    assertThat(
            denial(
                PolicyRules.use(
                    draft.publish(), userId(2), keyId(1), KeyOperation.DECRYPT, at(later(10)))))
        .isEqualTo(new Denial.BeforeJoining(keyId(1), userId(2), later(5), later(9)));
  }

  @Test
  void aRetiredGroupProcessesAndProtectsNoMore() throws Exception {
    Directory retired =
        directory(DEFAULTS).draft().put(group(1).withState(GroupState.RETIRED)).publish();
    assertThat(denial(PolicyRules.use(retired, userId(1), keyId(1), KeyOperation.ENCRYPT, at(NOW))))
        .isEqualTo(new Denial.RetiredGroup(groupId(1)));
    assertThat(PolicyRules.use(retired, userId(1), keyId(1), KeyOperation.DECRYPT, at(NOW)))
        .isEqualTo(Decision.PERMITTED);
    assertThat(denial(PolicyRules.make(retired, groupId(1), proposal(DEFAULTS), Set.of())))
        .isEqualTo(new Denial.RetiredGroup(groupId(1)));
    Directory early =
        directory(DEFAULTS)
            .draft()
            .put(key(2, group(1), KeyAlgorithm.AES_256, KeyState.PRE_ACTIVE))
            .put(group(1).withState(GroupState.RETIRED))
            .publish();
    assertThat(denial(PolicyRules.changeState(early, keyId(2), KeyState.ACTIVE, at(NOW))))
        .isEqualTo(new Denial.RetiredGroup(groupId(1)));
  }

  @Test
  void keysOfElementsDoNotComeToTheHost() throws Exception {
    for (Resource resource : Resource.values()) {
      GroupPolicy policy = GroupPolicy.builder().resource(resource).build();
      Group group = group(1, policy);
      KeyEntry data =
          key(
              2,
              group,
              KeyState.ACTIVE,
              KeyProposal.of(KeyAlgorithm.AES_256, Set.of(KeyUsage.DATA_KEYS), policy, NOW));
      Directory directory = directory(policy).draft().put(data).publish();
      Decision decision =
          PolicyRules.use(directory, userId(1), keyId(2), KeyOperation.MAKE_DATA_KEY, at(NOW));
      if (resource == Resource.HOST) {
        assertThat(decision).isEqualTo(Decision.PERMITTED);
      } else {
        assertThat(denial(decision))
            .isEqualTo(new Denial.ResourceRefused(groupId(1), KeyOperation.MAKE_DATA_KEY));
      }
    }
  }

  @Test
  void acknowledgedUsesSayWhatTheyOweThemselvesTo() throws Exception {
    GroupPolicy policy = GroupPolicy.builder().suspended(Treatment.WITH_ACKNOWLEDGEMENT).build();
    KeyEntry suspended = key(1, group(1, policy)).changed(KeyState.SUSPENDED, NOW);
    Directory directory = directory(policy).draft().put(suspended).publish();
    assertThat(rule(PolicyRules.use(directory, userId(1), keyId(1), KeyOperation.DECRYPT, at(NOW))))
        .isEqualTo(RefusalReason.ACKNOWLEDGEMENT);
    KeyCircumstances acknowledged =
        new KeyCircumstances(
            NOW, NOW, Long.MAX_VALUE, new LeaseGate.NotNeeded(), Acknowledgement.GIVEN);
    assertThat(PolicyRules.use(directory, userId(1), keyId(1), KeyOperation.DECRYPT, acknowledged))
        .isEqualTo(new Decision.Permit(Set.of(KeyFlag.SUSPENDED_PROCESSING), 0));
    assertThat(rule(PolicyRules.use(directory, userId(1), keyId(1), KeyOperation.ENCRYPT, at(NOW))))
        .isEqualTo(RefusalReason.STATE);
  }

  private static KeyProposal proposal(GroupPolicy policy) {
    return KeyProposal.of(KeyAlgorithm.AES_256, Set.of(KeyUsage.ENCRYPTION), policy, NOW);
  }

  private static KeyProposal proposal(ElementTime originatorEnd, ElementTime recipientEnd) {
    return new KeyProposal(
        KeyAlgorithm.AES_256,
        Set.of(KeyUsage.ENCRYPTION),
        new KeyPeriods(NOW, originatorEnd, recipientEnd, ElementTime.NONE),
        1000);
  }

  @Test
  void aPeriodTenTimesLongerThanTheGroupsIsRefusedAndAShorterOneIsNot() throws Exception {
    Directory directory = directory(DEFAULTS);
    long year = 365 * Samples.DAY;
    assertThat(
            PolicyRules.make(
                directory, groupId(1), proposal(later(year), later(4 * year)), Set.of()))
        .isEqualTo(Decision.PERMITTED);
    assertThat(PolicyRules.make(directory, groupId(1), proposal(later(1), later(1)), Set.of()))
        .isEqualTo(Decision.PERMITTED);
    assertThat(
            denial(
                PolicyRules.make(
                    directory, groupId(1), proposal(later(10 * year), later(10 * year)), Set.of())))
        .isEqualTo(
            new Denial.PeriodTooLong(
                groupId(1), KeyAttribute.ORIGINATOR_PERIOD, year, OptionalLong.of(10 * year)));
    assertThat(
            denial(
                PolicyRules.make(
                    directory, groupId(1), proposal(later(5), later(6 + 3 * year)), Set.of())))
        .isEqualTo(
            new Denial.PeriodTooLong(
                groupId(1),
                KeyAttribute.RECIPIENT_PERIOD,
                3 * year,
                OptionalLong.of(3 * year + 1)));
    assertThat(
            denial(
                PolicyRules.make(
                    directory, groupId(1), proposal(ElementTime.NONE, ElementTime.NONE), Set.of())))
        .isEqualTo(
            new Denial.PeriodTooLong(
                groupId(1), KeyAttribute.ORIGINATOR_PERIOD, year, OptionalLong.empty()));
  }

  @Test
  void whatTheRulesPermitTheElementsTermsPermit() throws Exception {
    Directory directory = directory(DEFAULTS);
    for (long end : new long[] {1, 365 * Samples.DAY, 365 * Samples.DAY + 1}) {
      for (long more : new long[] {0, 3 * 365 * Samples.DAY, 3 * 365 * Samples.DAY + 1}) {
        KeyProposal proposal = proposal(later(end), later(end + more));
        assertThat(
                PolicyRules.make(directory, groupId(1), proposal, Set.of())
                    instanceof Decision.Permit)
            .isEqualTo(DEFAULTS.terms().permit(proposal.periods()));
      }
    }
  }

  @Test
  void aSecondKeyInAGroupThatHasOneAtMostIsRefused() throws Exception {
    GroupPolicy one = GroupPolicy.builder().mostKeys(1).build();
    Directory directory = directory(one);
    assertThat(denial(PolicyRules.make(directory, groupId(1), proposal(one), Set.of())))
        .isEqualTo(new Denial.TooManyKeys(groupId(1), 1, 1));
    assertThat(PolicyRules.make(directory, groupId(1), proposal(one), Set.of(keyId(1))))
        .isEqualTo(Decision.PERMITTED);
    Directory ended =
        directory
            .draft()
            .put(key(1, group(1, one)).changed(KeyState.DEACTIVATED, later(1)))
            .publish();
    assertThat(PolicyRules.make(ended, groupId(1), proposal(one), Set.of()))
        .isEqualTo(Decision.PERMITTED);
  }

  @Test
  void algorithmsAndLimitsAreThePolicys() throws Exception {
    Directory directory = directory(DEFAULTS);
    KeyProposal weak =
        KeyProposal.of(KeyAlgorithm.AES_128, Set.of(KeyUsage.ENCRYPTION), DEFAULTS, NOW);
    assertThat(denial(PolicyRules.make(directory, groupId(1), weak, Set.of())))
        .isEqualTo(
            new Denial.AlgorithmRefused(groupId(1), KeyAlgorithm.AES_128, DEFAULTS.algorithms()));
    KeyProposal much =
        new KeyProposal(
            KeyAlgorithm.AES_256,
            Set.of(KeyUsage.ENCRYPTION),
            DEFAULTS.periodsFrom(NOW),
            DEFAULTS.keyUses() + 1);
    assertThat(denial(PolicyRules.make(directory, groupId(1), much, Set.of())))
        .isEqualTo(new Denial.LimitTooHigh(groupId(1), DEFAULTS.keyUses(), DEFAULTS.keyUses() + 1));
    assertThat(denial(PolicyRules.make(directory, groupId(9), weak, Set.of())))
        .isEqualTo(new Denial.UnknownGroup(groupId(9)));
  }

  @Test
  void periodsOfAKeyGetNoLonger() throws Exception {
    Directory directory = directory(DEFAULTS);
    KeyPeriods shorter = new KeyPeriods(NOW, later(60), later(90), ElementTime.NONE);
    assertThat(PolicyRules.changePeriods(directory, keyId(1), shorter))
        .isEqualTo(Decision.PERMITTED);
    KeyEntry key = directory.key(keyId(1)).orElseThrow();
    Directory shortened =
        directory.draft().put(key.withAttributes(key.attributes().withPeriods(shorter))).publish();
    assertThat(
            rule(
                PolicyRules.changePeriods(
                    shortened,
                    keyId(1),
                    new KeyPeriods(NOW, later(61), later(90), ElementTime.NONE))))
        .isEqualTo(RefusalReason.ATTRIBUTE);
  }

  @Test
  void whatCannotBeUndoneNeedsApprovalAndTime() throws Exception {
    GroupPolicy policy = GroupPolicy.builder().approvals(2).destructionSeconds(100).build();
    Directory directory = directory(policy);
    assertThat(rule(PolicyRules.scheduleDestruction(directory, keyId(1), later(100), NOW)))
        .as("it is active")
        .isEqualTo(RefusalReason.STATE);
    Directory ended =
        directory
            .draft()
            .put(key(1, group(1, policy)).changed(KeyState.DEACTIVATED, NOW))
            .publish();
    assertThat(PolicyRules.scheduleDestruction(ended, keyId(1), later(100), NOW))
        .isEqualTo(new Decision.Permit(Set.of(), 2));
    assertThat(denial(PolicyRules.scheduleDestruction(ended, keyId(1), later(99), NOW)))
        .isEqualTo(new Denial.DestructionTooSoon(keyId(1), later(100), later(99)));
    assertThat(PolicyRules.changeState(directory, keyId(1), KeyState.COMPROMISED, at(NOW)))
        .as("nobody is waited for")
        .isEqualTo(Decision.PERMITTED);
    Directory early =
        directory
            .draft()
            .put(key(2, group(1, policy), KeyAlgorithm.AES_256, KeyState.PRE_ACTIVE))
            .publish();
    assertThat(PolicyRules.changeState(early, keyId(2), KeyState.DESTROYED, at(NOW)))
        .isEqualTo(new Decision.Permit(Set.of(), 2));
    assertThat(rule(PolicyRules.changeState(early, keyId(2), KeyState.DEACTIVATED, at(NOW))))
        .isEqualTo(RefusalReason.TRANSITION);
  }
}
