// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that was received.
 *
 * <p>Thread safety: immutable.
 *
 * @param path where it is in the volume
 * @param contact name of the contact that sent it, or null
 * @param info what the transient file showed
 * @param content what was in it
 */
public record ReceivedFile(
    String path, @Nullable String contact, TransientInfo info, TransientContent content) {

  /**
   * Who sent it.
   *
   * @return name of the contact, or empty if the caller has confirmed the sender for this file
   */
  public Optional<String> senderName() {
    return Optional.ofNullable(contact);
  }
}
