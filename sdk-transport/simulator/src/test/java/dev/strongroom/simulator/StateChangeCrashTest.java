// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.LifeCycle;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.core.identity.ElementIdentity;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.SecretKind;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.identity.TrustAnchorUpdate;
import dev.strongroom.core.identity.WrappedSecret;
import dev.strongroom.core.testkit.RootAuthority;
import dev.strongroom.core.testkit.SoftwarePeer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every command that changes more than PINs is done or not done, whenever power fails. */
class StateChangeCrashTest {

  private static final Bytes ROOT = Bytes.copyOf(filled(1));
  private static final Bytes NEXT_ROOT = Bytes.copyOf(filled(2));
  private static final VersionSlot SLOT = new VersionSlot(Stored.VOLUME, ROOT, 1);
  private static final RootAuthority ROOTS = RootAuthority.of(2);

  private static byte[] before = {};
  private static List<Bytes> keys = List.of();

  @BeforeAll
  static void makeOne() throws Exception {
    MemoryElementStore store = MemoryElementStore.of(Stored.initialized());
    try (SecureElement element = Stored.open(store)) {
      keys = Stored.keys(element, Stored.USER_PIN);
      element.setTrustAnchor(Stored.pin(Stored.ADMINISTRATOR_PIN), ROOTS.anchor(1, 1));
      try (ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
        session.compareAndSetVersion(VersionSlot.none(Stored.VOLUME), ROOT);
      }
    }
    before = store.content();
  }

  @Test
  void aVersionHasMovedOrNot() throws Exception {
    int states =
        PowerLoss.atEachWrite(
            before,
            onSession(session -> session.compareAndSetVersion(SLOT, NEXT_ROOT)),
            (store, element, where) -> {
              try (ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
                VersionSlot now = session.readVersion(Stored.VOLUME).orElseThrow();
                assertThat(now).as(where).isIn(SLOT, SLOT.next(NEXT_ROOT));
                session.compareAndSetVersion(now, ROOT);
              }
              assertThat(Stored.keys(element, Stored.USER_PIN)).as(where).isEqualTo(keys);
            });
    // Two writes of the login, one of the change.
    assertThat(states).isEqualTo(3 * PowerLoss.WAYS);
  }

  @Test
  void aVersionIsReleasedOrNot() throws Exception {
    int states =
        PowerLoss.atEachWrite(
            before,
            element -> element.releaseVersion(Stored.pin(Stored.ADMINISTRATOR_PIN), Stored.VOLUME),
            (store, element, where) -> {
              assertThat(element.status().administratorTriesLeft()).as(where).isBetween(9, 10);
              try (ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
                assertThat(session.versions()).as(where).isIn(List.of(), List.of(SLOT));
              }
            });
    assertThat(states).isEqualTo(2 * PowerLoss.WAYS);
  }

  @Test
  void aTrustAnchorIsSetOrNot() throws Exception {
    byte[] without = Stored.initialized();
    TrustAnchor anchor = ROOTS.anchor(5, 2);
    int states =
        PowerLoss.atEachWrite(
            without,
            element -> element.setTrustAnchor(Stored.pin(Stored.ADMINISTRATOR_PIN), anchor),
            (store, element, where) -> {
              assertThat(element.status().administratorTriesLeft()).as(where).isBetween(9, 10);
              if (element.trustAnchor().isEmpty()) {
                element.setTrustAnchor(Stored.pin(Stored.ADMINISTRATOR_PIN), anchor);
              }
              assertThat(element.trustAnchor()).as(where).contains(anchor);
              element.login(Stored.pin(Stored.USER_PIN)).close();
            });
    assertThat(states).isEqualTo(2 * PowerLoss.WAYS);
  }

  @Test
  void aTrustAnchorIsReplacedOrNot() throws Exception {
    RootAuthority successors = RootAuthority.of(8);
    TrustAnchor next = successors.anchor(2, 1);
    TrustAnchorUpdate update = ROOTS.update(next, new int[] {1}, successors, new int[] {0});
    int states =
        PowerLoss.atEachWrite(
            before,
            onSession(session -> session.updateTrustAnchor(update)),
            (store, element, where) -> {
              assertThat(element.trustAnchor().orElseThrow())
                  .as(where)
                  .isIn(ROOTS.anchor(1, 1), next);
              assertThat(Stored.keys(element, Stored.USER_PIN)).as(where).isEqualTo(keys);
            });
    assertThat(states).isEqualTo(3 * PowerLoss.WAYS);
  }

  @Test
  void aWipedElementHasNothingLeftOrEverything() throws Exception {
    wipe(before, element -> element.wipe(Stored.pin(Stored.ADMINISTRATOR_PIN)), 3);
  }

  @Test
  void aBlockedElementIsWipedOrNot() throws Exception {
    MemoryElementStore store = MemoryElementStore.of(before);
    try (SecureElement element = Stored.open(store)) {
      for (Role role : Role.values()) {
        for (int i = 0; i < 10 && tries(element, role) > 0; i++) {
          PinCommand.failing(() -> element.verify(role, Stored.pin("wrong PIN")));
        }
      }
    }
    byte[] blocked = store.content();
    int states =
        PowerLoss.atEachWrite(
            blocked,
            SecureElement::wipeBlocked,
            (left, element, where) -> {
              if (element.status().initialized()) {
                assertThat(tries(element, Role.ADMINISTRATOR)).as(where).isZero();
                element.wipeBlocked();
              }
              element.initialize(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
              element.login(Stored.pin(Stored.USER_PIN)).close();
            });
    assertThat(states).isEqualTo(2 * PowerLoss.WAYS);
  }

  private static void wipe(byte[] content, PowerLoss.Work work, int writes) throws Exception {
    ElementImage old = Stored.image(content);
    int states =
        PowerLoss.atEachWrite(
            content,
            work,
            (store, element, where) -> {
              if (element.status().initialized()) {
                assertThat(Stored.keys(element, Stored.USER_PIN)).as(where).isEqualTo(keys);
                assertThat(element.trustAnchor()).as(where).isPresent();
                return;
              }
              assertThat(element.info().serialNumber()).as(where).isEqualTo(old.serialNumber());
              assertThat(element.status().generation()).isGreaterThan(old.generation());
              for (Bytes secret :
                  List.of(
                      old.sealed(),
                      slot(old, Role.USER),
                      slot(old, Role.ADMINISTRATOR),
                      old.disclosed().encode(),
                      Bytes.copyOf(Arrays.copyOf(old.device().toByteArray(), 32)))) {
                assertThat(Stored.contains(store.content(), secret.toByteArray()))
                    .as("a secret is still there, " + where)
                    .isFalse();
              }
              assertThat(ChannelIdentity.of(Stored.image(store.content())).key().publicKey())
                  .isEqualTo(ChannelIdentity.of(old).key().publicKey());
              element.initialize(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
              assertThat(Stored.keys(element, Stored.USER_PIN)).as(where).isNotEqualTo(keys);
            });
    assertThat(states).isEqualTo(writes * PowerLoss.WAYS);
  }

  @Test
  void aWipedElementIsInitialisedOrStillBlank() throws Exception {
    MemoryElementStore store = MemoryElementStore.of(before);
    try (SecureElement element = Stored.open(store)) {
      element.wipe(Stored.pin(Stored.ADMINISTRATOR_PIN));
    }
    int states =
        PowerLoss.atEachWrite(
            store.content(),
            element ->
                element.initialize(
                    Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN)),
            (left, element, where) -> {
              if (!element.status().initialized()) {
                element.initialize(
                    Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
              }
              assertThat(Stored.keys(element, Stored.USER_PIN)).as(where).hasSize(2);
              assertThat(element.trustAnchor()).as(where).isEmpty();
            });
    assertThat(states).isEqualTo(2 * PowerLoss.WAYS);
  }

  @Test
  void aTwinHasItsMasterKeysOrWaitsForThem() throws Exception {
    MemoryElementStore store = new MemoryElementStore();
    try (SecureElement element = Stored.open(store)) {
      element.initializeTwin(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
    }
    SoftwarePeer sender = new SoftwarePeer();
    byte[] master = Stored.masterKeys(before);
    PowerLoss.Work takeThem =
        element -> {
          try (ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
            Bytes challenge = session.importChallenge(SecretKind.MASTER_KEYS);
            WrappedSecret secret = sender.wrap(master, challenge, element.identity().pinned());
            session.importSecret(Stored.pin(Stored.ADMINISTRATOR_PIN), sender.pinned(), secret);
          }
        };
    int states =
        PowerLoss.atEachWrite(
            store.content(),
            takeThem,
            (left, element, where) -> {
              if (element.status().lifeCycle() == LifeCycle.AWAITING_TWIN) {
                takeThem.on(element);
              }
              assertThat(element.status().lifeCycle()).isEqualTo(LifeCycle.INITIALIZED);
              assertThat(Stored.keys(element, Stored.USER_PIN)).as(where).isEqualTo(keys);
            });
    // Two of the login, two of the import.
    assertThat(states).isEqualTo(4 * PowerLoss.WAYS);
  }

  @Test
  void anElementOfBeforeIdentitiesGetsOneWithItsNextLogin() throws Exception {
    byte[] old = Stored.withoutIdentity(before);
    MemoryElementStore store = MemoryElementStore.of(old);
    try (SecureElement element = Stored.open(store)) {
      assertThat(PinCommand.failing(element::identity)).hasMessageContaining("6A88");
      assertThat(Stored.keys(element, Stored.USER_PIN)).isEqualTo(keys);
      requireWorkingIdentity(element);
    }
    int states =
        PowerLoss.atEachWrite(
            old,
            element -> element.login(Stored.pin(Stored.USER_PIN)).close(),
            (left, element, where) -> {
              assertThat(Stored.keys(element, Stored.USER_PIN)).as(where).isEqualTo(keys);
              requireWorkingIdentity(element);
            });
    assertThat(states).isEqualTo(2 * PowerLoss.WAYS);
  }

  private static void requireWorkingIdentity(SecureElement element) throws Exception {
    ElementIdentity identity = element.identity();
    try (ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
      Bytes signature = session.sign(SignaturePurpose.DOCUMENT, new byte[3]);
      assertThat(
              IdentitySignature.verifies(
                  identity.signingKey(), SignaturePurpose.DOCUMENT, new byte[3], signature))
          .isTrue();
    }
    assertThat(element.identity()).isEqualTo(identity);
  }

  private interface SessionWork {
    void on(ElementSession session) throws StrongroomException;
  }

  private static PowerLoss.Work onSession(SessionWork work) {
    return element -> {
      try (ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
        work.on(session);
      }
    };
  }

  private static int tries(SecureElement element, Role role) throws StrongroomException {
    return role == Role.USER
        ? element.status().userTriesLeft()
        : element.status().administratorTriesLeft();
  }

  private static Bytes slot(ElementImage image, Role role) {
    PinSlot slot = image.slot(role);
    if (slot == null) {
      throw new AssertionError("no slot");
    }
    return Bytes.copyOf(slot.content().toByteArray(), 16, 76);
  }

  private static byte[] filled(int value) {
    byte[] root = new byte[VersionSlot.ROOT_LENGTH];
    Arrays.fill(root, (byte) value);
    return root;
  }
}
