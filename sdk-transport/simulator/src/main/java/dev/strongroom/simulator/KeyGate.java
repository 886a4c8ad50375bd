// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.keys.KeyCircumstances.Acknowledgement;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyOperation.Kind;
import dev.strongroom.simulator.keystore.KeyEntry;
import dev.strongroom.simulator.keystore.KeyTable;
import dev.strongroom.simulator.keystore.ManagedKeys;

/**
 * What every use of a managed key goes through: the rules, then the counts, {@code
 * docs/spec/key-store.md}, 3 to 5. A block of uses is on persistent memory before its first use,
 * and only a use that needs a new block takes the element's lock.
 *
 * <p>Thread safety: thread-safe.
 */
final class KeyGate {

  private final ElementApplication application;
  private final ManagedKeys keys;

  KeyGate(ElementApplication application) {
    this.application = application;
    this.keys = application.managedKeys();
  }

  /** Uses a key, if the rules permit it. */
  <R> R use(
      Login login, KeyId id, KeyOperation operation, Acknowledgement acknowledgement, KeyUse<R> use)
      throws StrongroomException {
    return application.onKeys(
        login,
        table -> {
          KeyTable now = table;
          KeyEntry key = now.entry(id);
          now.require(key, operation, keys.now(now), acknowledgement);
          if (operation.kind() != Kind.PROTECT) {
            return use.with(now, key);
          }
          while (!now.take(key)) {
            reserve(login, id, operation, acknowledgement);
            now = application.keyTable(login);
            key = now.entry(id);
            now.require(key, operation, keys.now(now), acknowledgement);
          }
          try {
            return use.with(now, key);
          } catch (IllegalStateException e) {
            now.giveBack(key);
            throw e;
          }
        });
  }

  private void reserve(
      Login login, KeyId id, KeyOperation operation, Acknowledgement acknowledgement)
      throws StrongroomException {
    application.change(
        login,
        state -> {
          KeyTable now = application.keyTable(state);
          now.reserve(
              now.entry(id), operation, keys.now(now), acknowledgement, application.draft(state));
          return now;
        });
  }
}
