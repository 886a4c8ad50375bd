// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.crypto.P256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A secret on its way from one element to another; nobody between them can read or replace it.
 *
 * <p>Layout: version u8 = 1 | kind u8 | challenge 32 | signing key of the sender 65 | agreement key
 * of the receiver 65 | enc 65 | ciphertext with tag | signature 64, with {@link
 * SignaturePurpose#WRAPPED_SECRET} over all before it.
 *
 * <p>Thread safety: immutable.
 *
 * @param kind what is in it
 * @param challenge of the receiver, {@value #CHALLENGE_LENGTH} bytes
 * @param sender signing key of the sender, a point of P-256
 * @param receiver agreement key of the receiver, a point of P-256
 * @param enc the encapsulated key of HPKE, suite {@link HpkeSuite#P256}
 * @param ciphertext with tag, at least 16 bytes
 * @param signature {@value IdentitySignature#LENGTH} bytes
 */
public record WrappedSecret(
    SecretKind kind,
    Bytes challenge,
    Bytes sender,
    Bytes receiver,
    Bytes enc,
    Bytes ciphertext,
    Bytes signature) {

  /** Length of a receiver's challenge in bytes. */
  public static final int CHALLENGE_LENGTH = 32;

  private static final int VERSION = 1;
  private static final int ENC_LENGTH = HpkeSuite.P256.encLength();
  private static final int TAG_LENGTH = 16;
  private static final byte[] INFO = "Strongroom element\0".getBytes(StandardCharsets.US_ASCII);

  /**
   * Checks lengths.
   *
   * @param kind as above
   * @param challenge as above
   * @param sender as above
   * @param receiver as above
   * @param enc as above
   * @param ciphertext as above
   * @param signature as above
   */
  public WrappedSecret {
    requireChallenge(challenge);
    P256.requirePublicKey(sender);
    P256.requirePublicKey(receiver);
    if (enc.length() != ENC_LENGTH || signature.length() != IdentitySignature.LENGTH) {
      throw new IllegalArgumentException("wrapped secret: enc or signature of a wrong length");
    }
    if (ciphertext.length() < TAG_LENGTH) {
      throw new IllegalArgumentException(
          "wrapped secret: a ciphertext of " + ciphertext.length() + " bytes");
    }
  }

  /**
   * Makes sure that bytes have the length of a challenge.
   *
   * @param challenge the bytes
   * @return the same bytes
   * @throws IllegalArgumentException if they have another length
   */
  public static Bytes requireChallenge(Bytes challenge) {
    if (challenge.length() != CHALLENGE_LENGTH) {
      throw new IllegalArgumentException("a challenge has 32 bytes, not " + challenge.length());
    }
    return challenge;
  }

  /**
   * The info of the HPKE context that the secret is encrypted in.
   *
   * @param kind what is in it
   * @param challenge of the receiver
   * @param sender signing key of the sender
   * @param receiver agreement key of the receiver
   * @return ASCII {@code Strongroom element}, 0, version, kind, challenge and both keys
   */
  public static byte[] info(SecretKind kind, Bytes challenge, Bytes sender, Bytes receiver) {
    return ByteBuffer.allocate(INFO.length + headLength())
        .put(INFO)
        .put(head(kind, challenge, sender, receiver))
        .array();
  }

  /**
   * What the sender signs.
   *
   * @param kind what is in it
   * @param challenge of the receiver
   * @param sender signing key of the sender
   * @param receiver agreement key of the receiver
   * @param enc the encapsulated key
   * @param ciphertext with tag
   * @return all before the signature
   */
  public static byte[] signed(
      SecretKind kind, Bytes challenge, Bytes sender, Bytes receiver, Bytes enc, Bytes ciphertext) {
    return ByteBuffer.allocate(headLength() + enc.length() + ciphertext.length())
        .put(head(kind, challenge, sender, receiver))
        .put(enc.toByteArray())
        .put(ciphertext.toByteArray())
        .array();
  }

  /**
   * The info of this secret's HPKE context.
   *
   * @return as {@link #info(SecretKind, Bytes, Bytes, Bytes)}
   */
  public byte[] info() {
    return info(kind, challenge, sender, receiver);
  }

  /**
   * Whether the signature is that of the sender that it names.
   *
   * @return false for a forged one
   */
  public boolean isSigned() {
    return IdentitySignature.verifies(
        sender,
        SignaturePurpose.WRAPPED_SECRET,
        signed(kind, challenge, sender, receiver, enc, ciphertext),
        signature);
  }

  /**
   * Writes the wrapped secret.
   *
   * @return its bytes
   */
  public Bytes encode() {
    byte[] signed = signed(kind, challenge, sender, receiver, enc, ciphertext);
    return Bytes.copyOf(
        ByteBuffer.allocate(signed.length + IdentitySignature.LENGTH)
            .put(signed)
            .put(signature.toByteArray())
            .array());
  }

  /**
   * Reads a wrapped secret; nothing is verified.
   *
   * @param encoded the wrapped secret and nothing else
   * @return the wrapped secret
   * @throws IllegalArgumentException if it is malformed or one of the first two keys is no point of
   *     the curve
   */
  public static WrappedSecret parse(Bytes encoded) {
    FieldReader in = new FieldReader("wrapped secret", encoded);
    int version = in.u8();
    if (version != VERSION) {
      throw in.malformed("version " + version);
    }
    SecretKind kind = SecretKind.of(in.u8());
    Bytes challenge = in.bytes(CHALLENGE_LENGTH);
    Bytes sender = in.bytes(P256.PUBLIC_KEY_LENGTH);
    Bytes receiver = in.bytes(P256.PUBLIC_KEY_LENGTH);
    Bytes enc = in.bytes(ENC_LENGTH);
    int ciphertext = in.remaining() - IdentitySignature.LENGTH;
    if (ciphertext < TAG_LENGTH) {
      throw in.malformed("cut short");
    }
    return new WrappedSecret(
        kind, challenge, sender, receiver, enc, in.bytes(ciphertext), in.rest());
  }

  private static int headLength() {
    return 2 + CHALLENGE_LENGTH + 2 * P256.PUBLIC_KEY_LENGTH;
  }

  private static byte[] head(SecretKind kind, Bytes challenge, Bytes sender, Bytes receiver) {
    return ByteBuffer.allocate(headLength())
        .put((byte) VERSION)
        .put((byte) kind.number())
        .put(challenge.toByteArray())
        .put(sender.toByteArray())
        .put(receiver.toByteArray())
        .array();
  }
}
