// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.crypto.Hpke;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.internal.crypto.TransientKey;
import dev.strongroom.file.internal.format.v1.Prelude;
import dev.strongroom.file.internal.format.v1.Stanza;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Wraps the file key of one transient file for elements, and has an element unwrap it: AES-KW under
 * a key that an HPKE context exports. What the context is for names the file, the sender, its
 * outbox, the counter, the suite and the recipient, so that a stanza fits nowhere else.
 *
 * @param transientId the file's one-time id
 * @param outboxId the sender's outbox
 * @param sender the sender's card
 *     <p>Thread safety: immutable.
 */
record FileKeyWrap(Bytes transientId, Bytes outboxId, ElementCard sender) {

  private static final Bytes CONTEXT =
      Bytes.copyOf("strongroom v1 file key".getBytes(StandardCharsets.US_ASCII));
  private static final int KEK_LENGTH = 32;
  private static final int INFO_LENGTH = 105;
  private static final SecureRandom RANDOM = new SecureRandom();

  static FileKeyWrap of(Prelude prelude, ElementCard sender) {
    return new FileKeyWrap(prelude.transientId(), prelude.outboxId(), sender);
  }

  /** What the receivers' registers know the sender by. */
  Bytes senderId() {
    return Fingerprints.senderId(sender, outboxId);
  }

  /** The one-time id under which a recipient's register notes the file. */
  ReceiveId receiveId(long counter) {
    return new ReceiveId(senderId(), counter, transientId);
  }

  /** A recipient's stanza. */
  Stanza wrap(TransientKey key, ElementCard recipient, HpkeSuite suite, long counter) {
    Bytes info = info(recipient, suite.code(), counter);
    byte[] full = ElementProtocol.receiveInfo(receiveId(counter), info);
    return wrap(key, recipient, suite, Stanza.Kind.RECIPIENT, counter, full);
  }

  /** The sender's own stanza. */
  Stanza wrapOwn(TransientKey key, HpkeSuite suite) {
    byte[] full = ElementProtocol.hpkeInfo(info(sender, suite.code(), 0));
    return wrap(key, sender, suite, Stanza.Kind.SENDER, 0, full);
  }

  private static Stanza wrap(
      TransientKey key,
      ElementCard recipient,
      HpkeSuite suite,
      Stanza.Kind kind,
      long counter,
      byte[] info) {
    Bytes publicKey = recipient.publicKey(suite).orElseThrow();
    try (Hpke.Sender made = Hpke.setupBaseS(suite, Hpke.Aead.EXPORT_ONLY, publicKey, info, RANDOM);
        SecretBytes kek = made.context().export(CONTEXT.toByteArray(), KEK_LENGTH)) {
      return new Stanza(
          suite.code(), kind, Fingerprints.keyId(recipient), counter, made.enc(), key.wrap(kek));
    }
  }

  /**
   * Has the element unwrap a recipient's stanza, which its register notes.
   *
   * @return the key, or null if the stanza is none for this element and file
   */
  @Nullable TransientKey unwrap(
      ElementSession session, ElementCard recipient, Stanza stanza, HpkeSuite suite)
      throws StrongroomException {
    Bytes info = info(recipient, stanza.suite(), stanza.counter());
    ReceiveId id = receiveId(stanza.counter());
    try (SecretBytes kek =
        session.beginReceive(suite, id, stanza.enc(), info, CONTEXT, KEK_LENGTH)) {
      return TransientKey.unwrap(kek, stanza.wrapped());
    }
  }

  /** Has the element unwrap the sender's own stanza. */
  @Nullable TransientKey unwrapOwn(ElementSession session, Stanza stanza, HpkeSuite suite)
      throws StrongroomException {
    Bytes info = info(sender, stanza.suite(), 0);
    try (SecretBytes kek = session.hpkeExport(suite, stanza.enc(), info, CONTEXT, KEK_LENGTH)) {
      return TransientKey.unwrap(kek, stanza.wrapped());
    }
  }

  Bytes info(ElementCard recipient, int suite, long counter) {
    return Bytes.copyOf(
        ByteBuffer.allocate(INFO_LENGTH)
            .put(transientId.toByteArray())
            .put(Fingerprints.of(sender).toByteArray())
            .put(outboxId.toByteArray())
            .putLong(counter)
            .put((byte) suite)
            .put(Fingerprints.of(recipient).toByteArray())
            .array());
  }
}
