// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.NoSpaceException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file or link of the host that is made under a temporary name and gets its own when it is whole,
 * so that nothing stands under the name of one that is not. An interrupted process removes what it
 * has begun.
 *
 * <p>Thread safety: stateless.
 */
final class WholeFile {

  private WholeFile() {}

  /** Makes a file or link under a temporary name; answers its size. */
  interface Maker<X extends Exception> {
    long make(Path part) throws IOException, X;
  }

  /** Makes one, in place of what is there; answers its size. */
  static <X extends Exception> long write(Path target, Maker<X> maker) throws IOException, X {
    if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(target + " (a directory; a file cannot replace it)");
    }
    Path part = target.resolveSibling(".strongroom-" + random() + ".part");
    Thread interrupted = new Thread(() -> remove(part));
    Runtime.getRuntime().addShutdownHook(interrupted);
    try {
      long size = maker.make(part);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      return size;
    } catch (Copies.TargetException e) {
      throw failed(target, Copies.cause(e));
    } catch (FileSystemException e) {
      throw failed(target, e);
    } finally {
      Files.deleteIfExists(part);
      Runtime.getRuntime().removeShutdownHook(interrupted);
    }
  }

  /** What failed at a file of the host, with the name that it was to have. */
  static IOException failed(Path target, IOException error) {
    String said = String.valueOf(error.getMessage());
    if (said.contains("No space left") || said.contains("quota exceeded")) {
      return new NoSpaceException(target.toString(), 0, -1, error);
    }
    return error instanceof FileSystemException
        ? error
        : new LocatedException(target.toString(), error);
  }

  private static void remove(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      // The process is ending; what is left has a name that says so.
    }
  }

  private static String random() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }
}
