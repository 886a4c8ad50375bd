// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import java.nio.file.Path;

/**
 * Where files go that die with the process.
 *
 * @param directory a directory of the host, for what does not fit into memory
 * @param memoryBytes how much of each file stays in memory
 *     <p>Thread safety: immutable.
 */
public record ScratchFiles(Path directory, int memoryBytes) {

  private static final int USUAL_MEMORY_BYTES = 8 << 20;

  /** 8 MiB of each file in memory, the rest in Java's directory for temporary files. */
  public static ScratchFiles usual() {
    return new ScratchFiles(Path.of(System.getProperty("java.io.tmpdir", ".")), USUAL_MEMORY_BYTES);
  }

  /** An empty file. */
  ScratchFile create() {
    return new ScratchFile(this);
  }
}
