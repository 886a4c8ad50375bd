// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.file.store.PathStore;
import dev.strongroom.file.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class PathStoreTest extends StoreContract {

  @TempDir Path temporary;

  @Override
  protected Store newStore() throws IOException {
    return new PathStore(Files.createDirectory(temporary.resolve("store")));
  }

  @Override
  protected Store sameStore(Store first) {
    return new PathStore(temporary.resolve("store"));
  }
}
