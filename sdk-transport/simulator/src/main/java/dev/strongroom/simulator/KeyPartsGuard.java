// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ConditionsNotSatisfiedException;
import dev.strongroom.core.device.KeyNotFoundException;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.simulator.keystore.KeyTable;

/**
 * What ends a text that comes in parts: the end of the login that it was begun with, and a change
 * of its key.
 *
 * <p>Thread safety: confined, as what it guards.
 */
final class KeyPartsGuard {

  private final ElementChannel channel;
  private final ElementApplication application;
  private final KeyAttributes key;
  private final Object login;

  KeyPartsGuard(ElementChannel channel, ElementApplication application, KeyAttributes key) {
    this.channel = channel;
    this.application = application;
    this.key = key;
    Object begun = channel.login();
    this.login = begun == null ? this : begun;
  }

  /** Refuses another part if one of them has happened. */
  void require(int ins, int bytes) throws StrongroomException {
    boolean goesOn =
        channel.onLogin(
            ins, bytes, now -> now == login && application.onKeys(now, this::isUnchanged));
    if (!goesOn) {
      throw ended(ins);
    }
  }

  private boolean isUnchanged(KeyTable table) throws StrongroomException {
    try {
      return table.entry(key.id()).attributes().equals(key);
    } catch (KeyNotFoundException e) {
      return false;
    }
  }

  static ConditionsNotSatisfiedException ended(int ins) {
    return new ConditionsNotSatisfiedException(
        ins, "the text in parts has ended, or its key was changed; begin it again");
  }
}
