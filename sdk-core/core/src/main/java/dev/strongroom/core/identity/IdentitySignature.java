// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.P256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/**
 * Signatures with a purpose: ECDSA with SHA-256 on P-256 over {@value #INPUT_LENGTH} bytes, ASCII
 * {@code Strongroom signature} with zeros to 32 | purpose u32 | SHA-256 of the message 32.
 *
 * <p>Thread safety: immutable.
 */
public final class IdentitySignature {

  /** Length of a signature in bytes, R | S. */
  public static final int LENGTH = P256.SIGNATURE_LENGTH;

  /** Length of a message's SHA-256 in bytes. */
  public static final int DIGEST_LENGTH = 32;

  /** Length of what is signed in bytes. */
  public static final int INPUT_LENGTH = 32 + 4 + DIGEST_LENGTH;

  private static final int LABEL_LENGTH = 32;
  private static final byte[] LABEL = "Strongroom signature".getBytes(StandardCharsets.US_ASCII);

  private IdentitySignature() {}

  /**
   * The SHA-256 of a message, which a signature is over.
   *
   * @param message the message
   * @return {@value #DIGEST_LENGTH} bytes
   */
  public static Bytes digest(byte[] message) {
    try {
      return Bytes.copyOf(MessageDigest.getInstance("SHA-256").digest(message));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Makes sure that bytes have the length of a SHA-256.
   *
   * @param digest the bytes
   * @return the same bytes
   * @throws IllegalArgumentException if they have another length
   */
  public static Bytes requireDigest(Bytes digest) {
    if (digest.length() != DIGEST_LENGTH) {
      throw new IllegalArgumentException("a SHA-256 has 32 bytes, not " + digest.length());
    }
    return digest;
  }

  /**
   * What is signed.
   *
   * @param purpose what the signature is for
   * @param digest {@value #DIGEST_LENGTH} bytes
   * @return {@value #INPUT_LENGTH} bytes
   */
  public static byte[] input(SignaturePurpose purpose, Bytes digest) {
    requireDigest(digest);
    return ByteBuffer.allocate(INPUT_LENGTH)
        .put(LABEL)
        .position(LABEL_LENGTH)
        .putInt(purpose.number())
        .put(digest.toByteArray())
        .array();
  }

  /**
   * Signs; for elements, and for whoever holds a root's key.
   *
   * @param privateKey {@value P256#PRIVATE_KEY_LENGTH} bytes
   * @param purpose what the signature is for
   * @param message the whole message
   * @return {@value #LENGTH} bytes
   */
  public static Bytes sign(SecretBytes privateKey, SignaturePurpose purpose, byte[] message) {
    return P256.sign(privateKey, input(purpose, digest(message)));
  }

  /**
   * Verifies.
   *
   * @param signingKey {@value P256#PUBLIC_KEY_LENGTH} bytes
   * @param purpose what the signature is for
   * @param message the whole message
   * @param signature {@value #LENGTH} bytes
   * @return whether it is that key's signature for that purpose
   * @throws IllegalArgumentException if the key is no point of the curve
   */
  public static boolean verifies(
      Bytes signingKey, SignaturePurpose purpose, byte[] message, Bytes signature) {
    return P256.verifies(signingKey, input(purpose, digest(message)), signature);
  }
}
