// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Root of everything that can go wrong outside the program itself: a link, an element, a file, a
 * policy.
 *
 * <p>It is an {@link IOException}, so that streams and {@code java.nio} compose with it. Each
 * branch lives in the layer that raises it. Messages name what, where, which value and which limit;
 * they never carry a key, a PIN or clear data. A mistake in the calling program is an {@link
 * IllegalArgumentException} or {@link IllegalStateException} instead.
 *
 * <p>Thread safety: immutable.
 */
public abstract class StrongroomException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * Made by the branches only.
   *
   * @param message what happened, where, against which limit, and what can be done
   * @param cause what was underneath, or null
   */
  protected StrongroomException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
