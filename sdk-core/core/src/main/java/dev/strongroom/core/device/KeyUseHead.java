// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.ElementTime;
import org.jspecify.annotations.Nullable;

/**
 * What goes with each use of a managed key: what time it is, and why, if the use is exceptional.
 *
 * <p>Layout on the wire: {@code docs/spec/key-store.md}, 9: time u32 | length u8, 0 or 32 |
 * acknowledgement.
 *
 * <p>Thread safety: immutable.
 *
 * @param time what the host's clock says; {@link ElementTime#NONE} tells nothing
 * @param acknowledgement SHA-256 of the reason in words, {@value
 *     KeyStoreProtocol#ACKNOWLEDGEMENT_LENGTH} bytes; null if the use is an ordinary one
 */
public record KeyUseHead(ElementTime time, @Nullable Bytes acknowledgement) {

  /** Tells no time and acknowledges nothing. */
  public static final KeyUseHead NONE = new KeyUseHead(ElementTime.NONE, null);

  /**
   * Checks the length.
   *
   * @param time as above
   * @param acknowledgement as above
   */
  public KeyUseHead {
    if (acknowledgement != null
        && acknowledgement.length() != KeyStoreProtocol.ACKNOWLEDGEMENT_LENGTH) {
      throw new IllegalArgumentException(
          "an acknowledgement has 32 bytes, SHA-256 of the reason, not "
              + acknowledgement.length());
    }
  }
}
