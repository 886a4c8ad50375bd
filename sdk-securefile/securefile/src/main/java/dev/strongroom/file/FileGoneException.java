// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.transport.ElementRemovedException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * A file is used that was open when its volume or its session closed, or when the element went or
 * the session with it was lost. Its clear data and keys have been zeroed; what had been written is
 * in the volume.
 *
 * <p>It is a {@link ClosedChannelException}, as programs expect of a channel that somebody else has
 * closed. When the session was lost, the cause says why.
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
   * @param loss why the session was lost, or null if volume or session closed
   */
  @SuppressWarnings("this-escape") // the class is final
  public FileGoneException(String file, @Nullable StrongroomException loss) {
    this.file = file;
    if (loss != null) {
      initCause(loss);
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
    String reason = "its volume or session was closed";
    if (getCause() instanceof ElementRemovedException) {
      reason = "the element has gone";
    } else if (getCause() != null) {
      reason = "the session with the element was lost";
    }
    return file + ": " + reason + "; open it again";
  }
}
