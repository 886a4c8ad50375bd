// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.KeyLimitReachedException;
import dev.strongroom.core.device.LeaseOverException;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.CertifiedRole;
import dev.strongroom.core.identity.ElementIdentity;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyGroup;
import dev.strongroom.core.keys.KeyOrder;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.Lease;
import dev.strongroom.core.keys.OrderEntry;
import dev.strongroom.core.keys.OrderPosition;
import dev.strongroom.core.keys.StoredKey;
import dev.strongroom.core.testkit.RootAuthority;
import dev.strongroom.core.testkit.SoftwareAdministrator;
import dev.strongroom.core.transport.ElementRemovedException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Power fails at every write while keys are used, changed and ordered: never more uses than the
 * limit or the lease, at most a block less, and changes happen whole or not at all.
 */
class KeyCountsCrashTest {

  private static final int[] KEPT = {0, 100, 2000, Integer.MAX_VALUE};
  private static final byte[] TEXT = {1, 2, 3};

  /** Blocks of three uses. */
  private static final long LIMIT = 300;

  private static final Bytes CHALLENGE = Bytes.parse("b0b1b2b3b4b5b6b7b8b9babbbcbdbebf");
  private static final GroupId GROUP = GroupId.parse("505152535455565758595a5b5c5d5e5f");
  private static final SoftwareAdministrator ADMINISTRATOR =
      new SoftwareAdministrator(RootAuthority.of(1));

  private static byte[] blank = {};

  @BeforeAll
  static void makeOne() throws Exception {
    blank = Stored.initialized();
  }

  private interface Work {
    void on(ManagedElement element) throws StrongroomException;
  }

  private interface Check {
    void on(MemoryElementStore left, String where) throws Exception;
  }

  private static byte[] after(byte[] content, Work work) throws Exception {
    MemoryElementStore store = MemoryElementStore.of(content);
    try (ManagedElement element = ManagedElement.open(store)) {
      work.on(element);
    }
    return store.content();
  }

  /** Gives the number of writes. */
  private static int atEachWrite(byte[] before, Work work, Check check) throws Exception {
    for (int write = 1; ; write++) {
      for (int kept : KEPT) {
        MemoryElementStore store = MemoryElementStore.of(before);
        try (ManagedElement element = ManagedElement.open(store)) {
          element.simulated().inject(FaultPlan.builder().powerLossAtWrite(write, kept).build());
          work.on(element);
          return write - 1;
        } catch (ElementRemovedException e) {
          check.on(store, "power lost at write " + write + " after " + kept + " bytes");
        }
      }
    }
  }

  /** Uses a key until the rules refuse it; gives how often that was possible. */
  private static int useUp(ManagedElement element) throws StrongroomException {
    for (int uses = 0; ; uses++) {
      assertThat(uses)
          .as("uses of a key that has a limit of %d", LIMIT)
          .isLessThan(2 * (int) LIMIT);
      try {
        element.encrypt(ManagedElement.id(1), TEXT);
      } catch (KeyLimitReachedException | LeaseOverException e) {
        return uses;
      }
    }
  }

  @Test
  void aLimitIsNeverPassedAndABlockIsLostAtMost() throws Exception {
    byte[] before =
        after(blank, element -> element.keys().generate(ManagedElement.cipherKey(1, LIMIT)));
    int[] used = {0};
    int writes =
        atEachWrite(
            before,
            element -> {
              used[0] = 0;
              for (int i = 0; i < 7; i++) {
                element.encrypt(ManagedElement.id(1), TEXT);
                used[0]++;
              }
            },
            (left, where) -> {
              try (ManagedElement element = ManagedElement.open(left)) {
                int all = used[0] + useUp(element);
                assertThat(all).as(where).isBetween((int) LIMIT - 3, (int) LIMIT);
              }
            });
    // Three blocks: page, two copies, zeros.
    assertThat(writes).isEqualTo(3 * 4);
  }

  @Test
  void usesThatAreLeftOfABlockOutliveALoginAndNotTheLossOfPower() throws Exception {
    byte[] before =
        after(blank, element -> element.keys().generate(ManagedElement.cipherKey(1, LIMIT)));
    MemoryElementStore store = MemoryElementStore.of(before);
    try (ManagedElement element = ManagedElement.open(store)) {
      element.encrypt(ManagedElement.id(1), TEXT);
      for (int login = 0; login < 2; login++) {
        element.login();
        element.encrypt(ManagedElement.id(1), TEXT);
      }
      assertThat(element.keys().read(ManagedElement.id(1)).blocks()).isEqualTo(1);
      element.encrypt(ManagedElement.id(1), TEXT);
      assertThat(element.keys().read(ManagedElement.id(1)).blocks()).isEqualTo(2);
    }
    try (ManagedElement element = ManagedElement.open(store)) {
      element.encrypt(ManagedElement.id(1), TEXT);
      assertThat(element.keys().read(ManagedElement.id(1)).blocks()).isEqualTo(3);
      assertThat(useUp(element)).isEqualTo((int) LIMIT - 6 - 1);
    }
  }

  /** An enrolled element whose group has a lease, and a key in it. */
  private static byte[] enrolled(Lease lease) throws Exception {
    MemoryElementStore store = MemoryElementStore.of(blank);
    try (SecureElement element = Stored.open(store)) {
      element.setTrustAnchor(Stored.pin(Stored.ADMINISTRATOR_PIN), ADMINISTRATOR.anchor(1));
    }
    return after(
        store.content(), element -> apply(element, order(element, OrderPosition.START, lease)));
  }

  private static KeyOrder order(ManagedElement element, OrderPosition previous, Lease lease)
      throws StrongroomException {
    ElementIdentity identity = element.commands().identity();
    KeyAttributes key = ManagedElement.inGroup(ManagedElement.cipherKey(1, 10_000), GROUP);
    return ADMINISTRATOR.order(
        ADMINISTRATOR.head(identity, 1, previous, new ElementTime(ManagedElement.NOW)),
        identity.agreementKey(),
        context -> new OrderEntry.Grant(GROUP, lease),
        context ->
            previous.sequence() == 0
                ? context.wrap(key, Stored.pin("0123456789abcdef0123456789abcdef"))
                : new OrderEntry.Key(key.withState(KeyState.DEACTIVATED), Optional.empty()));
  }

  private static OrderPosition apply(ManagedElement element, KeyOrder order)
      throws StrongroomException {
    return element
        .commands()
        .keyOrders()
        .apply(ADMINISTRATOR.chain(CertifiedRole.ADMINISTRATOR, 1), order);
  }

  @Test
  void aLeaseIsNeverPassedAndABlockAndAPowerUpAreLostAtMost() throws Exception {
    // Blocks of two uses.
    Lease lease = Lease.of(1, ElementTime.MAX, 200, 10);
    byte[] before = enrolled(lease);
    int[] used = {0};
    atEachWrite(
        before,
        element -> {
          used[0] = 0;
          for (int i = 0; i < 3; i++) {
            element.encrypt(ManagedElement.id(1), TEXT);
            used[0]++;
          }
        },
        (left, where) -> {
          try (ManagedElement element = ManagedElement.open(left)) {
            int all = used[0] + useUp(element);
            assertThat(all).as(where).isBetween(200 - 2 - 2, 200);
            KeyGroup group = element.keys().read(GROUP);
            int cycles = 10 - group.lease().orElseThrow().powerUps();
            assertThat(cycles).as(where).isBetween(1, 2);
          }
        });
  }

  @Test
  void aLeaseWithoutNumberOfUsesEndsWithItsPowerCycles() throws Exception {
    MemoryElementStore store =
        MemoryElementStore.of(enrolled(Lease.of(1, ElementTime.MAX, Lease.UNLIMITED_USES, 3)));
    for (int cycle = 0; cycle < 3; cycle++) {
      try (ManagedElement element = ManagedElement.open(store)) {
        for (int i = 0; i < 5; i++) {
          byte[] sealed = element.encrypt(ManagedElement.id(1), TEXT);
          assertThat(element.decrypt(ManagedElement.id(1), sealed)).isEqualTo(TEXT);
        }
      }
    }
    try (ManagedElement element = ManagedElement.open(store)) {
      assertThat(useUp(element)).isZero();
    }
  }

  @Test
  void anOrderIsAppliedWholeWithPositionAndFloorOrNotAtAll() throws Exception {
    byte[] before = enrolled(Lease.of(1, ElementTime.MAX, 200, 10));
    Lease next = Lease.of(2, new ElementTime(ManagedElement.NOW + 1000), 50, 5);
    KeyOrder[] order = new KeyOrder[1];
    int writes =
        atEachWrite(
            before,
            element -> {
              OrderPosition position =
                  element.commands().keyOrders().position(CHALLENGE).receipt().position();
              order[0] = order(element, position, next);
              apply(element, order[0]);
            },
            (left, where) -> {
              try (ManagedElement element = ManagedElement.open(left)) {
                OrderPosition position =
                    element.commands().keyOrders().position(CHALLENGE).receipt().position();
                StoredKey key = element.keys().read(ManagedElement.id(1));
                Lease lease = element.keys().read(GROUP).lease().orElseThrow();
                boolean done = position.sequence() == 2;
                assertThat(key.attributes().state())
                    .as(where)
                    .isEqualTo(done ? KeyState.DEACTIVATED : KeyState.ACTIVE);
                assertThat(lease.number()).as(where).isEqualTo(done ? 2 : 1);
                assertThat(apply(element, order[0])).isEqualTo(OrderPosition.after(order[0]));
                assertThat(element.keys().read(GROUP).lease()).contains(next);
              }
            });
    assertThat(writes).isEqualTo(4);
  }

  @Test
  void keysAreMadeChangedAndDestroyedOrNot() throws Exception {
    byte[] before =
        after(blank, element -> element.keys().generate(ManagedElement.cipherKey(1, LIMIT)));
    atEachWrite(
        before,
        element -> element.keys().generate(ManagedElement.cipherKey(2, LIMIT)),
        (left, where) -> {
          try (ManagedElement element = ManagedElement.open(left)) {
            assertThat(element.keys().keys(Optional.empty()))
                .as(where)
                .first()
                .isEqualTo(ManagedElement.id(1));
            element.encrypt(ManagedElement.id(1), TEXT);
          }
        });
    byte[] scheduled =
        after(
            before,
            element -> {
              element.keys().setState(ManagedElement.id(1), KeyState.ACTIVE, KeyState.COMPROMISED);
              element.keys().scheduleDestruction(ManagedElement.id(1), new ElementTime(10));
            });
    byte[] value = Stored.record(scheduled, ManagedElement.id(1).bytes());
    atEachWrite(
        scheduled,
        element -> element.keys().setFloor(new ElementTime(20)),
        (left, where) -> {
          try (ManagedElement element = ManagedElement.open(left)) {
            boolean done = element.keys().status().floor().seconds() == 20;
            KeyState state = element.keys().read(ManagedElement.id(1)).attributes().state();
            assertThat(state)
                .as(where)
                .isEqualTo(done ? KeyState.DESTROYED_COMPROMISED : KeyState.COMPROMISED);
            if (!done) {
              element.keys().setFloor(new ElementTime(20));
            }
          }
          byte[] record = Stored.record(left.content(), ManagedElement.id(1).bytes());
          assertThat(record).as(where).hasSize(80).endsWith(new byte[32]);
          assertThat(record).as(where).isNotEqualTo(value);
        });
  }
}
