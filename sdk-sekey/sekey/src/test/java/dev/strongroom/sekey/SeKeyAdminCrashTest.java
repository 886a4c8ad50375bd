// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.file.testkit.MemoryStore;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.History;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.Name;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.policy.KeyProposal;
import dev.strongroom.simulator.FaultPlan;
import java.io.IOException;
import java.util.EnumSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Power and process are lost at every write of the element, which every commit of the strict volume
 * makes too, and the answer of every command.
 */
class SeKeyAdminCrashTest {

  private final TestClock clock = new TestClock();
  private TestElement root;
  private TestElement annElement;
  private TestElement bobElement;
  private User ann;
  private User bob;
  private Group group;

  @BeforeEach
  void set() throws Exception {
    root = new TestElement(clock);
    annElement = new TestElement(clock);
    bobElement = new TestElement(clock);
    try (SeKeyAdmin admin = root.createAdmin();
        SecretBytes pin = TestElement.administratorPin()) {
      ann = admin.enrol(new Name("Ann"), annElement.session(), pin);
      bob = admin.enrol(new Name("Bob"), bobElement.session(), pin);
      group = admin.addGroup(new Name("Sales"), GroupPolicy.builder().build());
      admin.addMember(group.id(), ann.id(), History.ALL);
      admin.addMember(group.id(), bob.id(), History.ALL);
      KeyProposal proposal =
          KeyProposal.of(
              KeyAlgorithm.AES_256, EnumSet.of(KeyUsage.ENCRYPTION), group.policy(), clock.time());
      admin.makeKey(group.id(), proposal, KeyState.ACTIVE);
      admin.makeKey(group.id(), proposal, KeyState.PRE_ACTIVE);
    }
  }

  @AfterEach
  void close() {
    root.close();
    annElement.close();
    bobElement.close();
  }

  /** Whatever is lost when, opening leaves the state before the removal or the one after it. */
  @Test
  void aRemovalIsWholeOrNotBegunWhereverPowerFails() throws Exception {
    int cuts = 0;
    for (int write = 1; ; write++) {
      try (TestElement cut = root.twin()) {
        boolean survived = remove(cut, FaultPlan.builder().powerLossAtWrite(write, 0).build());
        assertWholeOrNotBegun(cut);
        if (survived) {
          break;
        }
        cuts++;
      }
    }
    assertThat(cuts).isGreaterThan(5);
  }

  /** Every answer of the element is lost once; the host is gone with it. */
  @Test
  void aRemovalIsWholeOrNotBegunWhicheverAnswerIsLost() throws Exception {
    int cuts = 0;
    for (int command = 1; ; command++) {
      try (TestElement cut = root.twin()) {
        boolean survived = remove(cut, FaultPlan.builder().loseResponse(command).build());
        assertWholeOrNotBegun(cut);
        if (survived) {
          break;
        }
        cuts++;
      }
    }
    assertThat(cuts).isGreaterThan(5);
  }

  private boolean remove(TestElement cut, FaultPlan plan) throws IOException {
    SeKeyAdmin admin = cut.openAdmin();
    cut.simulated().inject(plan);
    boolean survived;
    try {
      admin.removeMember(group.id(), bob.id());
      survived = true;
    } catch (IOException | RuntimeException e) {
      survived = false;
    }
    cut.simulated().inject(FaultPlan.none());
    cut.restart(cut.disk().copy(), admin);
    return survived;
  }

  private void assertWholeOrNotBegun(TestElement cut) throws Exception {
    try (SeKeyAdmin admin = cut.openAdmin()) {
      Directory after = admin.directory();
      boolean member = after.membership(group.id(), bob.id()).isPresent();
      assertThat(count(after, KeyState.ACTIVE)).isEqualTo(1);
      assertThat(count(after, KeyState.PRE_ACTIVE)).isEqualTo(1);
      assertThat(count(after, KeyState.DEACTIVATED)).isEqualTo(member ? 0 : 1);
      assertThat(count(after, KeyState.DESTROYED)).isEqualTo(member ? 0 : 1);
      SeKeyAdminTest.assertAgreement(admin, cut);
      if (member) {
        admin.removeMember(group.id(), bob.id());
        SeKeyAdminTest.assertAgreement(admin, cut);
      }
    }
  }

  private long count(Directory directory, KeyState state) {
    return directory.keysOf(group.id()).stream()
        .map(KeyEntry::state)
        .filter(found -> found == state)
        .count();
  }

  /** The user's element loses power at each of its writes; the next delivery goes on. */
  @Test
  void aDeliveryGoesOnWhereverItWasCut() throws Exception {
    int cuts = 0;
    try (SeKeyAdmin admin = root.openAdmin()) {
      for (int write = 1; ; write++) {
        try (TestElement cut = annElement.twin()) {
          cut.simulated().inject(FaultPlan.builder().powerLossAtWrite(write, 0).build());
          boolean survived;
          try {
            deliver(admin, cut);
            survived = true;
          } catch (IOException | RuntimeException e) {
            survived = false;
          }
          cut.simulated().inject(FaultPlan.none());
          cut.restart();
          deliver(admin, cut);
          assertThat(cut.keys().keySet()).isEqualTo(admin.directory().seenBy(ann.id()).keys());
          for (KeyId key : cut.keys().keySet()) {
            assertThat(cut.keys().get(key))
                .isEqualTo(admin.directory().key(key).orElseThrow().attributes());
          }
          if (survived) {
            break;
          }
          cuts++;
        }
      }
    }
    assertThat(cuts).isGreaterThan(3);
  }

  private void deliver(SeKeyAdmin admin, TestElement element) throws IOException {
    admin.deliver(ann.id(), element.session(), element.volume(), TestElement.PATH);
  }

  /** K1 of the real SEkey: an old state is not accepted as a new one. */
  @Test
  void anOlderCopyIsRefused() throws Exception {
    MemoryStore older = root.disk().copy();
    try (SeKeyAdmin admin = root.openAdmin()) {
      KeyEntry key =
          admin.directory().keysOf(group.id()).stream()
              .filter(found -> found.state() == KeyState.ACTIVE)
              .findFirst()
              .orElseThrow();
      admin.changeState(key.id(), KeyState.COMPROMISED);
    }
    assertThatThrownBy(() -> root.restart(older)).isInstanceOf(StrongroomException.class);
  }
}
