// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A process that opens a volume, writes a file, and holds the volume until its input ends. */
final class HoldVolume {

  private HoldVolume() {}

  public static void main(String[] arguments) throws IOException {
    Path elementFile = Path.of(arguments[0]);
    Path directory = Path.of(arguments[1]);
    try (SecureElement element = TestElement.inFile(elementFile);
        ElementSession session = TestElement.login(element);
        SecureFileSystem volume =
            SecureFileSystem.open(session, directory, VolumeOptions.defaults())) {
      try (SecureFile file =
          volume.openFile("held", StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
        file.write(SampleBytes.of(1, 50_000));
        file.sync();
      }
      System.out.println("held");
      while (System.in.read() >= 0) {
        // Nothing to do until the input ends.
      }
    }
  }
}
