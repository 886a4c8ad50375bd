// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ElementDamagedException;
import dev.strongroom.core.device.ElementEditedException;
import dev.strongroom.core.device.LifeCycle;
import dev.strongroom.core.device.ReceiveRegister;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.OrderPosition;
import dev.strongroom.simulator.keystore.KeyTable;
import dev.strongroom.simulator.keystore.StoreDraft;
import dev.strongroom.simulator.records.RecordChange;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * The element's state while its key is in use: what a command reads, and changes before one write
 * makes it the element's.
 *
 * <p>Thread safety: confined; guarded by the lock of {@link ElementApplication}.
 */
final class OpenState implements AutoCloseable {

  private final RecordChange recordChange = new RecordChange();
  private ElementImage image;
  private final StateKey stateKey;
  private final SealedState secrets;
  private PublicSection disclosed;
  private LifeCycle lifeCycle;
  private boolean secretsChanged;
  private @Nullable StoreDraft draft;

  private OpenState(ElementImage image, StateKey stateKey, SealedState secrets) {
    this.image = image;
    this.stateKey = stateKey;
    this.secrets = secrets;
    this.disclosed = image.disclosed();
    this.lifeCycle = image.lifeCycle();
  }

  /** Opens the secrets. Takes the key over, unless it throws. */
  static OpenState of(ElementImage image, StateKey stateKey)
      throws ElementDamagedException, ElementEditedException {
    SealedState secrets = stateKey.open(image);
    if (secrets.hasMasterKeys() == (image.lifeCycle() == LifeCycle.AWAITING_TWIN)) {
      secrets.close();
      throw new ElementEditedException("the life cycle");
    }
    return new OpenState(image, stateKey, secrets);
  }

  /** The copy that was opened, or written last. */
  ElementImage image() {
    return image;
  }

  StateKey stateKey() {
    return stateKey;
  }

  LifeCycle lifeCycle() {
    return lifeCycle;
  }

  PublicSection disclosed() {
    return disclosed;
  }

  void setDisclosed(PublicSection section) {
    disclosed = section;
  }

  VersionSlots versions() {
    return secrets.versions();
  }

  void setVersions(VersionSlots slots) {
    secrets.setVersions(slots);
    secretsChanged = true;
  }

  ReceiveRegister received() {
    return secrets.received();
  }

  void setReceived(ReceiveRegister register) {
    secrets.setReceived(register);
    secretsChanged = true;
  }

  /** What a command puts into the key memory and removes from it, with all else that it changes. */
  RecordChange recordChange() {
    return recordChange;
  }

  /** What a command changes in the key store, null if it has not begun to. */
  @Nullable StoreDraft draft() {
    return draft;
  }

  /** Takes the draft over. */
  void setDraft(StoreDraft begun) {
    draft = begun;
  }

  /** The signed time of the key store. */
  ElementTime floor() {
    return secrets.floor();
  }

  void setFloor(ElementTime time) {
    secrets.setFloor(time);
    secretsChanged = true;
  }

  /** The order that was applied last. */
  OrderPosition position() {
    return secrets.position();
  }

  void setPosition(OrderPosition position) {
    secrets.setPosition(position);
    secretsChanged = true;
  }

  /**
   * Whether nobody else gives orders: it has no trust anchor, or is among the anchor's roots
   * ({@code docs/spec/key-store.md}, 1).
   */
  KeyTable.Administration administration() {
    TrustAnchor anchor = disclosed.anchor();
    return anchor == null || isRootOf(anchor)
        ? KeyTable.Administration.BY_ITSELF
        : KeyTable.Administration.BY_ORDERS;
  }

  /** Whether its own signing key is among the roots of an anchor. */
  boolean isRootOf(TrustAnchor anchor) {
    Bytes signingKey = secrets.signingKey();
    return signingKey != null && anchor.roots().contains(signingKey);
  }

  /** The root of the key memory, no bytes if there is none. */
  Bytes keyMemory() {
    return secrets.keyMemory();
  }

  void setKeyMemory(Bytes root) {
    secrets.setKeyMemory(root);
    secretsChanged = true;
  }

  boolean hasShareKeys() {
    return secrets.hasShareKeys();
  }

  void setShareKeys(ShareKeys keys) {
    secrets.setShareKeys(keys);
    secretsChanged = true;
  }

  /** A copy of the master keys, null if there are none. */
  @Nullable MasterKeys masterKeys() {
    return secrets.masterKeys();
  }

  /** Takes the arrays over; the element waits no more. */
  void setMasterKeys(byte[] enc, byte[] sig) {
    secrets.setMasterKeys(enc, sig);
    secretsChanged = true;
    lifeCycle = LifeCycle.INITIALIZED;
  }

  /** A copy of the identity keys, null if there are none. */
  @Nullable IdentityKeys identityKeys() {
    return secrets.identityKeys();
  }

  /** A copy of the identity keys, which have been made. */
  IdentityKeys requireIdentityKeys() {
    IdentityKeys keys = secrets.identityKeys();
    if (keys == null) {
      throw new IllegalStateException("no identity keys");
    }
    return keys;
  }

  /** Takes the keys over. */
  void setIdentityKeys(IdentityKeys keys) {
    secrets.setIdentityKeys(keys);
    secretsChanged = true;
  }

  /** Whether a command has changed anything. */
  boolean isChanged() {
    return secretsChanged
        || !recordChange.isEmpty()
        || !disclosed.equals(image.disclosed())
        || lifeCycle != image.lifeCycle();
  }

  /** The next generation with all that was changed, recorded under the state key. */
  ElementImage next(SecureRandom random) {
    return stateKey.record(changed(random).next(image.floor()));
  }

  /** The next generation with nothing changed, recorded under the state key. */
  ElementImage unchanged() {
    return stateKey.record(image.next(image.floor()));
  }

  /** What is to be written to both copies, with all that was changed. */
  ElementImage lasting(SecureRandom random) {
    return stateKey.record(changed(random));
  }

  /** Goes on from what was written. */
  void written(ElementImage copy) {
    image = copy;
    secretsChanged = false;
  }

  private ElementImage changed(SecureRandom random) {
    ElementImage changed = image.withDisclosed(disclosed).withLifeCycle(lifeCycle);
    if (secretsChanged) {
      changed = changed.withSealed(stateKey.seal(secrets, image.serialNumber(), random));
    }
    return changed;
  }

  /** A login with copies of the keys. */
  Login login(long epoch, long powerCycle) {
    ShareKeys share = secrets.shareKeys();
    if (share == null) {
      throw new IllegalStateException("a login needs keys of all suites");
    }
    return new Login(
        stateKey.copy(), requireIdentityKeys(), share, secrets.masterKeys(), epoch, powerCycle);
  }

  @Override
  public void close() {
    if (draft != null) {
      draft.close();
    }
    recordChange.close();
    secrets.close();
    stateKey.close();
  }
}
