// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a demonstration is measured against: the same files copied to a plain directory by the same
 * calls, and made durable.
 */
final class PlainCopy {

  private final Path directory;
  private final byte[] buffer = new byte[Copies.BUFFER_BYTES];

  PlainCopy(Path directory) {
    this.directory = directory;
  }

  /** Copies and makes durable. */
  void write(List<SourceTree.Item> items) throws IOException {
    Files.createDirectories(directory);
    for (SourceTree.Item item : items) {
      if (item.directory()) {
        Files.createDirectories(target(item));
        continue;
      }
      try (var in = new FileInputStream(item.source().toFile());
          var out = new FileOutputStream(target(item).toFile())) {
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          out.write(buffer, 0, count);
        }
        out.getFD().sync();
      }
    }
  }

  /** Reads everything once. */
  long read(List<SourceTree.Item> items) throws IOException {
    long total = 0;
    for (SourceTree.Item item : items) {
      if (!item.directory()) {
        try (var in = new FileInputStream(target(item).toFile())) {
          for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            total += count;
          }
        }
      }
    }
    return total;
  }

  private Path target(SourceTree.Item item) {
    return directory.resolve(item.target().text().substring(1));
  }
}
