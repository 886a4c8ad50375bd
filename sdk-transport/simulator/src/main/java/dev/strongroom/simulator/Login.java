// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import org.jspecify.annotations.Nullable;

/**
 * What a channel has while the user is logged in on it: the state key, with which it can read and
 * change the state, and the keys that it works with.
 *
 * <p>Thread safety: thread-safe.
 */
final class Login implements AutoCloseable {

  private final StateKey stateKey;
  private final IdentityKeys identity;
  private final long epoch;
  private final long powerCycle;
  private volatile @Nullable MasterKeys masterKeys; // written under this
  private boolean closed; // guarded by this

  /** Takes the keys over. */
  Login(
      StateKey stateKey,
      IdentityKeys identity,
      @Nullable MasterKeys masterKeys,
      long epoch,
      long powerCycle) {
    this.stateKey = stateKey;
    this.identity = identity;
    this.masterKeys = masterKeys;
    this.epoch = epoch;
    this.powerCycle = powerCycle;
  }

  /** A copy of the state key. */
  StateKey stateKey() {
    return stateKey.copy();
  }

  IdentityKeys identity() {
    return identity;
  }

  /** Null as long as the element has none. */
  @Nullable MasterKeys masterKeys() {
    return masterKeys;
  }

  /** Takes over the master keys that have come since. */
  synchronized MasterKeys adopt(MasterKeys keys) {
    MasterKeys known = masterKeys;
    if (known != null) {
      keys.close();
      return known;
    }
    masterKeys = keys;
    if (closed) {
      keys.close();
    }
    return keys;
  }

  long epoch() {
    return epoch;
  }

  long powerCycle() {
    return powerCycle;
  }

  @Override
  public synchronized void close() {
    closed = true;
    stateKey.close();
    identity.close();
    if (masterKeys != null) {
      masterKeys.close();
    }
  }
}
