// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;

/** Reached by a URI; being written. */
public final class SecureElement implements AutoCloseable {
  private final ElementCommands commands;

  SecureElement(ElementCommands commands) {
    this.commands = commands;
  }

  /** Logs in. */
  public ElementSession login(SecretBytes pin) throws StrongroomException {
    ElementInfo info = commands.select();
    commands.verify(Role.USER, pin);
    return new ElementSession(this, commands, info);
  }

  @Override
  public void close() {}
}
