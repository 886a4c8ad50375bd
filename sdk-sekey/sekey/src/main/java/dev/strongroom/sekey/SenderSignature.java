// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.sekey.envelope.EnvelopeHeader;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserElement;
import dev.strongroom.sekey.model.UserId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/**
 * The signature at the end of an envelope: by the identity of the sender's element, for purpose
 * document, over a label and the digests of header, associated data and body. {@code
 * docs/spec/envelope.md}, 6.
 *
 * <p>Thread safety: thread-safe.
 */
final class SenderSignature {

  /** Length of a signature in bytes. */
  static final int LENGTH = IdentitySignature.LENGTH;

  private static final byte[] LABEL =
      "Strongroom envelope signature\0".getBytes(StandardCharsets.US_ASCII);

  private final KeyGate gate;

  SenderSignature(KeyGate gate) {
    this.gate = gate;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static byte[] sha256(byte[] message) {
    return sha256().digest(message);
  }

  /** Signs a whole envelope, at whose end is room for it. */
  void sign(byte[] envelope, byte[] aad) throws IOException {
    int header = EnvelopeHeader.read(ByteBuffer.wrap(envelope)).length();
    byte[] start = Arrays.copyOf(envelope, header);
    sign(start, aad, body(envelope, header)).copyTo(envelope, envelope.length - LENGTH);
  }

  private static byte[] body(byte[] envelope, int header) {
    MessageDigest body = sha256();
    body.update(envelope, header, envelope.length - header - LENGTH);
    return body.digest();
  }

  /** Signs as the user of this element. */
  Bytes sign(byte[] header, byte[] aad, byte[] body) throws IOException {
    return gate.session().sign(SignaturePurpose.DOCUMENT, message(header, aad, body));
  }

  private static byte[] message(byte[] header, byte[] aad, byte[] body) {
    byte[] start = sha256(header);
    return ByteBuffer.allocate(LABEL.length + start.length + aad.length + body.length)
        .put(LABEL)
        .put(start)
        .put(aad)
        .put(body)
        .array();
  }

  /** Verifies a whole envelope. */
  Sender verify(EnvelopeHeader header, byte[] envelope, byte[] aad) throws IOException {
    return header.sender().isEmpty()
        ? new Sender.Unsigned()
        : verify(
            header,
            aad,
            body(envelope, header.length()),
            Bytes.copyOf(envelope, envelope.length - LENGTH, LENGTH));
  }

  /** Verifies a signature; one that is wrong is thrown, one that cannot be verified is not. */
  Sender verify(EnvelopeHeader header, byte[] aad, byte[] body, Bytes signature)
      throws IOException {
    UserId sender = header.sender().orElseThrow();
    Optional<UserElement> element = gate.directory().user(sender).flatMap(User::element);
    if (element.isEmpty()) {
      return new Sender.Unknown(sender);
    }
    if (!IdentitySignature.verifies(
        element.get().signingKey(),
        SignaturePurpose.DOCUMENT,
        message(header.encode(), aad, body),
        signature)) {
      throw new EnvelopeSignatureException(sender);
    }
    return new Sender.Proved(sender);
  }
}
