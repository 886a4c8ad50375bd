// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.audit;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.RefusalReason;
import dev.strongroom.sekey.model.UserId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Something that happened.
 *
 * <p>Thread safety: immutable.
 *
 * @param time by the host's clock
 * @param floor the signed time
 * @param act what it is about
 * @param outcome what became of it
 * @param operation what was asked of a key, or empty
 * @param reason why the element's rules refused, or empty; with {@link AuditOutcome#REFUSED} only
 * @param actor who did it; empty for the administrator
 * @param subject id of the key, group or user, 16 bytes, or empty
 * @param object id of the group or user that the subject has to do with, 16 bytes, or empty
 * @param text a reason in words, a name, or nothing; up to {@value #MAX_TEXT_BYTES} bytes of UTF-8
 */
public record AuditEvent(
    ElementTime time,
    ElementTime floor,
    AuditAct act,
    AuditOutcome outcome,
    Optional<KeyOperation> operation,
    Optional<RefusalReason> reason,
    Optional<UserId> actor,
    Optional<Bytes> subject,
    Optional<Bytes> object,
    String text) {

  /** Most bytes of a text. */
  public static final int MAX_TEXT_BYTES = 1024;

  /**
   * Checks what excludes each other.
   *
   * @param time as above
   * @param floor as above
   * @param act as above
   * @param outcome as above
   * @param operation as above
   * @param reason as above
   * @param actor as above
   * @param subject as above
   * @param object as above
   * @param text as above
   */
  public AuditEvent {
    if (reason.isPresent() && outcome != AuditOutcome.REFUSED) {
      throw new IllegalArgumentException("what was not refused has no reason for it");
    }
    requireId(subject);
    requireId(object);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_TEXT_BYTES) {
      throw new IllegalArgumentException(
          "a text has up to " + MAX_TEXT_BYTES + " bytes of UTF-8, not " + bytes.length);
    }
    if (!new String(bytes, StandardCharsets.UTF_8).equals(text)) {
      throw new IllegalArgumentException("a text has half of a surrogate pair");
    }
  }

  private static void requireId(Optional<Bytes> id) {
    if (id.isPresent() && id.get().length() != UserId.LENGTH) {
      throw new IllegalArgumentException("an id has 16 bytes, not " + id.get().length());
    }
  }

  /**
   * An act of the administrator that was done.
   *
   * @param time as above
   * @param floor as above
   * @param act as above
   * @param subject as above
   * @param object as above
   * @param text as above
   * @return the event
   */
  public static AuditEvent done(
      ElementTime time,
      ElementTime floor,
      AuditAct act,
      Optional<Bytes> subject,
      Optional<Bytes> object,
      String text) {
    return new AuditEvent(
        time,
        floor,
        act,
        AuditOutcome.DONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        subject,
        object,
        text);
  }
}
