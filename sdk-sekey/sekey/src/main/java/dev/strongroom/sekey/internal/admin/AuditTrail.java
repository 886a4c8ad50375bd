// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.admin;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.RefusalReason;
import dev.strongroom.sekey.audit.AuditAct;
import dev.strongroom.sekey.audit.AuditEvent;
import dev.strongroom.sekey.audit.AuditOrigin;
import dev.strongroom.sekey.audit.AuditOutcome;
import dev.strongroom.sekey.audit.AuditVerification;
import dev.strongroom.sekey.audit.SealedEntry;
import dev.strongroom.sekey.audit.SignedCheckpoint;
import dev.strongroom.sekey.internal.database.Changes;
import dev.strongroom.sekey.internal.database.SeKeyDatabase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The administrator's audit log. Its chain key lies in the element under the log's own id, so that
 * nothing else has to say which key it is.
 *
 * <p>Thread safety: as the database.
 */
final class AuditTrail {

  private static final int MAC_LENGTH = 32;
  private static final int PAGE = 256;

  private final ElementSession session;
  private final SeKeyDatabase database;
  private final AuditOrigin origin;

  AuditTrail(ElementSession session, SeKeyDatabase database, AuditOrigin origin) {
    this.session = session;
    this.database = database;
    this.origin = origin;
  }

  static KeyId chainKey(AuditOrigin origin) {
    return new KeyId(origin.logId());
  }

  /** Notes events in a transaction. */
  void note(Changes changes, List<AuditEvent> events) throws IOException {
    changes.note(events, this::authenticate);
  }

  /** Notes that something was refused, in a transaction of its own. */
  void refused(
      ElementTime time,
      ElementTime floor,
      AuditAct act,
      Optional<Bytes> subject,
      Optional<Bytes> object,
      Exception why)
      throws IOException {
    AuditEvent event = refusal(time, floor, act, subject, object, why);
    database.change(
        changes -> {
          note(changes, List.of(event));
          return event;
        });
  }

  static AuditEvent refusal(
      ElementTime time,
      ElementTime floor,
      AuditAct act,
      Optional<Bytes> subject,
      Optional<Bytes> object,
      Exception why) {
    Optional<RefusalReason> reason =
        why instanceof KeyRefusedException refused
            ? Optional.of(refused.refusal().reason())
            : Optional.empty();
    return new AuditEvent(
        time,
        floor,
        act,
        AuditOutcome.REFUSED,
        Optional.empty(),
        reason,
        Optional.empty(),
        subject,
        object,
        words(why));
  }

  /** A message as far as an entry takes it; four bytes of UTF-8 are the most of a character. */
  private static String words(Exception why) {
    String message = String.valueOf(why.getMessage());
    int end = Math.min(message.length(), AuditEvent.MAX_TEXT_BYTES / 4);
    return message.substring(0, Character.isHighSurrogate(message.charAt(end - 1)) ? end - 1 : end);
  }

  Optional<SignedCheckpoint> checkpoint(ElementTime time) throws IOException {
    return database.change(
        changes ->
            changes.checkpoint(
                time, said -> session.sign(SignaturePurpose.DOCUMENT, said.toByteArray())));
  }

  /** Looks at the whole log; a checkpoint that this element has not signed is none. */
  AuditVerification verify(Optional<SignedCheckpoint> kept, Bytes signingKey) throws IOException {
    List<SealedEntry> all = new ArrayList<>();
    List<SealedEntry> page = database.auditEntries(0, PAGE);
    while (!page.isEmpty()) {
      all.addAll(page);
      page = database.auditEntries(page.get(page.size() - 1).sequence(), PAGE);
    }
    return AuditVerification.verify(
        origin,
        all.iterator(),
        this::authenticate,
        kept.filter(signed -> isSigned(signed, signingKey)).map(SignedCheckpoint::checkpoint));
  }

  private static boolean isSigned(SignedCheckpoint signed, Bytes signingKey) {
    return IdentitySignature.verifies(
        signingKey,
        SignaturePurpose.DOCUMENT,
        signed.checkpoint().encode().toByteArray(),
        signed.signature());
  }

  private Bytes authenticate(Bytes entry) throws StrongroomException {
    ByteBuffer mac = ByteBuffer.allocate(MAC_LENGTH);
    session
        .keys()
        .use()
        .makeMac(
            session.keys().head(), chainKey(origin), ByteBuffer.wrap(entry.toByteArray()), mac);
    return Bytes.copyOf(mac.array());
  }
}
