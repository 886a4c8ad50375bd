// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.workloads;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The host's files of a peer. */
public final class HostFiles {

  private HostFiles() {}

  /**
   * Adds up the lengths of all files below a folder.
   *
   * @param folder where to begin
   * @return bytes
   * @throws IOException if the folder cannot be read
   */
  public static long bytes(Path folder) throws IOException {
    AtomicLong bytes = new AtomicLong();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes.addAndGet(attributes.size());
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes.get();
  }

  /**
   * Removes a folder and all that is in it, also while another thread, whose work is being
   * abandoned, would still make files there. Does nothing when it is not there.
   *
   * @param folder the folder
   * @throws IOException if something of it is still there, possibly by a name that ends in {@code
   *     -removed}
   */
  public static void delete(Path folder) throws IOException {
    // Whoever still works there finds nothing by the old name and cannot get in the way.
    Path moved = folder.resolveSibling(folder.getFileName() + "-removed");
    try {
      Files.move(folder, moved, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return;
    }
    deleteAll(moved);
  }

  private static void deleteAll(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException error)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
