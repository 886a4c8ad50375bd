// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementAdministeredException;
import dev.strongroom.core.device.ElementChangedException;
import dev.strongroom.core.device.KeyAttributeRefusedException;
import dev.strongroom.core.device.KeyNotFoundException;
import dev.strongroom.core.device.KeyStateRefusedException;
import dev.strongroom.core.device.KeyTransitionRefusedException;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyShortening;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.file.testkit.ManualExecutor;
import dev.strongroom.sekey.audit.AuditVerification;
import dev.strongroom.sekey.audit.SignedCheckpoint;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.History;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.Name;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.policy.Denial;
import dev.strongroom.sekey.policy.KeyProposal;
import dev.strongroom.sekey.schedule.DueAct;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An administrator with one system, and two users. */
@Tag("jdk25")
class SeKeyAdminTest {

  private static final byte[] TEXT = "the plan".getBytes(UTF_8);

  private final TestClock clock = new TestClock();
  private TestElement root;
  private TestElement annElement;
  private TestElement bobElement;
  private SeKeyAdmin admin;
  private User ann;
  private User bob;
  private Group group;

  @BeforeEach
  void set() throws Exception {
    root = new TestElement(clock);
    annElement = new TestElement(clock);
    bobElement = new TestElement(clock);
    admin = root.createAdmin();
    ann = enrol("Ann", annElement);
    bob = enrol("Bob", bobElement);
    group = admin.addGroup(new Name("Sales"), GroupPolicy.builder().build());
    admin.addMember(group.id(), ann.id(), History.ALL);
    admin.addMember(group.id(), bob.id(), History.ALL);
  }

  @AfterEach
  void everyActIsInTheModelAsInTheElementAndInTheLog() throws Exception {
    assertAgreement(admin, root);
    admin.close();
    root.close();
    annElement.close();
    bobElement.close();
  }

  /** Model and element say the same of every key, and the audit log is whole. */
  static void assertAgreement(SeKeyAdmin admin, TestElement element) throws Exception {
    Map<KeyId, KeyAttributes> model = new TreeMap<>();
    for (KeyId id : admin.directory().keys()) {
      model.put(id, admin.directory().key(id).orElseThrow().attributes());
    }
    Map<KeyId, KeyAttributes> keys = element.keys();
    keys.values().removeIf(key -> key.group().isEmpty()); // the audit log's
    assertThat(model).isEqualTo(keys);
    AuditVerification verdict = admin.verifyAudit(Optional.of(admin.checkpoint()));
    assertThat(verdict.integrity()).isInstanceOf(AuditVerification.Integrity.Intact.class);
    assertThat(verdict.completeness()).isInstanceOf(AuditVerification.Completeness.Complete.class);
  }

  private User enrol(String name, TestElement element) throws IOException {
    try (SecretBytes pin = TestElement.administratorPin()) {
      return admin.enrol(new Name(name), element.session(), pin);
    }
  }

  private KeyEntry key(KeyState state) throws IOException {
    return admin.makeKey(group.id(), proposal(KeyAlgorithm.AES_256, KeyUsage.ENCRYPTION), state);
  }

  private KeyProposal proposal(KeyAlgorithm algorithm, KeyUsage usage) {
    return KeyProposal.of(algorithm, EnumSet.of(usage), group.policy(), clock.time());
  }

  private void deliver(User user, TestElement element) throws IOException {
    admin.deliver(user.id(), element.session(), element.volume(), TestElement.PATH);
  }

  private KeyEntry only(KeyState state) {
    return admin.directory().keysOf(group.id()).stream()
        .filter(key -> key.state() == state)
        .reduce(
            (a, b) -> {
              throw new AssertionError("more than one");
            })
        .orElseThrow();
  }

  private long entries() throws IOException {
    return admin.verifyAudit(Optional.empty()).entries();
  }

  @Test
  void whatOneMemberEncryptsAnotherDecrypts() throws Exception {
    KeyEntry key = key(KeyState.ACTIVE);
    deliver(ann, annElement);
    deliver(bob, bobElement);
    byte[] sealed = annElement.encrypt(key.id(), TEXT);
    assertThat(bobElement.decrypt(key.id(), sealed)).isEqualTo(TEXT);
  }

  @Test
  void aDeliveryIsDoneOnce() throws Exception {
    key(KeyState.ACTIVE);
    deliver(ann, annElement);
    long before = entries();
    Map<KeyId, KeyAttributes> keys = annElement.keys();
    deliver(ann, annElement);
    assertThat(entries()).isEqualTo(before);
    assertThat(annElement.keys()).isEqualTo(keys);
    assertThat(keys).hasSize(3);
  }

  @Test
  void whoLeavesHasNothingAndTheOthersHaveNewKeys() throws Exception {
    KeyEntry old = key(KeyState.ACTIVE);
    KeyEntry planned = key(KeyState.PRE_ACTIVE);
    deliver(ann, annElement);
    deliver(bob, bobElement);
    byte[] sealed = bobElement.encrypt(old.id(), TEXT);
    admin.removeMember(group.id(), bob.id());
    assertThat(admin.directory().key(old.id()).orElseThrow().state())
        .isEqualTo(KeyState.DEACTIVATED);
    assertThat(admin.directory().key(planned.id()).orElseThrow().state())
        .isEqualTo(KeyState.DESTROYED);
    deliver(ann, annElement);
    byte[] next = annElement.encrypt(only(KeyState.ACTIVE).id(), TEXT);
    assertThat(annElement.decrypt(old.id(), sealed)).isEqualTo(TEXT);
    // Bob's element was away, and has the old key still; of the new one it knows nothing.
    assertThatThrownBy(() -> bobElement.decrypt(only(KeyState.ACTIVE).id(), next))
        .isInstanceOf(KeyNotFoundException.class);
    deliver(bob, bobElement);
    assertThat(bobElement.hasGroup(group.id())).isFalse();
    assertThatThrownBy(() -> bobElement.decrypt(old.id(), sealed))
        .isInstanceOf(KeyNotFoundException.class);
  }

  @Test
  void whoIsBlockedHasNothingUntilUnblocked() throws Exception {
    KeyEntry old = key(KeyState.ACTIVE);
    deliver(bob, bobElement);
    admin.block(bob.id());
    deliver(bob, bobElement);
    assertThat(bobElement.keys()).isEmpty();
    assertThat(admin.directory().key(old.id()).orElseThrow().state())
        .isEqualTo(KeyState.DEACTIVATED);
    admin.unblock(bob.id());
    deliver(bob, bobElement);
    assertThat(bobElement.keys()).containsKeys(old.id(), only(KeyState.ACTIVE).id()).hasSize(4);
  }

  @Test
  void nothingOfAnElementThatIsAnotherOnes() throws Exception {
    assertThatThrownBy(() -> deliver(ann, bobElement)).isInstanceOf(ElementChangedException.class);
    assertThatThrownBy(() -> enrol("Bobby", bobElement)).isInstanceOf(AlreadyTakenException.class);
    assertThatThrownBy(() -> enrol("Me", root)).isInstanceOf(AlreadyTakenException.class);
    assertThatThrownBy(annElement::createAdmin).isInstanceOf(ElementAdministeredException.class);
  }

  @Test
  void everyStateOfAKey() throws Exception {
    KeyId key = key(KeyState.PRE_ACTIVE).id();
    admin.changeState(key, KeyState.ACTIVE);
    admin.changeState(key, KeyState.SUSPENDED);
    admin.changeState(key, KeyState.ACTIVE);
    admin.changeState(key, KeyState.DEACTIVATED);
    deliver(ann, annElement);
    admin.changeState(key, KeyState.COMPROMISED);
    deliver(ann, annElement);
    assertThat(Objects.requireNonNull(annElement.keys().get(key)).state())
        .isEqualTo(KeyState.COMPROMISED);
    assertThatThrownBy(() -> admin.changeState(key, KeyState.ACTIVE))
        .isInstanceOf(KeyTransitionRefusedException.class);
  }

  @Test
  void destructionIsAnnouncedAndCancelled() throws Exception {
    KeyId key = key(KeyState.ACTIVE).id();
    ElementTime due = Samples.later(31 * Samples.DAY);
    assertThatThrownBy(() -> admin.scheduleDestruction(key, due))
        .isInstanceOf(KeyStateRefusedException.class);
    admin.changeState(key, KeyState.SUSPENDED);
    assertThatThrownBy(() -> admin.scheduleDestruction(key, Samples.later(Samples.DAY)))
        .isInstanceOfSatisfying(
            PolicyDeniedException.class,
            e -> assertThat(e.denial()).containsInstanceOf(Denial.DestructionTooSoon.class));
    admin.scheduleDestruction(key, due);
    admin.cancelDestruction(key);
    assertThat(only(KeyState.DEACTIVATED).id()).isEqualTo(key);
    admin.scheduleDestruction(key, due);
    clock.advance(32 * Samples.DAY);
    admin.maintain(clock.instant());
    assertThat(only(KeyState.DESTROYED).id()).isEqualTo(key);
    assertThatThrownBy(() -> admin.cancelDestruction(key))
        .isInstanceOf(KeyStateRefusedException.class);
  }

  @Test
  void periodsGetShorterAndNeverLonger() throws Exception {
    KeyEntry key = key(KeyState.ACTIVE);
    KeyPeriods present = key.attributes().periods();
    admin.shorten(
        key.id(),
        KeyShortening.to(
            new KeyPeriods(
                present.activation(),
                Samples.later(Samples.DAY),
                Samples.later(2 * Samples.DAY),
                ElementTime.NONE)));
    assertThatThrownBy(() -> admin.shorten(key.id(), KeyShortening.to(present)))
        .isInstanceOf(KeyAttributeRefusedException.class);
  }

  @Test
  void policyIsEnforcedAndWhatItDeniesIsInTheLog() throws Exception {
    admin.changePolicy(group.id(), group.policy().toBuilder().mostKeys(1).build());
    key(KeyState.ACTIVE);
    long before = entries();
    assertThatThrownBy(() -> key(KeyState.ACTIVE))
        .isInstanceOfSatisfying(
            PolicyDeniedException.class,
            e -> assertThat(e.denial()).containsInstanceOf(Denial.TooManyKeys.class));
    KeyPeriods tenfold =
        new KeyPeriods(
            clock.time(), Samples.later(3650 * Samples.DAY), ElementTime.NONE, ElementTime.NONE);
    assertThatThrownBy(
            () ->
                admin.makeKey(
                    group.id(),
                    new KeyProposal(
                        KeyAlgorithm.AES_256, EnumSet.of(KeyUsage.ENCRYPTION), tenfold, 1000),
                    KeyState.ACTIVE))
        .isInstanceOf(PolicyDeniedException.class);
    assertThatThrownBy(() -> admin.addGroup(new Name("Sales"), group.policy()))
        .isInstanceOf(AlreadyTakenException.class);
    assertThatThrownBy(() -> admin.block(Samples.userId(9)))
        .isInstanceOf(SubjectNotFoundException.class);
    assertThat(entries()).isEqualTo(before + 4);
  }

  @Test
  void whatNeedsApprovalIsNotDoneWithout() throws Exception {
    admin.changePolicy(group.id(), group.policy().toBuilder().approvals(1).build());
    KeyId key = key(KeyState.PRE_ACTIVE).id();
    assertThatThrownBy(() -> admin.changeState(key, KeyState.DESTROYED))
        .isInstanceOfSatisfying(
            PolicyDeniedException.class,
            e -> assertThat(e.denial()).containsInstanceOf(Denial.ApprovalsMissing.class));
    admin.changeState(key, KeyState.COMPROMISED); // which must not wait
  }

  @Test
  void keysComeFromOutsideWherePolicyPermits() throws Exception {
    byte[] value = new byte[32];
    value[0] = 7;
    KeyProposal proposal = proposal(KeyAlgorithm.HMAC_SHA_256, KeyUsage.MAC);
    try (SecretBytes secret = SecretBytes.copyOf(value)) {
      assertThatThrownBy(() -> admin.importKey(group.id(), proposal, KeyState.ACTIVE, secret))
          .isInstanceOf(KeyAttributeRefusedException.class);
      GroupTerms terms = group.policy().terms();
      admin.changePolicy(
          group.id(),
          group.policy().toBuilder()
              .terms(
                  new GroupTerms(
                      GroupTerms.Imports.PERMITTED,
                      terms.leastClass(),
                      terms.originatorSeconds(),
                      terms.recipientSeconds(),
                      terms.leaseSeconds(),
                      terms.leaseUses(),
                      terms.leasePowerUps()))
              .build());
      admin.importKey(group.id(), proposal, KeyState.ACTIVE, secret);
    }
    deliver(ann, annElement);
    assertThat(annElement.keys()).containsKey(only(KeyState.ACTIVE).id());
  }

  @Test
  void missedMaintenanceIsMadeUpOnce() throws Exception {
    KeyId old = key(KeyState.ACTIVE).id();
    clock.advance(300 * Samples.DAY); // three rotations of 90 days
    List<DueAct> done = admin.maintain(clock.instant());
    assertThat(done).hasAtLeastOneElementOfType(DueAct.Rotate.class);
    assertThat(only(KeyState.DEACTIVATED).id()).isEqualTo(old);
    assertThat(only(KeyState.ACTIVE).attributes().periods().activation()).isEqualTo(clock.time());
    long before = entries();
    assertThat(admin.maintain(clock.instant())).isEmpty();
    assertThat(entries()).isEqualTo(before);
  }

  @Test
  void anExecutorMaintains() throws Exception {
    KeyId old = key(KeyState.ACTIVE).id();
    ManualExecutor executor = new ManualExecutor();
    var maintenance = admin.maintainOn(executor, clock, Duration.ofHours(1));
    executor.advance(Duration.ZERO);
    clock.advance(100 * Samples.DAY);
    executor.advance(Duration.ofHours(1));
    assertThat(only(KeyState.DEACTIVATED).id()).isEqualTo(old);
    maintenance.cancel(false);
    clock.advance(100 * Samples.DAY);
    executor.advance(Duration.ofHours(2));
    assertThat(admin.floor().isBefore(clock.time())).isTrue();
  }

  @Test
  void aRetiredGroupProtectsNothingAndProcessesOn() throws Exception {
    KeyEntry key = key(KeyState.ACTIVE);
    KeyEntry planned = key(KeyState.PRE_ACTIVE);
    deliver(ann, annElement);
    byte[] sealed = annElement.encrypt(key.id(), TEXT);
    admin.retireGroup(group.id());
    deliver(ann, annElement);
    assertThat(annElement.decrypt(key.id(), sealed)).isEqualTo(TEXT);
    assertThatThrownBy(() -> annElement.encrypt(key.id(), TEXT))
        .isInstanceOf(KeyStateRefusedException.class);
    assertThat(Objects.requireNonNull(annElement.keys().get(planned.id())).state())
        .isEqualTo(KeyState.DESTROYED);
    assertThatThrownBy(() -> key(KeyState.ACTIVE)).isInstanceOf(PolicyDeniedException.class);
    assertThat(admin.maintain(clock.instant())).isEmpty();
  }

  @Test
  void aCheckpointOfAnotherIsNone() throws Exception {
    SignedCheckpoint made = admin.checkpoint();
    SignedCheckpoint forged =
        new SignedCheckpoint(
            made.checkpoint(),
            annElement
                .session()
                .sign(SignaturePurpose.DOCUMENT, made.checkpoint().encode().toByteArray()));
    assertThat(admin.verifyAudit(Optional.of(forged)).completeness())
        .isInstanceOf(AuditVerification.Completeness.Open.class);
  }

  @Test
  void allMembersOfAGroupSeeEachOtherAndNobodyElse() throws Exception {
    try (TestElement eveElement = new TestElement(clock)) {
      User eve = enrol("Eve", eveElement);
      deliver(ann, annElement);
      Set<String> seen =
          admin.directory().seenBy(ann.id()).users().stream()
              .map(user -> user.name().text())
              .collect(Collectors.toSet());
      assertThat(seen).containsExactlyInAnyOrder("Ann", "Bob").doesNotContain(eve.name().text());
    }
  }
}
