// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.sekey.audit.AuditEvent;
import java.nio.charset.StandardCharsets;

/**
 * Why a key that is suspended, compromised or past its period is used all the same: an
 * acknowledgement, whose words go to the audit log and whose SHA-256 goes to the element.
 *
 * <p>Where the use turns out to be an ordinary one, nothing is noted.
 *
 * <p>Thread safety: immutable.
 *
 * @param words 1 to {@value AuditEvent#MAX_TEXT_BYTES} bytes of UTF-8, no secret
 */
public record UseReason(String words) {

  /**
   * Checks the length.
   *
   * @param words as above
   */
  public UseReason {
    int length = words.getBytes(StandardCharsets.UTF_8).length;
    if (words.isBlank() || length > AuditEvent.MAX_TEXT_BYTES) {
      throw new IllegalArgumentException(
          "a reason has words, up to " + AuditEvent.MAX_TEXT_BYTES + " bytes, not " + length);
    }
  }

  /** What the element gets. */
  Bytes digest() {
    return IdentitySignature.digest(words.getBytes(StandardCharsets.UTF_8));
  }
}
