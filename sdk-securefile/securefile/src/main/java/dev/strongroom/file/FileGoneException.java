// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.transport.ElementRemovedException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * A file is used that was open when its volume or its session closed, or when the element went. Its
 * clear data and keys have been zeroed; what had been written is in the volume.
 *
 * <p>It is a {@link ClosedChannelException}, as programs expect of a channel that somebody else has
 * closed. When the element went, the cause says so.
 *
 * <p>Thread safety: immutable.
 */
public final class FileGoneException extends ClosedChannelException {

  private static final long serialVersionUID = 1L;

  private final String file;

  /**
   * Reports it.
   *
   * @param file the path under which it was opened
   * @param element what was known of the element when it went, or null if volume or session closed
   */
  @SuppressWarnings("this-escape") // the class is final
  public FileGoneException(String file, @Nullable ElementRemovedException element) {
    this.file = file;
    if (element != null) {
      initCause(element);
    }
  }

  /**
   * The file.
   *
   * @return the path under which it was opened
   */
  public String file() {
    return file;
  }

  @Override
  public String getMessage() {
    return file
        + ": "
        + (getCause() == null ? "its volume or session was closed" : "the element has gone")
        + "; open it again";
  }
}
