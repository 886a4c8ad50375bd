// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import dev.strongroom.file.InvalidNameException;
import dev.strongroom.file.NoSuchAttributeException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import org.jspecify.annotations.Nullable;

/**
 * Tells a refusal of the engine, which names the file that it has come to, in the words of {@code
 * java.nio.file}: with the path that the caller has given, and of the kind that the default file
 * system on Linux has for it.
 *
 * <p>Thread safety: no state.
 */
final class AsGiven {

  private AsGiven() {}

  /** The exception to throw for one of the engine; what is not about names stays as it is. */
  static IOException of(IOException problem, VolumePath path) {
    String file = path.toString();
    FileSystemException told = null;
    if (problem instanceof InvalidNameException invalid) {
      told = new FileSystemException(file, null, invalid.reason());
    } else if (problem instanceof NoSuchAttributeException missing) {
      told =
          new FileSystemException(
              file, null, "has no user attribute \"" + missing.attribute() + "\"");
    } else if (problem instanceof FileSystemException named) {
      told = of(named, file);
    }
    if (told == null) {
      return problem;
    }
    told.initCause(problem);
    return told;
  }

  private static @Nullable FileSystemException of(FileSystemException problem, String file) {
    if (problem instanceof NoSuchFileException) {
      return new NoSuchFileException(file);
    }
    if (problem instanceof FileAlreadyExistsException) {
      return new FileAlreadyExistsException(file);
    }
    if (problem instanceof DirectoryNotEmptyException) {
      return new DirectoryNotEmptyException(file);
    }
    if (problem instanceof NotDirectoryException) {
      return new FileSystemException(file, null, "Not a directory");
    }
    if (problem instanceof NotLinkException) {
      return new NotLinkException(file);
    }
    if (problem instanceof FileSystemLoopException) {
      return new FileSystemException(file, null, "Too many levels of symbolic links");
    }
    if (problem instanceof AccessDeniedException) {
      return null;
    }
    return new FileSystemException(file, null, problem.getReason());
  }
}
