// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.crypto.HpkeKeyPair;
import dev.strongroom.core.crypto.HpkeSuite;
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
  private final ShareKeys share;
  private final long epoch;
  private final long powerCycle;
  private volatile @Nullable MasterKeys masterKeys; // written under this
  private volatile boolean closed; // written under this

  /** Takes the keys over. */
  Login(
      StateKey stateKey,
      IdentityKeys identity,
      ShareKeys share,
      @Nullable MasterKeys masterKeys,
      long epoch,
      long powerCycle) {
    this.stateKey = stateKey;
    this.identity = identity;
    this.share = share;
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

  /** The keys of an HPKE suite; every element has those of all suites when somebody logs in. */
  HpkeKeyPair receiver(HpkeSuite suite) {
    for (HpkeKeyPair pair : share.pairs()) {
      if (pair.suite() == suite) {
        return pair;
      }
    }
    return HpkeKeyPair.of(identity.agreement());
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

  boolean isOpen() {
    return !closed;
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
    share.close();
    if (masterKeys != null) {
      masterKeys.close();
    }
  }
}
