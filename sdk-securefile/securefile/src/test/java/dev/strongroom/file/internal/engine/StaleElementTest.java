// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.StaleElementException;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An element whose file was restored from an old copy. */
class StaleElementTest {

  @TempDir Path folder;

  private Path elementFile;
  private Path volume;

  @BeforeEach
  void makeVolume() throws IOException {
    elementFile = folder.resolve("my.element");
    volume = folder.resolve("volume");
    try (SecureElement element = element();
        SecretBytes user = pin("1234");
        SecretBytes administrator = pin("administrator")) {
      element.initialize(user, administrator);
      try (ElementSession session = element.login(user);
          SecureFileSystem files =
              SecureFileSystem.create(session, volume, VolumeOptions.defaults())) {
        write(files, "a", new byte[] {1, 2, 3});
      }
    }
  }

  @Test
  void anOldCopyOfTheElementIsRefusedAndTheCurrentOneOpens() throws IOException {
    Path old = Files.copy(elementFile, folder.resolve("old"));
    try (SecureElement element = element();
        SecretBytes from = pin("1234");
        SecretBytes to = pin("5678")) {
      element.changePin(Role.USER, from, to);
      try (ElementSession session = element.login(to);
          SecureFileSystem files =
              SecureFileSystem.open(session, volume, VolumeOptions.defaults())) {
        write(files, "b", new byte[] {4});
      }
    }
    Path current = Files.copy(elementFile, folder.resolve("current"));
    Map<String, Bytes> before = snapshot();

    Files.copy(old, elementFile, StandardCopyOption.REPLACE_EXISTING);
    try (SecureElement element = element();
        SecretBytes pin = pin("1234");
        ElementSession session = element.login(pin)) {
      StaleElementException refused =
          catchThrowableOfType(
              StaleElementException.class,
              () -> SecureFileSystem.open(session, volume, VolumeOptions.defaults()).close());
      assertThat(refused).isNotNull();
      assertThat(refused.recorded()).isGreaterThan(refused.found());
      assertThat(refused.element()).isEqualTo(element.info().serialNumber());
    }
    assertThat(snapshot()).isEqualTo(before);

    Files.copy(current, elementFile, StandardCopyOption.REPLACE_EXISTING);
    try (SecureElement element = element();
        SecretBytes pin = pin("5678");
        ElementSession session = element.login(pin);
        SecureFileSystem files = SecureFileSystem.open(session, volume, VolumeOptions.defaults())) {
      assertThat(read(files, "a")).containsExactly(1, 2, 3);
      assertThat(read(files, "b")).containsExactly(4);
    }
  }

  private SecureElement element() throws IOException {
    return SecureElement.open(SimulatedElement.open(elementFile, SimulatedElementOptions.cheap()));
  }

  private static SecretBytes pin(String text) {
    return SecretBytes.encode(text.toCharArray());
  }

  private static void write(SecureFileSystem files, String path, byte[] content)
      throws IOException {
    try (SecureFile file =
        files.openFile(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(content);
    }
  }

  private static byte[] read(SecureFileSystem files, String path) throws IOException {
    try (SecureFile file = files.openFile(path, StandardOpenOption.READ)) {
      byte[] content = new byte[Math.toIntExact(file.size())];
      assertThat(file.pread(0, content, 0, content.length)).isEqualTo(content.length);
      return content;
    }
  }

  private Map<String, Bytes> snapshot() throws IOException {
    Map<String, Bytes> content = new TreeMap<>();
    try (Stream<Path> entries = Files.walk(volume)) {
      for (Path file : entries.filter(Files::isRegularFile).toList()) {
        content.put(volume.relativize(file).toString(), Bytes.copyOf(Files.readAllBytes(file)));
      }
    }
    return content;
  }
}
