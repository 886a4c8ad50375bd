// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipOutputStream;

/**
 * A path of a third provider, that of ZIP files, which is no path of either file system under test.
 *
 * <p>Thread safety: confined to one thread.
 */
final class ZipInMemory {

  Path path() throws IOException {
    Path file = Files.createTempFile("empty", ".zip");
    try {
      try (OutputStream out = Files.newOutputStream(file)) {
        new ZipOutputStream(out).finish();
      }
      try (FileSystem zip = FileSystems.newFileSystem(file)) {
        return zip.getPath("a");
      }
    } finally {
      Files.delete(file);
    }
  }
}
