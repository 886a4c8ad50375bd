// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A transient file as the owner of a volume sees it.
 *
 * <p>Thread safety: immutable.
 *
 * @param info what everybody sees
 * @param standing what the element can do with it
 * @param contact name of the contact that sent it, or null
 * @param seen what is in it, or null if the element cannot look into it
 * @param looked when this was seen, by the volume's clock
 */
public record TransientView(
    TransientInfo info,
    Standing standing,
    @Nullable String contact,
    @Nullable TransientContent seen,
    Instant looked) {

  /** What an element can do with a transient file. */
  public enum Standing {
    /** It has sent it, and can change the recipients. */
    SENT,
    /** It can receive it. */
    RECEIVABLE,
    /** It has received it. */
    RECEIVED,
    /** It could receive it, but the sender is no contact. */
    SENDER_UNKNOWN,
    /** It is for others. */
    FOR_OTHERS
  }

  /**
   * Who sent it.
   *
   * @return name of the contact, or empty
   */
  public Optional<String> senderName() {
    return Optional.ofNullable(contact);
  }

  /**
   * What is in it.
   *
   * @return the content's description, or empty if the element cannot look into it
   */
  public Optional<TransientContent> content() {
    return Optional.ofNullable(seen);
  }

  /**
   * Whether it had expired when it was looked at. Such a file is received only with {@link
   * ReceiveOptions#evenIfExpired()}.
   *
   * @return whether the sender's time for it had passed, by the volume's clock
   */
  public boolean isExpired() {
    return info.isExpired(looked);
  }
}
