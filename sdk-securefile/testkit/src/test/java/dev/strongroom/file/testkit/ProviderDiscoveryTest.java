// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.SecureElement;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The provider is found where a program has its jars: on the class path and on the module path. */
@Tag("jdk25")
class ProviderDiscoveryTest {

  @TempDir Path directory;

  /** Made here, with PINs that cost less than those of an element that the program would make. */
  @BeforeEach
  void makeElement() throws IOException {
    try (SecureElement element = TestElement.inFile(directory.resolve("my.element"))) {
      TestElement.initialize(element);
    }
  }

  @Test
  void itIsInstalledOnce() {
    assertThat(FileSystemProvider.installedProviders())
        .filteredOn(provider -> provider.getScheme().equals("strongroom"))
        .hasSize(1);
  }

  @Test
  void aProgramOnTheClassPathFindsIt() throws Exception {
    try (ChildJvm child = ChildJvm.start(UseProvider.class, directory.toString())) {
      assertThat(child.line()).isEqualTo("module null");
      assertThat(child.line()).isEqualTo("found on the next opening");
      assertThat(child.finish()).isZero();
    }
  }

  @Test
  void aProgramOnTheModulePathFindsIt() throws Exception {
    try (ChildJvm child = ChildJvm.startOnModules(UseProvider.class, directory.toString())) {
      assertThat(child.line()).isEqualTo("module dev.strongroom.file");
      assertThat(child.line()).isEqualTo("found on the next opening");
      assertThat(child.finish()).isZero();
    }
  }
}
