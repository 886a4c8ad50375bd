// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A process that writes and reads a known pattern, then dumps its live heap: once with the volume
 * open, once after everything was closed.
 */
final class HeapProbe {

  /** Length of the pattern that fills the file. */
  static final int PATTERN = 64;

  private static final int LENGTH = 200_000;

  private HeapProbe() {}

  /** The pattern; whoever makes it has to wipe it. Computed, so that no constant has it. */
  static void pattern(byte[] target) {
    int state = 0x2545F491;
    byte[] unit = new byte[PATTERN];
    for (int i = 0; i < PATTERN; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      unit[i] = (byte) state;
    }
    for (int i = 0; i < target.length; i++) {
      target[i] = unit[i % PATTERN];
    }
    Arrays.fill(unit, (byte) 0);
  }

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    try (TestElement element = TestElement.create()) {
      ElementSession session = element.login();
      SecureFileSystem volume =
          SecureFileSystem.create(session, folder.resolve("volume"), VolumeOptions.defaults());
      byte[] buffer = new byte[LENGTH];
      SecureFile file =
          volume.openFile(
              "a", StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
      pattern(buffer);
      file.write(buffer);
      file.sync();
      pattern(buffer);
      file.pwrite(100_000, buffer, 0, 50_000);
      int count = file.pread(0, buffer, 0, LENGTH);
      Arrays.fill(buffer, (byte) 0);
      System.out.println("read " + count);
      dump(folder.resolve("open.hprof"));
      file.close();
      SecureFile again = volume.openFile("a", StandardOpenOption.READ);
      count = again.pread(5, buffer, 0, LENGTH);
      Arrays.fill(buffer, (byte) 0);
      System.out.println("read again " + count);
      if (arguments[1].equals("session")) {
        session.close();
      } else {
        again.close();
        volume.close();
      }
      dump(folder.resolve("closed.hprof"));
      // All of it is reachable until here, so that only wiping can have removed the pattern.
      System.out.println("held " + again + volume + session + buffer.length);
      session.close();
    }
  }

  private static void dump(Path file) throws IOException {
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(file.toString(), true);
  }
}
