// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.VersionSlot;
import java.util.List;
import java.util.Optional;

/**
 * The commands of version slots, {@code docs/spec/element-protocol.md}, 2.6.
 *
 * <p>Thread safety: thread-safe; changes go one at a time in the application.
 */
final class VersionCommands {

  private final ElementApplication application;

  VersionCommands(ElementApplication application) {
    this.application = application;
  }

  Optional<VersionSlot> read(Login login, Bytes volume) throws StrongroomException {
    return application.read(login, state -> state.versions().find(volume));
  }

  List<VersionSlot> all(Login login) throws StrongroomException {
    return application.read(login, state -> state.versions().list());
  }

  VersionSlot compareAndSet(Login login, VersionSlot expected, Bytes newRoot)
      throws StrongroomException {
    return application.change(
        login,
        state -> {
          state.setVersions(state.versions().advanced(expected, newRoot));
          return expected.next(newRoot);
        });
  }

  void release(SecretBytes administratorPin, Bytes volume) throws StrongroomException {
    application.change(
        administratorPin,
        state -> {
          state.setVersions(state.versions().without(volume));
          return volume;
        });
  }
}
