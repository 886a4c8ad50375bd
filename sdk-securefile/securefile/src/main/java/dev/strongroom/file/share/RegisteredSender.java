// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ReceiveId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A sender in the element's receive register, with the contact that it is, where the volume knows.
 *
 * <p>A contact that sends from several volumes is several senders. The volume knows a contact's
 * last four outboxes that something came from.
 *
 * <p>Thread safety: immutable.
 *
 * @param sender what the register knows it by, 16 bytes
 * @param contact name of the contact, or null
 * @param highest the highest number of a file that was received from it or given up, 0 if none
 * @param pending what has begun and is neither received nor given up
 */
public record RegisteredSender(
    Bytes sender, @Nullable String contact, long highest, List<ReceiveId> pending) {

  /**
   * Copies the list.
   *
   * @param sender what the register knows it by
   * @param contact name of the contact, or null
   * @param highest the highest number that is done
   * @param pending what has begun
   */
  public RegisteredSender {
    pending = List.copyOf(pending);
  }

  /**
   * Which contact it is.
   *
   * @return its name, or empty if the volume does not know it
   */
  public Optional<String> contactName() {
    return Optional.ofNullable(contact);
  }
}
