// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.testkit.ElementContract;
import dev.strongroom.core.testkit.ElementProfile;
import dev.strongroom.core.transport.Transport;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("jdk25")
class FileElementTest extends ElementContract {

  @TempDir Path folder;

  @Override
  protected Transport blankElement() throws Exception {
    // A missing file is no element to a host until INITIALIZE has made it; a store is one.
    Path file = folder.resolve("an element");
    return SimulatedElement.on(
        FileElementStore.open(file, "sim:" + file), SimulatedElementOptions.cheap());
  }

  @Override
  protected Transport sameElement() throws Exception {
    return SimulatedElement.open(folder.resolve("an element"), SimulatedElementOptions.cheap());
  }

  @Override
  protected ElementProfile profile() {
    return new ElementProfile(
        SimulatedElementOptions.DEFAULT_USER_TRIES,
        SimulatedElementOptions.DEFAULT_ADMINISTRATOR_TRIES);
  }
}
