// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.store.PathStore;
import dev.strongroom.file.store.Store;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
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

  @Test
  void aFileSystemThatCannotTellItsSpaceIsTakenToHaveEnough() throws IOException {
    try (Store store = new PathStore(Path.of(URI.create("jrt:/java.base")))) {
      assertThat(store.usableSpace()).isEqualTo(Long.MAX_VALUE);
      assertThat(store.totalSpace()).isEqualTo(Long.MAX_VALUE);
    }
  }

  @Test
  void aFigureBeyondAllNumbersIsTakenToBeEnough() throws IOException {
    AtomicLong usable = new AtomicLong(Long.MAX_VALUE);
    Store medium = LimitedSpace.of(new MemoryStore(), usable::get);
    try (TestElement element = TestElement.create();
        ElementSession session = element.login();
        FileSystem files =
            Mounted.of(SecureFileSystem.create(session, medium, ModelledVolume.SMALL));
        Store store = new PathStore(files.getPath("/"))) {
      usable.set(-1);
      assertThat(store.usableSpace()).isEqualTo(Long.MAX_VALUE);
      usable.set(5);
      assertThat(store.usableSpace()).isEqualTo(5);
    }
  }
}
