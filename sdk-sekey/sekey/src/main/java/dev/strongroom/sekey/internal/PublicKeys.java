// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.KeyAlgorithm;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Signatures verified by the platform with public keys as elements tell them.
 *
 * <p>Thread safety: stateless.
 */
public final class PublicKeys {

  /** SubjectPublicKeyInfo up to the point or key: RFC 5480, 2 and RFC 8410, 4. */
  private static final byte[] P256 =
      HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");

  private static final byte[] P384 =
      HexFormat.of().parseHex("3076301006072a8648ce3d020106052b81040022036200");
  private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

  private PublicKeys() {}

  /**
   * What an element signs for a message.
   *
   * @param algorithm of the key
   * @param message the message
   * @return its digest, or for Ed25519 the message itself
   * @throws IllegalArgumentException if the algorithm does not sign
   */
  public static byte[] signed(KeyAlgorithm algorithm, byte[] message) {
    return switch (algorithm) {
      case EC_P256 -> digest("SHA-256", message);
      case EC_P384 -> digest("SHA-384", message);
      case ED25519 -> message;
      default -> throw new IllegalArgumentException(algorithm + " does not sign");
    };
  }

  private static byte[] digest(String name, byte[] message) {
    try {
      return MessageDigest.getInstance(name).digest(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + name, e);
    }
  }

  /**
   * Verifies a signature.
   *
   * @param algorithm of the key
   * @param publicKey 04 | X | Y, or 32 bytes for Ed25519
   * @param message the message
   * @param signature R | S, or as RFC 8032 has it
   * @return whether it is right; false for bytes that are no signature
   * @throws IllegalArgumentException if the algorithm does not sign, or the key is none of it
   */
  public static boolean verifies(
      KeyAlgorithm algorithm, Bytes publicKey, byte[] message, Bytes signature) {
    try {
      Signature verifier =
          Signature.getInstance(
              algorithm == KeyAlgorithm.ED25519 ? "Ed25519" : "NONEwithECDSAinP1363Format");
      verifier.initVerify(publicKey(algorithm, publicKey));
      verifier.update(signed(algorithm, message));
      return verifies(verifier, signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("no public key of " + algorithm, e);
    }
  }

  private static boolean verifies(Signature verifier, Bytes signature) {
    try {
      return verifier.verify(signature.toByteArray());
    } catch (GeneralSecurityException e) {
      return false; // of another length, or out of range
    }
  }

  private static PublicKey publicKey(KeyAlgorithm algorithm, Bytes publicKey)
      throws GeneralSecurityException {
    byte[] prefix =
        switch (algorithm) {
          case EC_P256 -> P256;
          case EC_P384 -> P384;
          case ED25519 -> ED25519;
          default -> throw new IllegalArgumentException(algorithm + " does not sign");
        };
    byte[] encoded = Arrays.copyOf(prefix, prefix.length + publicKey.length());
    publicKey.copyTo(encoded, prefix.length);
    return KeyFactory.getInstance(algorithm == KeyAlgorithm.ED25519 ? "Ed25519" : "EC")
        .generatePublic(new X509EncodedKeySpec(encoded));
  }
}
